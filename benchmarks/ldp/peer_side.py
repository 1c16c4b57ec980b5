"""The peers' side of the comparison, in a process of its own that sees only their libraries.

Reads {"cells": [[k, eps], ...], "people", "rounds"} as JSON on standard input; writes {"peers": {name: [each cell]},
"missing": {name: why}}. A cell is {"error": mean squared error of all shares, "spread": its standard error,
"rate": reports a second of processor time, "holding": how many reports that are sets hold the true value,
"first": how many of them as their first cell}.
The estimates are made unbiased from the peers' own reports: two of their estimators clip, and would look better or
worse for that.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from math import exp
from typing import Any

import numpy as np

_MOST_SECONDS = 3.0
"""Of processor time, drawing, for a peer in a cell: a slow peer gets fewer rounds."""

Report = Any
Client = Callable[[int], Report]
Held = Callable[[list[Report]], Any]
Peer = tuple[str, Client, Held, float, float]
"""Its name; what draws a report; how many of some reports hold each value; how likely for the true one, and another."""


def main() -> None:
    """Answer on standard output."""
    asked = json.load(sys.stdin)
    found: dict[str, list[Any]] = {}
    missing: dict[str, str] = {}
    for domain, epsilon in asked["cells"]:
        for library in (_pure_ldp, _multi_freq, _opendp):
            try:
                peers = list(library(domain, epsilon))
            except Exception as error:  # whatever keeps a peer from running is part of the answer
                missing[library.__name__.strip("_")] = f"{type(error).__name__}: {error}"
                continue
            for name, client, held, own, other in peers:
                cell = _measure(domain, client, held, own, other, asked)
                found.setdefault(name, []).append({"domain": domain, "epsilon": epsilon, **cell})
    json.dump({"peers": found, "missing": missing}, sys.stdout)


def _measure(
    domain: int, client: Client, held: Held, own: float, other: float, asked: dict[str, int]
) -> dict[str, float]:
    people, rounds = asked["people"], asked["rounds"]
    truth = [place % domain for place in range(people)]
    shares = np.bincount(truth, minlength=domain) / people
    for value in range(domain):  # so that what is compiled at first use is compiled by now
        client(value)
    errors: list[float] = []
    drawing = 0.0
    first = holding = 0
    while len(errors) < rounds and drawing < _MOST_SECONDS:
        began = time.process_time()
        reports = [client(value) for value in truth]
        drawing += time.process_time() - began
        for value, report in zip(truth, reports, strict=True):
            if np.ndim(report) and 1 < len(report) < domain and value in report:
                first, holding = first + (report[0] == value), holding + 1
        estimates = (held(reports) / people - other) / (own - other)
        errors.append(float(np.sum((estimates - shares) ** 2)))
    spread = float(np.std(errors)) / len(errors) ** 0.5
    return {
        "error": float(np.mean(errors)),
        "spread": spread,
        "rate": people * len(errors) / drawing,
        "first": int(first),
        "holding": holding,
    }


def _single(domain: int) -> Held:
    return lambda reports: np.bincount(np.array(reports, dtype=np.int64), minlength=domain)


def _grr(domain: int, epsilon: float) -> tuple[float, float]:
    whole = exp(epsilon) + domain - 1
    return exp(epsilon) / whole, 1 / whole


def _sum(reports: list[Report]) -> Any:
    return np.sum(reports, axis=0)


def _pure_ldp(domain: int, epsilon: float) -> Iterator[Peer]:
    from pure_ldp.frequency_oracles.direct_encoding import DEClient
    from pure_ldp.frequency_oracles.unary_encoding import UEClient

    same = lambda value: value  # noqa: E731 - its default counts values from 1
    yield "pure-ldp GRR", DEClient(epsilon, domain, same).privatise, _single(domain), *_grr(domain, epsilon)
    optimised = UEClient(epsilon, domain, use_oue=True, index_mapper=same)
    yield "pure-ldp OUE", optimised.privatise, _sum, 0.5, 1 / (exp(epsilon) + 1)


def _multi_freq(domain: int, epsilon: float) -> Iterator[Peer]:
    from multi_freq_ldpy.pure_frequency_oracles.GRR import GRR_Client
    from multi_freq_ldpy.pure_frequency_oracles.SS import SS_Client
    from multi_freq_ldpy.pure_frequency_oracles.UE import UE_Client

    yield (
        "multi-freq GRR",
        lambda value: GRR_Client(value, domain, epsilon),
        _single(domain),
        *_grr(domain, epsilon),
    )
    size = int(max(1, np.rint(domain / (exp(epsilon) + 1))))
    whole = size * exp(epsilon) + domain - size
    own = size * exp(epsilon) / whole
    other = ((size - 1) * size * exp(epsilon) + (domain - size) * size) / ((domain - 1) * whole)
    yield (
        "multi-freq SS",
        lambda value: SS_Client(value, domain, epsilon),
        lambda reports: np.bincount(np.concatenate(reports), minlength=domain),
        own,
        other,
    )
    yield "multi-freq OUE", lambda value: UE_Client(value, domain, epsilon), _sum, 0.5, 1 / (exp(epsilon) + 1)


def _opendp(domain: int, epsilon: float) -> Iterator[Peer]:
    import opendp.prelude as dp

    dp.enable_features("contrib")
    own, other = _grr(domain, epsilon)
    yield (
        "OpenDP RR",
        dp.m.make_randomized_response(list(range(domain)), prob=own),
        _single(domain),
        own,
        other,
    )


if __name__ == "__main__":
    main()
