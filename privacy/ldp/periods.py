"""The periods of statistics: quarters, written like "2026-Q4"."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

PERIODS_IN_A_YEAR: Final = 4
_QUARTER: Final = re.compile(r"(\d{4})-Q([1-4])")


def period_of(day: date) -> str:
    """The quarter that `day` lies in."""
    return f"{day.year:04}-Q{(day.month - 1) // 3 + 1}"


def year_of(period: str) -> int:
    """The year of `period`. Raises `ValueError` when it is no period."""
    found = _QUARTER.fullmatch(period)
    if found is None:
        raise ValueError("A period is written like 2026-Q4.")
    return int(found[1])


def in_words(period: str) -> str:
    """`period` as it is read: "October to December 2026"."""
    year = year_of(period)
    months = ("January to March", "April to June", "July to September", "October to December")
    return f"{months[int(period[-1]) - 1]} {year}"
