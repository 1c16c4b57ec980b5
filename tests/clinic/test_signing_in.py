"""Signing in: everything right, once, and not too often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from clinic.auth.attempts import Attempts
from clinic.auth.signing_in import Credentials, Door
from clinic.web import ClinicRoom
from privacy.keyring import Keyring
from privacy.vault import Vault
from store.models import AuditEvent, Role, Staff, StaffSession, now


def deeds(room: ClinicRoom) -> list[tuple[str, str | None]]:
    with room.store.read() as session:
        return [(event.what, event.staff_id) for event in session.scalars(select(AuditEvent))]


def test_email_password_and_code_open_the_inbox(browser: Callable[[], Any], hire: Callable[..., Any]) -> None:
    amina = browser()
    amina.sign_in(hire("Amina"))
    assert amina.page.url.path == "/inbox"
    assert "Amina, crisis nurse" in amina.text


def test_the_cookie_is_for_this_site_and_not_for_scripts(
    browser: Callable[[], Any], hire: Callable[..., Any]
) -> None:
    amina = browser()
    page = amina.sign_in(hire("Amina"))
    cookie = page.history[0].headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/" in cookie


def test_the_email_may_be_capitalised_another_way(
    browser: Callable[[], Any], hire: Callable[..., Any]
) -> None:
    person = hire("Amina")
    person.email = " AMINA@Trust.Example "
    amina = browser()
    amina.sign_in(person)
    assert amina.page.url.path == "/inbox"


def test_a_code_works_once(browser: Callable[[], Any], hire: Callable[..., Any]) -> None:
    person = hire("Amina")
    code = person.code()
    browser().sign_in(person, code=code)
    again = browser()
    assert again.sign_in(person, code=code).status_code == 422


@pytest.mark.parametrize("wrong", ["password", "code", "email"])
def test_every_wrong_way_reads_the_same(
    browser: Callable[[], Any], hire: Callable[..., Any], wrong: str
) -> None:
    person = hire("Amina")
    given = {"email": person.email, "password": "tide lamp orchard", "code": person.code(), wrong: "another"}
    amina = browser()
    amina.open("/sign-in")
    page = amina.send("/sign-in", **given)
    assert page.status_code == 422
    assert "The email, password or code is not right." in amina.text
    assert "harbour_staff" not in amina.client.cookies


def test_an_account_that_was_switched_off_stays_out(
    room: ClinicRoom, browser: Callable[[], Any], hire: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    person = hire("Amina")
    here_before = signed_in(person)
    with room.store.begin() as session:
        session.execute(update(Staff).values(active=False))
    assert browser().sign_in(person).status_code == 422
    here_before.open("/inbox")
    assert here_before.page.url.path == "/sign-in"


def test_the_sixth_try_must_wait_even_with_the_right_password(
    browser: Callable[[], Any], hire: Callable[..., Any]
) -> None:
    person = hire("Amina")
    amina = browser()
    for _ in range(5):
        assert amina.sign_in(person, password="not this one").status_code == 422
    assert amina.sign_in(person).status_code == 429
    assert "Wait 15 minutes" in amina.text


def test_tries_are_limited_for_the_pair_then_the_address_then_the_account() -> None:
    attempts = Attempts()
    assert [attempts.allow("a@b", "10.0.0.1") for _ in range(6)] == [True] * 5 + [False]
    assert attempts.allow("a@b", "10.0.0.2"), "somebody else's mistakes lock nobody out elsewhere"
    assert attempts.allow("A@B ", "10.0.0.3")
    assert [attempts.allow(f"{n}@b", "10.0.0.4") for n in range(31)] == [True] * 30 + [False]


def test_signing_in_and_failing_are_remembered_without_what_was_typed(
    room: ClinicRoom, browser: Callable[[], Any], hire: Callable[..., Any]
) -> None:
    person = hire("Amina")
    browser().sign_in(person, password="typed by mistake")
    person_nobody_knows = type(person)("none", "stranger@trust.example", person.secret)
    browser().sign_in(person_nobody_knows)
    browser().sign_in(person)
    assert deeds(room)[1:] == [
        ("sign-in failed", person.id),
        ("sign-in failed", None),
        ("signed in", person.id),
    ]
    with room.store.read() as session:
        kept = " ".join(f"{event.what} {event.subject}" for event in session.scalars(select(AuditEvent)))
    assert "stranger" not in kept
    assert "mistake" not in kept


def test_signing_out_ends_the_session_in_the_store(
    room: ClinicRoom, hire: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    amina = signed_in(hire("Amina"))
    token = amina.client.cookies["harbour_staff"]
    amina.open("/inbox")
    amina.send("/sign-out")
    amina.client.cookies.set("harbour_staff", token, domain="127.0.0.1")
    amina.open("/inbox")
    assert amina.page.url.path == "/sign-in"
    with room.store.read() as session:
        assert session.scalars(select(StaffSession)).all() == []


@pytest.mark.parametrize(
    "aged",
    [{"last_seen_at": now() - timedelta(minutes=31)}, {"expires_at": now() - timedelta(seconds=1)}],
    ids=["30 quiet minutes", "12 hours"],
)
def test_a_session_ends(
    room: ClinicRoom, hire: Callable[..., Any], signed_in: Callable[..., Any], aged: dict[str, Any]
) -> None:
    amina = signed_in(hire("Amina"))
    amina.open("/inbox")
    assert amina.page.url.path == "/inbox"
    with room.store.begin() as session:
        session.execute(update(StaffSession).values(**aged))
    amina.open("/inbox")
    assert amina.page.url.path == "/sign-in"


def test_reading_keeps_a_session_awake_but_the_pages_own_refreshes_do_not(
    room: ClinicRoom, hire: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    amina = signed_in(hire("Amina"))
    long_ago = now() - timedelta(minutes=20)
    with room.store.begin() as session:
        session.execute(update(StaffSession).values(last_seen_at=long_ago))
    amina.client.get("/inbox/list", headers={"X-Harbour-Background": "1"})
    assert last_seen(room) == long_ago
    amina.open("/inbox")
    assert last_seen(room) > long_ago


def last_seen(room: ClinicRoom) -> Any:
    with room.store.read() as session:
        return session.scalars(select(StaffSession.last_seen_at)).one()


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "/inbox/../x"]
)
def test_signing_in_never_leads_to_another_site(
    browser: Callable[[], Any], hire: Callable[..., Any], elsewhere: str
) -> None:
    person = hire("Amina")
    amina = browser()
    amina.open("/sign-in")
    amina.send(
        "/sign-in", email=person.email, password="tide lamp orchard", code=person.code(), next=elsewhere
    )
    assert amina.page.url.path == "/inbox"
    assert amina.page.url.host == "127.0.0.1"


def test_signing_in_leads_back_to_the_thread_that_was_asked_for(
    browser: Callable[[], Any], hire: Callable[..., Any], patient_writes: Callable[..., Any]
) -> None:
    person, escalation = hire("Amina"), patient_writes()
    amina = browser()
    amina.open(f"/inbox/{escalation.id}")
    assert amina.page.url.path == "/sign-in"
    amina.send(
        "/sign-in",
        email=person.email,
        password="tide lamp orchard",
        code=person.code(),
        next=amina.fields["next"],
    )
    assert amina.page.url.path == f"/inbox/{escalation.id}"


def test_the_service_team_comes_in_at_the_report(
    room: ClinicRoom, browser: Callable[[], Any], hire: Callable[..., Any]
) -> None:
    team = browser()
    team.client.follow_redirects = False
    team.sign_in(hire("Tom", Role.SERVICE_TEAM))
    assert team.open("/").headers["location"] == "/report"


def test_an_unknown_email_is_refused_the_same_way_after_the_vaults_first_key_was_destroyed(
    room: ClinicRoom,
) -> None:
    """The stand-in for an unknown person's secret is in no table, so a rotation does not re-wrap it."""
    keys = [b"1" * 32]
    door = Door(room.store, Vault(Keyring(lambda: keys)))
    keys[:] = [b"2" * 32]
    door._vault.keyring.refresh()
    assert door.sign_in(Credentials("nobody@trust.example", "tide lamp orchard", "123456")) is None
