"""Response targets: how soon a human promises to respond, by the response needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

_DEFAULT_MINUTES: Mapping[str, int] = MappingProxyType({"respond_now": 5, "respond_today": 240, "ask": 1440})


@dataclass(frozen=True, slots=True)
class ResponseTargets:
    """Minutes from raising to a human's response, for each response needed."""

    minutes: Mapping[str, int] = field(default_factory=lambda: _DEFAULT_MINUTES)

    def for_response(self, response: str) -> timedelta:
        """The promise for `response`. Raises `KeyError` for one that needs no human."""
        return timedelta(minutes=self.minutes[response])

    def due(self, response: str, raised_at: datetime) -> datetime:
        """The moment by which a human should have responded."""
        return raised_at + self.for_response(response)

    def in_words(self, response: str) -> str:
        """The promise as a person reads it: "5 minutes", "4 hours"."""
        minutes = self.minutes[response]
        if minutes % 60 == 0:
            return _counted(minutes // 60, "hour")
        return _counted(minutes, "minute")


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
