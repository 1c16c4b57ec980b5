"""When the service is open: hours of the week in local time, and no bank holidays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

HERE: Final = ZoneInfo("Europe/London")

NATIONS: Final = MappingProxyType(
    {"england": "ENG", "scotland": "SCT", "wales": "WLS", "northern_ireland": "NIR", "none": None}
)
"""Whose bank holidays are kept, and what the `holidays` package calls them."""

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN: Final = re.compile(
    r"(?P<first>[a-z]{3})(-(?P<last>[a-z]{3}))?\s+(?P<opens>\d\d:\d\d)-(?P<closes>\d\d:\d\d)"
)
_MINUTES_IN_A_DAY: Final = 24 * 60
_LONGEST_CLOSED_DAYS: Final = 31

Span = tuple[int, int]
"""From which minute of the day to which."""


class HoursNotUnderstood(ValueError):
    """The opening hours do not read as hours; the message says how to write them."""


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Spans of minutes for each day of the week (0 is Monday), in UK local time. An empty week means always open."""

    week: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    nation: str = "none"

    def is_open(self, at: datetime) -> bool:
        """Whether anybody is there at that moment."""
        if not self.week:
            return True
        local = at.astimezone(HERE)
        minute = local.hour * 60 + local.minute
        return any(opens <= minute < closes for opens, closes in self._spans(local.date()))

    def next_opening(self, at: datetime) -> datetime:
        """`at` when open; otherwise the next moment of opening. Raises `HoursNotUnderstood` if there is none."""
        if self.is_open(at):
            return at
        today = at.astimezone(HERE).date()
        for days in range(_LONGEST_CLOSED_DAYS + 1):
            day = today + timedelta(days=days)
            for opens, _ in self._spans(day):
                moment = _moment(day, opens)
                if moment > at:
                    return moment.astimezone(at.tzinfo)
        raise HoursNotUnderstood("The service does not open within a month. Check its opening hours.")

    def after(self, at: datetime, length: timedelta) -> datetime:
        """The moment at which the service has been open for `length` since `at`."""
        if not self.week:
            return at + length
        moment, left = self.next_opening(at), length
        while True:
            closes = self._closing(moment)
            if moment + left <= closes:
                return moment + left
            left -= closes - moment
            moment = self.next_opening(closes)

    def _closing(self, at: datetime) -> datetime:
        """When the span that holds `at` ends."""
        local = at.astimezone(HERE)
        minute = local.hour * 60 + local.minute
        for opens, closes in self._spans(local.date()):
            if opens <= minute < closes:
                return _moment(local.date(), closes).astimezone(at.tzinfo)
        raise HoursNotUnderstood("The service is closed at that moment.")

    def _spans(self, day: date) -> tuple[Span, ...]:
        return () if is_bank_holiday(day, self.nation) else self.week.get(day.weekday(), ())


ALWAYS: Final = OpeningHours()
"""Somebody is there at every hour of every day."""


def opening_hours(written: str, nation: str = "none") -> OpeningHours:
    """Hours from words such as ``mon-fri 09:00-17:00, sat 10:00-14:00``; ``always`` for every hour.

    Raises `HoursNotUnderstood`.
    """
    if nation not in NATIONS:
        raise HoursNotUnderstood(
            f"There are no bank holidays of {nation!r}; use one of {', '.join(NATIONS)}."
        )
    if written.strip().lower() == "always":
        return OpeningHours()
    week: dict[int, tuple[Span, ...]] = {}
    for part in written.lower().split(","):
        days, span = _read_part(part.strip())
        for day in days:
            week[day] = tuple(sorted((*week.get(day, ()), span)))
    return OpeningHours(MappingProxyType(week), nation)


def _read_part(part: str) -> tuple[range, Span]:
    how = "Write opening hours like 'mon-fri 09:00-17:00, sat 10:00-14:00', or 'always'."
    found = _SPAN.fullmatch(part)
    if found is None:
        raise HoursNotUnderstood(f"{part!r} is not a span of hours. {how}")
    first, last = found["first"], found["last"] or found["first"]
    if first not in _DAYS or last not in _DAYS or _DAYS.index(first) > _DAYS.index(last):
        raise HoursNotUnderstood(f"{first}-{last} are no days in order. {how}")
    span = _minute(found["opens"]), _minute(found["closes"])
    if not 0 <= span[0] < span[1] <= _MINUTES_IN_A_DAY:
        raise HoursNotUnderstood(f"{part!r} does not open before it closes. {how}")
    return range(_DAYS.index(first), _DAYS.index(last) + 1), span


def _minute(written: str) -> int:
    hours, minutes = written.split(":")
    return int(hours) * 60 + int(minutes)


def _moment(day: date, minute: int) -> datetime:
    if minute == _MINUTES_IN_A_DAY:
        return datetime.combine(day + timedelta(days=1), time(), HERE)
    return datetime.combine(day, time(minute // 60, minute % 60), HERE)


@cache
def is_bank_holiday(day: date, nation: str) -> bool:
    """Whether nobody works on that day in that nation (``none``: every day is worked)."""
    subdivision = NATIONS[nation]
    if subdivision is None:
        return False
    import holidays

    return day in holidays.country_holidays("GB", subdiv=subdivision, years=day.year)


def moment_in_words(moment: datetime, seen_from: datetime) -> str:
    """A coming moment as a patient reads it: "at 9am today", "at 9am tomorrow", "at 2.30pm on Monday 4 January"."""
    local = moment.astimezone(HERE)
    days = (local.date() - seen_from.astimezone(HERE).date()).days
    clock = f"{local.hour % 12 or 12}{f'.{local.minute:02}' if local.minute else ''}{'am' if local.hour < 12 else 'pm'}"
    if days == 0:
        return f"at {clock} today"
    if days == 1:
        return f"at {clock} tomorrow"
    if days < 7:
        return f"at {clock} on {local:%A}"
    return f"at {clock} on {local:%A} {local.day} {local:%B}"
