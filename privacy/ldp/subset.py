"""Subset Selection: a report is a set of cells, in which the true one is likelier than any other.

Ye and Barg, "Optimal schemes for discrete distribution estimation under locally differential privacy" (IEEE
Transactions on Information Theory, 2018); Wang et al., "Mutual information optimally local private discrete
distribution estimation" (2016). With sets of one cell it is randomised response.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import combinations
from math import comb
from typing import Any, Final

import numpy as np

from privacy.ldp.budget import Epsilon, exact, greatest_ratio
from privacy.ldp.bulk import MOST_WHOLE, ManySource, Numbers, SecretNumbers
from privacy.ldp.randomness import RandomSource, SecretSource
from privacy.ldp.values import check_domain, check_value, check_values, report_cells

_LISTED_SETS: Final = 4096
"""Up to so many sets are listed once, and one of them drawn; beyond, a set is drawn cell by cell."""


class SubsetSelection:
    """Reports on a value from 0 to domain - 1, under `epsilon`, in sets of the size with the least variance."""

    def __init__(self, domain: int, epsilon: Epsilon) -> None:
        self.domain = check_domain(domain)
        self.epsilon = exact(epsilon)
        self.ratio = greatest_ratio(self.epsilon)
        self.size = best_size(domain, self.ratio)
        self._listed = comb(domain - 1, self.size) <= _LISTED_SETS
        inside = self.size * self.ratio.numerator
        self._inside, self._whole = inside, inside + (domain - self.size) * self.ratio.denominator

    @cached_property
    def keep(self) -> Fraction:
        """The probability that a report holds the true value."""
        return Fraction(self._inside, self._whole)

    @cached_property
    def stray(self) -> Fraction:
        """The probability that a report holds a given other value."""
        others = self.domain - 1
        return (self.keep * (self.size - 1) + (1 - self.keep) * self.size) / others

    def perturb(self, value: int, source: RandomSource | None = None) -> tuple[int, ...]:
        """A report on `value`: `size` cells, in order. Raises `ValueError` when it is out of range."""
        return self._draw(check_value(value, self.domain), source or SecretSource())

    def perturb_many(self, values: Iterable[int], source: ManySource | None = None) -> list[tuple[int, ...]]:
        """A report for each of `values`, drawn together. Raises `ValueError` when one is out of range."""
        checked = check_values(values, self.domain)
        if not self._listed or self._whole > MOST_WHOLE:
            one_by_one = SecretSource.for_many()
            return [self._draw(value, one_by_one) for value in checked]
        drawn = self._draw_many(np.array(checked, dtype=np.int64), source or SecretNumbers())
        return list(zip(*drawn.T.tolist(), strict=True))

    def for_browsers(self) -> dict[str, Any]:
        """What ``perturb.js`` needs to draw as this does. Large numbers are written out: JSON's are floats there."""
        return {
            "kind": "subset",
            "domain": self.domain,
            "size": self.size,
            "inside": str(self._inside),
            "whole": str(self._whole),
        }

    def cells(self, report: object) -> tuple[int, ...]:
        """The cells of `report`. Raises `ValueError` when this mechanism cannot have made it."""
        return report_cells(report, self.domain, self.size)

    def _draw(self, value: int, source: RandomSource) -> tuple[int, ...]:
        kept = source.chance(self._inside, self._whole)
        if self.size == 1:
            if kept:
                return (value,)
            other = source.below(self.domain - 1)
            return (other + (other >= value),)
        others = self._others(self.size - kept, source)
        cells = [other + (other >= value) for other in others]
        if kept:
            cells.append(value)
        # In order, so that the true value's place says nothing.
        cells.sort()
        return tuple(cells)

    def _draw_many(self, values: Numbers, source: ManySource) -> Numbers:
        """As `_draw`, for all `values`: an array with a row for each report."""
        kept = source.chance(self._inside, self._whole, len(values))
        if self.size == 1:
            other = source.below(self.domain - 1, len(values))
            return np.where(kept, values, other + (other >= values))[:, None]
        reports = np.empty((len(values), self.size), dtype=np.int64)
        for is_kept in (True, False):
            chosen = np.flatnonzero(kept == is_kept)
            others = self._others_of_many(self.size - is_kept, len(chosen), source)
            true = values[chosen, None]
            reports[chosen, : others.shape[1]] = others + (others >= true)
            if is_kept:
                reports[chosen, -1:] = true
        # In order, so that the true value's place says nothing.
        reports.sort(axis=1)
        return reports

    def _others_of_many(self, wanted: int, number: int, source: ManySource) -> Numbers:
        sets = np.array(_sets(self.domain - 1, wanted), dtype=np.int64)
        return sets[source.below(len(sets), number)]

    def _others(self, wanted: int, source: RandomSource) -> Iterable[int]:
        """`wanted` of the numbers below domain - 1, every set as likely as the others."""
        number = self.domain - 1
        if not self._listed:
            return _some_of(number, wanted, source)
        sets = _sets(number, wanted)
        return sets[source.below(len(sets))]

    def shares(self, counts: Sequence[int], n: int) -> list[float]:
        """Unbiased estimates of each value's share, from how many of `n` reports hold each cell."""
        keep, stray = float(self.keep), float(self.stray)
        return [(count / n - stray) / (keep - stray) for count in counts]

    def moments(self, value: int, shares: Sequence[float]) -> tuple[float, float]:
        """The mean squares of what one report adds to the estimate of `value`: of who has it, and of the others."""
        keep, stray = float(self.keep), float(self.stray)

        def mean_square(held: float) -> float:
            return (held * (1 - stray) ** 2 + (1 - held) * stray**2) / (keep - stray) ** 2

        return mean_square(keep), mean_square(stray)


@lru_cache(maxsize=32)
def _sets(number: int, wanted: int) -> tuple[tuple[int, ...], ...]:
    return tuple(combinations(range(number), wanted))


def best_size(domain: int, ratio: Fraction) -> int:
    """The size of set that gives the least total variance: next to domain / (1 + e**epsilon)."""
    middle = int(domain / (1 + ratio))
    sizes = {min(max(size, 1), domain - 1) for size in (middle, middle + 1)}

    def variance(size: int) -> Fraction:
        return (size * ratio + domain - size) ** 2 / (size * (domain - size))

    return min(sorted(sizes), key=variance)


def _some_of(number: int, wanted: int, source: RandomSource) -> set[int]:
    """`wanted` of the numbers below `number`, every set as likely as the others (Floyd's method)."""
    chosen: set[int] = set()
    for last in range(number - wanted, number):
        drawn = source.below(last + 1)
        chosen.add(last if drawn in chosen else drawn)
    return chosen
