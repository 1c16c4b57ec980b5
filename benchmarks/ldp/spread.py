"""How far estimates lie from the truth, and how surely that is known."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.ldp.peers import theory
from privacy.ldp import Mechanism, OrdinalMatrix, SubsetSelection, estimate, mechanism, tally
from privacy.ldp.design import variance, workload

Array = NDArray[np.float64]
CELLS = [(k, e) for k in (2, 3, 5, 8, 16) for e in (0.5, 1.0, 2.0, 4.0)]
HALF_WIDTHS = [(2, 1.0), (2, 2.0), (5, 2.0), (8, 1.0), (8, 2.0), (16, 1.0), (16, 2.0)]
_PEOPLE = 100


def spread(rounds: int) -> None:
    """Mean squared error over theory, for every k and epsilon; and theory over the best that any set size could do."""
    print(
        f"Mean squared error of all shares over theory, {_PEOPLE} people, {rounds:,} rounds (k = 2: three times)"
    )
    print("and theory over the Ye-Barg bound")
    print(f"{'k':>3} {'eps':>4} {'set':>4} {'error/theory':>13} {'theory/bound':>13}")
    found = []
    for domain, epsilon in CELLS:
        rule = SubsetSelection(domain, str(epsilon))
        truth = [place % domain for place in range(_PEOPLE)]
        shares = np.bincount(truth, minlength=domain) / _PEOPLE
        expected = theory(rule, shares, _PEOPLE)
        found.append(_error(rule, truth, shares, rounds * (3 if domain == 2 else 1)) / expected)
        over_bound = expected / theory(_every_size(domain, epsilon), shares, _PEOPLE)
        print(f"{domain:>3} {epsilon:>4g} {rule.size:>4} {found[-1]:>13.3f} {over_bound:>13.6f}")
    print(f"error over theory, all cells: {min(found):.3f} to {max(found):.3f}")


def _error(rule: SubsetSelection, truth: list[int], shares: Array, rounds: int) -> float:
    keep, stray = float(rule.keep), float(rule.stray)
    errors, batch = [], 1000
    for _ in range(0, rounds, batch):
        reports = np.array(rule.perturb_many(truth * batch))
        row = np.repeat(np.arange(batch), len(truth) * rule.size) * rule.domain
        counts = np.bincount(row + reports.ravel(), minlength=batch * rule.domain).reshape(batch, rule.domain)
        estimates = (counts / len(truth) - stray) / (keep - stray)
        errors.append(((estimates - shares) ** 2).sum(axis=1))
    return float(np.mean(errors))


def _every_size(domain: int, epsilon: float) -> SubsetSelection:
    """Subset Selection with the best size, found by trying each with e**epsilon in floats: Ye and Barg's optimum."""
    ratio = np.exp(epsilon)
    cost = {w: (w * ratio + domain - w) ** 2 / (w * (domain - w)) for w in range(1, domain)}
    rule = SubsetSelection(domain, str(epsilon))
    rule.size = min(cost, key=lambda size: cost[size])
    rule._inside = rule.size * int(ratio * 2**52)  # noqa: SLF001 - another's mechanism, built from ours
    rule._whole = rule._inside + (domain - rule.size) * 2**52  # noqa: SLF001
    return rule


def half_widths() -> None:
    """How surely a share is known: 95% half-width in percentage points, evenly spread people."""
    print("\n95% half-width, percentage points")
    print(f"{'k':>3} {'eps':>4} " + " ".join(f"{n:>6}" for n in (200, 1000, 5000, 20000)))
    for domain, epsilon in HALF_WIDTHS:
        rule = SubsetSelection(domain, epsilon)
        widths = []
        for n in (200, 1000, 5000, 20000):
            counted = tally(rule, rule.perturb_many([place % domain for place in range(n)]))
            widths.append(100 * float(np.mean([one.half_width for one in estimate(rule, counted)])))
        print(f"{domain:>3} {epsilon:>4g} " + " ".join(f"{width:>6.1f}" for width in widths))


def scales() -> None:
    """The ordinal matrix beside Subset Selection: variance of one report, people spread evenly."""
    print(
        "\nScales: variance of one report, for the share at or below each value (mean of all), and for the mean"
    )
    print(
        f"{'k':>3} {'eps':>4} {'SS cdf':>8} {'ours':>8} {'ratio':>6} {'SS mean':>8} {'ours':>8} {'ratio':>6}"
    )
    for domain, epsilon in [(5, 1.0), (5, 2.0), (11, 1.0), (11, 2.0), (28, 1.0)]:
        rule = mechanism(domain, epsilon, ordinal=True)
        assert isinstance(rule, OrdinalMatrix)
        subset = SubsetSelection(domain, epsilon)
        mean = np.outer(np.arange(domain), np.arange(domain)) / (domain - 1) ** 2
        cumulative = workload(domain) - mean
        found = []
        for gram in (cumulative, mean):
            even = float(np.trace(gram)) / domain  # of the answers themselves, not of the mechanism
            plain = _subset_variance(subset, gram) - even
            ours = variance(rule.probabilities, gram) - even
            found += [plain, ours, plain / ours]
        print(
            f"{domain:>3} {epsilon:>4g} "
            + " ".join(f"{x:>{w}.3f}" for x, w in zip(found, (8, 8, 6) * 2, strict=True))
        )


def throughput() -> None:
    """Reports drawn and counted in a second of processor time, one thread."""
    print("\nThroughput, one thread, reports in a second of processor time")
    print(f"{'k':>3} {'eps':>4} {'kind':>8} {'one by one':>12} {'in bulk':>12} {'counted':>12}")
    for domain, epsilon, ordinal in [(2, 2.0, False), (8, 2.0, False), (16, 1.0, False), (12, 2.0, True)]:
        rule = mechanism(domain, epsilon, ordinal=ordinal)
        kind = "ordinal" if ordinal else f"set of {rule.size}"
        rates = " ".join(f"{rate:>12,.0f}" for rate in _rates(rule))
        print(f"{domain:>3} {epsilon:>4g} {kind:>8} {rates}")


def _rates(rule: Mechanism) -> list[float]:
    values = [place % rule.domain for place in range(300_000)]
    reports = rule.perturb_many(values)
    return [
        _rate(lambda: [rule.perturb(value) for value in values[:30_000]], 30_000),
        _rate(lambda: rule.perturb_many(values), len(values)),
        _rate(lambda: tally(rule, reports), len(values)),
    ]


def _subset_variance(rule: SubsetSelection, gram: Array) -> float:
    """As `design.variance`: its estimates of all values are correlated alike, which gives a closed form."""
    domain = rule.domain
    own, stray = rule.moments(0, [1 / domain] * domain)
    mean_square = own / domain + stray * (domain - 1) / domain
    together = (1 / domain - mean_square) / (domain - 1)
    trace = float(np.trace(gram))
    return trace * mean_square + (float(gram.sum()) - trace) * together


def _rate(work: Callable[[], object], number: int) -> float:
    began = time.process_time()
    work()
    return number / (time.process_time() - began)
