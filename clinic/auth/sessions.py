"""Signed-in browsers. A session ends after 30 quiet minutes, and after 12 hours in any case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from clinic.auth.tokens import hash_of, new_token
from store.models import Staff, StaffSession, now

IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=12)
# How often a session in use is written down as used.
_TOUCH_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Visit:
    """A member of staff, in one signed-in browser. `key` is the hash of the session's token."""

    key: str
    staff_id: str
    first_name: str
    job_title: str
    roles: frozenset[str]
    csrf_token: str
    last_seen_at: datetime

    def may(self, roles: frozenset[str]) -> bool:
        """Whether one of `roles` is theirs; no roles at all means that any member of staff may."""
        return not roles or bool(roles & self.roles)

    @property
    def is_stale(self) -> bool:
        """Whether it is time to write down that the session is in use."""
        return now() - self.last_seen_at > _TOUCH_EVERY


def start(session: Session, staff: Staff) -> str:
    """Begin a session and return its token for the cookie. Sessions that have ended are cleared away."""
    _clear_ended(session)
    token = new_token()
    session.add(
        StaffSession(
            token_hash=hash_of(token),
            staff_id=staff.id,
            csrf_token=new_token(),
            expires_at=now() + LONGEST,
        )
    )
    return token


def find(session: Session, token: str) -> Visit | None:
    """Whose session this token is, unless it has ended."""
    return find_by_key(session, hash_of(token))


def find_by_key(session: Session, key: str) -> Visit | None:
    """As `find`, by the hash of the token."""
    kept = session.get(StaffSession, key)
    if kept is None or not kept.staff.active:
        return None
    if kept.expires_at <= now() or kept.last_seen_at <= now() - IDLE:
        return None
    return Visit(
        key=kept.token_hash,
        staff_id=kept.staff_id,
        first_name=kept.staff.first_name,
        job_title=kept.staff.job_title,
        roles=frozenset(kept.staff.roles),
        csrf_token=kept.csrf_token,
        last_seen_at=kept.last_seen_at,
    )


def touch(session: Session, key: str) -> None:
    """The session is in use."""
    session.execute(update(StaffSession).where(StaffSession.token_hash == key).values(last_seen_at=now()))


def end(session: Session, key: str) -> None:
    """Sign this browser out."""
    session.execute(delete(StaffSession).where(StaffSession.token_hash == key))


def _clear_ended(session: Session) -> None:
    ended = or_(StaffSession.expires_at <= now(), StaffSession.last_seen_at <= now() - IDLE)
    session.execute(delete(StaffSession).where(ended))
