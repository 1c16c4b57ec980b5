"""Two groups, or two periods, beside each other: did a share change, or can nobody tell?

The interval of a difference is put together from the two shares' own intervals (Newcombe 1998, method 10). All rows of
one statistic are judged together: each interval is widened (Bonferroni), so that in 19 of 20 comparisons in which
nothing changed, no row is said to have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, sqrt

from privacy.ldp.estimates import Estimate, Tally, estimate, estimate_groups, people_needed
from privacy.ldp.mechanisms import Mechanism
from privacy.ldp.ordinal import OrdinalMatrix


class Verdict(StrEnum):
    """What can be said of a difference."""

    MORE = "more"
    FEWER = "fewer"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Difference:
    """How much larger a share is in the second group than in the first, from -1 to 1; None where one is empty."""

    value: int
    difference: float | None
    low: float
    high: float

    @property
    def verdict(self) -> Verdict:
        """`CANNOT_TELL` unless the whole interval lies on one side of no difference."""
        if self.difference is None or self.low <= 0 <= self.high:
            return Verdict.CANNOT_TELL
        return Verdict.MORE if self.difference > 0 else Verdict.FEWER


def compare(
    mechanism: Mechanism, first: Tally, second: Tally, groups: Sequence[Sequence[int]] = ()
) -> list[Difference]:
    """The difference of each value's share (or each group's of a scale), in order, from `first` to `second`."""
    rows = len(groups) or mechanism.domain
    before, after = (_shares(mechanism, counted, groups, 20 * rows) for counted in (first, second))
    return [_difference(old, new) for old, new in zip(before, after, strict=True)]


def more_reports_to_tell(
    mechanism: Mechanism, first: Tally, second: Tally, least: float, groups: Sequence[Sequence[int]] = ()
) -> int:
    """About how many more reports of the second group would tell a difference of `least` (a share); 0 if those do.

    Both groups' chance counts: where the first is so small that no number would do, it is as many as would do were
    the first as large as the second.
    """
    # One report's part in the square of a half-width: a plain interval's, widened as `compare` widens it.
    rows = len(groups) or mechanism.domain
    wider = _z(20 * rows) / _z(20)
    square = people_needed(mechanism, least, groups) * wider**2
    left = 1 - square / first.n if first.n else 0.0
    enough = square / left if left > 0.1 else 2 * square
    return max(ceil(enough) - second.n, 0)


def _z(wrong_in: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(1 - 0.5 / wrong_in)


def _shares(
    mechanism: Mechanism, counted: Tally, groups: Sequence[Sequence[int]], wrong_in: float
) -> list[Estimate]:
    if groups and isinstance(mechanism, OrdinalMatrix):
        return estimate_groups(mechanism, counted, groups, wrong_in=wrong_in)
    return estimate(mechanism, counted, wrong_in=wrong_in)


def _difference(old: Estimate, new: Estimate) -> Difference:
    if old.estimate is None or new.estimate is None:
        return Difference(new.value, None, -1.0, 1.0)
    change = new.estimate - old.estimate
    below = sqrt((new.estimate - new.low) ** 2 + (old.high - old.estimate) ** 2)
    above = sqrt((new.high - new.estimate) ** 2 + (old.estimate - old.low) ** 2)
    return Difference(new.value, change, change - below, change + above)
