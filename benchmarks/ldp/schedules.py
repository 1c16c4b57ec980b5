"""Random schedules of draws, retries, crashes, races, restarts, sendings and withdrawals, on the real ledger.

Each schedule has people and a year of its own, so that its rows can be told from all others. After each it is counted
what a person's reports of the year cost, and every report is held against the bits that were drawn first.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from privacy.ldp.statistics import Statistics, epsilon_of
from privacy.pseudonym import Pseudonym, Pseudonyms
from store import statistics as kept
from store.base import Base
from store.session import Store
from store.statistics import StatisticsLedger, StatisticsReport, draw_report, send_drawn, withdraw

Draw = Callable[..., bool]
_KEY = b"l" * 32
_YEARS = 500
_STEPS = 12
_CHOOSE = "store.statistics._choose"


class Crash(Exception):
    """The process ends here."""


@dataclass
class Ledger:
    """The real store with what is known to have happened. `draw` may be replaced by a faulty one."""

    store: Store
    statistics: Statistics = field(default_factory=Statistics.load)
    draw: Draw = draw_report
    overruns: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)


def schedules(number: int) -> None:
    """Print what `number` random schedules did to the ledger."""
    began = time.perf_counter()
    steps: Counter[str] = Counter()
    overruns: Counter[str] = Counter()
    for first in range(0, number, _YEARS):
        with tempfile.TemporaryDirectory() as folder:
            ledger = open_ledger(f"sqlite:///{Path(folder) / 'harbour.db'}")
            for year in range(1, min(number - first, _YEARS) + 1):
                run_schedule(ledger, year, random.Random(first + year))  # noqa: S311 - a schedule is no secret
            steps += ledger.steps
            overruns += ledger.overruns
            ledger.store.close()
        done = min(first + _YEARS, number)
        print(f"{done:,} schedules: {sum(overruns.values())} overruns", file=sys.stderr, flush=True)
    print(f"\n{number:,} random schedules on SQLite, {time.perf_counter() - began:.0f} s")
    print("steps: " + ", ".join(f"{name} {times:,}" for name, times in sorted(steps.items())))
    print(f"ledger overruns: {sum(overruns.values())} {dict(overruns) or ''}")


def open_ledger(url: str) -> Ledger:
    """An empty ledger in the database at `url`."""
    store = Store(url)
    Base.metadata.create_all(store.engine)
    return Ledger(store)


def run_schedule(ledger: Ledger, year: int, chance: random.Random) -> None:
    """One schedule; whatever broke a bound is counted in `ledger.overruns`."""
    world = _World(ledger, year, chance)
    for _ in range(_STEPS):
        step = chance.choice(world.steps)
        ledger.steps[step.__name__.strip("_")] += 1
        step()
    world.check()


class _World:
    def __init__(self, ledger: Ledger, year: int, chance: random.Random) -> None:
        self._ledger, self._year, self._chance = ledger, year, chance
        self._people = [Pseudonyms(b"k" * 32).of("web", f"{year} {number}") for number in range(2)]
        self._names = [kept._person_year(_KEY, who, year) for who in self._people]  # noqa: SLF001 - to find them
        self._quarters = [f"{year:04}-Q{quarter}" for quarter in range(1, 5)]
        self._first: dict[str, tuple[int, ...]] = {}
        self._withdrawn: set[str] = set()
        self.steps: list[Callable[[], None]] = [
            *[self._draw] * 6,
            self._draw_and_crash,
            self._crash_after_keeping,
            *[self._race] * 3,
            *[self._send] * 2,
            self._send_and_crash,
            self._restart,
            self._withdraw,
        ]

    def _one(self) -> tuple[Pseudonym, str]:
        return self._chance.choice(self._people), self._chance.choice(self._quarters)

    def _do_draw(self, session: Session, who: Pseudonym, period: str) -> bool:
        known = {"mood": self._chance.randint(0, 10)}
        return self._ledger.draw(session, self._ledger.statistics, _KEY, who, period, known, consents=True)

    def _draw(self) -> None:
        """Also a retry, whenever it was done before."""
        with self._ledger.store.begin(durable=False) as session:
            self._do_draw(session, *self._one())
        self._remember()

    def _draw_and_crash(self) -> None:
        try:
            with self._ledger.store.begin(durable=False) as session:
                self._do_draw(session, *self._one())
                raise Crash
        except Crash:
            self._remember()

    def _crash_after_keeping(self) -> None:
        """Whoever asked never hears that it was kept, and asks again."""
        asked = self._one()
        for _ in range(2):
            with self._ledger.store.begin(durable=False) as session:
                self._do_draw(session, *asked)
        self._remember()

    def _race(self) -> None:
        """Two processes choose before either has kept its choice, as on PostgreSQL; then both keep it."""
        who, period = self._one()
        name = kept._person_year(_KEY, who, self._year)  # noqa: SLF001 - the race is inside
        with self._ledger.store.read() as session:
            chosen = [kept._choose(session, self._ledger.statistics, name, period) for _ in range(2)]  # noqa: SLF001
        for choice in chosen:
            with (
                patch(_CHOOSE, lambda *_, choice=choice: choice),
                self._ledger.store.begin(durable=False) as session,
            ):
                self._do_draw(session, who, period)
            self._remember()

    def _send(self) -> None:
        with self._ledger.store.begin(durable=False) as session:
            send_drawn(session, one_in=self._chance.choice((1, 2, 4)))

    def _send_and_crash(self) -> None:
        try:
            with self._ledger.store.begin(durable=False) as session:
                send_drawn(session)
                raise Crash
        except Crash:
            pass

    def _restart(self) -> None:
        self._ledger.store.engine.dispose()

    def _withdraw(self) -> None:
        who, _ = self._one()
        waiting = {row.id for row in self._rows() if row.pending is not None}
        with self._ledger.store.begin(durable=False) as session:
            withdraw(session, _KEY, who, today=date(self._year, 12, 31))
        self._withdrawn |= waiting - {row.id for row in self._rows() if row.pending is not None}

    def _rows(self) -> Sequence[Row[Any]]:
        with self._ledger.store.read() as session:
            query = select(*StatisticsLedger.__table__.columns)
            return session.execute(query.where(StatisticsLedger.person_year.in_(self._names))).all()

    def _remember(self) -> None:
        """What was drawn first for each row of the ledger."""
        for row in self._rows():
            if row.pending is not None:
                self._first.setdefault(row.id, tuple(row.pending))

    def check(self) -> None:
        """Count what broke a bound, by name."""
        rows = self._rows()
        years: dict[str, list[Row[Any]]] = {}
        for row in rows:
            years.setdefault(row.person_year, []).append(row)
        broken = self._ledger.overruns
        for of_one in years.values():
            broken["two in a quarter"] += len(of_one) - len({row.period for row in of_one})
            broken["one thing twice in a year"] += len(of_one) - len({row.attribute for row in of_one})
            cost = sum((epsilon_of(row.version) for row in of_one), Fraction(0))
            broken["above the yearly bound"] += cost > self._ledger.statistics.yearly_bound
        broken["other bits than were drawn first"] += self._reports() != self._expected(rows)
        for name in [name for name, times in broken.items() if not times]:
            del broken[name]

    def _expected(self, rows: Sequence[Row[Any]]) -> Counter[tuple[object, ...]]:
        return Counter(
            (row.attribute, row.period, self._first[row.id])
            for row in rows
            if row.pending is None and row.id not in self._withdrawn
        )

    def _reports(self) -> Counter[tuple[object, ...]]:
        with self._ledger.store.read() as session:
            query = select(StatisticsReport).where(StatisticsReport.period.in_(self._quarters))
            return Counter((row.attribute, row.period, tuple(row.cells)) for row in session.scalars(query))
