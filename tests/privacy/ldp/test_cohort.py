"""Intervals about the very people who were counted, by exact inversion; and what two groups' difference can tell."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest

from privacy.ldp import OrdinalMatrix, SubsetSelection, Tally, estimate, mechanism, tally
from privacy.ldp.cohort import cohort_interval
from privacy.ldp.compare import Verdict, compare, more_reports_to_tell
from privacy.ldp.estimates import Estimand, estimate_groups, pooled
from privacy.ldp.statistics import Statistics

TOPIC = SubsetSelection(8, "2")
SECRET = np.random.default_rng(20261127)


def binomial(n: int, p: float) -> list[float]:
    return [comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)]


@pytest.mark.parametrize(("domain", "epsilon"), [(2, "1"), (3, "2"), (8, "2"), (16, "1")])
@pytest.mark.parametrize("have_it", [0.1, 0.3, 0.5, 0.9])
def test_it_holds_95_times_in_100_for_these_very_people(domain: int, epsilon: str, have_it: float) -> None:
    rule, n = SubsetSelection(domain, epsilon), 200
    m, keep, stray = round(n * have_it), float(rule.keep), float(rule.stray)
    held = np.convolve(binomial(m, keep), binomial(n - m, stray))
    intervals = [cohort_interval(n, count, keep, stray) for count in range(n + 1)]
    covered = sum(p for p, (low, high) in zip(held, intervals, strict=True) if low <= m / n <= high)
    # At 0.1 and 0.9 the ends of the scale are near, where an interval can only be careful.
    assert 0.93 < covered < (0.97 if 0.2 < have_it < 0.8 else 0.985)


def test_it_is_about_shares_that_are_possible_and_never_empty() -> None:
    keep, stray = float(TOPIC.keep), float(TOPIC.stray)
    for count in (0, 1, 20, 100, 200):
        low, high = cohort_interval(200, count, keep, stray)
        assert 0 <= low <= high <= 1
        assert high - low > 0.05
    assert cohort_interval(200, 0, keep, stray)[0] == 0
    assert cohort_interval(200, 200, keep, stray)[1] == 1


@pytest.mark.parametrize("n", [1, 2, 7])
def test_very_few_people_are_no_error(n: int) -> None:
    for count in range(n + 1):
        low, high = cohort_interval(n, count, float(TOPIC.keep), float(TOPIC.stray))
        assert 0 <= low <= high <= 1


def test_of_this_cohort_more_is_known_than_of_people_like_these() -> None:
    counted = tally(TOPIC, TOPIC.perturb_many([place % 8 for place in range(1000)]))
    these = estimate(TOPIC, counted, Estimand.THIS_COHORT)
    like = estimate(TOPIC, counted)
    assert all(a.half_width < b.half_width for a, b in zip(these, like, strict=True))
    assert [a.estimate for a in these] == [b.estimate for b in like]


def test_a_scale_s_interval_about_this_cohort_holds_95_times_in_100() -> None:
    rule = mechanism(12, "2", ordinal=True, not_applicable=True)
    assert isinstance(rule, OrdinalMatrix)
    truth = [0] * 40 + [3] * 110 + [5] * 150 + [9] * 60 + [11] * 140
    groups = [range(4), range(4, 7), range(7, 11), [11]]
    held, rounds = 0, 250
    for _ in range(rounds):
        counted = tally(rule, rule.perturb_many(truth))
        found = estimate_groups(rule, counted, groups, Estimand.THIS_COHORT)
        held += sum(
            one.low <= sum(value in groups[one.value] for value in truth) / len(truth) <= one.high
            for one in found
        )
    assert 0.92 < held / (4 * rounds) < 0.98


def test_quarters_are_pooled_report_by_report() -> None:
    assert pooled([Tally(10, (7, 3)), Tally(30, (11, 19))]) == Tally(40, (18, 22))
    with pytest.raises(ValueError, match="same values"):
        pooled([Tally(10, (7, 3)), Tally(30, (11, 10, 9))])


def drawn(shares: list[float], n: int) -> Tally:
    held = SECRET.choice(8, size=n, p=shares)
    return tally(TOPIC, TOPIC.perturb_many(held.tolist()))


EVEN = [1 / 8] * 8
MORE_SLEEP = [0.07, 0.07, 0.51, 0.07, 0.07, 0.07, 0.07, 0.07]


def test_a_large_change_is_told_and_where() -> None:
    found = compare(TOPIC, drawn(EVEN, 3000), drawn(MORE_SLEEP, 3000))
    assert found[2].verdict is Verdict.MORE
    assert found[2].low < 0.51 - 1 / 8 < found[2].high
    back = compare(TOPIC, drawn(MORE_SLEEP, 3000), drawn(EVEN, 3000))
    assert back[2].verdict is Verdict.FEWER


def test_where_nothing_changed_nothing_is_said_to_have_in_19_of_20() -> None:
    said = sum(
        any(
            one.verdict is not Verdict.CANNOT_TELL
            for one in compare(TOPIC, drawn(EVEN, 400), drawn(EVEN, 400))
        )
        for _ in range(200)
    )
    assert said < 24  # 10 are expected; 24 and more would come once in ten thousand such tests


def test_an_empty_group_cannot_tell() -> None:
    nobody = Tally(0, (0,) * 8)
    for pair in ((nobody, drawn(EVEN, 50)), (drawn(EVEN, 50), nobody)):
        assert {one.verdict for one in compare(TOPIC, *pair)} == {Verdict.CANNOT_TELL}


def test_a_scale_is_compared_by_its_groups() -> None:
    mood = Statistics.load().attributes["mood"]
    groups = [group.values for group in mood.groups]
    low = tally(mood.mechanism, mood.mechanism.perturb_many([1] * 1500))
    good = tally(mood.mechanism, mood.mechanism.perturb_many([9] * 1500))
    verdicts = [one.verdict for one in compare(mood.mechanism, low, good, groups)]
    assert verdicts == [Verdict.FEWER, Verdict.CANNOT_TELL, Verdict.MORE, Verdict.CANNOT_TELL]


@pytest.mark.parametrize("before", [600, 3000])
def test_as_many_more_as_are_said_to_be_needed_tell_that_difference(before: int) -> None:
    first = drawn(EVEN, before)
    more = more_reports_to_tell(TOPIC, first, drawn(EVEN, 100), 0.2)
    assert more > 0
    second = drawn(EVEN, 100 + more)
    # The half-width of the interval is then about the difference that was asked about.
    widths = [(one.high - one.low) / 2 for one in compare(TOPIC, first, second)]
    assert 0.15 < float(np.mean(widths)) < 0.22
    assert more_reports_to_tell(TOPIC, first, second, 0.2) < more / 4
