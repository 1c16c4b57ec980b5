"""Epsilon is kept exactly, shown by running the real samplers through every branch."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from benchmarks.ldp.exact import e_to, worst_ratio
from privacy.ldp import Mechanism, OrdinalMatrix, SubsetSelection, matrices, mechanism
from privacy.ldp.budget import greatest_ratio
from privacy.ldp.design import design
from privacy.ldp.randomness import RandomSource
from privacy.ldp.statistics import Statistics

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
MATRICES: list[dict[str, Any]] = [
    entry for entry in json.loads(matrices.SHIPPED.read_text(encoding="utf-8")) if entry["domain"] <= 16
]
SHIPPED = list(Statistics.load().attributes.values())


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


@pytest.mark.parametrize(("domain", "epsilon"), [(2, "1"), (5, "2"), (8, "1"), (8, "0.5"), (12, "1")])
def test_what_is_drawn_in_bulk_keeps_epsilon_too(domain: int, epsilon: str) -> None:
    worst = worst_ratio(SubsetSelection(domain, epsilon), in_bulk=True)
    assert e_to(epsilon) * (1 - Fraction(1, 10**8)) <= worst <= e_to(epsilon)


@pytest.mark.parametrize("entry", MATRICES, ids=lambda one: f"{one['domain']} values, {one['epsilon']}")
def test_every_shipped_matrix_keeps_its_epsilon(entry: dict[str, Any]) -> None:
    rule = OrdinalMatrix(entry["epsilon"], entry["weights"])
    assert worst_ratio(rule) == worst_ratio(rule, in_bulk=True) <= e_to(entry["epsilon"])


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
