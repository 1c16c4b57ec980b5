"""`harbour estimate`: reports in, shares with 95% intervals out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator

import typer

from harbour.commands.perturb import Domain, EpsilonOption, Ordinal, asked_for
from privacy.ldp import Estimate, Mechanism, Tally
from privacy.ldp import estimate as estimate_shares


def estimate(domain: Domain, epsilon: EpsilonOption, ordinal: Ordinal = False) -> None:
    """Read JSON lines {"report"} on standard input, made by `harbour perturb` with the same options.

    Writes for each value, in order, {"value", "estimate", "low", "high", "n"}: its share among people like
    these, unbiased (so that it may lie a little below 0 or above 1), with a 95% interval. Without reports the
    estimate is null and the interval 0 to 1. A line that is no such report gives {"error"} with its number,
    and no estimates are written: the command ends with exit status 1.
    """
    rule = asked_for(domain, epsilon, ordinal)
    counted, problems = count_lines(sys.stdin.buffer, rule)
    for problem in problems:
        print(json.dumps({"error": problem}))
    if problems:
        raise typer.Exit(1)
    for share in estimate_shares(rule, counted):
        print(json.dumps(_written(share)))


def count_lines(lines: Iterable[bytes], rule: Mechanism) -> tuple[Tally, list[str]]:
    """Count the reports in `lines`; also a sentence for each line that is none."""
    counts = [0] * rule.domain
    n = 0
    problems = []
    for number, report in _reports(lines):
        try:
            cells = rule.cells(report)
        except ValueError as problem:
            problems.append(f"Line {number}: {problem}")
            continue
        n += 1
        for cell in cells:
            counts[cell] += 1
    return Tally(n, tuple(counts)), problems


def _reports(lines: Iterable[bytes]) -> Iterator[tuple[int, object]]:
    """The number and the report of each line that is not blank; None for one that is not JSON, or has none."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            read = json.loads(line)
        except (ValueError, RecursionError):
            read = None
        yield number, read.get("report") if isinstance(read, dict) else None


def _written(share: Estimate) -> dict[str, float | int | None]:
    return {
        "value": share.value,
        "estimate": share.estimate,
        "low": share.low,
        "high": share.high,
        "n": share.n,
    }
