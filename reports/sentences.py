"""What a finding says in plain words."""

from __future__ import annotations

from reports.estimates import Finding, Row, State

_IN_TEN_FROM = 0.095


def sentence(finding: Finding) -> str:
    """The sentence that stands before the chart."""
    if finding.state is State.ENOUGH:
        return f"{_about(finding.lead)} {_found(finding)}. It could be {in_a_hundred(finding.lead)}."
    if finding.state is State.TOO_LITTLE:
        return f"We cannot tell yet. {_reports(finding.n)} so far, and chance still outweighs what they say."
    return "We cannot tell yet. There are no reports for this quarter."


def needed(finding: Finding) -> str:
    """How many more people it would take; empty when there are enough."""
    if finding.state is State.ENOUGH:
        return ""
    return (
        f"About {finding.more_reports:,} more reports on this would be enough. Each person is counted on one thing "
        f"a quarter, so that is about {finding.more_people:,} more people."
    )


def in_a_hundred(row: Row) -> str:
    """The interval: "33 to 47 in 100"."""
    return f"{percent(row.low)} to {percent(row.high)} in 100"


def percent(share: float) -> int:
    """A share as a whole number of people in 100."""
    return round(100 * share)


def _found(finding: Finding) -> str:
    return finding.statistic.finding.format(label=finding.lead.label)


def _about(row: Row) -> str:
    if row.share < _IN_TEN_FROM:
        return f"About {max(percent(row.share), 1)} in 100 people"
    tenths = round(10 * row.share)
    return "Nearly all people" if tenths == 10 else f"About {tenths} in 10 people"


def _reports(n: int) -> str:
    return "There is 1 report" if n == 1 else f"There are {n:,} reports"
