"""Faults that mechanisms of this kind have had, planted on purpose. Each must be seen by name; none is used.

Every one takes its chance from the same source as the real samplers, so that the same enumeration and the same audit
look at it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from benchmarks.ldp.exact import Sampler
from privacy.ldp import SubsetSelection
from privacy.ldp.randomness import RandomSource, SecretSource

_FLOAT_STEPS: Final = 2**53
_BYTE: Final = 256


class FloatThreshold:
    """Randomised response that compares a float of 53 bits with a float threshold, both rounded as they come."""

    def __init__(self, domain: int, epsilon: float) -> None:
        self.domain = domain
        keep = math.exp(epsilon) / (math.exp(epsilon) + domain - 1)
        # `random() < keep` is true for so many of the 2**53 numbers that `random()` can give.
        self._kept = math.ceil(Fraction(keep) * _FLOAT_STEPS)

    def perturb(self, value: int, source: RandomSource | None = None) -> tuple[int, ...]:
        """A report."""
        source = source or SecretSource()
        if source.chance(self._kept, _FLOAT_STEPS):
            return (value,)
        other = source.below(self.domain - 1)
        return (other + (other >= value),)


class ModuloBias(SubsetSelection):
    """Picks the other value by the rest of one byte, which is not even."""

    def perturb(self, value: int, source: RandomSource | None = None) -> tuple[int, ...]:
        """A report."""
        source = source or SecretSource()
        if source.chance(self._inside, self._whole):
            return (value,)
        other = source.below(_BYTE) % (self.domain - 1)
        return (other + (other >= value),)


class RedrawOnRetry(SubsetSelection):
    """Draws again when sending is tried again, so that two reports of one answer are kept."""

    def perturb(self, value: int, source: RandomSource | None = None) -> tuple[int, ...]:
        """Both reports, one after the other."""
        source = source or SecretSource()
        return (*super().perturb(value, source), *super().perturb(value, source))


@dataclass(frozen=True)
class Unary:
    """Symmetric unary encoding: one bit for each value.

    `own` is how likely the true one's bit is set, `other` any other's.
    """

    domain: int
    own: Fraction
    other: Fraction
    unrandomised: int | None = None

    def perturb(self, value: int, source: RandomSource | None = None) -> tuple[int, ...]:
        """The cells whose bits are set."""
        return tuple(self._set(value, source or SecretSource()))

    def _set(self, value: int, source: RandomSource) -> Iterator[int]:
        for cell in range(self.domain):
            if cell == self.unrandomised:
                if cell == value:
                    yield cell
                continue
            likely = self.own if cell == value else self.other
            if source.chance(likely.numerator, likely.denominator):
                yield cell


def _halves(epsilon: float) -> tuple[Fraction, Fraction]:
    kept = math.exp(epsilon / 2) / (math.exp(epsilon / 2) + 1)
    own = Fraction(int(kept * 2**20), 2**20)  # rounded down: on its own this keeps epsilon
    return own, 1 - own


def unary(domain: int, epsilon: float) -> Unary:
    """The sound one, which the next two spoil."""
    return Unary(domain, *_halves(epsilon))


def unrandomised_bit(domain: int, epsilon: float) -> Unary:
    """One bit is left as it is."""
    return Unary(domain, *_halves(epsilon), unrandomised=domain - 1)


def unary_encoding_bug(domain: int, epsilon: float) -> Unary:
    """The true bit is changed with the others and then drawn once more, as in pure-ldp 1.1.2."""
    own, other = _halves(epsilon)
    return Unary(domain, own + (1 - own) * other, other)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault, with a domain and an epsilon at which it is planted."""

    build: Callable[[int, float], Sampler]
    domain: int
    epsilon: float


FAULTS: Final[Mapping[str, Fault]] = MappingProxyType(
    {
        "float threshold": Fault(FloatThreshold, 6, 2.0),
        "unrandomised bit": Fault(unrandomised_bit, 4, 1.0),
        "redraw on retry": Fault(lambda domain, epsilon: RedrawOnRetry(domain, str(epsilon)), 3, 1.0),
        "modulo bias": Fault(lambda domain, epsilon: ModuloBias(domain, str(epsilon)), 101, 5.0),
        "unary-encoding bug": Fault(unary_encoding_bug, 4, 1.0),
    }
)
