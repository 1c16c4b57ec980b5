"""From reports to findings: what can be told of a quarter, and what cannot yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from sqlalchemy.orm import Session

from privacy.ldp import Estimate, OrdinalMatrix, Tally, estimate, estimate_groups, people_needed
from privacy.ldp.statistics import Statistic, Statistics
from store.statistics import counted


class State(StrEnum):
    """How much is known."""

    NOTHING = "nothing"
    TOO_LITTLE = "too little"
    ENOUGH = "enough"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a chart: a share of people like these, from 0 to 1, and its 95% interval."""

    label: str
    estimate: Estimate
    not_applicable: bool

    @property
    def share(self) -> float:
        """For display: within 0 and 1."""
        return _within(self.estimate.estimate or 0.0)

    @property
    def low(self) -> float:
        """For display: within 0 and 1."""
        return _within(self.estimate.low)

    @property
    def high(self) -> float:
        """For display: within 0 and 1."""
        return _within(self.estimate.high)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known about one statistic in one quarter."""

    statistic: Statistic
    n: int
    rows: tuple[Row, ...]
    state: State
    more_reports: int
    """About how many more reports would be enough; 0 when there are enough."""
    more_people: int
    """About how many more people would have to be counted for that: each is asked about one thing only."""

    @property
    def lead(self) -> Row:
        """The answer that most people gave."""
        rows = [row for row in self.rows if not row.not_applicable]
        return max(rows, key=lambda row: row.estimate.estimate or 0.0)


def findings(session: Session, statistics: Statistics, period: str) -> list[Finding]:
    """A finding for every statistic, in the order of data/statistics.yml."""
    return [
        finding(statistics, statistic, counted(session, statistic, period))
        for statistic in statistics.attributes.values()
    ]


def finding(statistics: Statistics, statistic: Statistic, tally: Tally) -> Finding:
    """What `tally` tells about `statistic`."""
    rows = _rows(statistic, tally)
    widest = max(row.estimate.half_width for row in rows)
    wanted = statistics.enough_half_width
    state = State.NOTHING if tally.n == 0 else State.TOO_LITTLE if widest > wanted else State.ENOUGH
    more = 0
    if state is not State.ENOUGH:
        groups = [group.values for group in statistic.groups]
        planned = people_needed(statistic.mechanism, wanted, groups)
        # Where the answers are known a little, from how wide the interval is now.
        enough = max(planned, ceil(tally.n * (widest / wanted) ** 2))
        more = _about(enough - tally.n)
    return Finding(statistic, tally.n, rows, state, more, _about(more * len(statistics.attributes)))


def _rows(statistic: Statistic, tally: Tally) -> tuple[Row, ...]:
    shares: Sequence[Estimate]
    labels: Sequence[str]
    if statistic.groups and isinstance(statistic.mechanism, OrdinalMatrix):
        labels = [group.label for group in statistic.groups]
        shares = estimate_groups(statistic.mechanism, tally, [group.values for group in statistic.groups])
    else:
        labels = statistic.labels
        shares = estimate(statistic.mechanism, tally)
    last = len(labels) - 1
    return tuple(
        Row(label, share, place == last)
        for place, (label, share) in enumerate(zip(labels, shares, strict=True))
    )


def _within(share: float) -> float:
    return min(max(share, 0.0), 1.0)


def _about(number: int) -> int:
    """`number` rounded up to two figures: it is a rough guide."""
    step = int(10 ** max(len(str(number)) - 2, 0))
    return -(-number // step) * step
