"""From reports to shares, with 95% intervals that say what they are about.

The estimates are unbiased, so that they may lie below 0 or above 1; nothing is clipped before the interval is
made. About people like these, the interval is Wilson's score interval (1927) on the linear scale of the estimate: the
variance is that of one report when a share θ of people has the value and the others are spread as observed. For
Subset Selection, where a report either holds a cell or does not, that is Wilson on the support counts. About the very
people who were counted, only the mechanism's chance is left: exact inversion (`privacy.ldp.cohort`) for Subset
Selection, and for a scale the score interval with that chance's variance alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, sqrt
from statistics import NormalDist
from typing import Final

from privacy.ldp.cohort import cohort_interval
from privacy.ldp.mechanisms import Mechanism
from privacy.ldp.ordinal import OrdinalMatrix
from privacy.ldp.subset import SubsetSelection

Z: Final = 1.959963984540054
"""The standard normal distribution's 97.5th percentile."""


class Estimand(StrEnum):
    """What a share and its interval are about."""

    PEOPLE_LIKE_THESE = "people like these"
    """Everyone of whom those who were counted are a random part."""
    THIS_COHORT = "this cohort"
    """The people who were counted, and nobody else."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many reports there are, and how many of them hold each cell."""

    n: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """The share of people who have `value`, with a 95% interval; unknown (None, 0 to 1) without reports."""

    value: int
    estimate: float | None
    low: float
    high: float
    n: int
    possible: tuple[float, float] = (0.0, 1.0)
    """The interval for showing, within 0 and 1: where luck took the estimate outside, that of the nearest end."""

    @property
    def half_width(self) -> float:
        """Half of the interval, as a share."""
        return (self.high - self.low) / 2


def tally(mechanism: Mechanism, reports: Iterable[object]) -> Tally:
    """Count `reports`. Raises `ValueError` at one that `mechanism` cannot have made."""
    counts = [0] * mechanism.domain
    n = 0
    for report in reports:
        n += 1
        for cell in mechanism.cells(report):
            counts[cell] += 1
    return Tally(n, tuple(counts))


def pooled(tallies: Iterable[Tally]) -> Tally:
    """The reports of several quarters taken together. Raises `ValueError` when there are none to take.

    Every report weighs the same, which is the combination of least variance. Within a year nobody reports on a
    statistic twice, so that the reports of its quarters are of different people.
    """
    listed = list(tallies)
    if len({len(one.counts) for one in listed}) != 1:
        raise ValueError("Only counts of the same values can be taken together.")
    counts = tuple(sum(column) for column in zip(*(one.counts for one in listed), strict=True))
    return Tally(sum(one.n for one in listed), counts)


def estimate(
    mechanism: Mechanism,
    counted: Tally,
    about: Estimand = Estimand.PEOPLE_LIKE_THESE,
    *,
    wrong_in: float = 20,
) -> list[Estimate]:
    """The share of each value, in order.

    About people like these, one interval in `wrong_in` misses: 20 gives 95%. About this cohort it is always 95%.
    """
    if counted.n == 0:
        return [Estimate(value, None, 0.0, 1.0, 0) for value in range(mechanism.domain)]
    shares = mechanism.shares(counted.counts, counted.n)
    if about is Estimand.THIS_COHORT and isinstance(mechanism, SubsetSelection):
        keep, stray = float(mechanism.keep), float(mechanism.stray)
        intervals = [cohort_interval(counted.n, held, keep, stray) for held in counted.counts]
        return [
            Estimate(value, share, *interval, counted.n, interval)
            for value, (share, interval) in enumerate(zip(shares, intervals, strict=True))
        ]
    consistent = consistent_shares(shares)
    return [
        _with_interval(value, share, mechanism.moments(value, consistent), counted.n, about, wrong_in)
        for value, share in enumerate(shares)
    ]


def estimate_groups(
    matrix: OrdinalMatrix,
    counted: Tally,
    groups: Sequence[Sequence[int]],
    about: Estimand = Estimand.PEOPLE_LIKE_THESE,
    *,
    wrong_in: float = 20,
) -> list[Estimate]:
    """As `estimate`, the share of people who have any of the values of each group, whose number is `Estimate.value`."""
    if counted.n == 0:
        return [Estimate(number, None, 0.0, 1.0, 0) for number in range(len(groups))]
    shares = matrix.shares(counted.counts, counted.n)
    consistent = consistent_shares(shares)
    found = []
    for number, values in enumerate(groups):
        share = sum(shares[value] for value in values)
        moments = matrix.group_moments(values, consistent)
        found.append(_with_interval(number, share, moments, counted.n, about, wrong_in))
    return found


def consistent_shares(shares: Sequence[float]) -> list[float]:
    """The nearest shares that are at least 0 and sum to 1 (norm-sub). For display; never inside an interval."""
    ordered = sorted(shares, reverse=True)
    total = shift = 0.0
    for count, share in enumerate(ordered, start=1):
        total += share
        if share - (total - 1) / count <= 0:
            break
        shift = (total - 1) / count
    return [max(share - shift, 0.0) for share in shares]


def people_needed(mechanism: Mechanism, half_width: float, groups: Sequence[Sequence[int]] = ()) -> int:
    """About how many reports bring every value's 95% interval to plus or minus `half_width`.

    With `groups` of a scale, every group's instead.
    """
    even = [1 / mechanism.domain] * mechanism.domain
    most = 0.0
    for values in groups or [[value] for value in range(mechanism.domain)]:
        share = len(values) / mechanism.domain
        own, others = (
            mechanism.group_moments(values, even)
            if isinstance(mechanism, OrdinalMatrix)
            else mechanism.moments(values[0], even)
        )
        most = max(most, own * share + others * (1 - share) - share**2)
    return ceil(Z**2 * most / half_width**2)


def _with_interval(
    value: int, share: float, moments: tuple[float, float], n: int, about: Estimand, wrong_in: float
) -> Estimate:
    low, high = _interval(share, moments, n, about, wrong_in)
    least, most = _interval(min(max(share, 0.0), 1.0), moments, n, about, wrong_in)
    return Estimate(value, share, low, high, n, (max(least, 0.0), min(most, 1.0)))


def _interval(
    share: float, moments: tuple[float, float], n: int, about: Estimand, wrong_in: float
) -> tuple[float, float]:
    """Solve n (share - θ)² = z² variance(θ) for θ.

    Of people like these, the variance is others + (own - others) θ - θ²; of this cohort, others + (own - 1 - others) θ,
    because a report on who has the value is on average 1.
    """
    own, others = moments
    square = Z**2 if wrong_in == 20 else NormalDist().inv_cdf(1 - 0.5 / wrong_in) ** 2
    sampled = about is Estimand.PEOPLE_LIKE_THESE
    a = n + square if sampled else n
    b = 2 * n * share + square * (own - others - (not sampled))
    c = n * share**2 - square * others
    root = sqrt(max(b * b - 4 * a * c, 0.0))
    # The interval holds its estimate; only rounding could say otherwise.
    return min((b - root) / (2 * a), share), max((b + root) / (2 * a), share)
