"""Who works here: roles, invitations, leaving, and who is on call."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from sqlalchemy import select
from starlette.routing import Route

from clinic import on_call
from clinic.web import Access, ClinicRoom, routes
from store.models import AuditEvent, Escalation, OnCall, Role, SetupLink, Staff, StaffSession

Hire = Callable[..., Any]
SignedIn = Callable[..., Any]

WHO_MAY = {
    "/": set(),
    "/sign-out": set(),
    "/inbox": {"clinician", "supervisor"},
    "/inbox/list": {"clinician", "supervisor"},
    "/inbox/closed": {"clinician", "supervisor"},
    "/inbox/stream": {"clinician", "supervisor"},
    "/inbox/closed/mine.csv": {"clinician"},
    "/inbox/{escalation}": {"clinician", "supervisor"},
    "/inbox/{escalation}/fragment": {"clinician", "supervisor"},
    "/inbox/{escalation}/summary": {"clinician", "supervisor"},
    "/inbox/{escalation}/fhir": {"clinician"},
    "/inbox/{escalation}/acknowledge": {"clinician"},
    "/inbox/{escalation}/take-over": {"clinician"},
    "/inbox/{escalation}/reply": {"clinician"},
    "/inbox/{escalation}/hand-back": {"clinician"},
    "/inbox/{escalation}/close": {"clinician"},
    "/inbox/{escalation}/transfer": {"clinician", "supervisor"},
    "/inbox/{escalation}/release": {"clinician"},
    "/inbox/{escalation}/note": {"clinician", "supervisor"},
    "/inbox/{escalation}/reveal": {"clinician"},
    "/alerts/{alert}/clear": {"clinician", "supervisor"},
    "/team": {"admin", "supervisor"},
    "/team/invite": {"admin"},
    "/team/{staff}/roles": {"admin"},
    "/team/{staff}/switch-off": {"admin"},
    "/team/{staff}/on-call": {"supervisor"},
    "/team/{staff}/move-up": {"supervisor"},
    "/team/{staff}/off-call": {"supervisor"},
    "/audit": {"auditor"},
}


def declared(room: ClinicRoom) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for route in routes(room):
        access = getattr(getattr(route, "endpoint", None), "access", None)
        if isinstance(route, Route) and isinstance(access, Access) and not access.is_public:
            found[route.path] = {str(role) for role in access.roles}
    return found


def test_each_route_declares_the_roles_that_are_written_here(room: ClinicRoom) -> None:
    assert declared(room) == WHO_MAY


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_what_it_may_and_nothing_else(
    room: ClinicRoom, hire: Hire, signed_in: SignedIn, raised: Callable[..., Escalation], role: Role
) -> None:
    escalation = raised()
    somebody = signed_in(hire("Sam", role))
    somebody.open("/nowhere")
    names = {"{escalation}": escalation.id, "{alert}": "none", "{staff}": "none"}
    for route in routes(room):
        if not isinstance(route, Route) or route.path not in WHO_MAY or not WHO_MAY[route.path]:
            continue
        path = route.path
        if path == "/inbox/stream":
            continue  # it goes on for ever; tests/clinic/test_live.py reads it
        for name, value in names.items():
            path = path.replace(name, value)
        is_form = "POST" in (route.methods or ())
        answer = somebody.send(path) if is_form else somebody.open(path)
        assert (answer.status_code == 403) is (role not in WHO_MAY[route.path]), route.path


def test_the_first_page_is_one_that_may_be_opened(room: ClinicRoom, hire: Hire, signed_in: SignedIn) -> None:
    for role, page in ((Role.SUPERVISOR, "/inbox"), (Role.ADMIN, "/team"), (Role.AUDITOR, "/audit")):
        somebody = signed_in(hire(f"Sam{role}", role))
        assert somebody.open("/").url.path == page


def invite(browser: Any, *roles: str) -> str:
    browser.open("/team")
    browser.send("/team/invite", **{f"role_{role}": "yes" for role in roles})
    found = re.search(r"/set-up/[\w-]+", browser.page.text)
    assert found is not None, browser.text
    return found[0]


def join(browser: Any, link: str, email: str = "cleo@trust.example") -> None:
    browser.open(link)
    details = {"first_name": "Cleo", "job_title": "nurse", "email": email, "password": "lamp orchard tide"}
    browser.send(link, **details)
    if "account" not in browser.fields:
        return
    key = re.search(r"Type this key: <code[^>]*>([A-Z2-7 ]+)<", browser.page.text)
    assert key is not None
    code = pyotp.TOTP(key[1].replace(" ", "")).now()
    browser.send(f"{link}/code", account=browser.fields["account"], code=code)


def test_an_invited_colleague_gets_the_roles_of_the_invitation_and_no_other(
    room: ClinicRoom, hire: Hire, signed_in: SignedIn, browser: Callable[[], Any]
) -> None:
    admin = signed_in(hire("Ada", Role.ADMIN))
    link = invite(admin, "supervisor", "clinician")
    cleo = browser()
    cleo.open(link)
    assert "A colleague invited you" in cleo.text
    join(cleo, link)
    assert cleo.page.url.path == "/inbox"
    with room.store.read() as session:
        staff = session.scalars(select(Staff).where(Staff.first_name == "Cleo")).one()
        assert set(staff.roles) == {"clinician", "supervisor"}
    assert browser().open(link).status_code == 410, "it works once"


def test_an_invitation_needs_a_role_and_its_token_is_not_kept(
    room: ClinicRoom, hire: Hire, signed_in: SignedIn
) -> None:
    admin = signed_in(hire("Ada", Role.ADMIN))
    admin.open("/team")
    assert admin.send("/team/invite").status_code == 409
    token = invite(admin, "auditor").rpartition("/")[2]
    with room.store.read() as session:
        kept = session.scalars(select(SetupLink)).one()
        assert token not in (kept.token_hash, str(kept.roles))
        assert "invited" in session.scalars(select(AuditEvent.what)).all()


def test_an_email_has_one_account(hire: Hire, signed_in: SignedIn, browser: Callable[[], Any]) -> None:
    link = invite(signed_in(hire("Ada", Role.ADMIN)), "clinician")
    cleo = browser()
    join(cleo, link, email="ADA@trust.example")
    assert "Somebody has an account with this email" in cleo.text


def test_an_invitation_of_somebody_who_left_is_worth_nothing(
    room: ClinicRoom, hire: Hire, signed_in: SignedIn, browser: Callable[[], Any]
) -> None:
    ada, eve = hire("Ada", Role.ADMIN), hire("Eve", Role.ADMIN)
    link = invite(signed_in(eve), "admin")
    admin = signed_in(ada)
    admin.open("/team")
    admin.send(f"/team/{eve.id}/switch-off")
    assert browser().open(link).status_code == 410


def test_whoever_is_switched_off_is_out_at_once_and_on_call_no_more(
    room: ClinicRoom, hire: Hire, signed_in: SignedIn
) -> None:
    ben = hire("Ben")
    with room.store.begin() as session:
        on_call.put(session, room.vault, session.get_one(Staff, ben.id), covers="always", mobile=None)
    bens, admin = signed_in(ben), signed_in(hire("Ada", Role.ADMIN))
    admin.open("/team")
    admin.send(f"/team/{ben.id}/switch-off")
    assert bens.open("/inbox").url.path == "/sign-in"
    with room.store.read() as session:
        assert session.scalars(select(OnCall)).all() == []


def test_nobody_leaves_with_a_patient(
    room: ClinicRoom, hire: Hire, signed_in: SignedIn, raised: Callable[..., Escalation]
) -> None:
    ben = hire("Ben")
    raised("1", owner_id=ben.id)
    admin = signed_in(hire("Ada", Role.ADMIN))
    admin.open("/team")
    assert admin.send(f"/team/{ben.id}/switch-off").status_code == 409
    assert "Ben still has somebody" in admin.text


def test_the_last_administrator_stays_one(room: ClinicRoom, hire: Hire, signed_in: SignedIn) -> None:
    ada = hire("Ada", Role.ADMIN)
    admin = signed_in(ada)
    admin.open("/team")
    assert admin.send(f"/team/{ada.id}/switch-off").status_code == 409
    assert admin.send(f"/team/{ada.id}/roles", role_auditor="yes").status_code == 409
    with room.store.read() as session:
        assert session.get_one(Staff, ada.id).roles == ["admin"]


def test_changed_roles_hold_at_once(room: ClinicRoom, hire: Hire, signed_in: SignedIn) -> None:
    ben = hire("Ben")
    bens, admin = signed_in(ben), signed_in(hire("Ada", Role.ADMIN))
    admin.open("/team")
    admin.send(f"/team/{ben.id}/roles", role_service_team="yes")
    with room.store.read() as session:
        assert session.get_one(Staff, ben.id).roles == ["service_team"]
        assert session.scalars(select(StaffSession.staff_id)).all() != [ben.id]
    assert bens.open("/inbox").url.path == "/sign-in"


def test_a_supervisor_sets_who_is_on_call_and_the_number_is_sealed(
    room: ClinicRoom, hire: Hire, signed_in: SignedIn
) -> None:
    ben, cleo = hire("Ben"), hire("Cleo")
    boss = signed_in(hire("Sue", Role.SUPERVISOR))
    boss.open("/team")
    boss.send(f"/team/{ben.id}/on-call", covers="always", mobile="07700 900123")
    boss.send(f"/team/{cleo.id}/on-call", covers="closed", mobile="")
    boss.send(f"/team/{cleo.id}/move-up")
    with room.store.read() as session:
        first, second = on_call.chain(session)
        assert (first.staff_id, first.covers, second.staff_id) == (cleo.id, "closed", ben.id)
        assert second.mobile is not None
        assert room.vault.unseal(second.mobile, owner=ben.id, purpose="mobile") == "+447700900123"
    assert "900123" not in boss.text
    assert "by email and text message" in boss.text
    assert boss.send(f"/team/{ben.id}/on-call", covers="always", mobile="12").status_code == 409
    boss.send(f"/team/{ben.id}/off-call")
    assert "Put Ben on call" in boss.text


def test_who_answers_no_patients_cannot_be_on_call(hire: Hire, signed_in: SignedIn) -> None:
    reporter = hire("Tom", Role.SERVICE_TEAM)
    boss = signed_in(hire("Sue", Role.SUPERVISOR))
    boss.open("/team")
    assert boss.send(f"/team/{reporter.id}/on-call", covers="always").status_code == 409


def test_a_supervisor_passes_on_what_a_colleague_has_and_does_not_talk_with_patients(
    room: ClinicRoom, hire: Hire, signed_in: SignedIn, raised: Callable[..., Escalation]
) -> None:
    ben, cleo = hire("Ben"), hire("Cleo")
    escalation = raised("1", owner_id=ben.id, state="acknowledged")
    boss = signed_in(hire("Sue", Role.SUPERVISOR))
    boss.open(f"/inbox/{escalation.id}")
    assert "Take over" not in boss.text
    boss.send(f"/inbox/{escalation.id}/transfer", colleague=cleo.id)
    with room.store.read() as session:
        assert session.get_one(Escalation, escalation.id).owner_id == cleo.id


def test_an_auditor_reads_who_did_what_and_that_the_log_is_whole(
    room: ClinicRoom, hire: Hire, signed_in: SignedIn, raised: Callable[..., Escalation]
) -> None:
    escalation = raised()
    amina = signed_in(hire("Amina"))
    amina.open(f"/inbox/{escalation.id}")
    auditor = signed_in(hire("Olu", Role.AUDITOR))
    auditor.open("/audit")
    assert "The log is whole." in auditor.text
    assert "viewed thread" in auditor.text
    assert "Amina" in auditor.text
    assert "tablets" not in auditor.text
    auditor.open("/audit")
    assert "read the audit log" in auditor.text
