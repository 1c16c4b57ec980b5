"""A person is counted at most once a quarter, on nothing twice a year, whatever goes wrong; no report names them."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import select

from privacy.ldp.statistics import Statistics, epsilon_of
from privacy.pseudonym import Pseudonym, Pseudonyms
from store.base import Base
from store.session import Store
from store.statistics import (
    StatisticsLedger,
    StatisticsReport,
    close_period,
    counted,
    counted_all,
    draw_report,
    forget_years_before,
    periods,
    send_drawn,
    withdraw,
)

KEY = b"l" * 32
STATISTICS = Statistics.load()
QUARTERS = [f"2026-Q{quarter}" for quarter in range(1, 5)]


def person(number: int = 0) -> Pseudonym:
    return Pseudonyms(b"k" * 32).of("web", f"browser {number}")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path / 'harbour.db'}")
    Base.metadata.create_all(opened.engine)
    yield opened
    opened.close()


def draw(store: Store, who: Pseudonym, period: str = "2026-Q4", *, consents: bool = True) -> bool:
    with store.begin() as session:
        return draw_report(session, STATISTICS, KEY, who, period, {"mood": 3}, consents=consents)


def send(store: Store, one_in: int = 1) -> int:
    with store.begin() as session:
        return send_drawn(session, one_in=one_in)


def send_and_fail(store: Store) -> None:
    with store.begin() as session:
        send_drawn(session)
        raise RuntimeError


def ledger(store: Store) -> list[StatisticsLedger]:
    with store.read() as session:
        return list(session.scalars(select(StatisticsLedger)))


def reports(store: Store) -> list[StatisticsReport]:
    with store.read() as session:
        return list(session.scalars(select(StatisticsReport)))


def test_one_report_a_quarter(store: Store) -> None:
    assert [draw(store, person()) for _ in range(3)] == [True, False, False]
    assert len(ledger(store)) == 1


def test_a_retry_sends_the_same_report_once(store: Store) -> None:
    draw(store, person())
    drawn = ledger(store)[0].pending
    with pytest.raises(RuntimeError):
        send_and_fail(store)
    assert reports(store) == []
    draw(store, person())
    assert [send(store), send(store)] == [1, 0]
    assert [report.cells for report in reports(store)] == [drawn]
    assert ledger(store)[0].pending is None
    draw(store, person())
    assert send(store) == 0


def test_every_statistic_once_a_year_and_then_none_is_left(store: Store) -> None:
    assert all(draw(store, person(), quarter) for quarter in QUARTERS)
    assert sorted(row.attribute for row in ledger(store)) == sorted(STATISTICS.attributes)
    assert draw(store, person(), "2027-Q1")


def test_a_year_with_fewer_statistics_than_quarters_stops(store: Store) -> None:
    two = replace(STATISTICS, attributes=dict(list(STATISTICS.attributes.items())[:2]))
    with store.begin() as session:
        drawn = [draw_report(session, two, KEY, person(), period, {}, consents=True) for period in QUARTERS]
    assert drawn == [True, True, False, False]


def test_no_consent_no_trace(store: Store) -> None:
    assert not draw(store, person(), consents=False)
    assert ledger(store) == []


def test_many_threads_draw_once(store: Store) -> None:
    people = [person(number) for number in range(6)] * 8
    with ThreadPoolExecutor(8) as pool:
        drawn = list(pool.map(lambda who: draw(store, who), people))
    assert sum(drawn) == 6
    assert len({row.person_year for row in ledger(store)}) == len(ledger(store)) == 6


def test_many_threads_send_once(store: Store) -> None:
    for number in range(20):
        draw(store, person(number))
    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(lambda _: send(store), range(6))) == 20
    assert len(reports(store)) == 20


def test_who_loses_a_race_is_told_without_an_error(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a database whose readers do not wait, both see an empty ledger: then the constraint decides."""
    draw(store, person())
    topic = STATISTICS.attributes["topic"]
    monkeypatch.setattr("store.statistics._choose", lambda *_: topic)
    assert not draw(store, person())
    assert len(ledger(store)) == 1


def test_which_statistic_is_drawn_does_not_depend_on_the_answers(store: Store) -> None:
    with store.begin() as session:
        for number in range(800):
            known = {"mood": number % 11} if number % 2 else {}
            draw_report(session, STATISTICS, KEY, person(number), "2026-Q4", known, consents=True)
    drawn = Counter(row.attribute for row in ledger(store))
    # 200 of each are expected, give or take 12: five of those are allowed.
    assert all(140 < drawn[name] < 260 for name in STATISTICS.attributes)


