"""No schedule of draws, crashes, retries, races and withdrawals overruns the ledger; planted faults are seen."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.ldp.schedules import Ledger, open_ledger, run_schedule
from privacy.ldp.statistics import Statistics
from privacy.pseudonym import Pseudonym
from store import statistics as kept
from store.statistics import StatisticsLedger, StatisticsReport, draw_report


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(f"sqlite:///{tmp_path / 'harbour.db'}")
    yield opened
    opened.store.close()


def run(ledger: Ledger, number: int) -> None:
    for year in range(1, number + 1):
        run_schedule(ledger, year, random.Random(year))


def test_no_schedule_overruns_the_ledger(ledger: Ledger) -> None:
    run(ledger, 60)
    assert ledger.overruns == {}
    assert min(ledger.steps[step] for step in ("race", "draw_and_crash", "send_and_crash", "withdraw")) > 20


def redraw_on_retry(
    session: Session,
    statistics: Statistics,
    key: bytes,
    who: Pseudonym,
    period: str,
    known: Any,
    **options: Any,
) -> bool:
    """Draws the waiting report anew when it is asked again."""
    drawn = draw_report(session, statistics, key, who, period, known, **options)
    if not drawn:
        name = kept._person_year(key, who, int(period[:4]))
        for row in session.scalars(
            select(StatisticsLedger).where(
                StatisticsLedger.person_year == name, StatisticsLedger.pending.is_not(None)
            )
        ):
            statistic = statistics.attributes[row.attribute]
            answer = statistics.answers(known)[row.attribute]
            row.pending = list(statistic.mechanism.perturb(answer))
    return drawn


def sent_at_once_on_retry(
    session: Session,
    statistics: Statistics,
    key: bytes,
    who: Pseudonym,
    period: str,
    known: Mapping[str, int],
    **_: Any,
) -> bool:
    """Sends without looking at the ledger."""
    mood = statistics.attributes["mood"]
    cells = list(mood.mechanism.perturb(known["mood"]))
    session.add(StatisticsReport(attribute="mood", period=period, version=mood.version, cells=cells))
    return True


@pytest.mark.parametrize("fault", [sent_at_once_on_retry, redraw_on_retry])
def test_reports_that_were_drawn_twice_are_seen(ledger: Ledger, fault: Any) -> None:
    ledger.draw = fault
    run(ledger, 20)
    assert ledger.overruns["other bits than were drawn first"] > 0
