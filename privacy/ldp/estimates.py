"""From reports to shares, with intervals that hold for people like these.

The estimates are unbiased, so that they may lie below 0 or above 1; nothing is clipped before the interval is
made. The interval is Wilson's score interval (1927) on the linear scale of the estimate: the variance is that
of one report when a share θ of people has the value and the others are spread as observed. For Subset
Selection, where a report either holds a cell or does not, that is Wilson on the support counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Final

from privacy.ldp.mechanisms import Mechanism
from privacy.ldp.ordinal import OrdinalMatrix

Z: Final = 1.959963984540054
"""The standard normal distribution's 97.5th percentile."""


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


def estimate(mechanism: Mechanism, counted: Tally) -> list[Estimate]:
    """The share of each value, in order."""
    if counted.n == 0:
        return [Estimate(value, None, 0.0, 1.0, 0) for value in range(mechanism.domain)]
    shares = mechanism.shares(counted.counts, counted.n)
    consistent = consistent_shares(shares)
    return [
        Estimate(value, share, *_interval(share, mechanism.moments(value, consistent), counted.n), counted.n)
        for value, share in enumerate(shares)
    ]


def estimate_groups(matrix: OrdinalMatrix, counted: Tally, groups: Sequence[Sequence[int]]) -> list[Estimate]:
    """The share of people who have any of the values of each group; `Estimate.value` is the group's number."""
    if counted.n == 0:
        return [Estimate(number, None, 0.0, 1.0, 0) for number in range(len(groups))]
    shares = matrix.shares(counted.counts, counted.n)
    consistent = consistent_shares(shares)
    found = []
    for number, values in enumerate(groups):
        share = sum(shares[value] for value in values)
        moments = matrix.group_moments(values, consistent)
        found.append(Estimate(number, share, *_interval(share, moments, counted.n), counted.n))
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


def _interval(share: float, moments: tuple[float, float], n: int) -> tuple[float, float]:
    """Solve n (share - θ)² = z² (others + (own - others) θ - θ²) for θ."""
    own, others = moments
    square = Z**2
    a = n + square
    b = 2 * n * share + square * (own - others)
    c = n * share**2 - square * others
    root = sqrt(max(b * b - 4 * a * c, 0.0))
    # The interval holds its estimate; only rounding could say otherwise.
    return min((b - root) / (2 * a), share), max((b + root) / (2 * a), share)