def test_a_report_names_nobody_and_no_time(store: Store) -> None:
    assert set(StatisticsReport.__table__.columns.keys()) == {"id", "attribute", "period", "version", "cells"}
    assert not StatisticsReport.__table__.foreign_keys
    assert not StatisticsLedger.__table__.foreign_keys
    draw(store, person())
    assert person() not in ledger(store)[0].person_year


def test_rows_have_no_numbers_that_tell_their_order(store: Store, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "harbour.db")
    for table in ("statistics_report", "statistics_ledger"):
        with pytest.raises(sqlite3.OperationalError, match="rowid"):
            connection.execute(f"SELECT rowid FROM {table}")  # noqa: S608 - a fixed name
    connection.close()


def test_a_person_s_years_cannot_be_joined(store: Store) -> None:
    draw(store, person(), "2026-Q4")
    draw(store, person(), "2027-Q1")
    assert len({row.person_year for row in ledger(store)}) == 2


def test_whoever_withdraws_is_not_sent_and_not_drawn_again(store: Store) -> None:
    draw(store, person(1))
    draw(store, person(2))
    with store.begin() as session:
        assert withdraw(session, KEY, person(1), today=date(2026, 11, 22))
        assert not withdraw(session, KEY, person(1), today=date(2026, 11, 22))
    assert send(store) == 1
    assert not draw(store, person(1))


def test_what_was_drawn_in_december_is_taken_back_in_january(store: Store) -> None:
    draw(store, person(), "2026-Q4")
    with store.begin() as session:
        assert withdraw(session, KEY, person(), today=date(2027, 1, 1))
    assert send(store) == 0


def test_what_an_earlier_file_let_a_year_cost_counts_against_the_bound(store: Store) -> None:
    """The file is changed in July: half of the year's bound was spent by then, and no more is left for two draws."""
    half = replace(STATISTICS, yearly_bound=Fraction(6))
    assert draw(store, person(), "2026-Q1")
    assert draw(store, person(), "2026-Q2")
    with store.begin() as session:
        drawn = [
            draw_report(session, half, KEY, person(), quarter, {}, consents=True) for quarter in QUARTERS[2:]
        ]
    assert drawn == [True, False]
    assert sum(epsilon_of(row.version) for row in ledger(store)) == 6


def test_reports_of_several_quarters_are_counted_together_and_of_another_version_not(store: Store) -> None:
    topic = STATISTICS.attributes["topic"]
    with store.begin() as session:
        for period, version in (("2026-Q3", topic.version), ("2026-Q4", topic.version), ("2026-Q4", "2-old")):
            session.add_all(
                StatisticsReport(attribute="topic", period=period, version=version, cells=[cell])
                for cell in (1, 1, 3)
            )
    with store.read() as session:
        assert counted(session, topic, "2026-Q4").counts == (0, 2, 0, 1, 0, 0, 0, 0)
        both = counted_all(session, STATISTICS.attributes, "2026-Q3", "2026-Q4")
    assert both["topic"].counts == (0, 4, 0, 2, 0, 0, 0, 0)
    assert both["mood"].n == 0


def test_a_random_delay_sends_some_now_and_all_in_the_end(store: Store) -> None:
    for number in range(30):
        draw(store, person(number))
    sent = [send(store, one_in=3) for _ in range(60)]
    assert sum(sent) == 30
    assert max(sent) < 30


def test_reports_are_counted_by_statistic_and_quarter(store: Store) -> None:
    for number in range(40):
        with store.begin() as session:
            close_period(
                session, STATISTICS, KEY, person(number), {"mood": 5}, today=date(2026, 11, 2), consents=True
            )
    send(store)
    with store.read() as session:
        assert periods(session) == ["2026-Q4"]
        found = [counted(session, one, "2026-Q4") for one in STATISTICS.attributes.values()]
        assert sum(tally.n for tally in found) == 40
        assert counted(session, STATISTICS.attributes["mood"], "2026-Q3").n == 0


def test_old_ledgers_are_forgotten(store: Store) -> None:
    draw(store, person(), "2025-Q4")
    draw(store, person(), "2026-Q1")
    with store.begin() as session:
        assert forget_years_before(session, 2026) == 1
    assert [row.period for row in ledger(store)] == ["2026-Q1"]


def test_a_value_that_cannot_be_is_refused(store: Store) -> None:
    with store.begin() as session, pytest.raises(ValueError, match="whole number"):
        draw_report(session, STATISTICS, KEY, person(), "2026-Q4", {"mood": 99}, consents=True)
