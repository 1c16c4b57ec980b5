"""Measures the statistics.

    python -m benchmarks.ldp [PART ...] [--trials N] [--rounds N] [--schedules N] [--reports N] [--postgres URL]

Parts: exactness audit coverage spread peers schedules counting. All of them, without any named.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

from benchmarks.ldp.audit import audit
from benchmarks.ldp.counting import counting
from benchmarks.ldp.coverage import coverage
from benchmarks.ldp.exactness import exactness
from benchmarks.ldp.peers import peers
from benchmarks.ldp.schedules import schedules
from benchmarks.ldp.spread import half_widths, scales, spread, throughput


def main() -> None:
    """Print the tables of the parts that are asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART")
    parser.add_argument("--trials", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=20_000)
    parser.add_argument("--schedules", type=int, default=10_000)
    parser.add_argument("--reports", type=int, default=1_000_000)
    parser.add_argument("--postgres", help="the URL of an empty PostgreSQL database")
    options = parser.parse_args()

    def spreads() -> None:
        spread(options.rounds)
        half_widths()
        scales()
        throughput()

    parts: dict[str, Callable[[], None]] = {
        "exactness": exactness,
        "audit": lambda: audit(options.trials),
        "coverage": lambda: coverage(max(options.rounds // 40, 1)),
        "spread": spreads,
        "peers": lambda: peers(100, max(options.rounds // 20, 1)),
        "schedules": lambda: schedules(options.schedules),
        "counting": lambda: counting(options.reports, options.postgres),
    }
    if unknown := set(options.parts) - parts.keys():
        parser.error(f"There is no part {', '.join(sorted(unknown))}: choose from {', '.join(parts)}.")
    for name in options.parts or parts:
        parts[name]()
        print(flush=True)


if __name__ == "__main__":
    main()
