"""How long each kind of thing is kept, and the deletion of what is past its time, in small batches.

One table, `KINDS`, says for each kind what is due. A conversation in use, one with an open escalation, and
whatever is under a legal hold are never due. Periods are settings, in days.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from privacy.ldp.periods import period_of
from store import audit, holds
from store.base import Base
from store.guide_models import FinishedGuide, GuideProgress, Measure, Plan
from store.models import (
    AuditEvent,
    ContactDetail,
    Conversation,
    ErasureReceipt,
    Escalation,
    EscalationState,
    MoodCheckin,
    Person,
    ServiceAlert,
    SetupLink,
    StaffSession,
    Turn,
    now,
)
from store.outbox import OutboxItem
from store.rights import OWN, erase_conversations
from store.session import Store
from store.statistics import StatisticsLedger, StatisticsReport

BATCH_ROWS: Final = 1000
"""Rows in one transaction: few enough that a message which waits for it is not late."""
_PAUSE_SECONDS: Final = 0.02
_IN_USE: Final = timedelta(days=1)
"""A conversation in which something was said within a day is in use, whatever the period."""

Due = Callable[[datetime], Select[Any]]
"""The keys of what was last needed before a moment."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that is kept: its name, what it is in words, which are due, and how they go."""

    name: str
    words: str
    due: Due
    remove: Callable[[Session, Sequence[Any]], None]
    days: int
    """The period when a service sets none."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How many of one kind are due, or were deleted, and how long that kind is kept."""

    kind: Kind
    days: int
    count: int


