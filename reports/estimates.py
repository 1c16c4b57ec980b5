"""From reports to findings: what can be told of a quarter or a year, what changed, and what cannot be told yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil

from sqlalchemy.orm import Session

from privacy.ldp import Estimate, OrdinalMatrix, Tally, estimate, estimate_groups, people_needed
from privacy.ldp.compare import Difference, Verdict, compare, more_reports_to_tell
from privacy.ldp.estimates import Estimand
from privacy.ldp.periods import before, quarters
from privacy.ldp.statistics import Statistic, Statistics
from store.statistics import counted_all


class State(StrEnum):
    """How much is known."""

    NOTHING = "nothing"
    TOO_LITTLE = "too little"
    ENOUGH = "enough"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a chart: a share from 0 to 1, with its 95% interval about people like these."""

    label: str
    estimate: Estimate
    of_this_cohort: Estimate
    """The same share, with its 95% interval about the very people who were counted."""
    not_applicable: bool

    @property
    def share(self) -> float:
        """For display: within 0 and 1."""
        return _within(self.estimate.estimate or 0.0)

    @property
    def low(self) -> float:
        """For display: within 0 and 1."""
        return self.estimate.possible[0]

    @property
    def high(self) -> float:
        """For display: within 0 and 1."""
        return self.estimate.possible[1]


@dataclass(frozen=True, slots=True)
class Change:
    """How a statistic compares with the quarter (or the year) before."""

    before: str
    reports_before: int
    differences: tuple[Difference, ...]
    """One for each row of the finding, in order."""
    worth_telling: float
    """The difference that `more_reports` is about, as a share."""
    more_reports: int
    """About how many more reports would tell a difference of `worth_telling`; 0 when there are enough."""

    @property
    def told(self) -> bool:
        """Whether any row is known to have changed."""
        return any(one.verdict is not Verdict.CANNOT_TELL for one in self.differences)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known about one statistic in one quarter or year."""

    statistic: Statistic
    n: int
    rows: tuple[Row, ...]
    state: State
    more_reports: int
    """About how many more reports would be enough; 0 when there are enough."""
    more_people: int
    """About how many more people would have to be counted for that: each is asked about one thing only."""
    change: Change | None = None

    @property
    def lead(self) -> Row:
        """The answer that most people gave."""
        rows = [row for row in self.rows if not row.not_applicable]
        return max(rows, key=lambda row: row.estimate.estimate or 0.0)


def findings(session: Session, statistics: Statistics, span: str) -> list[Finding]:
    """A finding for every statistic, in the order of data/statistics.yml, beside the quarter or year before `span`."""
    now = counted_all(session, statistics.attributes, *quarters(span))
    then = counted_all(session, statistics.attributes, *quarters(before(span)))
    found = []
    for name, statistic in statistics.attributes.items():
        change = _change(statistics, statistic, before(span), then[name], now[name])
        found.append(replace(finding(statistics, statistic, now[name]), change=change))
    return found


def finding(statistics: Statistics, statistic: Statistic, tally: Tally) -> Finding:
    """What `tally` tells about `statistic`, with nothing beside it."""
    rows = _rows(statistic, tally)
    widest = max(row.estimate.half_width for row in rows)
    wanted = statistics.enough_half_width
    state = State.NOTHING if tally.n == 0 else State.TOO_LITTLE if widest > wanted else State.ENOUGH
    more = 0
    if state is not State.ENOUGH:
        planned = people_needed(statistic.mechanism, wanted, _groups(statistic))
        # Where the answers are known a little, from how wide the interval is now.
        enough = max(planned, ceil(tally.n * (widest / wanted) ** 2))
        more = _about(enough - tally.n)
    return Finding(statistic, tally.n, rows, state, more, _about(more * len(statistics.attributes)))


def _change(
    statistics: Statistics, statistic: Statistic, earlier: str, then: Tally, now: Tally
) -> Change | None:
    """None where nothing was counted before."""
    if then.n == 0:
        return None
    groups, worth = _groups(statistic), statistics.enough_half_width
    differences = tuple(compare(statistic.mechanism, then, now, groups))
    more = more_reports_to_tell(statistic.mechanism, then, now, worth, groups)
    return Change(earlier, then.n, differences, worth, _about(more))


def _groups(statistic: Statistic) -> list[tuple[int, ...]]:
    return [group.values for group in statistic.groups]


def _rows(statistic: Statistic, tally: Tally) -> tuple[Row, ...]:
    grouped = bool(statistic.groups)
    labels: Sequence[str] = [group.label for group in statistic.groups] if grouped else statistic.labels
    like, these = (_shares(statistic, tally, about) for about in Estimand)
    last = len(labels) - 1
    return tuple(
        Row(label, of_like, of_these, place == last)
        for place, (label, of_like, of_these) in enumerate(zip(labels, like, these, strict=True))
    )


def _shares(statistic: Statistic, tally: Tally, about: Estimand) -> list[Estimate]:
    if statistic.groups and isinstance(statistic.mechanism, OrdinalMatrix):
        return estimate_groups(statistic.mechanism, tally, _groups(statistic), about)
    return estimate(statistic.mechanism, tally, about)


def _within(share: float) -> float:
    return min(max(share, 0.0), 1.0)


def _about(number: int) -> int:
    """`number` rounded up to two figures: it is a rough guide."""
    if number <= 0:
        return 0
    step = int(10 ** max(len(str(number)) - 2, 0))
    return -(-number // step) * step
