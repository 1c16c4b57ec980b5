"""Which mechanism a domain gets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, Protocol

from privacy.ldp.budget import Epsilon, exact
from privacy.ldp.bulk import ManySource
from privacy.ldp.matrices import matrix
from privacy.ldp.randomness import RandomSource
from privacy.ldp.subset import SubsetSelection
from privacy.ldp.values import check_domain


class Mechanism(Protocol):
    """What every mechanism can do. `size` is how many cells its reports have."""

    domain: int
    epsilon: Fraction
    size: int

    def perturb(self, value: int, source: RandomSource | None = None) -> tuple[int, ...]:
        """A report on `value`. Raises `ValueError` when it is out of range."""

    def perturb_many(self, values: Iterable[int], source: ManySource | None = None) -> list[tuple[int, ...]]:
        """A report for each of `values`, drawn together."""

    def for_browsers(self) -> dict[str, Any]:
        """What ``perturb.js`` needs to draw as this does, to be sent as JSON."""

    def cells(self, report: object) -> tuple[int, ...]:
        """The cells of `report`. Raises `ValueError` when this mechanism cannot have made it."""

    def shares(self, counts: Sequence[int], n: int) -> list[float]:
        """Unbiased estimates of each value's share, from how many of `n` reports hold each cell."""

    def moments(self, value: int, shares: Sequence[float]) -> tuple[float, float]:
        """The mean squares of what one report adds to the estimate of `value`: of who has it, and of the others.

        `shares` says how the others are spread.
        """


def mechanism(
    domain: int, epsilon: Epsilon, *, ordinal: bool = False, not_applicable: bool = False
) -> Mechanism:
    """Subset Selection, or for a scale (`ordinal`) a matrix optimised for its mean and distribution.

    `not_applicable`: the last value of a scale stands outside it. Raises `ValueError` for a domain or an
    epsilon that is out of range.
    """
    return _mechanism(check_domain(domain), exact(epsilon), ordinal, not_applicable)


@lru_cache(maxsize=64)
def _mechanism(domain: int, epsilon: Fraction, ordinal: bool, not_applicable: bool) -> Mechanism:
    if not ordinal:
        return SubsetSelection(domain, epsilon)
    return matrix(domain, epsilon, not_applicable=not_applicable)


def perturb(value: int, domain: int, epsilon: Epsilon, *, ordinal: bool = False) -> tuple[int, ...]:
    """One report on `value`, from 0 to domain - 1. Raises `ValueError` when anything is out of range."""
    return mechanism(domain, epsilon, ordinal=ordinal).perturb(value)
