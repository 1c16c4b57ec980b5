"""What an attacker sees: how much one report tells two values apart, measured on the event that tells most.

For Subset Selection the strongest event is that a report holds the one value and not the other; for a matrix it is the
cell whose weights differ most. The lower bound holds in 999 of 1,000 audits, so that none of a few dozen should lie
above epsilon.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from functools import partial

import numpy as np

from benchmarks.ldp.faults import FAULTS
from privacy.ldp import Mechanism, OrdinalMatrix, SubsetSelection, mechanism
from privacy.ldp.statistics import Statistics

_Z = 3.090232306167813
"""The normal distribution's 99.9th percentile."""
_BATCH = 100_000
CELLS = [(2, "0.5"), (2, "1"), (2, "2"), (5, "1"), (5, "2"), (8, "1"), (8, "2"), (16, "1"), (16, "2")]
SCALES = [(5, "1"), (11, "1"), (11, "2")]
Report = tuple[int, ...]


def audit(trials: int) -> None:
    """Print the tables."""
    print(f"Audit by the strongest event, {trials:,} trials of each of two values; lower bound at 99.9%")
    print(f"{'what':<28} {'eps':>4} {'seen':>8} {'at least':>9} {'of eps':>7}")
    rules = [(f"statistic {name}", one.mechanism) for name, one in Statistics.load().attributes.items()]
    rules += [(f"choice of {domain}", SubsetSelection(domain, epsilon)) for domain, epsilon in CELLS]
    rules += [(f"scale of {domain}", mechanism(domain, epsilon, ordinal=True)) for domain, epsilon in SCALES]
    found = []
    for name, rule in rules:
        seen, least = lower_bound(*counts_of(rule, trials), trials)
        epsilon = float(rule.epsilon)
        found.append(least / epsilon)
        print(f"{name:<28} {epsilon:>4g} {seen:>8.4f} {least:>9.4f} {least / epsilon:>7.3f}")
    print(f"least and most of epsilon that was shown: {min(found):.3f}, {max(found):.3f}")
    print(f"\nPlanted faults, by the report that tells most, {trials // 10:,} trials")
    for name, fault in FAULTS.items():
        least = most_telling(fault.build(fault.domain, fault.epsilon).perturb, fault.domain, trials // 10)
        caught = "caught" if least > fault.epsilon else "not seen in so many trials"
        print(f"{name:<28} {fault.epsilon:>4g} {'':>8} {least:>9.4f}         {caught}")


def counts_of(rule: Mechanism, trials: int) -> tuple[int, int]:
    """How often the strongest event was seen for the value that it points to, and for the other."""
    first, second, cells = strongest(rule)
    return _seen(rule, first, cells, second, trials), _seen(rule, second, cells, first, trials, swapped=True)


def strongest(rule: Mechanism) -> tuple[int, int, tuple[int, ...]]:
    """Two values, and the cells that point to the first; for Subset Selection any two values will do."""
    if not isinstance(rule, OrdinalMatrix):
        return 0, rule.domain - 1, (0,)
    weights = np.array(rule.weights, dtype=float)
    cell = int(np.argmax(weights.max(axis=1) / weights.min(axis=1)))
    return int(np.argmax(weights[cell])), int(np.argmin(weights[cell])), (cell,)


def _seen(
    rule: Mechanism, value: int, cells: tuple[int, ...], other: int, trials: int, *, swapped: bool = False
) -> int:
    seen = 0
    without = () if isinstance(rule, OrdinalMatrix) else (value if swapped else other,)
    for start in range(0, trials, _BATCH):
        reports = np.array(rule.perturb_many([value] * min(_BATCH, trials - start)))
        event = np.isin(reports, cells).any(axis=1) & ~np.isin(reports, without).any(axis=1)
        seen += int(event.sum())
    return seen


def lower_bound(seen: int, seen_of_other: int, trials: int) -> tuple[float, float]:
    """The logarithm of the ratio of two chances, and what it is at least (99.9%)."""
    if seen == 0:
        return -math.inf, -math.inf
    if seen_of_other < 50:  # too few for a normal error: what the other's chance is at most, after Poisson
        most = seen_of_other + _Z**2 / 2 + _Z * math.sqrt(seen_of_other + _Z**2 / 4)
        least = math.log((seen - _Z * math.sqrt(seen)) / most) if seen > _Z**2 else -math.inf
        return math.log(seen / max(seen_of_other, 1)), least
    ratio = math.log(seen / seen_of_other)
    spread = math.sqrt((1 - seen / trials) / seen + (1 - seen_of_other / trials) / seen_of_other)
    return ratio, ratio - _Z * spread


def most_telling(perturb: Callable[[int], object], domain: int, trials: int) -> float:
    """The lower bound for the report that told two values apart best in a first tenth of the trials."""
    best: tuple[float, int, int, object] = (-math.inf, 0, 0, ())
    draws = {value: partial(perturb, value) for value in {0, 1, domain // 2, domain - 1}}
    pilot = {value: Counter(draw() for _ in range(trials // 10)) for value, draw in draws.items()}
    for first, of_first in pilot.items():
        for second, of_second in pilot.items():
            for report, times in of_first.items():
                least = lower_bound(times, of_second[report], trials // 10)[1]
                best = max(best, (least, first, second, report), key=lambda one: one[0])
    _, first, second, report = best
    seen = sum(draws[first]() == report for _ in range(trials))
    return lower_bound(seen, sum(draws[second]() == report for _ in range(trials)), trials)[1]
