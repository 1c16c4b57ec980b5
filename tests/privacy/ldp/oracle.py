"""Runs a real sampler through every branch, with the exact probability of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction
from typing import TypeVar

from privacy.ldp.randomness import RandomSource

Outcome = TypeVar("Outcome", bound=Hashable)


class Oracle:
    """A random source that takes the branches it is told to, then the first of each that follows."""

    def __init__(self, script: Sequence[int]) -> None:
        self._script = script
        self.taken: list[tuple[int, int]] = []
        self.probability = Fraction(1)

    def chance(self, part: int, whole: int) -> bool:
        return self._branch([Fraction(whole - part, whole), Fraction(part, whole)]) == 1

    def below(self, bound: int) -> int:
        return self._branch([Fraction(1, bound)] * bound)

    def weighted(self, cumulative: Sequence[int]) -> int:
        before = (0, *cumulative)
        weights = [high - low for low, high in zip(before, cumulative, strict=False)]
        return self._branch([Fraction(weight, cumulative[-1]) for weight in weights])

    def _branch(self, probabilities: Sequence[Fraction]) -> int:
        place = len(self.taken)
        choice = self._script[place] if place < len(self._script) else 0
        self.taken.append((choice, len(probabilities)))
        self.probability *= probabilities[choice]
        return choice


def distribution(sample: Callable[[RandomSource], Outcome]) -> dict[Outcome, Fraction]:
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
