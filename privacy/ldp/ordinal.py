"""The ordinal mechanism: a matrix optimised for the questions asked of a scale, in exact whole numbers.

After McKenna, Maity, Mazumdar and Miklau, "A workload-adaptive mechanism for linear queries under local
differential privacy" (VLDB 2020). `privacy.ldp.design` makes the matrices.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from privacy.ldp.budget import Epsilon, exact, greatest_ratio
from privacy.ldp.bulk import MOST_WHOLE, ManySource, SecretNumbers
from privacy.ldp.randomness import RandomSource, SecretSource
from privacy.ldp.values import check_domain, check_value, check_values, report_cells


class OrdinalMatrix:
    """Reports one cell for a value from 0 to domain - 1, by exact weights.

    `weights[cell][value]` is how likely `cell` is reported for `value`, as a share of the column's sum, which
    is the same for every value. Raises `ValueError` when any cell's weights differ by more than e**epsilon.
    """

    size = 1

    def __init__(self, epsilon: Epsilon, weights: Sequence[Sequence[int]]) -> None:
        self.domain = check_domain(len(weights))
        self.epsilon = exact(epsilon)
        self.weights = tuple(tuple(row) for row in weights)
        self._columns = tuple(tuple(accumulate(column)) for column in zip(*self.weights, strict=True))
        if not keeps(self.epsilon, self.weights):
            raise ValueError("This matrix does not keep its epsilon.")
        if self._columns[0][-1] > MOST_WHOLE:
            raise ValueError("The weights of this matrix are too large to draw from.")

    def perturb(self, value: int, source: RandomSource | None = None) -> tuple[int, ...]:
        """A report on `value`: one cell. Raises `ValueError` when it is out of range."""
        column = self._columns[check_value(value, self.domain)]
        return ((source or SecretSource()).weighted(column),)

    def perturb_many(self, values: Iterable[int], source: ManySource | None = None) -> list[tuple[int, ...]]:
        """A report for each of `values`, drawn together. Raises `ValueError` when one is out of range."""
        asked = np.array(check_values(values, self.domain), dtype=np.int64)
        many = source or SecretNumbers()
        cells = np.empty(len(asked), dtype=np.int64)
        for value, column in enumerate(self._columns):
            same = np.flatnonzero(asked == value)
            if same.size:
                cells[same] = many.weighted(column, same.size)
        return list(zip(cells.tolist(), strict=True))

    def for_browsers(self) -> dict[str, Any]:
        """What ``perturb.js`` needs to draw as this does. Large numbers are written out: JSON's are floats there."""
        columns = [[str(limit) for limit in column] for column in self._columns]
        return {"kind": "ordinal", "domain": self.domain, "columns": columns}

    def cells(self, report: object) -> tuple[int, ...]:
        """The cell of `report`. Raises `ValueError` when this mechanism cannot have made it."""
        return report_cells(report, self.domain, self.size)

    @cached_property
    def probabilities(self) -> NDArray[np.float64]:
        """``[cell, value]``: for arithmetic after the fact, never for drawing."""
        shares: NDArray[np.float64] = np.array(self.weights, dtype=float) / self._columns[0][-1]
        return shares

    @cached_property
    def decoder(self) -> NDArray[np.float64]:
        """``[value, cell]``: what a report of `cell` adds to the estimate of `value`. The matrix's inverse."""
        inverse = np.linalg.inv(self.probabilities)
        return inverse.astype(np.float64)

    def shares(self, counts: Sequence[int], n: int) -> list[float]:
        """Unbiased estimates of each value's share, from how many of `n` reports hold each cell."""
        return [float(share) for share in self.decoder @ (np.array(counts, dtype=float) / n)]

    def moments(self, value: int, shares: Sequence[float]) -> tuple[float, float]:
        """The mean squares of what one report adds to the estimate of `value`: of who has it, and of the others.

        Both are spread as in `shares`, or evenly where `shares` knows of nobody.
        """
        return self.group_moments((value,), shares)

    def group_moments(self, values: Sequence[int], shares: Sequence[float]) -> tuple[float, float]:
        """`moments` for the share of people who have any of `values`."""
        squares = self.decoder[list(values)].sum(axis=0) ** 2 @ self.probabilities
        inside = np.zeros(self.domain, dtype=bool)
        inside[list(values)] = True
        return _mean(squares[inside], np.array(shares)[inside]), _mean(
            squares[~inside], np.array(shares)[~inside]
        )


def _mean(squares: NDArray[np.float64], shares: NDArray[np.float64]) -> float:
    if not shares.size:
        return 0.0
    return float(squares @ shares / shares.sum()) if shares.any() else float(squares.mean())


def keeps(epsilon: Epsilon, weights: Sequence[Sequence[int]]) -> bool:
    """Whether the weights are probabilities that keep `epsilon`, decided in whole numbers."""
    ratio = greatest_ratio(epsilon)
    sums = {sum(column) for column in zip(*weights, strict=True)}
    return (
        len(sums) == 1
        and all(len(row) == len(weights) for row in weights)
        and all(
            min(row) > 0 and max(row) * ratio.denominator <= min(row) * ratio.numerator for row in weights
        )
    )
