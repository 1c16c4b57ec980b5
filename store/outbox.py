"""The outbox: what must leave this house, kept in the same transaction as the reason for it, until it has left.

A row names what is to be sent and never holds it: `payload` is made of ids and fixed words. Rows are claimed for a
while (``FOR UPDATE SKIP LOCKED`` on PostgreSQL, one atomic ``UPDATE`` on SQLite), so several processes may carry
at once and none carries what another holds. A process that dies leaves its claim to run out.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import JSON, Index, Integer, String, UniqueConstraint, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.columns import Instant
from store.models import new_id, now
from store.session import Store

LEASE: Final = timedelta(seconds=90)
"""How long a claim holds: longer than every route of one delivery together may take to time out."""


class Topic(StrEnum):
    """What kind of thing is to be sent; each has one carrier."""

    STAFF_NOTICE = "staff_notice"
    PATIENT_MESSAGE = "patient_message"


class OutboxState(StrEnum):
    """Where an item stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class OutboxItem(Base):
    """One thing to be sent. `key` is its name for good: a second item with the same key is not added."""

    __tablename__ = "outbox_item"
    __table_args__ = (
        UniqueConstraint("key", name="uq_outbox_item_key"),
        Index("ix_outbox_item_state_next", "state", "next_at"),
        Index("ix_outbox_item_subject", "subject"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    topic: Mapped[Topic] = mapped_column(String(24))
    key: Mapped[str] = mapped_column(String(128))
    subject: Mapped[str] = mapped_column(String(64))
    """The id of what it is about: an escalation, a message."""
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[OutboxState] = mapped_column(String(16), default=OutboxState.WAITING)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_at: Mapped[datetime] = mapped_column(Instant, default=now)
    claim: Mapped[str | None] = mapped_column(String(32))
    claimed_until: Mapped[datetime | None] = mapped_column(Instant)
    route: Mapped[str | None] = mapped_column(String(24))
    """By which way it was delivered."""
    problem: Mapped[str | None] = mapped_column(String(48))
    """Why the last attempt failed, as the name of a kind of failure."""
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


@dataclass(frozen=True, slots=True)
class Claimed:
    """An item that this process may carry until its claim runs out. `attempt` counts from 1.

    From the second attempt on, an earlier one may have arrived without our knowing: carry it under the same `key`.
    """

    id: str
    topic: Topic
    key: str
    subject: str
    payload: dict[str, Any]
    attempt: int
    claim: str


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait after a failed attempt: twice as long each time, up to `longest`; `attempts` in all."""

    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(minutes=15)
    attempts: int = 12

    def wait(self, attempt: int) -> timedelta:
        """The wait after attempt number `attempt`, with up to a fifth more by chance, so that not all come at once."""
        plain = min(self.first * (1 << min(attempt - 1, 30)), self.longest)
        return plain * (1 + secrets.randbelow(200) / 1000)


def put(
    session: Session,
    topic: Topic,
    key: str,
    subject: str,
    payload: dict[str, Any] | None = None,
    *,
    not_before: datetime | None = None,
) -> bool:
    """Add an item within the caller's transaction; False when one with this key was added before."""
    row = {
        "id": new_id(),
        "topic": topic,
        "key": key,
        "subject": subject,
        "payload": payload or {},
        "state": OutboxState.WAITING,
        "attempts": 0,
        "next_at": not_before or now(),
        "created_at": now(),
    }
    dialect = session.get_bind().dialect.name
    insert = insert_on_postgresql if dialect == "postgresql" else insert_on_sqlite
    added = insert(OutboxItem).values(row).on_conflict_do_nothing(index_elements=["key"])
    return session.scalar(added.returning(OutboxItem.id)) is not None


def anything_due(store: Store, topics: Iterable[Topic]) -> bool:
    """A look without any lock: most of the time there is nothing, and nobody should wait for that."""
    due = (
        select(OutboxItem.id)
        .where(OutboxItem.state == OutboxState.WAITING, OutboxItem.next_at <= now())
        .where(OutboxItem.topic.in_(list(topics)))
        .where(or_(OutboxItem.claimed_until.is_(None), OutboxItem.claimed_until <= now()))
        .limit(1)
    )
    with store.read() as session:
        return session.scalar(due) is not None


def claim(
    store: Store, topics: Iterable[Topic], *, limit: int = 10, lease: timedelta = LEASE
) -> list[Claimed]:
    """Take up to `limit` items that are due and that nobody holds, the longest due first."""
    moment, token = now(), new_id()
    due = (
        select(OutboxItem.id)
        .where(OutboxItem.state == OutboxState.WAITING, OutboxItem.next_at <= moment)
        .where(OutboxItem.topic.in_(list(topics)))
        .where(or_(OutboxItem.claimed_until.is_(None), OutboxItem.claimed_until <= moment))
        .order_by(OutboxItem.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    take = (
        update(OutboxItem)
        .where(OutboxItem.id.in_(due.scalar_subquery()))
        .values(claim=token, claimed_until=moment + lease, attempts=OutboxItem.attempts + 1)
        .returning(OutboxItem)
        .execution_options(synchronize_session=False)
    )
    with store.begin() as session:
        return [_claimed(item, token) for item in session.scalars(take)]


def delivered(session: Session, item: Claimed, route: str) -> bool:
    """It has left by `route`; False when the claim had run out and somebody else has it."""
    return _end(session, item, state=OutboxState.DELIVERED, route=route, ended_at=now(), problem=None)


def not_delivered(
    session: Session, item: Claimed, problem: str, *, permanent: bool, backoff: Backoff
) -> OutboxState:
    """This attempt failed. It is tried again after a wait, or given up: when `permanent`, or after the last attempt."""
    if permanent or item.attempt >= backoff.attempts:
        _end(session, item, state=OutboxState.FAILED, ended_at=now(), problem=problem)
        return OutboxState.FAILED
    _end(session, item, next_at=now() + backoff.wait(item.attempt), problem=problem)
    return OutboxState.WAITING


def _end(session: Session, item: Claimed, **values: Any) -> bool:
    """Give the claim back with what became of it, unless it is not ours any more."""
    ours = OutboxItem.id == item.id, OutboxItem.claim == item.claim
    change = update(OutboxItem).where(*ours).values(claim=None, claimed_until=None, **values)
    changed = session.execute(
        change.returning(OutboxItem.id), execution_options={"synchronize_session": False}
    )
    return changed.first() is not None


def _claimed(item: OutboxItem, token: str) -> Claimed:
    return Claimed(item.id, Topic(item.topic), item.key, item.subject, item.payload, item.attempts, token)
