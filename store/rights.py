"""What a person may ask of what is kept about them: to see how much there is, and to have it erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from privacy.pseudonym import Pseudonym
from store import holds
from store.forgetting import to_forget
from store.guide_models import FinishedGuide, GuideProgress, Measure, Plan
from store.models import (
    ContactDetail,
    Conversation,
    Escalation,
    EscalationEvent,
    LegalHold,
    Message,
    MoodCheckin,
    Person,
)

CLINICAL_RECORD: Final = "clinical_record"
LEGAL_HOLD: Final = "legal_hold"

OWN: Final[dict[str, tuple[tuple[Any, Any], ...]]] = {
    "moods": ((MoodCheckin, MoodCheckin.at),),
    "measures": ((Measure, Measure.at),),
    "plans": ((Plan, Plan.made_at),),
    "guides": ((GuideProgress, GuideProgress.began_at), (FinishedGuide, FinishedGuide.at)),
    "contact_details": ((ContactDetail, ContactDetail.shared_at),),
}
"""What hangs on a person themselves and not on a conversation, by kind: each table, and when a row came."""


@dataclass(frozen=True, slots=True)
class Held:
    """How much is kept about one person, in counts and kinds; never a value."""

    conversations: int
    messages: int
    clinical_messages: int
    """How many of the messages are part of a clinical record."""
    checkins: int
    measures: int
    plans: int
    guides: int
    """Guides that are under way or were finished."""
    escalations: int
    contact_kinds: tuple[str, ...]
    hold: str | None
    """Why everything must stay for now, as a code of `store.holds.REASONS`; None when nothing must."""
    shares_statistics: bool


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure removed, by kind, and what stays: why, and how many messages that is."""

    erased: dict[str, int]
    kept: dict[str, int]

    @property
    def anything(self) -> bool:
        """Whether there was anything to remove."""
        return any(self.erased.values())


def find_person(session: Session, pseudonym: Pseudonym) -> Person | None:
    """The person of that pseudonym, if anything is kept about them."""
    return session.scalar(select(Person).where(Person.pseudonym == pseudonym))


def held(session: Session, person: Person) -> Held:
    """Count what is kept about `person`."""
    conversations = list(session.scalars(_conversations_of(person)))
    clinical = _clinical_among(session, conversations)
    hold = holds.active(session, person.id)
    kinds = select(ContactDetail.kind).where(ContactDetail.person_id == person.id)
    return Held(
        conversations=len(conversations),
        messages=_count(session, Message, conversations),
        clinical_messages=_count(session, Message, clinical),
        checkins=_own(session, person, "moods"),
        measures=_own(session, person, "measures"),
        plans=_own(session, person, "plans"),
        guides=_own(session, person, "guides"),
        escalations=_count(session, Escalation, conversations),
        contact_kinds=tuple(session.scalars(kinds.order_by(ContactDetail.kind))),
        hold=hold.reason if hold else None,
        shares_statistics=person.shares_statistics,
    )


def erase_person(session: Session, person: Person, until: datetime) -> Erased:
    """Erase what was kept about `person` up to the moment `until`, and say what stays.

    A clinical record stays for its own time, and under a legal hold everything does. What came after `until`
    is not touched: a person may begin again. The engine's sessions are noted to be forgotten.
    """
    begun = list(session.scalars(_conversations_of(person, until)))
    clinical = _clinical_among(session, begun)
    if holds.active(session, person.id) is not None:
        return Erased({}, {LEGAL_HOLD: _count(session, Message, begun)})
    going = [one for one in begun if one not in set(clinical)]
    erased = {
        "conversations": len(going),
        "messages": _count(session, Message, going),
        **{kind: _erase_own(session, person, kind, until) for kind in OWN},
    }
    erase_conversations(session, going)
    if clinical:
        # The record stays; what the engine remembers of it is no part of the record.
        sessions = select(Conversation.engine_session).where(Conversation.id.in_(clinical))
        to_forget(session, session.scalars(sessions).all())
        return Erased(erased, {CLINICAL_RECORD: _count(session, Message, clinical)})
    if not _began_again(session, person, until):
        session.execute(delete(LegalHold).where(LegalHold.person_id == person.id))
        session.execute(delete(Person).where(Person.id == person.id))
    return Erased(erased, {})


def erase_conversations(session: Session, conversations: Sequence[str]) -> None:
    """Delete whole conversations by id, and note that the engine must forget them."""
    sessions = session.scalars(select(Conversation.engine_session).where(Conversation.id.in_(conversations)))
    to_forget(session, sessions.all())
    escalations = select(Escalation.id).where(Escalation.conversation_id.in_(conversations))
    session.execute(delete(EscalationEvent).where(EscalationEvent.escalation_id.in_(escalations)))
    session.execute(delete(Escalation).where(Escalation.conversation_id.in_(conversations)))
    session.execute(delete(Message).where(Message.conversation_id.in_(conversations)))
    session.execute(delete(Conversation).where(Conversation.id.in_(conversations)))


def _conversations_of(person: Person, until: datetime | None = None) -> Select[str]:
    query = select(Conversation.id).where(Conversation.person_id == person.id)
    return query if until is None else query.where(Conversation.started_at <= until)


def _clinical_among(session: Session, conversations: Sequence[str]) -> list[str]:
    return list(session.scalars(holds.clinical().where(Escalation.conversation_id.in_(conversations))))


def _count(session: Session, table: type[Message | Escalation], conversations: Sequence[str]) -> int:
    query = select(func.count()).select_from(table).where(table.conversation_id.in_(conversations))
    return session.scalar(query) or 0


def _own(session: Session, person: Person, kind: str) -> int:
    tables = (table for table, _ in OWN[kind])
    counts = (select(func.count()).select_from(table).where(table.person_id == person.id) for table in tables)
    return sum(session.scalar(count) or 0 for count in counts)


def _erase_own(session: Session, person: Person, kind: str, until: datetime) -> int:
    return sum(
        len(
            session.scalars(
                delete(table).where(table.person_id == person.id, at <= until).returning(table.id)
            ).all()
        )
        for table, at in OWN[kind]
    )


def _began_again(session: Session, person: Person, until: datetime) -> bool:
    """Whether the person came, or came back, after that moment."""
    tables = (Conversation, *(table for tables in OWN.values() for table, _ in tables))
    later = [select(table.id).where(table.person_id == person.id).limit(1) for table in tables]
    return person.first_seen > until or any(session.scalar(query) is not None for query in later)
