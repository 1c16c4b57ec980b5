"""Every shipped mechanism, run through every branch: the largest ratio of two reports' chances, in whole numbers."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from fractions import Fraction

from benchmarks.ldp.exact import e_to, worst_ratio
from benchmarks.ldp.faults import FAULTS
from privacy.ldp import Mechanism, OrdinalMatrix, SubsetSelection, matrices
from privacy.ldp.statistics import Statistics

CELLS = [
    (2, "0.5"),
    (2, "1"),
    (2, "2"),
    (5, "1"),
    (5, "2"),
    (8, "0.5"),
    (8, "1"),
    (8, "2"),
    (16, "1"),
    (16, "2"),
]


def exactness() -> None:
    """Print the table, and what the same enumeration says of the planted faults."""
    print(
        "Exact enumeration of the real samplers, in fractions: largest ratio over e^epsilon (1 is all of epsilon)"
    )
    print(f"{'what':<34} {'eps':>4} {'set':>4} {'one by one':>12} {'in bulk':>12}")
    kept = []
    for name, rule in _shipped():
        bound = e_to(rule.epsilon)
        # Sets of four among sixteen have too many branches to draw in bulk in fractions, but for a few values.
        few = (0, 1, rule.domain - 1) if rule.size > 2 else None
        ratios = [worst_ratio(rule, few), worst_ratio(rule, few, in_bulk=True)]
        kept += [ratio <= bound for ratio in ratios]
        shown = " ".join(f"{float(ratio / bound):>12.9f}" for ratio in ratios)
        print(f"{name:<34} {float(rule.epsilon):>4g} {rule.size:>4} {shown}")
    print(f"never above e^epsilon: {sum(kept)} of {len(kept)}")
    print("\nPlanted faults, by the same enumeration")
    for name, fault in FAULTS.items():
        worst, bound = worst_ratio(fault.build(fault.domain, fault.epsilon)), e_to(str(fault.epsilon))
        print(f"{name:<34} {fault.epsilon:>4g}      {_spent(worst, bound)}")


def _spent(worst: Fraction, bound: Fraction) -> str:
    caught = "caught" if worst > bound else "NOT caught"
    if worst >= 10**9:
        return f"{caught}: a report that is possible for one value alone"
    return f"{caught}: spends {math.log(worst):.4f}, {float(worst / bound - 1):.1e} above e^epsilon"


def _shipped() -> Iterator[tuple[str, Mechanism]]:
    for one in Statistics.load().attributes.values():
        yield f"statistic {one.name}", one.mechanism
    for domain, epsilon in CELLS:
        yield f"choice of {domain}", SubsetSelection(domain, epsilon)
    for entry in json.loads(matrices.SHIPPED.read_text(encoding="utf-8")):
        apart = ", one not applicable" if entry["not_applicable"] else ""
        yield f"scale of {entry['domain']}{apart}", OrdinalMatrix(entry["epsilon"], entry["weights"])
