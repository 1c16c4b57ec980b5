"""What must stay although somebody wants it gone: clinical records, and legal holds."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from store import audit
from store.models import Conversation, Escalation, LegalHold, Person, now

REASONS: Final = MappingProxyType(
    {
        "complaint": "A complaint is being looked into",
        "incident": "A patient safety incident is being looked into",
        "inquest": "A coroner has asked for it",
        "court": "A court or the police have asked for it",
        "safeguarding": "A safeguarding enquiry needs it",
    }
)
"""Why a hold may be placed, by code."""


def place(session: Session, person: Person, reason: str) -> LegalHold:
    """Keep all that is held about `person` until the hold is lifted. Raises `ValueError` for an unknown reason."""
    if reason not in REASONS:
        raise ValueError(f"There is no reason {reason!r}; choose one of {', '.join(REASONS)}.")
    hold = LegalHold(person_id=person.id, reason=reason)
    session.add(hold)
    session.flush()
    audit.append(session, f"hold placed: {reason}", subject=hold.id)
    return hold


def lift(session: Session, person: Person) -> int:
    """Lift every hold on `person`; how many there were."""
    lifted = session.scalars(
        update(LegalHold)
        .where(LegalHold.person_id == person.id, LegalHold.lifted_at.is_(None))
        .values(lifted_at=now())
        .returning(LegalHold.id)
    ).all()
    for hold_id in lifted:
        audit.append(session, "hold lifted", subject=hold_id)
    return len(lifted)


def active(session: Session, person_id: str) -> LegalHold | None:
    """The oldest hold on the person that was not lifted."""
    return session.scalars(
        select(LegalHold)
        .where(LegalHold.person_id == person_id, LegalHold.lifted_at.is_(None))
        .order_by(LegalHold.placed_at)
        .limit(1)
    ).first()


def held_people() -> Select[str]:
    """The ids of everybody under a hold, as a subquery."""
    return select(LegalHold.person_id).where(LegalHold.lifted_at.is_(None))


def clinical(conversation_id: str | None = None) -> Select[str]:
    """The ids of conversations in which a human was asked to help, as a subquery: each is a clinical record."""
    found = select(Escalation.conversation_id).distinct()
    return found if conversation_id is None else found.where(Escalation.conversation_id == conversation_id)


def is_clinical(session: Session, conversation: Conversation) -> bool:
    """Whether a human was asked to help in this conversation."""
    return session.scalar(clinical(conversation.id)) is not None
