"""The periods of statistics: quarters, written like "2026-Q4"; and spans of them, which may also be a year, "2026"."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

PERIODS_IN_A_YEAR: Final = 4
_QUARTER: Final = re.compile(r"(\d{4})-Q([1-4])")
_YEAR: Final = re.compile(r"[0-9]{4}", re.ASCII)


def period_of(day: date) -> str:
    """The quarter that `day` lies in."""
    return f"{day.year:04}-Q{(day.month - 1) // 3 + 1}"


def year_of(period: str) -> int:
    """The year of `period`. Raises `ValueError` when it is no period."""
    found = _QUARTER.fullmatch(period)
    if found is None:
        raise ValueError("A period is written like 2026-Q4.")
    return int(found[1])


def quarters(span: str) -> tuple[str, ...]:
    """The quarters of a year, or the quarter itself. Raises `ValueError` when `span` is neither."""
    if _YEAR.fullmatch(span):
        return tuple(f"{span}-Q{quarter}" for quarter in range(1, PERIODS_IN_A_YEAR + 1))
    year_of(span)
    return (span,)


def before(span: str) -> str:
    """The quarter, or the year, before `span`. Raises `ValueError` when it is neither, or the first of all."""
    first = quarters(span)[0]
    year, quarter = year_of(first), int(first[-1])
    if year == 0:
        raise ValueError("There is no period before that.")
    if span != first:
        return f"{year - 1:04}"
    return f"{year - 1:04}-Q4" if quarter == 1 else f"{year:04}-Q{quarter - 1}"


def ended(span: str, today: date) -> bool:
    """Whether all of `span` lies before `today`."""
    return quarters(span)[-1] < period_of(today)


def in_words(period: str) -> str:
    """A quarter or a year as it is read: "October to December 2026", "the year 2026"."""
    if _YEAR.fullmatch(period):
        return f"the year {period}"
    year = year_of(period)
    months = ("January to March", "April to June", "July to September", "October to December")
    return f"{months[int(period[-1]) - 1]} {year}"
