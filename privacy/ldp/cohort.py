"""How many of the very people who were counted have a value: an interval by exact inversion.

Of n people of whom m have the value, the reports that hold its cell number Bin(m, keep) + Bin(n - m, stray). The
interval is every m that the mid-p test at 5% would not refuse (Lancaster 1961): the exact test always covers 95% and
more, its mid-p form close to 95%. A count that luck took outside all that n people would be expected to give is
taken as the nearest of those, so that no interval is empty, or narrow for being impossible.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

_REFUSED_EACH_SIDE: Final = 0.025
_SPREADS: Final = 9.0
"""Beyond so many standard deviations a binomial is counted as nothing: less than 1e-17 of it."""


def cohort_interval(n: int, held: int, keep: float, stray: float) -> tuple[float, float]:
    """The least and the greatest share of n people who have the value, `held` of n reports holding its cell.

    `keep` and `stray` are the probabilities that a report holds the cell, of who has the value and of who has not.
    """
    likely = min(max(held, n * stray), n * keep)
    count = round(likely)

    def refused_as_too_few(m: int) -> bool:
        return _at_least(n, m, count, keep, stray) <= _REFUSED_EACH_SIDE

    def accepted_as_enough(m: int) -> bool:
        return 1 - _at_least(n, m, count, keep, stray) > _REFUSED_EACH_SIDE

    least = _first(lambda m: not refused_as_too_few(m), n)
    greatest = _first(lambda m: not accepted_as_enough(m), n + 1) - 1
    return least / n, max(greatest, least) / n


def _first(holds: Callable[[int], bool], end: int) -> int:
    """The first of 0 to `end` for which `holds`, which once true stays so; `end` where it never is."""
    low, high = 0, end
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _at_least(n: int, m: int, count: int, keep: float, stray: float) -> float:
    """How likely more than `count` reports hold the cell, and half as likely `count` itself, when m have the value."""
    first_own, own = _binomial(m, keep)
    first_other, other = _binomial(n - m, stray)
    # more[i] is how likely the others give i or more; with some room on both sides.
    more = np.concatenate([np.cumsum(other[::-1])[::-1], [0.0]])
    needed = count - first_other - (first_own + np.arange(len(own)))
    above = more[np.clip(needed + 1, 0, len(other))]
    at_least = more[np.clip(needed, 0, len(other))]
    return float(own @ (above + at_least) / 2)


def _binomial(n: int, p: float) -> tuple[int, NDArray[np.float64]]:
    """The part of a binomial that matters: where it begins, and how likely each number from there on is."""
    middle, reach = n * p, _SPREADS * (n * p * (1 - p)) ** 0.5 + 12
    first, last = max(int(middle - reach), 0), min(int(middle + reach) + 1, n)
    number = np.arange(first, last + 1)
    logs = _log_factorials(1 << max(n, 1).bit_length())
    ways = logs[n] - logs[number] - logs[n - number]
    chances: NDArray[np.float64] = np.exp(ways + number * np.log(p) + (n - number) * np.log1p(-p))
    return first, chances


@lru_cache(maxsize=8)
def _log_factorials(size: int) -> NDArray[np.float64]:
    logs: NDArray[np.float64] = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, size + 1)))])
    return logs
