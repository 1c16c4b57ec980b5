"""A number of days, as people say it."""

from __future__ import annotations

from typing import Final

_YEAR: Final = 365.25


def in_words(days: int) -> str:
    """Such as "90 days", "1 year", "20 years": whole years where the days make them, within a few days."""
    years = round(days / _YEAR)
    if years and abs(days - years * _YEAR) <= max(1, years):
        return "1 year" if years == 1 else f"{years} years"
    return "1 day" if days == 1 else f"{days} days"
