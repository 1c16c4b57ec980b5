"""Designs the matrices of the ordinal mechanism.

The unknown is ``Q[cell, value] = scale[cell] * (1 + (ratio - 1) * lift[cell, value])`` with every lift from 0
to 1, which keeps epsilon by its form, and with every column summing to 1. What is made small is the total
variance, for people spread evenly, of the share at or below each value and of the mean, both weighted alike.
The columns' sums are held by an augmented Lagrangian, minimised by L-BFGS (Nocedal and Wright, "Numerical
optimization", 2006, algorithms 17.4 and 7.4). Starting points are fixed patterns, so that the same machine
always finds the same matrix. The result is rounded to whole numbers that keep epsilon exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from privacy.ldp.budget import Epsilon, greatest_ratio
from privacy.ldp.ordinal import keeps

Array = NDArray[np.float64]
Objective = Callable[[Array], tuple[float, Array]]

COLUMN_SUM: Final = 2**48
_ROUNDS: Final = 14
_STEPS: Final = 200
_MEMORY: Final = 20


def workload(domain: int, *, not_applicable: bool = False) -> Array:
    """The questions' Gram matrix: P(X <= t) for each t, and the mean on a scale from 0 to 1.

    With `not_applicable` the last value is outside the scale: the mean counts it as 0.
    """
    at_most = np.tril(np.ones((domain, domain)))[:-1]
    steps = domain - 2 if not_applicable else domain - 1
    mean = np.arange(domain) / max(steps, 1)
    if not_applicable:
        mean[-1] = 0
    gram: Array = at_most.T @ at_most / (domain - 1) + np.outer(mean, mean)
    return gram


def design(
    domain: int, epsilon: Epsilon, *, not_applicable: bool = False, starts: int = 2
) -> tuple[tuple[int, ...], ...]:
    """The best of `starts` searches and of randomised response: weights ``[cell][value]`` that keep epsilon."""
    ratio = float(greatest_ratio(epsilon))
    gram = workload(domain, not_applicable=not_applicable)
    plain = _randomised_response(domain, ratio)
    problem = _Problem(domain, ratio, gram / variance(plain, gram))
    found = [plain, *(problem.search(number) for number in range(starts))]
    exact = [to_whole_numbers(probabilities, epsilon) for probabilities in found]
    return min(exact, key=lambda weights: variance(np.array(weights, dtype=float) / COLUMN_SUM, gram))


def variance(probabilities: Array, gram: Array) -> float:
    """The workload's total variance of one report, for evenly spread people (up to a constant)."""
    information = probabilities.T @ (probabilities / probabilities.sum(axis=1)[:, None])
    try:
        total = float(np.trace(gram @ np.linalg.inv(information)) / len(gram))
    except np.linalg.LinAlgError:
        return float("inf")
    return total if total > 0 else float("inf")


def to_whole_numbers(probabilities: Array, epsilon: Epsilon) -> tuple[tuple[int, ...], ...]:
    """The nearest matrix of whole numbers, with columns summing to `COLUMN_SUM`, that keeps epsilon.

    Where rounding would break it, a little of the even matrix is mixed in, and doubled until it holds.
    """
    domain = len(probabilities)
    normal = probabilities / probabilities.sum(axis=0)
    mix = 0.0
    while True:
        weights = _floor((1 - mix) * normal + mix / domain)
        if keeps(epsilon, weights):
            return weights
        mix = 2 * mix or 2.0**-44


def _floor(probabilities: Array) -> tuple[tuple[int, ...], ...]:
    whole = [[int(share * COLUMN_SUM) for share in row] for row in probabilities]
    for value in range(len(whole)):
        column = [row[value] for row in whole]
        # The remainder goes where it is felt least.
        whole[column.index(max(column))][value] += COLUMN_SUM - sum(column)
    return tuple(tuple(row) for row in whole)


def _randomised_response(domain: int, ratio: float) -> Array:
    plain: Array = (np.ones((domain, domain)) + (ratio - 1) * np.eye(domain)) / (ratio + domain - 1)
    return plain


