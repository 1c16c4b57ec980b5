"""A million reports, counted by the database and estimated."""

from __future__ import annotations

import base64
import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text

from privacy.ldp import estimate
from privacy.ldp.statistics import Statistics
from store import migrate
from store.session import Store
from store.statistics import counted_all

_INSERT = text(
    "INSERT INTO statistics_report (id, attribute, period, version, cells) "
    "VALUES (:id, :attribute, :period, :version, :cells)"
)
_PERIOD = "2026-Q4"


def counting(number: int, postgres: str | None) -> None:
    """Print how long it takes on SQLite, and on PostgreSQL if its URL (an empty database) is given."""
    print(f"\n{number:,} reports counted in SQL and estimated, with every interval")
    with tempfile.TemporaryDirectory() as folder:
        _measure("SQLite", f"sqlite:///{Path(folder) / 'harbour.db'}", number)
    if postgres:
        _measure("PostgreSQL", postgres, number)
    else:
        print("PostgreSQL: not measured (give an empty database by --postgres)")


def _measure(name: str, url: str, number: int) -> None:
    migrate.upgrade(url)
    store, statistics = Store(url), Statistics.load()
    with store.begin(durable=False) as session:
        session.execute(_INSERT, list(_reports(statistics, number)))
    _count(store, statistics)  # once to warm up
    took, worked, shares, counted = _count(store, statistics)
    assert counted == number
    print(f"{name}: {took:.2f} s ({worked:.2f} s of this process's time), {shares} shares")
    store.close()


def _count(store: Store, statistics: Statistics) -> tuple[float, float, int, int]:
    """Seconds, seconds of this process's time, how many shares were estimated, and how many reports were counted."""
    began, worked = time.perf_counter(), time.process_time()
    with store.read() as session:
        tallies = counted_all(session, statistics.attributes, _PERIOD)
    found = [estimate(statistics.attributes[of].mechanism, tally) for of, tally in tallies.items()]
    took, worked = time.perf_counter() - began, time.process_time() - worked
    return took, worked, sum(map(len, found)), sum(tally.n for tally in tallies.values())


def _reports(statistics: Statistics, number: int) -> Iterator[dict[str, str]]:
    """In the order of their random keys, as a table without row numbers keeps them."""
    each = number // len(statistics.attributes)
    made = []
    for name, one in statistics.attributes.items():
        for cells in one.mechanism.perturb_many([place % one.domain for place in range(each)]):
            key = base64.urlsafe_b64encode(os.urandom(16)).decode().rstrip("=")
            made.append((key, name, one.version, json.dumps(list(cells))))
    for key, name, version, report in sorted(made):
        yield {"id": key, "attribute": name, "period": _PERIOD, "version": version, "cells": report}
