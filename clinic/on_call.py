"""The chain of people on call: who is asked first, who next, and how they are reached."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from privacy.vault import Vault
from store.models import OnCall, Staff

COVERS: Final = {
    "always": "At any hour",
    "open": "When the service is open",
    "closed": "When the service is closed",
}
"""When somebody may be asked: the code that is kept, and the words that staff choose."""


def chain(session: Session) -> Sequence[OnCall]:
    """Everybody on call who can still sign in, in the order in which they are asked."""
    query = select(OnCall).join(Staff).where(Staff.active).options(joinedload(OnCall.staff))
    return session.scalars(query.order_by(OnCall.position, OnCall.staff_id)).all()


def available(session: Session, *, is_open: bool) -> Sequence[OnCall]:
    """Those of the chain who may be asked now."""
    now_covered = ("always", "open" if is_open else "closed")
    return [place for place in chain(session) if place.covers in now_covered]


def put(session: Session, vault: Vault, staff: Staff, *, covers: str, mobile: str | None) -> OnCall:
    """Add `staff` at the end of the chain, or change when and how they are asked.

    `mobile` None keeps the number that is kept; an empty one removes it. Raises `ValueError` for unknown `covers`.
    """
    if covers not in COVERS:
        raise ValueError("Choose when they may be asked.")
    place = session.get(OnCall, staff.id)
    if place is None:
        last = session.scalar(select(func.max(OnCall.position))) or 0
        place = OnCall(staff_id=staff.id, position=last + 1, covers=covers)
        session.add(place)
    place.covers = covers
    if mobile is not None:
        place.mobile = vault.seal(mobile, owner=staff.id, purpose="mobile") if mobile else None
    session.flush()
    return place


def remove(session: Session, staff_id: str) -> None:
    """They are asked no more."""
    session.execute(delete(OnCall).where(OnCall.staff_id == staff_id))


def move_up(session: Session, staff_id: str) -> None:
    """They are asked before whoever stood before them."""
    places = list(chain(session))
    index = next((index for index, place in enumerate(places) if place.staff_id == staff_id), 0)
    if index > 0:
        places[index - 1], places[index] = places[index], places[index - 1]
    for position, place in enumerate(places, start=1):
        place.position = position
