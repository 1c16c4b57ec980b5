"""How often the 95% intervals hold: computed, not simulated, for choices; simulated for scales."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from privacy.ldp import OrdinalMatrix, SubsetSelection, Tally, estimate, tally
from privacy.ldp.cohort import cohort_interval
from privacy.ldp.estimates import Estimand, estimate_groups
from privacy.ldp.statistics import Statistics

CELLS = [(2, "1"), (2, "2"), (3, "2"), (5, "2"), (8, "1"), (8, "2"), (16, "1"), (16, "2")]
PEOPLE = (200, 1000, 5000, 20_000)
SHARES = (0.15, 0.25, 0.5)
Interval = Callable[[int], tuple[float, float]]


def coverage(rounds: int) -> None:
    """Print both tables."""
    print(
        "Coverage of 95% intervals of choices, computed, for shares of " + ", ".join(f"{s:g}" for s in SHARES)
    )
    print("(the mean of the shares' coverages in %, then the least and the most of them)")
    print(f"{'k':>3} {'eps':>4} {'n':>6}   {'people like these':<20} {'this cohort':<20}")
    cells = []
    for domain, epsilon in CELLS:
        rule = SubsetSelection(domain, epsilon)
        for n in PEOPLE:
            both = [
                [about(rule, n, share) for share in SHARES] for about in (_people_like_these, _this_cohort)
            ]
            cells += [float(np.mean(found)) for found in both]
            shown = "   ".join(
                f"{100 * np.mean(found):5.1f} ({100 * min(found):.1f} to {100 * max(found):.1f})"
                for found in both
            )
            print(f"{domain:>3} {epsilon:>4} {n:>6}   {shown}")
    print(f"all cells: {100 * min(cells):.1f} to {100 * max(cells):.1f}")
    _scales(rounds)


def _people_like_these(rule: SubsetSelection, n: int, share: float) -> float:
    """Who is counted is drawn too: the reports that hold the cell are binomial."""
    held = float(rule.stray) + share * float(rule.keep - rule.stray)

    def interval(count: int) -> tuple[float, float]:
        rest = (n * rule.size - count) // (rule.domain - 1)
        found = estimate(rule, Tally(n, (count, *[rest] * (rule.domain - 1))))[0]
        return found.low, found.high

    return _covered(interval, share, _binomial(n, held))


def _this_cohort(rule: SubsetSelection, n: int, share: float) -> float:
    """Only the mechanism draws: the reports of those who have the value, and of those who have not."""
    m, keep, stray = round(n * share), float(rule.keep), float(rule.stray)
    held = np.convolve(_binomial(m, keep), _binomial(n - m, stray))
    return _covered(lambda count: cohort_interval(n, count, keep, stray), m / n, held)


def _covered(interval: Interval, share: float, likely: NDArray[np.float64]) -> float:
    """Both ends grow with the count, so that the counts whose intervals hold `share` lie side by side."""
    first = _first(lambda count: interval(count)[1] >= share, len(likely))
    after = _first(lambda count: interval(count)[0] > share, len(likely))
    return float(likely[first:after].sum())


def _first(holds: Callable[[int], bool], end: int) -> int:
    low, high = 0, end
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _binomial(n: int, p: float) -> NDArray[np.float64]:
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])
    number = np.arange(n + 1)
    chances: NDArray[np.float64] = np.exp(
        logs[n] - logs - logs[::-1] + number * np.log(p) + (n - number) * np.log1p(-p)
    )
    return chances


def _scales(rounds: int) -> None:
    mood = Statistics.load().attributes["mood"]
    rule = mood.mechanism
    assert isinstance(rule, OrdinalMatrix)
    groups = [group.values for group in mood.groups]
    print(
        f"\nThe same for the groups of the mood scale, simulated, {rounds:,} rounds (all groups; give or take)"
    )
    print(f"{'n':>6}   {'people like these':>18} {'this cohort':>14}")
    for n in PEOPLE[:3]:
        truth = np.resize([0, 2, 3, 3, 4, 5, 5, 5, 6, 7, 8, 9, 11, 11, 11], n)
        wanted = [np.isin(truth, values).mean() for values in groups]
        held = dict.fromkeys(Estimand, 0)
        chance = np.random.default_rng()
        for _ in range(rounds):
            for about in Estimand:
                sampled = about is Estimand.PEOPLE_LIKE_THESE
                people = chance.choice(truth, n) if sampled else truth
                counted = tally(rule, rule.perturb_many(people.tolist()))
                found = estimate_groups(rule, counted, groups, about)
                held[about] += sum(one.low <= wanted[one.value] <= one.high for one in found)
        number = rounds * len(groups)
        shown = [
            f"{100 * hits / number:.1f} ± {196 * sqrt(0.05 * 0.95 / number):.1f}" for hits in held.values()
        ]
        print(f"{n:>6}   {shown[0]:>18} {shown[1]:>14}")
