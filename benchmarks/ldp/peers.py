"""Beside pure-ldp, multi-freq-ldpy and OpenDP, in the same run: error and throughput.

The peers come from the package index, pinned by hash in locks/ldp-peers.txt, into build/ldp-peers, and run in a process
of their own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

import numpy as np

from privacy.ldp import SubsetSelection
from setup.environments import LOCKS, ROOT, prepare, venvs
from setup.package_index import client_environment

_FOLDER: Final = ROOT / "build" / "ldp-peers"
CELLS: Final = [(2, 1.0), (2, 2.0), (5, 1.0), (5, 2.0), (8, 1.0), (8, 2.0), (16, 1.0), (16, 2.0)]


def peers(people: int, rounds: int) -> None:
    """Print the table."""
    try:
        answer = _ask(people, rounds)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"The peers could not be installed or run: {error}")
        return
    for library, why in answer["missing"].items():
        print(f"{library} could not be run: {why}")
    ours = [_ours(domain, epsilon, people, rounds) for domain, epsilon in CELLS]
    print(f"Peers: mean squared error of all shares over ours, {people} people, up to {rounds} rounds")
    print(
        "(± 2 standard errors, over our theory, which the table of errors shows to be met; 1 is at the bound)"
    )

    def over_ours(number: int, cell: Any) -> str:
        return f"{cell['error'] / ours[number][0]:.2f}±{2 * cell['spread'] / ours[number][0]:.2f}"

    _table(answer["peers"], over_ours)
    for name, cells in answer["peers"].items():
        holding, first = (sum(cell[what] for cell in cells) for what in ("holding", "first"))
        if holding:
            print(
                f"{name}: of {holding:,} sets that hold the true value, {first:,} have it first: their order tells it"
            )
    print("\nReports drawn in a second of processor time, one thread (thousands)")
    rates = {
        "Harbour, in bulk": [{"rate": one[1]} for one in ours],
        "Harbour, one by one": [{"rate": one[2]} for one in ours],
        **answer["peers"],
    }
    _table(rates, lambda _, cell: f"{cell['rate'] / 1000:,.0f}")


def _table(rows: dict[str, list[Any]], shown: Any) -> None:
    print(f"{'':<20} " + " ".join(f"{f'k={k} e={e:g}':>10}" for k, e in CELLS))
    for name, cells in rows.items():
        print(f"{name:<20} " + " ".join(f"{shown(n, cell):>10}" for n, cell in enumerate(cells)))


def _ours(domain: int, epsilon: float, people: int, rounds: int) -> tuple[float, float, float]:
    """Theory's error (which `spread` shows to be met), and the rates in bulk and one by one."""
    rule = SubsetSelection(domain, str(epsilon))
    truth = [place % domain for place in range(people)]
    many = truth * max(rounds // 4, 1)
    began = time.process_time()
    rule.perturb_many(many)
    in_bulk = len(many) / (time.process_time() - began)
    few = many[:20_000]
    began = time.process_time()
    for value in few:
        rule.perturb(value)
    one_by_one = len(few) / (time.process_time() - began)
    return theory(rule, np.bincount(truth, minlength=domain) / people, people), in_bulk, one_by_one


def theory(rule: SubsetSelection, shares: Any, people: int) -> float:
    """The expected squared error of all shares together, from the mechanism's chance alone."""
    keep, stray = float(rule.keep), float(rule.stray)
    noise = float(np.sum(shares * keep * (1 - keep) + (1 - shares) * stray * (1 - stray)))
    return noise / (people * (keep - stray) ** 2)


def _ask(people: int, rounds: int) -> Any:
    if not _FOLDER.exists():
        _fetch()
    finished = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "ldp" / "peer_side.py"],
        input=json.dumps({"cells": CELLS, "people": people, "rounds": rounds}),
        env={**os.environ, "PYTHONPATH": str(_FOLDER)},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(finished.stdout)


def _fetch() -> None:
    uv = venvs() / "tools" / "bin" / "uv"
    if not uv.exists():
        prepare("tools")
    # Into a folder of its own: this interpreter's environment stays as it is.
    command: list[str | Path] = [
        uv,
        "pip",
        "install",
        "--quiet",
        "--python",
        sys.executable,
        "--target",
        _FOLDER,
    ]
    # One comes as source: it is built with our own locked setuptools, so that nothing unpinned is fetched.
    command += ["--no-deps", "--no-build-isolation", "--require-hashes", "-r", LOCKS / "ldp-peers.txt"]
    subprocess.run(command, check=True, env=client_environment())
