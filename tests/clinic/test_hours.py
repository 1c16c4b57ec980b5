"""Opening hours, bank holidays, and what a promise of minutes means when the service is closed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from clinic.clock import ResponseTargets
from clinic.hours import (
    ALWAYS,
    HoursNotUnderstood,
    OpeningHours,
    is_bank_holiday,
    moment_in_words,
    opening_hours,
)

OFFICE = opening_hours("mon-fri 09:00-17:00", "england")


def at(written: str) -> datetime:
    """A UTC moment; in winter the same as the UK's clocks."""
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-27 09:00", True),
        ("2026-11-27 08:59", False),
        ("2026-11-27 16:59", True),
        ("2026-11-27 17:00", False),
        ("2026-11-28 12:00", False),  # Saturday
        ("2026-12-25 12:00", False),  # Christmas Day, a Friday
        ("2026-12-28 12:00", False),  # Boxing Day falls on a Saturday, so Monday is kept
        ("2026-07-01 08:30", True),  # summer time: 9.30 on the clocks
        ("2026-07-01 16:30", False),
    ],
)
def test_office_hours(moment: str, is_open: bool) -> None:
    assert OFFICE.is_open(at(moment)) is is_open


def test_each_nation_has_its_own_bank_holidays() -> None:
    st_andrew, boxing_day = date(2026, 11, 30), date(2026, 12, 28)
    assert is_bank_holiday(st_andrew, "scotland")
    assert not is_bank_holiday(st_andrew, "england")
    assert is_bank_holiday(date(2027, 3, 17), "northern_ireland")  # St Patrick's Day
    assert is_bank_holiday(boxing_day, "wales")
    assert not is_bank_holiday(boxing_day, "none")


@pytest.mark.parametrize(
    ("asked", "opens"),
    [
        ("2026-11-27 18:00", "2026-11-30 09:00"),  # Friday evening to Monday
        ("2026-11-27 03:00", "2026-11-27 09:00"),
        ("2026-11-27 10:00", "2026-11-27 10:00"),
        ("2026-12-24 17:00", "2026-12-29 09:00"),  # over Christmas
        ("2027-03-27 12:00", "2027-03-30 08:00"),  # Easter, and the clocks go forward
    ],
)
def test_the_next_opening(asked: str, opens: str) -> None:
    assert OFFICE.next_opening(at(asked)) == at(opens)


@pytest.mark.parametrize(
    ("raised", "due"),
    [
        ("2026-11-27 10:00", "2026-11-27 14:00"),
        ("2026-11-27 15:00", "2026-11-30 11:00"),  # 2 hours today, 2 on Monday
        ("2026-11-28 23:00", "2026-11-30 13:00"),
    ],
)
def test_a_target_runs_only_while_the_service_is_open(raised: str, due: str) -> None:
    assert ResponseTargets(hours=OFFICE).due("respond_today", at(raised)) == at(due)


def test_a_break_at_noon_stops_the_clock() -> None:
    hours = opening_hours("mon-fri 09:00-12:00, mon-fri 13:00-17:00")
    assert hours.after(at("2026-11-27 11:30"), timedelta(hours=1)) == at("2026-11-27 13:30")


def test_open_until_midnight() -> None:
    hours = opening_hours("mon-sun 00:00-24:00")
    assert hours.after(at("2026-11-27 23:30"), timedelta(hours=1)) == at("2026-11-28 00:30")


def test_people_on_call_make_the_urgent_target_run_at_any_hour() -> None:
    targets = ResponseTargets(hours=OFFICE, round_the_clock=frozenset({"respond_now"}))
    midnight = at("2026-11-28 00:00")
    assert targets.due("respond_now", midnight) == midnight + timedelta(minutes=5)
    assert targets.in_words("respond_now", midnight) == "5 minutes"
    assert targets.due("respond_today", midnight) == at("2026-11-30 13:00")


def test_without_hours_somebody_is_always_there() -> None:
    assert ALWAYS.is_open(at("2026-12-25 03:00"))
    assert ResponseTargets().due("respond_now", at("2026-12-25 03:00")) == at("2026-12-25 03:05")


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-27 10:00", "5 minutes"),
        ("2026-11-27 03:00", "5 minutes of being back, at 9am today"),
        ("2026-11-29 20:00", "5 minutes of being back, at 9am tomorrow"),
        ("2026-11-27 20:00", "5 minutes of being back, at 9am on Monday"),
    ],
)
def test_out_of_hours_the_promise_says_when_somebody_is_back(moment: str, said: str) -> None:
    assert ResponseTargets(hours=OFFICE).in_words("respond_now", at(moment)) == said


def test_a_moment_in_words() -> None:
    assert (
        moment_in_words(at("2026-12-29 14:30"), at("2026-12-18 20:00")) == "at 2.30pm on Tuesday 29 December"
    )
    assert moment_in_words(at("2026-12-19 12:00"), at("2026-12-18 20:00")) == "at 12pm tomorrow"


@pytest.mark.parametrize(
    "written",
    ["", "nine to five", "mon-fri 17:00-09:00", "fri-mon 09:00-17:00", "mon 09:00-25:00", "moo 09:00-10:00"],
)
def test_hours_that_do_not_read_as_hours_say_how_to_write_them(written: str) -> None:
    with pytest.raises(HoursNotUnderstood, match="opening hours like"):
        opening_hours(written)


def test_a_service_that_never_opens_is_refused_when_asked() -> None:
    with pytest.raises(HoursNotUnderstood):
        OpeningHours({7: ((0, 60),)}).next_opening(at("2026-11-27 10:00"))
