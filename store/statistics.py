"""What is kept for usage statistics: reports that name nobody, and the ledger that keeps them few.

A report is drawn when a person's period closes and waits in the ledger, so that a retry cannot draw again. It
is sent later, with others, in a secret order and in a transaction of its own: nothing but the attribute and the
quarter then joins a ledger row to a report. Where few people are counted that can still be telling, which is
why a report is perturbed before it is kept anywhere.

The two tables share no key with each other or with any other table. On SQLite they are without row numbers,
so that rows lie in the order of their random keys, not in the order in which they came; PostgreSQL keeps the
transaction of a row until it is vacuumed, which is why sending is a transaction of its own.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from hashlib import sha256

from sqlalchemy import (
    JSON,
    ColumnElement,
    Index,
    String,
    Text,
    UniqueConstraint,
    cast,
    delete,
    func,
    select,
    type_coerce,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from privacy.ldp import Mechanism, Tally
from privacy.ldp.periods import period_of, year_of
from privacy.ldp.statistics import Statistic, Statistics, epsilon_of
from privacy.pseudonym import Pseudonym
from store.base import Base


def _random_key() -> str:
    return secrets.token_urlsafe(16)


class StatisticsReport(Base):
    """One perturbed answer of somebody: what about, which quarter, and no more."""

    __tablename__ = "statistics_report"
    __table_args__ = (
        # Counting reads this alone. PostgreSQL counts a million without one, and cannot index JSON.
        Index("ix_statistics_report_counting", "period", "attribute", "version", "cells").ddl_if(
            dialect="sqlite"
        ),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=_random_key)
    attribute: Mapped[str] = mapped_column(String(64))
    period: Mapped[str] = mapped_column(String(7))
    version: Mapped[str] = mapped_column(String(16))
    cells: Mapped[list[int]] = mapped_column(JSON)


class StatisticsLedger(Base):
    """That a person was counted in a period, and in what: at most once a quarter, on nothing twice a year."""

    __tablename__ = "statistics_ledger"
    __table_args__ = (
        UniqueConstraint("person_year", "period"),
        UniqueConstraint("person_year", "attribute"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=_random_key)
    person_year: Mapped[str] = mapped_column(String(64))
    """A keyed hash of the pseudonym and the year: the years of a person cannot be joined without the key."""
    period: Mapped[str] = mapped_column(String(7))
    attribute: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(16))
    pending: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    """The report, until it is sent."""


def close_period(
    session: Session,
    statistics: Statistics,
    ledger_key: bytes,
    person: Pseudonym,
    known: Mapping[str, int | None],
    *,
    today: date,
    consents: bool,
) -> bool:
    """Draw the person's report of the quarter that `today` lies in, unless that was done; whether it was now."""
    return draw_report(session, statistics, ledger_key, person, period_of(today), known, consents=consents)


def draw_report(
    session: Session,
    statistics: Statistics,
    ledger_key: bytes,
    person: Pseudonym,
    period: str,
    known: Mapping[str, int | None],
    *,
    consents: bool,
) -> bool:
    """Choose one attribute of `person` by secret chance, perturb its value and keep it in the ledger to be sent.

    `known` holds what there is to tell (an attribute's value); the rest is reported as not applicable. Nothing
    is drawn without consent, twice in a period, or once every attribute was reported in the year; retries and
    races only find that it was done. Raises `ValueError` for a value outside its domain or for no period.
    """
    answers = statistics.answers(known)
    name = _person_year(ledger_key, person, year_of(period))
    if not consents:
        return False
    attribute = _choose(session, statistics, name, period)
    if attribute is None:
        return False
    row = StatisticsLedger(
        person_year=name,
        period=period,
        attribute=attribute.name,
        version=attribute.version,
        pending=list(attribute.mechanism.perturb(answers[attribute.name])),
    )
    return _add_once(session, row)


def send_drawn(session: Session, *, one_in: int = 1) -> int:
    """Send the waiting reports in a secret order, each with a chance of 1 in `one_in`; how many were sent.

    Call it now and then, in a transaction of its own: `one_in` above 1 gives each report a random delay.
    """
    waiting = list(
        session.scalars(
            select(StatisticsLedger)
            .where(StatisticsLedger.pending.is_not(None))
            .with_for_update(skip_locked=True)
        )
    )
    secrets.SystemRandom().shuffle(waiting)
    due = [row for row in waiting if secrets.randbelow(one_in) == 0]
    for row in due:
        session.add(
            StatisticsReport(
                attribute=row.attribute, period=row.period, version=row.version, cells=row.pending or []
            )
        )
        row.pending = None
    session.flush()
    return len(due)


