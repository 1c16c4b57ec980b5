"""The first account is made through a link that works once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from sqlalchemy import select, update

from clinic.auth import LinkRefused, accounts_exist, new_setup_link
from clinic.web import ClinicRoom
from store.models import Role, SetupLink, Staff, StaffSession, now

DETAILS = {"first_name": "Amina", "job_title": "crisis nurse", "email": "amina@trust.example"}
PASSWORD = "tide lamp orchard"


@pytest.fixture
def link(room: ClinicRoom) -> str:
    with room.store.begin() as session:
        return new_setup_link(session)


def set_up(browser: Any, link: str) -> None:
    browser.open(f"/set-up/{link}")
    browser.send(f"/set-up/{link}", password=PASSWORD, **DETAILS)
    browser.send(f"/set-up/{link}/code", account=browser.fields["account"], code=code_for(browser))


def code_for(browser: Any) -> str:
    key = re.search(r"Type this key: <code[^>]*>([A-Z2-7 ]+)<", browser.page.text)
    assert key is not None
    return pyotp.TOTP(key[1].replace(" ", "")).now()


def test_the_link_leads_to_an_account_with_every_role_that_is_signed_in(
    room: ClinicRoom, browser: Callable[[], Any], link: str
) -> None:
    amina = browser()
    set_up(amina, link)
    assert amina.page.url.path == "/inbox"
    with room.store.read() as session:
        staff = session.scalars(select(Staff)).one()
        assert staff.active
        assert set(staff.roles) == set(Role)
        assert staff.password_hash.startswith("$argon2id$")
        assert staff.last_totp_step > 0
        assert accounts_exist(session)


def test_the_second_step_shows_a_code_to_scan_without_any_style_or_script(
    browser: Callable[[], Any], link: str
) -> None:
    amina = browser()
    amina.open(f"/set-up/{link}")
    page = amina.send(f"/set-up/{link}", password=PASSWORD, **DETAILS)
    assert "<svg" in page.text
    assert "style=" not in page.text
    assert "$argon2id$" not in page.text


def test_the_link_works_once(browser: Callable[[], Any], link: str) -> None:
    set_up(browser(), link)
    late = browser()
    assert late.open(f"/set-up/{link}").status_code == 410
    late.open("/sign-in")
    assert late.send(f"/set-up/{link}", password=PASSWORD, **DETAILS).status_code == 410


def test_nothing_is_made_until_the_code_is_right(
    room: ClinicRoom, browser: Callable[[], Any], link: str
) -> None:
    amina = browser()
    amina.open(f"/set-up/{link}")
    amina.send(f"/set-up/{link}", password=PASSWORD, **DETAILS)
    right = code_for(amina)
    page = amina.send(f"/set-up/{link}/code", account=amina.fields["account"], code="000000")
    assert page.status_code == 422
    with room.store.read() as session:
        assert not accounts_exist(session)
    amina.send(f"/set-up/{link}/code", account=amina.fields["account"], code=right)
    assert amina.page.url.path == "/inbox"


def test_a_form_sealed_for_another_link_is_refused(
    room: ClinicRoom, browser: Callable[[], Any], link: str
) -> None:
    amina = browser()
    amina.open(f"/set-up/{link}")
    amina.send(f"/set-up/{link}", password=PASSWORD, **DETAILS)
    account, code = amina.fields["account"], code_for(amina)
    with room.store.begin() as session:
        newer = new_setup_link(session)
    assert amina.send(f"/set-up/{newer}/code", account=account, code=code).status_code == 410
    assert amina.send(f"/set-up/{newer}/code", account="not base 64, é", code=code).status_code == 410


def test_an_old_link_is_refused(room: ClinicRoom, browser: Callable[[], Any], link: str) -> None:
    with room.store.begin() as session:
        session.execute(update(SetupLink).values(expires_at=now() - timedelta(seconds=1)))
    assert browser().open(f"/set-up/{link}").status_code == 410


def test_a_new_link_ends_the_earlier_one_and_only_hashes_are_kept(room: ClinicRoom, link: str) -> None:
    with room.store.begin() as session:
        newer = new_setup_link(session)
    with room.store.read() as session:
        kept = session.scalars(select(SetupLink.token_hash)).all()
    assert len(kept) == 1
    assert newer not in kept
    assert link not in kept


def test_no_link_is_made_once_somebody_can_sign_in(
    room: ClinicRoom, hire: Callable[..., Any], link: str
) -> None:
    hire("Ben")
    with pytest.raises(LinkRefused), room.store.begin() as session:
        new_setup_link(session)


def test_a_link_made_earlier_is_refused_once_somebody_can_sign_in(
    browser: Callable[[], Any], hire: Callable[..., Any], link: str
) -> None:
    hire("Ben")
    assert browser().open(f"/set-up/{link}").status_code == 410


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("first_name", "", "Enter your first name."),
        ("first_name", "A" * 61, "at most 60"),
        ("job_title", " ", "Enter your job title."),
        ("email", "amina", "Enter an email address"),
        ("password", "short", "at least 12"),
        ("password", "Password2026!", "first that anybody would try"),
        ("password", "aminaaminaamina", "your own name"),
    ],
)
def test_a_field_that_cannot_be_used_says_why_and_the_others_are_kept(
    browser: Callable[[], Any], link: str, field: str, value: str, says: str
) -> None:
    amina = browser()
    amina.open(f"/set-up/{link}")
    page = amina.send(f"/set-up/{link}", **{"password": PASSWORD, **DETAILS, field: value})
    assert page.status_code == 422
    assert says in amina.text
    assert 'value="crisis nurse"' in page.text or field == "job_title"
    assert PASSWORD not in page.text


def test_the_session_is_kept_as_a_hash(room: ClinicRoom, browser: Callable[[], Any], link: str) -> None:
    amina = browser()
    set_up(amina, link)
    with room.store.read() as session:
        kept = session.scalars(select(StaffSession.token_hash)).one()
    assert amina.client.cookies["harbour_staff"] != kept
