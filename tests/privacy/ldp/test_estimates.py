"""Estimates are unbiased and their intervals hold; what cannot be a report is refused."""

from __future__ import annotations

from functools import partial
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.ldp.exact import distribution
from privacy.ldp import (
    Mechanism,
    SubsetSelection,
    Tally,
    estimate,
    estimate_groups,
    mechanism,
    people_needed,
    tally,
)
from privacy.ldp.design import variance, workload
from privacy.ldp.estimates import consistent_shares
from privacy.ldp.ordinal import OrdinalMatrix
from privacy.ldp.subset import best_size

KINDS = [
    mechanism(2, "1"),
    mechanism(8, "2"),
    mechanism(8, "0.5"),
    mechanism(5, "1", ordinal=True),
    mechanism(12, "2", ordinal=True, not_applicable=True),
]


@pytest.mark.parametrize("rule", KINDS)
def test_an_estimate_is_unbiased(rule: Mechanism) -> None:
    for truth in (0, rule.domain - 1):
        expected = np.zeros(rule.domain)
        for report, likely in distribution(partial(rule.perturb, truth)).items():
            counts = tally(rule, [report]).counts
            expected += float(likely) * np.array(rule.shares(counts, 1))
        assert expected == pytest.approx(np.eye(rule.domain)[truth], abs=1e-9)


@pytest.mark.parametrize(("domain", "epsilon"), [(2, "1"), (3, "2"), (8, "1"), (8, "2"), (16, "1")])
@pytest.mark.parametrize("n", [200, 1000])
def test_intervals_of_choices_hold_95_times_in_100(domain: int, epsilon: str, n: int) -> None:
    rule = SubsetSelection(domain, epsilon)
    for share in (0.0, 0.1, 1 / domain, 0.5):
        held = float(rule.stray) + share * float(rule.keep - rule.stray)
        covered = 0.0
        for count in range(n + 1):
            rest = [(n * rule.size - count) // (domain - 1)] * (domain - 1)
            first = estimate(rule, Tally(n, (count, *rest)))[0]
            if first.low <= share <= first.high:
                covered += comb(n, count) * held**count * (1 - held) ** (n - count)
        assert 0.93 < covered < 0.97


def test_intervals_of_a_scale_hold_95_times_in_100() -> None:
    rule = mechanism(12, "2", ordinal=True, not_applicable=True)
    assert isinstance(rule, OrdinalMatrix)
    truth = [0] * 30 + [3] * 120 + [5] * 200 + [9] * 50 + [11] * 200
    shares = [truth.count(value) / len(truth) for value in range(12)]
    groups = [range(4), range(4, 7), range(7, 11), [11]]
    held = held_by_group = 0
    for _ in range(200):
        # People like these: each simulated cohort is drawn anew, so that the interval has two kinds of chance.
        people = np.array(truth)[np.frombuffer(_bytes(len(truth)), dtype=np.uint32) % len(truth)].tolist()
        counted = tally(rule, rule.perturb_many(people))
        held += sum(one.low <= shares[one.value] <= one.high for one in estimate(rule, counted))
        held_by_group += sum(
            one.low <= sum(shares[v] for v in groups[one.value]) <= one.high
            for one in estimate_groups(rule, counted, groups)
        )
    assert 0.92 < held / (200 * 12) < 0.98
    assert 0.915 < held_by_group / (200 * 4) < 0.985


def _bytes(numbers: int) -> bytes:
    import secrets

    return secrets.token_bytes(4 * numbers)


def test_without_reports_nothing_is_known() -> None:
    for rule in KINDS:
        for one in estimate(rule, Tally(0, (0,) * rule.domain)):
            assert (one.estimate, one.low, one.high, one.n) == (None, 0.0, 1.0, 0)


@pytest.mark.parametrize("rule", KINDS)
@pytest.mark.parametrize("n", [1, 2, 17])
def test_an_interval_holds_its_estimate_however_few_there_are(rule: Mechanism, n: int) -> None:
    for one in estimate(rule, tally(rule, rule.perturb_many([0] * n))):
        assert one.estimate is not None
        assert one.low <= one.estimate <= one.high


@given(st.lists(st.floats(-2, 3), min_size=1, max_size=20))
def test_consistent_shares_are_shares(shares: list[float]) -> None:
    consistent = consistent_shares(shares)
    assert min(consistent) >= 0
    assert sum(consistent) == pytest.approx(1)


def test_the_set_is_of_the_best_size() -> None:
    for domain in (2, 3, 5, 8, 16, 33):
        for epsilon in ("0.1", "0.5", "1", "2", "4"):
            ratio = SubsetSelection(domain, epsilon).ratio
            costs = {
                size: (size * ratio + domain - size) ** 2 / (size * (domain - size))
                for size in range(1, domain)
            }
            assert costs[best_size(domain, ratio)] == min(costs.values())


@pytest.mark.parametrize(("domain", "epsilon", "gain"), [(11, "1", 1.5), (11, "2", 1.25), (12, "2", 1.3)])
def test_a_scale_is_told_better_than_by_subset_selection(domain: int, epsilon: str, gain: float) -> None:
    rule = mechanism(domain, epsilon, ordinal=True)
    assert isinstance(rule, OrdinalMatrix)
    subset = SubsetSelection(domain, epsilon)
    gram = workload(domain)
    others = float(gram.sum() - np.trace(gram))
    # Subset Selection's estimates are correlated alike, so that its variance on the workload has a closed form.
    own, stray = subset.moments(0, [1 / domain] * domain)
    mean_square = own / domain + stray * (domain - 1) / domain
    together = (1 / domain - mean_square) / (domain - 1)
    subset_variance = float(np.trace(gram)) * mean_square + others * together
    assert subset_variance / variance(rule.probabilities, gram) > gain


def test_more_people_make_it_enough() -> None:
    for rule in KINDS:
        n = people_needed(rule, 0.1)
        held = (
            rule.probabilities.mean(axis=1) if isinstance(rule, OrdinalMatrix) else [rule.size / rule.domain]
        )
        counts = tuple(round(n * float(share)) for share in held) * (rule.domain // len(held))
        assert 0.095 < max(one.half_width for one in estimate(rule, Tally(n, counts))) < 0.105


@pytest.mark.parametrize("report", [[], [0, 1], [8], [-1], ["1"], [True], [1.0], None, 3, "1", {"1": 1}])
def test_what_is_no_report_is_refused(report: object) -> None:
    with pytest.raises(ValueError, match=r"report|cell"):
        tally(mechanism(8, "2"), [report])


def test_a_cell_counts_once_in_a_report() -> None:
    with pytest.raises(ValueError, match="no cell twice"):
        tally(mechanism(11, "1"), [[3, 3, 4]])


@pytest.mark.parametrize("value", [-1, 8, True, 1.0, "1", None])
def test_a_value_outside_the_domain_is_refused(value: object) -> None:
    for rule in (mechanism(8, "2"), mechanism(8, "2", ordinal=True)):
        with pytest.raises(ValueError, match="from 0 to 7"):
            rule.perturb(value)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="from 0 to 7"):
            rule.perturb_many([value])  # type: ignore[list-item]


@pytest.mark.parametrize("domain", [1, 0, -3, 10_001, True, 2.0])
def test_a_senseless_domain_is_refused(domain: int) -> None:
    with pytest.raises(ValueError, match="The domain"):
        mechanism(domain, "1")
    with pytest.raises(ValueError, match=r"[Tt]he domain|ordinal domain"):
        mechanism(domain, "1", ordinal=True)