@dataclass(frozen=True, slots=True)
class _Problem:
    """Find the scales and lifts. Kept as ``log scale`` and as angles, so that no bound is needed."""

    domain: int
    ratio: float
    gram: Array

    def search(self, number: int) -> Array:
        """The best matrix that is found from start `number`; its columns sum to 1 but for rounding."""
        point = self._start(number)
        prices = np.zeros(self.domain)
        weight = 10.0
        for _ in range(_ROUNDS):
            point = _minimise(self._objective(prices, weight), point)
            excess = self._matrix(point).sum(axis=0) - 1
            prices = prices + weight * excess
            weight = min(2 * weight, 1e4)
        return self._matrix(point)

    def _start(self, number: int) -> Array:
        """A band around each value, of a width of its own, with its edges roughened."""
        cells = np.arange(self.domain)
        width = 0.5 + _pattern(number, (self.domain, 1)) * max(self.domain / 3 - 0.5, 0)
        away = np.abs(cells[:, None] - cells) - width
        lift = 1 / (1 + np.exp(3 * away)) + 0.3 * (_pattern(number + 0.5, (self.domain, self.domain)) - 0.5)
        lift = np.clip(lift, 0.05, 0.95)
        scale = 1 / (self.domain * (1 + (self.ratio - 1) * lift.mean()))
        return np.concatenate([np.full(self.domain, np.log(scale)), np.arccos(1 - 2 * lift).ravel()])

    def _parts(self, point: Array) -> tuple[Array, Array, Array]:
        scale = np.exp(np.clip(point[: self.domain], -30, 2))
        angle = point[self.domain :].reshape(self.domain, self.domain)
        return scale, angle, scale[:, None] * (1 + (self.ratio - 1) * (1 - np.cos(angle)) / 2)

    def _matrix(self, point: Array) -> Array:
        return self._parts(point)[2]

    def _objective(self, prices: Array, weight: float) -> Objective:
        def objective(point: Array) -> tuple[float, Array]:
            scale, angle, matrix = self._parts(point)
            value, slope = _variance_and_slope(matrix, self.gram)
            excess = matrix.sum(axis=0) - 1
            slope = slope + prices + weight * excess
            by_scale = (slope * matrix).sum(axis=1)
            by_angle = slope * scale[:, None] * (self.ratio - 1) * np.sin(angle) / 2
            penalty = float(prices @ excess + weight / 2 * excess @ excess)
            return value + penalty, np.concatenate([by_scale, by_angle.ravel()])

        return objective


def _variance_and_slope(matrix: Array, gram: Array) -> tuple[float, Array]:
    value = variance(matrix, gram)
    if not np.isfinite(value):
        return value, np.zeros_like(matrix)
    rows = matrix.sum(axis=1)[:, None]
    inverse = np.linalg.inv(matrix.T @ (matrix / rows))
    pull = matrix @ (inverse @ gram @ inverse)
    slope: Array = -(2 * pull / rows - (pull * matrix).sum(axis=1)[:, None] / rows**2) / len(gram)
    return value, slope


def _minimise(objective: Objective, point: Array) -> Array:
    """L-BFGS with backtracking."""
    value, slope = objective(point)
    memory: list[tuple[Array, Array]] = []
    for _ in range(_STEPS):
        direction = _direction(slope, memory)
        descent = float(slope @ direction)
        step = _step(objective, point, value, direction, descent)
        if step is None:
            break
        new_value, new_slope = objective(point + step)
        change = new_slope - slope
        if step @ change > 1e-12 * np.sqrt((step @ step) * (change @ change)):
            memory = [*memory, (step, change)][-_MEMORY:]
        settled = abs(value - new_value) < 1e-10 * abs(value)
        point, value, slope = point + step, new_value, new_slope
        if settled:
            break
    return point


def _step(objective: Objective, point: Array, value: float, direction: Array, descent: float) -> Array | None:
    if descent > -1e-14 * max(1.0, abs(value)):
        return None
    length = 1.0
    for _ in range(30):
        if objective(point + length * direction)[0] <= value + 1e-4 * length * descent:
            return length * direction
        length *= 0.4
    return None


def _direction(slope: Array, memory: list[tuple[Array, Array]]) -> Array:
    direction = -slope
    if not memory:
        return direction * min(1.0, 1 / max(float(np.abs(slope).sum()), 1e-300))
    shares: list[float] = []
    for step, change in reversed(memory):
        shares.append(float(step @ direction / (step @ change)))
        direction = direction - shares[-1] * change
    step, change = memory[-1]
    direction = direction * float(step @ change / (change @ change))
    for (step, change), share in zip(memory, reversed(shares), strict=True):
        direction = direction + (share - float(change @ direction / (step @ change))) * step
    return direction


def _pattern(number: float, shape: tuple[int, int]) -> Array:
    """Scattered numbers from 0 to 1, the same for the same `number`: starting points are no secret."""
    places = np.arange(shape[0] * shape[1]).reshape(shape) + 1.0
    scattered: Array = (places * 0.6180339887498949 + np.sin(places * (number + 1.7)) * 7.3) % 1.0
    return scattered
