"""The thread of a conversation: who it belongs to, and what was said, in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from privacy.pseudonym import Pseudonym
from privacy.text import RedactedText, WrittenText
from store.models import Conversation, Message, Person, Speaker, Turn, now


def open_conversation(session: Session, pseudonym: Pseudonym, channel: str) -> Conversation:
    """The person's conversation that has not ended, or a new one; a person not seen before is added."""
    found = find_conversation(session, pseudonym)
    if found is not None:
        return found
    person = session.scalar(select(Person).where(Person.pseudonym == pseudonym))
    if person is None:
        person = Person(pseudonym=pseudonym, channel=channel)
    conversation = Conversation(person=person, channel=channel)
    session.add(conversation)
    session.flush()
    return conversation


def find_conversation(session: Session, pseudonym: Pseudonym) -> Conversation | None:
    """The person's conversation that has not ended, if there is one."""
    query = (
        select(Conversation)
        .join(Person)
        .where(Person.pseudonym == pseudonym, Conversation.turn != Turn.ENDED)
        .order_by(Conversation.started_at.desc())
        .limit(1)
    )
    return session.scalar(query)


def by_engine_session(session: Session, engine_session: str) -> Conversation | None:
    """The conversation that the dialogue engine knows under this name."""
    return session.scalar(select(Conversation).where(Conversation.engine_session == engine_session))


def append(
    session: Session,
    conversation: Conversation,
    speaker: Speaker,
    text: RedactedText | WrittenText,
    **fields: Any,
) -> Message:
    """Add a message at the end of the thread. `fields` are further columns of `Message`."""
    conversation.length += 1
    conversation.last_at = now()
    message = Message(
        conversation_id=conversation.id,
        position=conversation.length,
        speaker=speaker,
        text=text,
        **fields,
    )
    session.add(message)
    return message


def messages_after(session: Session, conversation_id: str, position: int) -> Sequence[Message]:
    """The messages that came after `position`, oldest first."""
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.position > position)
        .order_by(Message.position)
    )
    return session.scalars(query).all()


def latest(session: Session, conversation_id: str, speaker: Speaker, count: int) -> list[Message]:
    """The last `count` messages of one speaker, oldest first."""
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.speaker == speaker)
        .order_by(Message.position.desc())
        .limit(count)
    )
    return list(reversed(session.scalars(query).all()))
