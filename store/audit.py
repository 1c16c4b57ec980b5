"""The audit log: lines that are only ever added, each chained to the one before it by its hash.

A line's hash covers the line and the hash before it, so whoever edits, removes, adds or reorders lines must change
every hash after them. `verify` says where that has happened. The database refuses to change or delete a line (by
triggers); what is past its time is forgotten from the beginning on, and where the log now begins is written down.

Whoever may write to the database may also drop the triggers and chain everything anew. What they cannot do is change
a head that was noted elsewhere: `harbour audit verify` keeps those outside the database, and looks for them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import Integer, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.models import AuditEvent, now

START: Final = "0" * 64
"""The hash before the first line."""

_BATCH: Final = 1000


class AuditHead(Base):
    """One row: the newest line, and the newest that has been forgotten because its time was over."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, default=0)
    hash: Mapped[str] = mapped_column(String(64), default=START)
    forgotten: Mapped[int] = mapped_column(Integer, default=0)
    forgotten_hash: Mapped[str] = mapped_column(String(64), default=START)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest line: its number, and its hash, which stands for every line before it."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found: how many lines, up to which head, and the first problem in words, if there is one."""

    lines: int
    head: Head
    problem: str | None = None


def append(
    session: Session, what: str, *, staff_id: str | None = None, subject: str | None = None
) -> AuditEvent:
    """Add a line within the caller's transaction. Writers take turns: the head's row is locked until they commit."""
    head = session.scalars(
        select(AuditHead).with_for_update().execution_options(populate_existing=True)
    ).one()
    event = AuditEvent(number=head.number + 1, what=what, staff_id=staff_id, subject=subject, at=now())
    event.hash = hash_of(head.hash, event.number, event.at, event.what, event.staff_id, event.subject)
    head.number, head.hash = event.number, event.hash
    session.add(event)
    session.flush()
    return event


def hash_of(
    before: str, number: int, at: datetime, what: str, staff_id: str | None, subject: str | None
) -> str:
    """The hash of a line: SHA-256 over its fields, each with its length before it, after the hash before it."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    fields = (before, str(number), moment, what, staff_id, subject)
    parts = ("-" if field is None else f"{len(field)}:{field}" for field in fields)
    return sha256("|".join(parts).encode()).hexdigest()


def verify(session: Session, noted: Mapping[int, str] | None = None) -> Verdict:
    """Walk the whole chain. `noted` are heads that were written down before, by number: each must still be there."""
    kept = session.scalars(select(AuditHead)).one_or_none()
    if kept is None:
        return Verdict(0, Head(0, START), "the head of the log is missing")
    number, before, lines = kept.forgotten, kept.forgotten_hash, 0
    expected = dict(noted or {})
    for event in _events(session):
        problem = _problem_with(event, number, before)
        if problem is None and expected.pop(event.number, event.hash) != event.hash:
            problem = f"line {event.number} is not the one that was noted: the log was chained anew"
        if problem is not None:
            return Verdict(lines, Head(number, before), problem)
        number, before, lines = event.number, event.hash, lines + 1
    if (number, before) != (kept.number, kept.hash):
        missing = f"lines after {number} are missing: the log should end with line {kept.number}"
        return Verdict(lines, Head(number, before), missing)
    lost = [noted_number for noted_number in expected if noted_number > kept.forgotten]
    if lost:
        return Verdict(lines, Head(number, before), f"line {min(lost)} was noted before, and is missing")
    return Verdict(lines, Head(number, before))


def forget(session: Session, numbers: Iterable[int]) -> None:
    """Delete the first lines of the log, whose time is over, and remember where it begins now.

    `numbers` must be the first lines there are, without a gap. Raises `ValueError` otherwise.
    """
    going = sorted(numbers)
    head = session.scalars(select(AuditHead).with_for_update()).one()
    if going != list(range(head.forgotten + 1, head.forgotten + 1 + len(going))):
        raise ValueError("Only the oldest lines of the audit log can be forgotten, without a gap.")
    last = session.get_one(AuditEvent, going[-1])
    session.execute(update(AuditHead).values(forgotten=last.number, forgotten_hash=last.hash))
    session.execute(delete(AuditEvent).where(AuditEvent.number <= last.number))


def _events(session: Session) -> Iterable[AuditEvent]:
    query = select(AuditEvent).order_by(AuditEvent.number).execution_options(yield_per=_BATCH)
    return session.scalars(query)


def _problem_with(event: AuditEvent, number: int, before: str) -> str | None:
    """What is wrong with a line that should come right after line `number`, whose hash is `before`."""
    if event.number != number + 1:
        gone = (
            f"line {number + 1}"
            if event.number == number + 2
            else f"lines {number + 1} to {event.number - 1}"
        )
        return f"{gone} removed, or numbered anew"
    right = hash_of(before, event.number, event.at, event.what, event.staff_id, event.subject)
    if event.hash != right:
        return f"line {event.number} was edited, or is not where it was written"
    return None
