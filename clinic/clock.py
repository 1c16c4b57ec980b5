"""Response targets: how soon a human promises to respond, by the response needed and the hours of the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from clinic.hours import ALWAYS, OpeningHours, moment_in_words, opening_hours
from store.models import now

__all__ = ["ROUND_THE_CLOCK", "OpeningHours", "ResponseTargets", "opening_hours"]

_DEFAULT_MINUTES: Mapping[str, int] = MappingProxyType({"respond_now": 5, "respond_today": 240, "ask": 1440})

ROUND_THE_CLOCK: Final = frozenset({"respond_now"})


@dataclass(frozen=True, slots=True)
class ResponseTargets:
    """Minutes from raising to a human's response, for each response needed.

    Out of hours a target begins to run when the service opens; and what is not used up at closing time goes on
    the next day. `round_the_clock` are responses that people on call answer at any hour.
    """

    minutes: Mapping[str, int] = field(default_factory=lambda: _DEFAULT_MINUTES)
    hours: OpeningHours = ALWAYS
    round_the_clock: frozenset[str] = frozenset()

    def for_response(self, response: str) -> timedelta:
        """The promise for `response`. Raises `KeyError` for one that needs no human."""
        return timedelta(minutes=self.minutes[response])

    def due(self, response: str, raised_at: datetime) -> datetime:
        """The moment by which a human should have responded."""
        hours = ALWAYS if response in self.round_the_clock else self.hours
        return hours.after(raised_at, self.for_response(response))

    def somebody_is_there(self, response: str, at: datetime) -> bool:
        """Whether anybody answers `response` at that moment."""
        return response in self.round_the_clock or self.hours.is_open(at)

    def starts(self, response: str, at: datetime) -> datetime:
        """When somebody will first be there for `response`: `at` itself, or the next opening."""
        return at if self.somebody_is_there(response, at) else self.hours.next_opening(at)

    def length_in_words(self, response: str) -> str:
        """How long the target is, as staff read it: "5 minutes", "4 hours"."""
        minutes = self.minutes[response]
        if minutes % 60 == 0:
            return _counted(minutes // 60, "hour")
        return _counted(minutes, "minute")

    def in_words(self, response: str, at: datetime | None = None) -> str:
        """The promise as a patient reads it at that moment, to follow "within".

        "5 minutes"; out of hours, "5 minutes of being back, at 9am tomorrow".
        """
        moment = at or now()
        length = self.length_in_words(response)
        if self.somebody_is_there(response, moment):
            return length
        return f"{length} of being back, {moment_in_words(self.hours.next_opening(moment), moment)}"


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