def withdraw(session: Session, ledger_key: bytes, person: Pseudonym, *, today: date) -> bool:
    """Discard the person's report that waits to be sent, if one does. That they were counted stays.

    A report that was sent cannot be found again: nothing says whose it is.
    """
    # What was drawn in the last days of a year may still wait in the next.
    names = [_person_year(ledger_key, person, year) for year in (today.year - 1, today.year)]
    discarded = session.scalars(
        update(StatisticsLedger)
        .where(StatisticsLedger.person_year.in_(names), StatisticsLedger.pending.is_not(None))
        .values(pending=None)
        .returning(StatisticsLedger.id)
    )
    return bool(discarded.all())


def forget_years_before(session: Session, year: int) -> int:
    """Delete the ledger of years before `year`: their budgets cannot be spent any more. How many rows."""
    return len(
        session.scalars(
            delete(StatisticsLedger)
            .where(StatisticsLedger.period < f"{year:04}")
            .returning(StatisticsLedger.id)
        ).all()
    )


def periods(session: Session) -> list[str]:
    """The periods that there are reports of, latest first."""
    return list(
        session.scalars(select(StatisticsReport.period).distinct().order_by(StatisticsReport.period.desc()))
    )


def counted(session: Session, statistic: Statistic, *periods: str) -> Tally:
    """The reports on `statistic` in `periods`, counted by cell; not those made when its values were others."""
    return counted_all(session, {statistic.name: statistic}, *periods)[statistic.name]


def counted_all(session: Session, attributes: Mapping[str, Statistic], *periods: str) -> dict[str, Tally]:
    """As `counted`, for every one of `attributes`. The database counts: a million reports take less than a second."""
    cells = _as_text(session)
    versions = {(name, one.version) for name, one in attributes.items()}
    found: dict[str, dict[str, int]] = {name: {} for name in attributes}
    for name, version, report, number in session.execute(
        select(StatisticsReport.attribute, StatisticsReport.version, cells, func.count())
        .where(StatisticsReport.period.in_(periods))
        .group_by(StatisticsReport.period, StatisticsReport.attribute, StatisticsReport.version, cells)
    ):
        if (name, version) in versions:
            found[name][report] = found[name].get(report, 0) + number
    return {name: _tally(one.mechanism, found[name]) for name, one in attributes.items()}


def _as_text(session: Session) -> ColumnElement[str]:
    """A report's cells as text, which can be grouped by: SQLite keeps JSON so, and its index then serves."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return type_coerce(StatisticsReport.cells, Text) if is_sqlite else cast(StatisticsReport.cells, Text)


def _tally(mechanism: Mechanism, reports: Mapping[str, int]) -> Tally:
    counts = [0] * mechanism.domain
    for report, number in reports.items():
        for cell in mechanism.cells(json.loads(report)):
            counts[cell] += number
    return Tally(sum(reports.values()), tuple(counts))


def _person_year(ledger_key: bytes, person: Pseudonym, year: int) -> str:
    return hmac.new(ledger_key, f"statistics\x00{year}\x00{person}".encode(), sha256).hexdigest()


def _choose(session: Session, statistics: Statistics, name: str, period: str) -> Statistic | None:
    """An attribute that was not reported this year, each as likely as the others whatever the answers are.

    One that would bring the person's year above the file's bound is none: what was reported under an earlier file
    counts as what it cost then.
    """
    spent = session.execute(
        select(StatisticsLedger.period, StatisticsLedger.attribute, StatisticsLedger.version).where(
            StatisticsLedger.person_year == name
        )
    ).all()
    if any(row.period == period for row in spent):
        return None
    reported = {row.attribute for row in spent}
    left_to_spend = statistics.yearly_bound - sum((epsilon_of(row.version) for row in spent), Fraction(0))
    left = [
        one
        for attribute, one in statistics.attributes.items()
        if attribute not in reported and one.epsilon <= left_to_spend
    ]
    return secrets.choice(left) if left else None


def _add_once(session: Session, row: StatisticsLedger) -> bool:
    """Add `row` unless somebody else just drew for the same person: the unique constraints decide."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True
