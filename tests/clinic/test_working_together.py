"""Colleagues: passing on, putting back, notes, ready replies, and one page about a person."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from fhirclient.models.bundle import Bundle
from sqlalchemy import select

from clinic import labels
from clinic.web import ClinicRoom
from store import contact_details
from store.contact_details import ContactKind
from store.guide_models import Measure, Plan
from store.models import (
    AuditEvent,
    Conversation,
    Escalation,
    EscalationState,
    MoodCheckin,
    ScreenLabel,
    StaffNote,
)

Raised = Callable[..., Escalation]


@pytest.fixture
def people(hire: Callable[..., Any]) -> dict[str, Any]:
    return {name: hire(name) for name in ("Amina", "Ben")}


@pytest.fixture
def amina(people: dict[str, Any], signed_in: Callable[..., Any]) -> Any:
    return signed_in(people["Amina"])


@pytest.fixture
def ben(people: dict[str, Any], signed_in: Callable[..., Any]) -> Any:
    return signed_in(people["Ben"])


def step(browser: Any, escalation: Escalation, name: str, **fields: str) -> Any:
    browser.open(f"/inbox/{escalation.id}")
    return browser.send(f"/inbox/{escalation.id}/{name}", **{**browser.fields, **fields})


def kept(room: ClinicRoom, escalation: Escalation) -> Escalation:
    with room.store.read() as session:
        return session.get_one(Escalation, escalation.id)


def deeds(room: ClinicRoom) -> list[str]:
    with room.store.read() as session:
        return list(session.scalars(select(AuditEvent.what).order_by(AuditEvent.number)))


def test_passing_on_puts_it_with_the_colleague_and_says_so(
    room: ClinicRoom, amina: Any, ben: Any, people: dict[str, Any], raised: Raised
) -> None:
    escalation = raised()
    step(amina, escalation, "acknowledge")
    amina.open(f"/inbox/{escalation.id}")
    assert "Ben, crisis nurse</option>" in amina.text
    assert "Amina, crisis nurse</option>" not in amina.text
    step(amina, escalation, "transfer", colleague=people["Ben"].id)
    assert "Ben</strong> has this one." in amina.text
    assert "Passed to" in amina.text
    ben.open("/inbox")
    assert "With you" in ben.text
    assert "passed on" in deeds(room)


def test_passing_on_to_nobody_is_refused(room: ClinicRoom, amina: Any, raised: Raised) -> None:
    escalation = raised()
    assert step(amina, escalation, "transfer", colleague="nobody").status_code == 409
    assert "Choose a colleague." in amina.text
    assert kept(room, escalation).owner_id is None


def test_putting_it_back_needs_a_response_from_anybody_again(
    room: ClinicRoom, amina: Any, ben: Any, raised: Raised
) -> None:
    escalation = raised()
    step(amina, escalation, "acknowledge")
    step(amina, escalation, "release")
    assert "Put back" in amina.text
    assert (kept(room, escalation).state, kept(room, escalation).owner_id) == (EscalationState.RAISED, None)
    step(ben, escalation, "acknowledge")
    assert "You have this" in ben.text


def test_what_is_talked_about_cannot_be_put_back_before_it_is_handed_back(
    room: ClinicRoom, amina: Any, raised: Raised
) -> None:
    escalation = raised()
    step(amina, escalation, "take-over")
    assert "Put back in the queue" not in amina.text
    assert step(amina, escalation, "release").status_code == 409
    step(amina, escalation, "hand-back")
    assert "You handed this back" in amina.text
    assert kept(room, escalation).state == EscalationState.HANDED_BACK
    assert step(amina, escalation, "take-over").status_code == 200


def test_a_note_is_read_by_colleagues_and_is_sealed_where_it_lies(
    room: ClinicRoom, amina: Any, ben: Any, raised: Raised
) -> None:
    escalation = raised()
    step(amina, escalation, "note", note="Rang her sister, Sarah Jones.\r\nCall back at 5.")
    ben.open(f"/inbox/{escalation.id}")
    assert "Rang her sister, Sarah Jones." in ben.text
    assert "Private notes (1)" in ben.text
    with room.store.read() as session:
        note = session.scalars(select(StaffNote)).one()
        assert b"Sarah" not in note.sealed.envelope
        assert not any("Sarah" in event for event in session.scalars(select(AuditEvent.what)))


def test_an_empty_note_is_refused(room: ClinicRoom, amina: Any, raised: Raised) -> None:
    assert step(amina, raised(), "note", note=" \n ").status_code == 409
    with room.store.read() as session:
        assert session.scalars(select(StaffNote)).all() == []


def test_ready_replies_are_offered_to_who_talks(room: ClinicRoom, amina: Any, raised: Raised) -> None:
    escalation = raised()
    amina.open(f"/inbox/{escalation.id}")
    ready = room.content.staff.reply_templates[0].text
    assert ready not in amina.text
    step(amina, escalation, "take-over")
    assert ready in amina.text


def test_an_outcome_that_judges_the_screen_becomes_a_label_without_anybody_in_it(
    room: ClinicRoom, amina: Any, raised: Raised
) -> None:
    for who, outcome in enumerate(("false_alarm", "should_have_fired_sooner", "supported")):
        step(amina, raised(str(who)), "close", outcome=outcome)
    with room.store.read() as session:
        found = session.scalars(select(ScreenLabel).order_by(ScreenLabel.label)).all()
        assert [row.label for row in found] == ["false_alarm", "should_have_fired_sooner"]
        assert found[0].categories == ["overdose_taken"]
        assert len(found[0].month) == len("2026-11")
        table = labels.as_csv(session)
    assert "tablets" not in table
    assert table.count("\r\n") == 3


@pytest.fixture
def known(room: ClinicRoom, raised: Raised) -> Escalation:
    """Somebody with moods, a way to reach them, and an escalation before this one."""
    first = raised("known")
    with room.store.begin() as session:
        row = session.get_one(Escalation, first.id)
        row.state, row.outcome = EscalationState.CLOSED, "supported"
        person = row.conversation.person
        session.add_all(MoodCheckin(person_id=person.id, mood=mood) for mood in (2, 6))
        contact_details.share(session, room.vault, person, ContactKind.PHONE, "+442079460958")
        nine = {"interest": 2, "down": 3, "better_off_dead": 1}
        session.add(Measure(person_id=person.id, questionnaire="phq9", answers=nine, score=None))
        session.add(Measure(person_id=person.id, questionnaire="gad7", answers={"nervous": 3}, score=12))
        signs, alone = room.redact("i stop answering"), room.redact("walk the dog")
        session.add(Plan(person_id=person.id, kind="safety_plan", parts={"signs": signs}, shared=True))
        session.add(Plan(person_id=person.id, kind="bad_day_plan", parts={"signs": alone}))
    return raised("known")


def test_one_page_says_what_is_known_of_a_person_and_not_who_they_are(
    room: ClinicRoom, amina: Any, known: Escalation
) -> None:
    amina.open(f"/inbox/{known.id}/summary")
    for words in ("Mood 2 of 10", "Mood 6 of 10", "Talked with, and supported", "Still open", "phone number"):
        assert words in amina.text
    assert "12 of 21" in amina.text
    assert "Several days" in amina.text
    assert "i stop answering" in amina.text
    assert "walk the dog" not in amina.text, "a plan is shown only when its owner shares it"
    assert "7946" not in amina.text
    assert "viewed summary" in deeds(room)


def test_the_bundle_is_valid_fhir_and_holds_no_identifier(
    room: ClinicRoom, amina: Any, known: Escalation
) -> None:
    step(amina, known, "acknowledge")
    answer = amina.open(f"/inbox/{known.id}/fhir")
    assert answer.headers["content-type"] == "application/fhir+json"
    bundle = Bundle(json.loads(answer.text))  # the models of fhirclient refuse what is not R4
    kinds = [entry.resource.resource_type for entry in bundle.entry]
    assert kinds[:3] == ["Patient", "Practitioner", "Task"]
    assert kinds.count("Observation") == 3
    assert kinds.count("QuestionnaireResponse") == 2
    assert "445455005" in answer.text
    task = bundle.entry[2].resource
    assert (task.status, task.priority, task.intent) == ("accepted", "stat", "order")
    urls = {entry.fullUrl for entry in bundle.entry}
    assert {task.owner.reference, task.focus.reference, task.for_fhir.reference} <= urls
    assert "7946" not in answer.text
    assert "exported FHIR" in deeds(room)


def test_ones_own_outcomes_are_a_table_without_words(
    room: ClinicRoom, amina: Any, ben: Any, raised: Raised
) -> None:
    mine, not_mine = raised("1"), raised("2")
    step(amina, mine, "acknowledge")
    step(amina, mine, "close", outcome="supported")
    step(ben, not_mine, "close", outcome="false_alarm")
    answer = amina.open("/inbox/closed/mine.csv")
    (row,) = csv.DictReader(StringIO(answer.text))
    assert (row["escalation"], row["within target"]) == (mine.id, "yes")
    assert row["outcome"] == "Talked with, and supported"
    assert "tablets" not in answer.text


def test_who_is_asked_is_shown_in_the_queue(
    room: ClinicRoom, amina: Any, people: dict[str, Any], raised: Raised
) -> None:
    from store.models import Alarm

    escalation = raised()
    with room.store.begin() as session:
        session.add(Alarm(escalation_id=escalation.id, asked_id=people["Ben"].id, step=1, notices=1))
        assert session.scalars(select(Conversation.turn)).one() == "bot"
    amina.open("/inbox")
    assert "Nobody yet, Ben was asked" in amina.text