def _open_escalation(conversation: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return exists().where(
        Escalation.conversation_id == conversation, Escalation.state != EscalationState.CLOSED
    )


def _at_rest(before: datetime) -> ColumnElement[bool]:
    """Conversations that are over: quiet since `before` and for a day, with no human in them or asked for."""
    return and_(
        Conversation.last_at < min(before, now() - _IN_USE),
        Conversation.turn != Turn.CLINICIAN,
        ~_open_escalation(Conversation.id),
        Conversation.person_id.not_in(holds.held_people()),
    )


def _busy_people() -> Select[str]:
    """Everybody with a conversation in use, or with an open escalation."""
    return select(Conversation.person_id).where(
        or_(
            Conversation.last_at >= now() - _IN_USE,
            Conversation.turn == Turn.CLINICIAN,
            _open_escalation(Conversation.id),
        )
    )


def _conversations(before: datetime) -> Select[str]:
    return select(Conversation.id).where(_at_rest(before), Conversation.id.not_in(holds.clinical()))


def _clinical_records(before: datetime) -> Select[str]:
    return select(Conversation.id).where(_at_rest(before), Conversation.id.in_(holds.clinical()))


def _of_people_at_rest(table: Any, at: Any) -> Due:
    def due(before: datetime) -> Select[str]:
        return select(table.id).where(
            at < before,
            table.person_id.not_in(holds.held_people()),
            table.person_id.not_in(_busy_people()),
        )

    return due


def _people(before: datetime) -> Select[str]:
    """People of whom nothing is left but their name in the store."""
    parts = (Conversation, *(table for tables in OWN.values() for table, _ in tables))
    nothing = [~exists().where(part.person_id == Person.id) for part in parts]
    return select(Person.id).where(
        Person.first_seen < min(before, now() - _IN_USE), *nothing, Person.id.not_in(holds.held_people())
    )


def _older(table: type[Base], key: Any, at: Any) -> Due:
    def due(before: datetime) -> Select[Any]:
        return select(key).select_from(table).where(at.is_not(None), at < before)

    return due


def _reports(before: datetime) -> Select[str]:
    return select(StatisticsReport.id).where(StatisticsReport.period < period_of(before.date()))


def _ledger(before: datetime) -> Select[str]:
    """Only years that are over: while a year runs, its budget can still be spent."""
    return select(StatisticsLedger.id).where(
        StatisticsLedger.period < f"{min(before, now()).year:04}", StatisticsLedger.pending.is_(None)
    )


def _audit(before: datetime) -> Select[int]:
    """The log is a chain, so it is forgotten from its beginning on: every line before the first that must stay."""
    first_to_stay = select(func.min(AuditEvent.number)).where(AuditEvent.at >= before).scalar_subquery()
    last = select(func.max(AuditEvent.number) + 1).scalar_subquery()
    going = select(AuditEvent.number).where(AuditEvent.number < func.coalesce(first_to_stay, last))
    return going.order_by(AuditEvent.number)


def _delete(table: type[Base], key: Any) -> Callable[[Session, Sequence[Any]], None]:
    def remove(session: Session, keys: Sequence[Any]) -> None:
        session.execute(delete(table).where(key.in_(keys)))

    return remove


def _plain(name: str, words: str, table: type[Base], key: Any, at: Any, days: int) -> Kind:
    return Kind(name, words, _older(table, key, at), _delete(table, key), days)


def _personal(name: str, words: str, table: Any, at: Any, days: int) -> Kind:
    return Kind(name, words, _of_people_at_rest(table, at), _delete(table, table.id), days)


_YEAR: Final = 365
_RECORD: Final = 7305
"""20 years: a mental health record (NHS England, Records Management Code of Practice 2021, appendix II)."""

KINDS: Final = (
    Kind("conversations", "conversations without a human", _conversations, erase_conversations, _YEAR),
    Kind(
        "clinical_records",
        "conversations in which a human was asked to help",
        _clinical_records,
        erase_conversations,
        _RECORD,
    ),
    _personal("moods", "mood check-ins", MoodCheckin, MoodCheckin.at, _YEAR),
    _personal("measures", "questionnaires that were answered", Measure, Measure.at, _YEAR),
    _personal(
        "plans", "safety plans and other plans, after the last change", Plan, Plan.changed_at, 2 * _YEAR
    ),
    _personal(
        "guides", "exercises and questionnaires left half done", GuideProgress, GuideProgress.changed_at, 30
    ),
    _personal("exercises", "which exercises were done", FinishedGuide, FinishedGuide.at, _YEAR),
    _personal("contact_details", "contact details", ContactDetail, ContactDetail.shared_at, 90),
    Kind("people", "people of whom nothing else is kept", _people, _delete(Person, Person.id), 30),
    _plain(
        "service_alerts",
        "service alerts that are over",
        ServiceAlert,
        ServiceAlert.id,
        ServiceAlert.cleared_at,
        90,
    ),
    _plain("outbox", "notices that were sent", OutboxItem, OutboxItem.id, OutboxItem.ended_at, 30),
    _plain(
        "staff_sessions",
        "staff sessions that have ended",
        StaffSession,
        StaffSession.token_hash,
        StaffSession.expires_at,
        30,
    ),
    _plain(
        "setup_links",
        "set-up links that no longer work",
        SetupLink,
        SetupLink.token_hash,
        SetupLink.expires_at,
        30,
    ),
    Kind("audit", "the record of what staff did", _audit, audit.forget, _RECORD),
    _plain(
        "receipts", "receipts of erasures", ErasureReceipt, ErasureReceipt.code, ErasureReceipt.at, 2 * _YEAR
    ),
    Kind(
        "statistics_reports",
        "statistics reports",
        _reports,
        _delete(StatisticsReport, StatisticsReport.id),
        5 * _YEAR,
    ),
    Kind(
        "statistics_ledger",
        "who was counted in years that are over",
        _ledger,
        _delete(StatisticsLedger, StatisticsLedger.id),
        90,
    ),
)
"""Everything that has a period, in the order in which it goes: what hangs on a person before the person."""

PERIODS: Final = MappingProxyType({kind.name: kind.days for kind in KINDS})
"""How many days each kind is kept when a service sets nothing."""


def due(session: Session, periods: Mapping[str, int]) -> list[Taken]:
    """How many of each kind are past their time now. Deletes nothing."""
    return [Taken(kind, periods[kind.name], _count(session, kind, periods[kind.name])) for kind in KINDS]


def delete_due(store: Store, periods: Mapping[str, int], *, batch: int = BATCH_ROWS) -> list[Taken]:
    """Delete what is past its time, `batch` rows a transaction, with a pause after each for whoever writes."""
    return [Taken(kind, periods[kind.name], _empty(store, kind, periods[kind.name], batch)) for kind in KINDS]


def _empty(store: Store, kind: Kind, days: int, batch: int) -> int:
    gone = 0
    while True:
        with store.begin() as session:
            keys = _next(session, kind, days, batch)
            if keys:
                kind.remove(session, keys)
        if not keys:
            return gone
        gone += len(keys)
        time.sleep(_PAUSE_SECONDS)


def _next(session: Session, kind: Kind, days: int, batch: int) -> list[Any]:
    """The keys of one batch. A conversation weighs as much as its messages, and one is always taken."""
    query = kind.due(_before(days))
    if kind.remove is not erase_conversations:
        return list(session.scalars(query.limit(batch)))
    weighed = session.execute(
        query.add_columns(Conversation.length).order_by(Conversation.last_at).limit(batch)
    )
    keys: list[Any] = []
    rows = 0
    for key, length in weighed:
        rows += 1 + length
        if keys and rows > batch:
            break
        keys.append(key)
    return keys


def _count(session: Session, kind: Kind, days: int) -> int:
    return session.scalar(select(func.count(literal(1))).select_from(kind.due(_before(days)).subquery())) or 0


def _before(days: int) -> datetime:
    return now() - timedelta(days=days)
