"""Measures the statistics: spread against theory, beside plain methods in the same run, and throughput.

    python -m benchmarks.ldp [--people N] [--rounds N]

GRR (randomised response) and OUE (optimised unary encoding; Wang et al., USENIX Security 2017) are written here
as plainly as they are usually given, with the same secret randomness, to have something to stand beside.
"""

from __future__ import annotations

import argparse
import secrets
import time
from collections.abc import Callable, Sequence
from math import exp

import numpy as np

from privacy.ldp import Mechanism, OrdinalMatrix, SubsetSelection, estimate, mechanism, tally
from privacy.ldp.design import variance, workload

CELLS = [(2, 1.0), (2, 2.0), (5, 2.0), (8, 1.0), (8, 2.0), (16, 1.0), (16, 2.0)]
Shares = list[float]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    spread(options.people, options.rounds)
    half_widths()
    scales()
    throughput()


def spread(people: int, rounds: int) -> None:
    """Mean squared error, of `rounds` cohorts of `people`, over what theory says; then beside plain methods."""
    print(f"Mean squared error of all shares (x 1e6), {people} people, {rounds} rounds")
    names = ("ours", "theory", "GRR", "OUE")
    print(
        f"{'k':>3} {'eps':>4} {'set':>4} "
        + " ".join(f"{name:>9}" for name in names)
        + "  ours/theory GRR/ours OUE/ours"
    )
    for domain, epsilon in CELLS:
        size, ours, theory, grr, oue = _spread_of(domain, epsilon, people, rounds)
        errors = " ".join(f"{error * 1e6:>9.0f}" for error in (ours, theory, grr, oue))
        ratios = f"{ours / theory:>12.3f} {grr / ours:>8.2f} {oue / ours:>8.2f}"
        print(f"{domain:>3} {epsilon:>4g} {size:>4} {errors} {ratios}")


def _spread_of(
    domain: int, epsilon: float, people: int, rounds: int
) -> tuple[int, float, float, float, float]:
    rule = SubsetSelection(domain, epsilon)
    truth = [place % domain for place in range(people)]
    shares = [truth.count(value) / people for value in range(domain)]
    keep, stray = float(rule.keep), float(rule.stray)
    noise = sum(share * keep * (1 - keep) + (1 - share) * stray * (1 - stray) for share in shares)

    def ours() -> Shares:
        return rule.shares(tally(rule, rule.perturb_many(truth)).counts, people)

    return (
        rule.size,
        _error(ours, shares, rounds),
        noise / (people * (keep - stray) ** 2),
        _error(lambda: plain_grr(truth, domain, epsilon), shares, rounds),
        _error(lambda: plain_oue(truth, domain, epsilon), shares, rounds),
    )


def half_widths() -> None:
    """How surely a share is known: 95% half-width in percentage points, evenly spread people."""
    print("\n95% half-width, percentage points")
    print(f"{'k':>3} {'eps':>4} " + " ".join(f"{n:>6}" for n in (200, 1000, 5000, 20000)))
    for domain, epsilon in CELLS:
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
    """Reports drawn and counted in a second, one thread."""
    print("\nThroughput, one thread, reports a second")
    names = ("one by one", "in bulk", "counted", "plain GRR", "plain OUE")
    print(f"{'k':>3} {'eps':>4} {'kind':>8} " + " ".join(f"{name:>10}" for name in names))
    for domain, epsilon, ordinal in [(2, 2.0, False), (8, 2.0, False), (16, 1.0, False), (12, 2.0, True)]:
        rule = mechanism(domain, epsilon, ordinal=ordinal)
        kind = "ordinal" if ordinal else f"set of {rule.size}"
        rates = " ".join(f"{rate:>10,.0f}" for rate in _rates(rule, domain, epsilon))
        print(f"{domain:>3} {epsilon:>4g} {kind:>8} {rates}")


def _rates(rule: Mechanism, domain: int, epsilon: float) -> list[float]:
    values = [place % domain for place in range(100_000)]
    reports = rule.perturb_many(values)
    return [
        _rate(lambda: [rule.perturb(value) for value in values[:20_000]], 20_000),
        _rate(lambda: rule.perturb_many(values), len(values)),
        _rate(lambda: tally(rule, reports), len(values)),
        _rate(lambda: plain_grr(values, domain, epsilon), len(values)),
        _rate(lambda: plain_oue(values[:10_000], domain, epsilon), 10_000),
    ]


def plain_grr(truth: Sequence[int], domain: int, epsilon: float) -> Shares:
    """Randomised response: the truth with probability p, else any other value."""
    keep = exp(epsilon) / (exp(epsilon) + domain - 1)
    stray = (1 - keep) / (domain - 1)
    threshold = int(keep * 2**53)
    counts = [0] * domain
    for value in truth:
        if secrets.randbits(53) < threshold:
            counts[value] += 1
        else:
            other = secrets.randbelow(domain - 1)
            counts[other + (other >= value)] += 1
    return [(count / len(truth) - stray) / (keep - stray) for count in counts]


def plain_oue(truth: Sequence[int], domain: int, epsilon: float) -> Shares:
    """Optimised unary encoding: a bit for each value; the true one is kept half of the time."""
    stray = 1 / (exp(epsilon) + 1)
    half, threshold = 2**52, int(stray * 2**53)
    counts = [0] * domain
    for value in truth:
        for cell in range(domain):
            counts[cell] += secrets.randbits(53) < (half if cell == value else threshold)
    return [(count / len(truth) - stray) / (0.5 - stray) for count in counts]


def _error(once: Callable[[], Shares], shares: Sequence[float], rounds: int) -> float:
    errors = [np.sum((np.array(once()) - np.array(shares)) ** 2) for _ in range(rounds)]
    return float(np.mean(errors))


def _subset_variance(rule: SubsetSelection, gram: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    """As `design.variance`: its estimates of all values are correlated alike, which gives a closed form."""
    domain = rule.domain
    own, stray = rule.moments(0, [1 / domain] * domain)
    mean_square = own / domain + stray * (domain - 1) / domain
    together = (1 / domain - mean_square) / (domain - 1)
    trace = float(np.trace(gram))
    return trace * mean_square + (float(gram.sum()) - trace) * together


def _rate(work: Callable[[], object], number: int) -> float:
    began = time.perf_counter()
    work()
    return number / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
