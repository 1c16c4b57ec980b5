"""The last mood check-in of a person: read, put right, or taken out. Under a legal hold nothing changes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from store import holds
from store.models import MoodCheckin


def last(session: Session, person_id: str) -> int | None:
    """The mood of the last check-in; None when there is none that may be changed."""
    checkin = _last(session, person_id)
    return checkin.mood if checkin else None


def change_last(session: Session, person_id: str, mood: int) -> int | None:
    """Put the last check-in right; what it was before, or None when there is none that may be changed."""
    checkin = _last(session, person_id)
    if checkin is None:
        return None
    before, checkin.mood = checkin.mood, mood
    return before


def remove_last(session: Session, person_id: str) -> int | None:
    """Take the last check-in out; what it was, or None when there is none that may be taken out."""
    checkin = _last(session, person_id)
    if checkin is None:
        return None
    session.delete(checkin)
    return checkin.mood


def _last(session: Session, person_id: str) -> MoodCheckin | None:
    if holds.active(session, person_id) is not None:
        return None
    of_person = select(MoodCheckin).where(MoodCheckin.person_id == person_id)
    return session.scalars(of_person.order_by(MoodCheckin.at.desc()).limit(1)).first()
