"""Numbers are right, dated, and written in one place."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from content import Content
from content.helplines import Contact, Helpline, How, Nation

ROOT = Path(__file__).resolve().parents[2]
HELPLINES = Content.load().helplines
EVERY = [pytest.param(line, id=str(line.name)) for line in HELPLINES.listed_everywhere()]


def test_no_helpline_has_expired() -> None:
    """Check each one named here on its own site, then set 'checked' and 'expires' in helplines.yml."""
    assert HELPLINES.expired(datetime.now(UTC).date()) == ()


def test_an_expired_helpline_is_reported() -> None:
    assert set(HELPLINES.expired(date(2100, 1, 1))) >= {"samaritans", "nhs_111", "emergency"}


@pytest.mark.parametrize("line", EVERY)
def test_each_has_a_source_and_dates_no_more_than_a_year_apart(line: Helpline) -> None:
    assert line.source.strip()
    assert line.checked < line.expires <= line.checked + timedelta(days=366)
    assert line.nations


@pytest.mark.parametrize("line", EVERY)
def test_what_was_not_rechecked_expires_sooner_and_is_shown_only_where_needed(line: Helpline) -> None:
    if "not checked again" in line.note:
        assert line.expires - line.checked <= timedelta(days=100)
        assert line.topics


@pytest.mark.parametrize(
    ("key", "to"),
    [
        ("emergency", "999"),
        ("nhs_111", "111"),
        ("samaritans", "116 123"),
        ("samaritans", "jo@samaritans.org"),
        ("shout", "85258"),
        ("papyrus", "0800 068 4141"),
        ("papyrus", "88247"),
        ("childline", "0800 1111"),
        ("calm", "0800 58 58 58"),
        ("lifeline", "0808 808 8000"),
        ("domestic_abuse", "0808 2000 247"),
        ("nspcc", "0808 800 5000"),
    ],
)
def test_each_number_is_the_one_that_was_checked(key: str, to: str) -> None:
    """Wrong numbers go round (0808 068 4141 for Papyrus): a slip of a digit must not pass."""
    assert to in [contact.to for contact in HELPLINES[key].contacts]


def test_contacts_read_and_link_as_a_phone_needs_them() -> None:
    assert [(contact.words, contact.link) for contact in HELPLINES["samaritans"].contacts] == [
        ("Call 116 123", "tel:116123"),
        ("Email jo@samaritans.org", "mailto:jo@samaritans.org"),
    ]
    shout = HELPLINES["shout"].contacts[0]
    assert (shout.words, shout.link) == ("Text SHOUT to 85258", "sms:85258?&body=SHOUT")
    assert HELPLINES["nhs_111"].contacts[0].words == "Call 111, then choose option 2 for mental health"
    assert Contact(How.TEXTPHONE, "18001 0808 808 8000").link == "tel:1800108088088000"  # type: ignore[arg-type]
    assert HELPLINES["beat"].contacts[0].link == "https://beateatingdisorders.org.uk"


def test_lists_leave_out_what_is_for_another_topic_or_nation() -> None:
    everywhere = [line.name for line in HELPLINES.listed()]
    assert "National Domestic Abuse Helpline" not in everywhere
    assert "National Domestic Abuse Helpline" in [line.name for line in HELPLINES.listed("domestic_abuse")]
    assert "Lifeline" not in [line.name for line in HELPLINES.listed(nation=Nation.ENGLAND)]


def test_no_other_file_that_patients_hear_holds_a_phone_number() -> None:
    """999 and 111 may be named anywhere; every other number is in one dated file."""
    number = re.compile(r"\b0\d(?:[ -]?\d){6,}\b|\b116 ?123\b|\b85258\b|\b88247\b")
    files = [ROOT / "domain.yml", *(ROOT / "data" / "content").glob("*.yml")]
    others = [file for file in files if file.name != "helplines.yml"]
    assert {file.name: number.findall(file.read_text()) for file in others} == {
        file.name: [] for file in others
    }
