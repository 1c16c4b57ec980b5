"""What an epsilon allows, in whole numbers: nothing here is ever rounded in the wrong direction."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import exp
from typing import Final

Epsilon = Fraction | Decimal | int | float | str

LEAST_EPSILON: Final = Decimal("0.001")
MOST_EPSILON: Final = Decimal(20)
_GRID: Final = 2**32
_NEGLIGIBLE: Final = Fraction(1, 2**48)


def exact(epsilon: Epsilon) -> Fraction:
    """`epsilon` as the number that was written: 0.1 is one tenth, not its nearest binary fraction.

    Raises `ValueError` unless it lies between `LEAST_EPSILON` and `MOST_EPSILON`.
    """
    try:
        written = epsilon if isinstance(epsilon, Fraction) else Decimal(str(epsilon))
        fits = LEAST_EPSILON <= written <= MOST_EPSILON
    except ArithmeticError:  # not a number at all, or "nan"
        raise ValueError("Epsilon must be a number.") from None
    if not fits:
        raise ValueError(f"Epsilon must lie between {LEAST_EPSILON} and {MOST_EPSILON}.")
    return Fraction(written)


def greatest_ratio(epsilon: Epsilon) -> Fraction:
    """The greatest multiple of 2**-32 that is proven to be at most e**epsilon.

    Every partial sum of the exponential series is below its limit, because no term is negative; so the
    probabilities built on this ratio keep epsilon exactly, at a cost of less than 2**-31 of the ratio.
    """
    value = exact(epsilon)
    term = total = Fraction(1)
    step = 0
    while term > _NEGLIGIBLE:
        step += 1
        term = term * value / step
        total += term
    return Fraction(total.numerator * _GRID // total.denominator, _GRID)


def belief_after(epsilon: Epsilon, before: float) -> float:
    """How likely somebody can come to think an answer is, from one report, who thought it `before` likely.

    Bayes' rule at the bound: the odds grow by at most e**epsilon.
    """
    odds = exp(float(exact(epsilon))) * before / (1 - before)
    return odds / (1 + odds)
