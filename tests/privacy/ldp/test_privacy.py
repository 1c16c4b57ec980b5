"""Epsilon is kept exactly, shown by running the real samplers through every branch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import partial

import pytest

from privacy.ldp import Mechanism, OrdinalMatrix, SubsetSelection, mechanism
from privacy.ldp.budget import greatest_ratio
from privacy.ldp.design import design
from privacy.ldp.randomness import RandomSource
from privacy.ldp.statistics import Statistics
from tests.privacy.ldp.oracle import distribution

CELLS = [
    (2, "1"),
    (2, "2"),
    (3, "2"),
    (4, "0.1"),
    (5, "1"),
    (8, "0.5"),
    (8, "1"),
    (11, "1"),
    (12, "2"),
    (16, "2"),
]
SHIPPED = list(Statistics.load().attributes.values())


def e_to(epsilon: Fraction | str) -> Fraction:
    """e**epsilon to 60 figures, by another road than the one that the mechanisms use."""
    with localcontext() as context:
        context.prec = 60
        exact = Fraction(epsilon)
        return Fraction((Decimal(exact.numerator) / Decimal(exact.denominator)).exp())


def worst_ratio(rule: Mechanism, values: Iterable[int] | None = None) -> Fraction:
    """How much likelier any report is for one value than for another."""
    chosen = range(rule.domain) if values is None else values
    reports = [distribution(partial(rule.perturb, value)) for value in chosen]
    assert all(sum(one.values()) == 1 for one in reports)
    everything = set().union(*reports)
    worst = Fraction(0)
    for report in everything:
        likely = [one.get(report, Fraction(0)) for one in reports]
        if min(likely) == 0:
            return Fraction(10**9)
        worst = max(worst, max(likely) / min(likely))
    return worst


@pytest.mark.parametrize(("domain", "epsilon"), CELLS)
def test_subset_selection_keeps_epsilon_and_spends_it(domain: int, epsilon: str) -> None:
    worst = worst_ratio(SubsetSelection(domain, epsilon))
    assert worst <= e_to(epsilon)
    assert worst >= e_to(epsilon) * (1 - Fraction(1, 10**8))


def test_it_keeps_epsilon_with_sets_of_four_among_sixteen() -> None:
    rule = SubsetSelection(16, "1")
    assert rule.size == 4
    assert worst_ratio(rule) <= e_to("1")


def test_it_keeps_epsilon_where_sets_are_drawn_cell_by_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("privacy.ldp.subset._LISTED_SETS", 0)
    for domain, epsilon in ((8, "1"), (11, "1"), (12, "0.5")):
        assert worst_ratio(SubsetSelection(domain, epsilon), values=(0, 5)) <= e_to(epsilon)


@pytest.mark.parametrize(
    ("domain", "epsilon"), [(2, "1"), (5, "1"), (5, "2"), (11, "1"), (11, "2"), (7, "0.7")]
)
def test_the_ordinal_matrix_keeps_epsilon(domain: int, epsilon: str) -> None:
    assert worst_ratio(mechanism(domain, epsilon, ordinal=True)) <= e_to(epsilon)


@pytest.mark.parametrize("statistic", SHIPPED, ids=lambda one: one.name)
def test_every_shipped_statistic_keeps_its_epsilon(statistic: object) -> None:
    assert worst_ratio(statistic.mechanism) <= e_to(statistic.epsilon)  # type: ignore[attr-defined]


@pytest.mark.parametrize("epsilon", ["0.001", "0.1", "1", "2", "3.7", "20"])
def test_the_ratio_is_below_the_bound_and_close_to_it(epsilon: str) -> None:
    ratio = greatest_ratio(epsilon)
    assert ratio <= e_to(epsilon)
    assert e_to(epsilon) - ratio < Fraction(2, 2**32)


def test_an_epsilon_is_the_number_that_was_written() -> None:
    assert SubsetSelection(2, 0.1).epsilon == SubsetSelection(2, "0.1").epsilon == Fraction(1, 10)


@pytest.mark.parametrize("epsilon", ["0", "-1", "21", "nan", "inf", "many", "1e999999999", ""])
def test_a_senseless_epsilon_is_refused(epsilon: str) -> None:
    with pytest.raises(ValueError, match="Epsilon must"):
        SubsetSelection(4, epsilon)


# Planted faults: each must be seen by the enumeration above.


class KeepsTooOften(SubsetSelection):
    """Spends epsilon twice, as when a set's cells are drawn one by one."""

    def __init__(self, domain: int, epsilon: str) -> None:
        super().__init__(domain, epsilon)
        self._inside *= 2
        self._whole += self._inside // 2


class TrueValueFirst(SubsetSelection):
    """Forgets to sort, so that the place of the true value tells."""

    def perturb(self, value: int, source: RandomSource | None = None) -> tuple[int, ...]:
        cells = super().perturb(value, source)
        return (value, *(cell for cell in cells if cell != value)) if value in cells else cells


class NotChangedForZero(SubsetSelection):
    """Leaves one value as it is."""

    def perturb(self, value: int, source: RandomSource | None = None) -> tuple[int, ...]:
        return tuple(range(self.size)) if value == 0 else super().perturb(value, source)


@pytest.mark.parametrize("fault", [KeepsTooOften, TrueValueFirst, NotChangedForZero])
def test_planted_faults_are_seen(fault: Callable[[int, str], Mechanism]) -> None:
    assert worst_ratio(fault(8, "1")) > e_to("1")


def test_a_matrix_that_overshoots_by_one_part_in_a_billion_is_refused() -> None:
    weights = [list(row) for row in design(4, "1")]
    row = max(weights, key=max)
    value = row.index(max(row))
    other = next(one for one in weights if one is not row)
    row[value] += 2**20
    other[value] -= 2**20
    with pytest.raises(ValueError, match="does not keep its epsilon"):
        OrdinalMatrix("1", weights)
