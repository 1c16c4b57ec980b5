"""Runs a real sampler through every branch, with the exact probability of each, and says what epsilon it keeps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import partial
from typing import Protocol, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from privacy.ldp import Mechanism
from privacy.ldp.budget import exact
from privacy.ldp.randomness import RandomSource

Outcome = TypeVar("Outcome", bound=Hashable)


class Sampler(Protocol):
    """Whatever draws a report on a value."""

    @property
    def domain(self) -> int:
        """How many values there are."""

    def perturb(self, value: int, source: RandomSource | None = None) -> tuple[int, ...]:
        """A report."""


class Oracle:
    """A random source that takes the branches it is told to, then the first of each that follows."""

    def __init__(self, script: Sequence[int]) -> None:
        self._script = script
        self.taken: list[tuple[int, int]] = []
        self.probability = Fraction(1)

    def chance(self, part: int, whole: int) -> bool:
        """Both, one after the other."""
        return self._branch([Fraction(whole - part, whole), Fraction(part, whole)]) == 1

    def below(self, bound: int) -> int:
        """Every number, one after the other."""
        return self._branch([Fraction(1, bound)] * bound)

    def weighted(self, cumulative: Sequence[int]) -> int:
        """Every index, one after the other."""
        before = (0, *cumulative)
        weights = [high - low for low, high in zip(before, cumulative, strict=False)]
        return self._branch([Fraction(weight, cumulative[-1]) for weight in weights])

    def many(self) -> OracleForMany:
        """The same oracle, for samplers that draw for many at once."""
        return OracleForMany(self)

    def _branch(self, probabilities: Sequence[Fraction]) -> int:
        place = len(self.taken)
        choice = self._script[place] if place < len(self._script) else 0
        self.taken.append((choice, len(probabilities)))
        self.probability *= probabilities[choice]
        return choice


class OracleForMany:
    """Asks an oracle once for each of `number`, in order."""

    def __init__(self, one: Oracle) -> None:
        self._one = one

    def chance(self, part: int, whole: int, number: int) -> NDArray[np.bool_]:
        """As `Oracle.chance`, for each."""
        return np.array([self._one.chance(part, whole) for _ in range(number)], dtype=bool)

    def below(self, bound: int, number: int) -> NDArray[np.int64]:
        """As `Oracle.below`, for each."""
        return np.array([self._one.below(bound) for _ in range(number)], dtype=np.int64)

    def weighted(self, cumulative: Sequence[int], number: int) -> NDArray[np.int64]:
        """As `Oracle.weighted`, for each."""
        return np.array([self._one.weighted(cumulative) for _ in range(number)], dtype=np.int64)


def distribution(sample: Callable[[Oracle], Outcome]) -> dict[Outcome, Fraction]:
    """The exact distribution of what `sample` returns."""
    found: defaultdict[Outcome, Fraction] = defaultdict(Fraction)
    script: list[int] | None = []
    while script is not None:
        oracle = Oracle(script)
        found[sample(oracle)] += oracle.probability
        script = _next(oracle.taken)
    return dict(found)


def _next(taken: list[tuple[int, int]]) -> list[int] | None:
    """The script that follows, as the digits of an odometer do; None after the last."""
    for place in range(len(taken) - 1, -1, -1):
        choice, branches = taken[place]
        if choice + 1 < branches:
            return [earlier for earlier, _ in taken[:place]] + [choice + 1]
    return None


def e_to(epsilon: Fraction | str) -> Fraction:
    """e**epsilon to 60 figures, by another road than the one that the mechanisms use."""
    with localcontext() as context:
        context.prec = 60
        written = exact(epsilon)
        return Fraction((Decimal(written.numerator) / Decimal(written.denominator)).exp())


def worst_ratio(rule: Sampler, values: Iterable[int] | None = None, *, in_bulk: bool = False) -> Fraction:
    """How much likelier any report is for one value than for another; 10**9 where it is possible for one alone."""
    sample = partial(_first_of_many, cast(Mechanism, rule)) if in_bulk else rule.perturb
    chosen = range(rule.domain) if values is None else values
    reports = [distribution(partial(sample, value)) for value in chosen]
    assert all(sum(one.values()) == 1 for one in reports)
    worst = Fraction(0)
    for report in set().union(*reports):
        likely = [one.get(report, Fraction(0)) for one in reports]
        if min(likely) == 0:
            return Fraction(10**9)
        worst = max(worst, max(likely) / min(likely))
    return worst


def _first_of_many(rule: Mechanism, value: int, oracle: Oracle) -> tuple[int, ...]:
    return rule.perturb_many([value], oracle.many())[0]
