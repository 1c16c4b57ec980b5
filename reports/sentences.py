"""What a finding, a change and a response time say in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from privacy.ldp.compare import Verdict
from privacy.ldp.periods import in_words
from reports.estimates import Change, Finding, Row, State
from store.response_times import Coarse, ResponseTimes

_IN_TEN_FROM = 0.095


def sentence(finding: Finding) -> str:
    """The sentence that stands before the chart."""
    if finding.state is State.ENOUGH:
        lead = finding.lead
        return f"{_about(lead)} {_found(finding)}. It could be {in_a_hundred(lead.low, lead.high)}."
    if finding.state is State.TOO_LITTLE:
        return f"We cannot tell yet. {_reports(finding.n)} so far, and chance still outweighs what they say."
    return "We cannot tell yet. There are no reports for this time."


def needed(finding: Finding) -> str:
    """How many more people it would take; empty when there are enough."""
    if finding.state is State.ENOUGH:
        return ""
    return (
        f"About {finding.more_reports:,} more reports on this would be enough. Each person is counted on one thing "
        f"a quarter, so that is about {finding.more_people:,} more people."
    )


def in_short(found: Sequence[Finding]) -> list[str]:
    """The whole page in a few sentences: what is known, what changed, and what cannot be told."""
    said = [sentence(one) for one in found if one.state is State.ENOUGH]
    said += [changed for one in found for changed in _changes(one)]
    unknown = [one.statistic.title.lower() for one in found if one.state is not State.ENOUGH]
    if len(unknown) == len(found):
        return [
            "We cannot tell anything yet: there are too few reports. Below is how many more would be enough."
        ]
    if unknown:
        said.append(f"We cannot tell yet: {'; '.join(unknown)}.")
    if not any(one.change is not None and one.change.told for one in found) and any(
        one.change for one in found
    ):
        said.append("We cannot tell whether anything changed since the time before.")
    return said


def change_in_words(finding: Finding) -> str:
    """What can be said of the time before; empty where nothing was counted then."""
    change = finding.change
    if change is None:
        return ""
    if told := _changes(finding):
        return " ".join(told)
    return f"Compared with {in_words(change.before)}, we cannot tell whether anything changed. {_to_tell(change)}"


def _to_tell(change: Change) -> str:
    points = percent(change.worth_telling)
    if not change.more_reports:
        return f"If it did, it was probably by less than {points} in 100."
    return f"To tell a change of {points} in 100, about {change.more_reports:,} more reports on this would be enough."


def _changes(finding: Finding) -> list[str]:
    change = finding.change
    if change is None:
        return []
    said = []
    for row, one in zip(finding.rows, change.differences, strict=True):
        if one.verdict is Verdict.CANNOT_TELL:
            continue
        found = finding.statistic.finding.format(label=row.label)
        low, high = sorted(abs(percent(end)) for end in (one.low, one.high))
        more = "More" if one.verdict is Verdict.MORE else "Fewer"
        said.append(
            f"{more} people {found} than in {in_words(change.before)}: {max(low, 1)} to {high} in 100 {more.lower()}."
        )
    return said


def coarsely(number: Coarse) -> str:
    """A rounded count: "about 35", "fewer than 5"."""
    return "fewer than 5" if number is None else f"about {number:,}"


def responded(times: ResponseTimes) -> str:
    """One kind of response in a sentence."""
    if times.raised is None:
        return "Fewer than 5 people needed this, so nothing more is shown."
    half = (
        ""
        if times.half_within is None
        else f" Half of those answered were answered within {duration(times.half_within)}."
    )
    return f"{coarsely(times.within_target).capitalize()} of {coarsely(times.raised)} were answered in time.{half}"


def duration(time: timedelta) -> str:
    """A time as it is read: "5 minutes", "4 hours", "2 days"."""
    for unit, seconds in (("day", 86400), ("hour", 3600), ("minute", 60)):
        number, rest = divmod(int(time.total_seconds()), seconds)
        if number and not rest:
            return f"{number} {unit}{'s' if number > 1 else ''}"
    return f"{int(time.total_seconds())} seconds"


def in_a_hundred(low: float, high: float) -> str:
    """An interval within 0 and 1: "33 to 47 in 100"."""
    return f"{percents(low, high)} in 100"


def percents(low: float, high: float) -> str:
    """An interval where it is said that it is in 100: "33 to 47"."""
    return f"{percent(low)} to {percent(high)}"


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
