"""Checks of what comes in: a domain, a value, a report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

MOST_CELLS: Final = 10_000


def check_domain(domain: int) -> int:
    """`domain`, the number of values. Raises `ValueError` unless it is from 2 to `MOST_CELLS`."""
    if not is_whole(domain) or not 2 <= domain <= MOST_CELLS:
        raise ValueError(f"The domain must have from 2 to {MOST_CELLS} values.")
    return domain


def check_value(value: int, domain: int) -> int:
    """`value`. Raises `ValueError` unless it is a whole number from 0 to domain - 1."""
    if not is_whole(value) or not 0 <= value < domain:
        raise ValueError(f"The value must be a whole number from 0 to {domain - 1}.")
    return value


def check_values(values: Iterable[int], domain: int) -> list[int]:
    """`values`, each as `check_value` wants it. Raises `ValueError`."""
    listed = list(values)
    # The common case without a call for each: plain whole numbers, the least and the greatest within the domain.
    if set(map(type, listed)) == {int} and min(listed) >= 0 and max(listed) < domain:
        return listed
    return [check_value(value, domain) for value in listed]


def report_cells(report: object, domain: int, size: int) -> tuple[int, ...]:
    """The cells of `report`, in order. Raises `ValueError` unless they are `size` different cells."""
    if not isinstance(report, list | tuple) or len(report) != size:
        raise ValueError(f"A report here is a list of {size} cell{'s' if size > 1 else ''}.")
    if not all(is_whole(cell) and 0 <= cell < domain for cell in report):
        raise ValueError(f"Each cell must be a whole number from 0 to {domain - 1}.")
    if len(set(report)) != size:
        raise ValueError("A report holds no cell twice.")
    return tuple(sorted(report))


def is_whole(value: object) -> bool:
    """Whether `value` is a whole number; True and False are not."""
    return isinstance(value, int) and not isinstance(value, bool)
