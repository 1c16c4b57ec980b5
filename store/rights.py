"""What a person may ask of what is kept about them: to see how much there is, and to have it erased."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from store.models import Conversation, Escalation, EscalationEvent, Message, MoodCheckin, Person


@dataclass(frozen=True, slots=True)
class Held:
    """How much is kept about one person."""

    conversations: int
    messages: int
    checkins: int
    escalations: int
    shares_statistics: bool


@dataclass(frozen=True, slots=True)
class ErasureReceipt:
    """What an erasure removed, and what it had to keep because staff had been asked to help."""

    messages_erased: int
    checkins_erased: int
    engine_sessions: tuple[str, ...]
    """The sessions that the dialogue engine must forget as well."""
    kept_for_open_escalation: bool


def held(session: Session, person: Person) -> Held:
    """Count what is kept about `person`."""
    conversations = select(Conversation.id).where(Conversation.person_id == person.id)

    def count(table: type[Message | Escalation]) -> int:
        query = select(func.count()).select_from(table).where(table.conversation_id.in_(conversations))
        return session.scalar(query) or 0

    moods = select(func.count()).select_from(MoodCheckin).where(MoodCheckin.person_id == person.id)
    return Held(
        conversations=len(session.scalars(conversations).all()),
        messages=count(Message),
        checkins=session.scalar(moods) or 0,
        escalations=count(Escalation),
        shares_statistics=person.shares_statistics,
    )


def erase_person(session: Session, person: Person) -> ErasureReceipt:
    """Erase all that is kept about `person`, except conversations in which a human was asked to help.

    Those are a clinical record: they stay, and the receipt says so, so that the person can be told.
    """
    conversations = list(session.scalars(select(Conversation).where(Conversation.person_id == person.id)))
    clinical = set(
        session.scalars(
            select(Escalation.conversation_id).where(
                Escalation.conversation_id.in_([conversation.id for conversation in conversations])
            )
        )
    )
    erasable = [conversation for conversation in conversations if conversation.id not in clinical]
    erased = sum(_erase_conversation(session, conversation) for conversation in erasable)
    moods = session.scalars(
        delete(MoodCheckin).where(MoodCheckin.person_id == person.id).returning(MoodCheckin.id)
    )
    receipt = ErasureReceipt(
        messages_erased=erased,
        checkins_erased=len(moods.all()),
        engine_sessions=tuple(conversation.engine_session for conversation in conversations),
        kept_for_open_escalation=bool(clinical),
    )
    if not clinical:
        session.delete(person)
    return receipt


def _erase_conversation(session: Session, conversation: Conversation) -> int:
    escalations = select(Escalation.id).where(Escalation.conversation_id == conversation.id)
    session.execute(delete(EscalationEvent).where(EscalationEvent.escalation_id.in_(escalations)))
    session.execute(delete(Escalation).where(Escalation.conversation_id == conversation.id))
    messages = session.scalars(
        delete(Message).where(Message.conversation_id == conversation.id).returning(Message.id)
    ).all()
    session.execute(delete(Conversation).where(Conversation.id == conversation.id))
    return len(messages)
