"""A contact detail is opened for one clinician, for a reason that they give, and each look is written down."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from clinic.escalations import StepRefused
from clinic.reveal import REASONS, reveal
from clinic.web import ClinicRoom
from clinic.web.thread_view import find
from store import contact_details
from store.contact_details import ContactKind
from store.models import (
    AuditEvent,
    ContactDetail,
    Escalation,
    EscalationEvent,
    Person,
    Role,
    Staff,
    Turn,
)

NUMBER = "020 7946 0958"
Hire = Callable[..., Any]
SignedIn = Callable[..., Any]
Writes = Callable[..., Escalation]


@pytest.fixture
def escalation(room: ClinicRoom, patient_writes: Writes) -> Escalation:
    """Of a person who shares a phone number."""
    raised = patient_writes()
    share(room, raised, NUMBER)
    return raised


def share(room: ClinicRoom, escalation: Escalation, number: str) -> None:
    with room.store.begin() as session:
        person = find_row(session, escalation).conversation.person
        contact_details.share(session, room.vault, person, ContactKind.PHONE, number)


def find_row(session: Any, escalation: Escalation) -> Escalation:
    row = find(session, escalation.id)
    assert row is not None
    return row


def looks(room: ClinicRoom) -> list[AuditEvent]:
    with room.store.read() as session:
        return list(session.scalars(select(AuditEvent).where(AuditEvent.what.startswith("opened"))))


def open_it(room: ClinicRoom, escalation: Escalation, staff_id: str, kind: str, reason: str) -> str:
    with room.store.begin() as session:
        staff = session.get_one(Staff, staff_id)
        return reveal(session, room.vault, find_row(session, escalation), staff, kind=kind, reason=reason)


@pytest.mark.parametrize("reason", REASONS)
def test_a_look_is_written_down_with_who_what_and_why(
    room: ClinicRoom, hire: Hire, escalation: Escalation, reason: str
) -> None:
    amina = hire("Amina")
    assert open_it(room, escalation, amina.id, "phone", reason) == NUMBER
    [look] = looks(room)
    with room.store.read() as session:
        detail = session.scalars(select(ContactDetail)).one()
        step = session.scalars(select(EscalationEvent).order_by(EscalationEvent.number.desc())).first()
    assert (look.staff_id, look.what) == (amina.id, f"opened phone: {reason}")
    assert look.subject == f"{escalation.id}/{detail.id}"
    assert step is not None
    assert (step.staff_id, step.what) == (amina.id, f"opened phone: {reason}")


def test_each_look_is_another_line(room: ClinicRoom, hire: Hire, escalation: Escalation) -> None:
    amina = hire("Amina")
    for _ in range(3):
        open_it(room, escalation, amina.id, "phone", "welfare_check")
    assert len(looks(room)) == 3


@pytest.mark.parametrize("reason", ["", " ", "curious", "crisis_callback "])
def test_without_a_reason_nothing_is_opened(
    room: ClinicRoom, hire: Hire, escalation: Escalation, reason: str
) -> None:
    with pytest.raises(StepRefused, match="Say why"):
        open_it(room, escalation, hire("Amina").id, "phone", reason)
    assert looks(room) == []


@pytest.mark.parametrize(
    ("kind", "says"), [("email", "do not share this"), ("", "Choose"), ("address", "Choose")]
)
def test_what_is_not_shared_is_not_opened(
    room: ClinicRoom, hire: Hire, escalation: Escalation, kind: str, says: str
) -> None:
    with pytest.raises(StepRefused, match=says):
        open_it(room, escalation, hire("Amina").id, kind, "welfare_check")
    assert looks(room) == []


@pytest.mark.parametrize("role", [Role.SERVICE_TEAM, Role.ADMIN])
def test_only_a_clinician_may(room: ClinicRoom, hire: Hire, escalation: Escalation, role: Role) -> None:
    with pytest.raises(StepRefused, match="Only a clinician"):
        open_it(room, escalation, hire("Tom", role).id, "phone", "welfare_check")
    assert looks(room) == []


def test_nobody_who_has_left_may(room: ClinicRoom, hire: Hire, escalation: Escalation) -> None:
    amina = hire("Amina")
    with room.store.begin() as session:
        session.execute(update(Staff).values(active=False))
    with pytest.raises(StepRefused, match="Only a clinician"):
        open_it(room, escalation, amina.id, "phone", "welfare_check")


def test_an_envelope_that_was_moved_to_another_person_does_not_open(
    room: ClinicRoom, hire: Hire, escalation: Escalation, patient_writes: Writes
) -> None:
    other = patient_writes(who="2")
    with room.store.begin() as session:
        person = find_row(session, other).conversation.person
        session.execute(update(ContactDetail).values(person_id=person.id))
    with pytest.raises(StepRefused, match="cannot be opened"):
        open_it(room, other, hire("Amina").id, "phone", "welfare_check")
    with pytest.raises(StepRefused, match="do not share this"):
        open_it(room, escalation, hire("Ben").id, "phone", "welfare_check")
    assert looks(room) == []


def test_nothing_is_shown_that_was_not_written_down(
    room: ClinicRoom, hire: Hire, signed_in: SignedIn, escalation: Escalation
) -> None:
    """The line and the look are one unit of work: when it fails, the page shows no value."""
    amina = signed_in(hire("Amina"))
    amina.open(f"/inbox/{escalation.id}")
    with room.store.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON audit_event WHEN NEW.what LIKE 'opened%' "
            "BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    page = amina.send(f"/inbox/{escalation.id}/reveal", kind="phone", reason="welfare_check")
    assert page.status_code == 500
    assert NUMBER not in page.text


class TestThePage:
    def test_it_says_what_is_shared_and_not_the_value(
        self, hire: Hire, signed_in: SignedIn, escalation: Escalation
    ) -> None:
        amina = signed_in(hire("Amina"))
        amina.open(f"/inbox/{escalation.id}")
        assert "Shared with us: phone number" in amina.text
        assert all(sentence in amina.text for sentence in REASONS.values())
        assert NUMBER not in amina.text

    def test_it_says_nothing_where_nothing_is_shared(
        self, hire: Hire, signed_in: SignedIn, patient_writes: Writes
    ) -> None:
        amina = signed_in(hire("Amina"))
        amina.open(f"/inbox/{patient_writes().id}")
        assert "Shared with us" not in amina.text

    def test_the_value_is_shown_once(
        self, room: ClinicRoom, hire: Hire, signed_in: SignedIn, escalation: Escalation
    ) -> None:
        amina = signed_in(hire("Amina"))
        amina.open(f"/inbox/{escalation.id}")
        page = amina.send(f"/inbox/{escalation.id}/reveal", kind="phone", reason="crisis_callback")
        assert page.status_code == 200
        assert page.headers["cache-control"] == "no-store"
        assert page.text.count(NUMBER) == 1
        assert NUMBER not in str(page.url)
        assert len(looks(room)) == 1
        for path in (f"/inbox/{escalation.id}", f"/inbox/{escalation.id}/fragment", "/inbox"):
            assert NUMBER not in amina.open(path).text
        amina.open(f"/inbox/{escalation.id}")
        assert re.search(r"Opened phone: To ring back in a crisis .*?Amina", amina.text)

    def test_a_refusal_says_why_and_leaves_the_form_open(
        self, room: ClinicRoom, hire: Hire, signed_in: SignedIn, escalation: Escalation
    ) -> None:
        amina = signed_in(hire("Amina"))
        amina.open(f"/inbox/{escalation.id}")
        page = amina.send(f"/inbox/{escalation.id}/reveal", kind="phone", reason="")
        assert page.status_code == 409
        assert "Say why you need it" in amina.text
        assert re.search(r'<details class="fold" open>\s*<summary>Shared with us', page.text)
        assert NUMBER not in page.text
        assert looks(room) == []

    def test_the_service_team_and_strangers_get_nothing(
        self,
        room: ClinicRoom,
        browser: Callable[[], Any],
        hire: Hire,
        signed_in: SignedIn,
        escalation: Escalation,
    ) -> None:
        tom = signed_in(hire("Tom", Role.SERVICE_TEAM))
        tom.open("/")
        where, form = f"/inbox/{escalation.id}/reveal", {"kind": "phone", "reason": "welfare_check"}
        assert tom.send(where, **form).status_code == 403
        assert browser().send(where, **form).status_code == 401
        assert looks(room) == []

    def test_an_open_page_hears_of_what_is_shared_later(
        self, room: ClinicRoom, hire: Hire, signed_in: SignedIn, patient_writes: Writes
    ) -> None:
        """The script replaces the forms when the version changes."""
        raised = patient_writes()
        amina = signed_in(hire("Amina"))
        path = f"/inbox/{raised.id}/fragment"
        before = re.search(r'data-version="([^"]*)"', amina.open(path).text)
        share(room, raised, NUMBER)
        after = re.search(r'data-version="([^"]*)"', amina.open(path).text)
        assert before
        assert after
        assert before[1] != after[1]


def test_a_person_without_an_open_chat_can_still_be_reached(
    room: ClinicRoom, hire: Hire, escalation: Escalation
) -> None:
    with room.store.begin() as session:
        conversation = find_row(session, escalation).conversation
        conversation.turn = Turn.ENDED
        assert session.query(Person).count() == 1
    assert open_it(room, escalation, hire("Amina").id, "phone", "welfare_check") == NUMBER
