"""Timers that survive a restart, and of which each runs once, however many processes look at them.

A timer is a row. Whoever finds it due locks it (``SKIP LOCKED`` on PostgreSQL, the write lock on SQLite), does what
it is for and deletes it in one transaction: either all of that has happened, or none of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import structlog
from sqlalchemy import Index, String, delete, select, update
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.columns import Instant
from store.models import now
from store.session import Store

_log = structlog.get_logger()

_AFTER_A_FAILURE: Final = timedelta(seconds=30)
_AT_ONCE: Final = 50


class TimerKind(StrEnum):
    """What a timer is for."""

    ASK_NEXT = "ask_next"
    """Nobody has acknowledged an escalation: ask the next person on call."""
    HANDOVER_QUIET = "handover_quiet"
    """A clinician who has a conversation may have gone quiet."""


class Timer(Base):
    """One timer: there is at most one of a kind for a subject."""

    __tablename__ = "timer"
    __table_args__ = (Index("ix_timer_due", "due_at"),)

    kind: Mapped[TimerKind] = mapped_column(String(24), primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(Instant)


Handler = Callable[[Session, str], Iterable[str]]
"""Does what is due for a subject, within the transaction that it is given; returns the topics to wake after it."""


def put(session: Session, kind: TimerKind, subject: str, due_at: datetime) -> None:
    """Set a timer, or move the one that there is."""
    dialect = session.get_bind().dialect.name
    insert = insert_on_postgresql if dialect == "postgresql" else insert_on_sqlite
    row = insert(Timer).values(kind=kind, subject=subject, due_at=due_at)
    session.execute(
        row.on_conflict_do_update(index_elements=["kind", "subject"], set_={"due_at": row.excluded.due_at})
    )


def cancel(session: Session, kind: TimerKind, subject: str) -> None:
    """Take a timer away, if there is one."""
    session.execute(delete(Timer).where(Timer.kind == kind, Timer.subject == subject))


def run_due(store: Store, handlers: Mapping[TimerKind, Handler], wake: Callable[[str], None]) -> int:
    """Run what is due, one transaction each; how many ran. One that fails is left for half a minute."""
    ran = 0
    while ran < _AT_ONCE and _anything_due(store, handlers):
        subject: tuple[TimerKind, str] | None = None
        try:
            with store.begin() as session:
                timer = _next(session, handlers)
                if timer is None:
                    return ran
                subject = TimerKind(timer.kind), timer.subject
                session.execute(delete(Timer).where(Timer.kind == subject[0], Timer.subject == subject[1]))
                topics = list(handlers[subject[0]](session, subject[1]))
        except SQLAlchemyError as error:
            if subject is None:
                raise
            _log.error("timer.failed", kind=subject[0], error=type(error).__name__)
            _postpone(store, *subject)
            continue
        ran += 1
        for topic in topics:
            wake(topic)
    return ran


def _anything_due(store: Store, kinds: Iterable[TimerKind]) -> bool:
    """A look without any lock: most of the time nothing is due, and nobody should wait for that."""
    due = select(Timer.kind).where(Timer.due_at <= now(), Timer.kind.in_(list(kinds))).limit(1)
    with store.read() as session:
        return session.scalar(due) is not None


def _next(session: Session, kinds: Iterable[TimerKind]) -> Timer | None:
    due = select(Timer).where(Timer.due_at <= now(), Timer.kind.in_(list(kinds)))
    return session.scalar(due.order_by(Timer.due_at).limit(1).with_for_update(skip_locked=True))


def _postpone(store: Store, kind: TimerKind, subject: str) -> None:
    later = update(Timer).where(Timer.kind == kind, Timer.subject == subject)
    with store.begin() as session:
        session.execute(later.values(due_at=now() + _AFTER_A_FAILURE))
