"""The thread of a conversation: who it belongs to, and what was said, in order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from privacy.pseudonym import Pseudonym
from privacy.text import RedactedText, WrittenText
from store.models import Conversation, Message, Person, Speaker, Turn, now

_WITHOUT_SYNCHRONISING: Final = {"synchronize_session": False}
_ADD: Final = insert(Message)
_AFTER: Final = (
    select(Message)
    .where(Message.conversation_id == bindparam("conversation"), Message.position > bindparam("position"))
    .order_by(Message.position)
)
_OPEN_CONVERSATION: Final = (
    select(Conversation)
    .join(Person)
    .where(Person.pseudonym == bindparam("pseudonym"), Conversation.turn != Turn.ENDED)
    .order_by(Conversation.started_at.desc())
    .limit(1)
)


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
    return session.scalar(_OPEN_CONVERSATION, {"pseudonym": pseudonym})


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


def extend(
    session: Session,
    conversation_id: str,
    messages: Sequence[dict[str, Any]],
    *,
    but_not_at: Turn | None = None,
    **changes: Any,
) -> int | None:
    """Add messages at the end of a thread, and change columns of the conversation, in two statements.

    `messages` are columns of `Message`, without the position. The conversation's row is locked first, so that
    positions are taken in turn. Returns the position of the first; None when the conversation is not there (it
    was erased), or when it is at the turn `but_not_at`, and then nothing is changed.
    """
    change = _change(tuple(changes), but_not_at is not None)
    values = {
        **changes,
        "which": conversation_id,
        "more": len(messages),
        "moment": now(),
        "turn_not": but_not_at,
    }
    length = session.execute(change, values, execution_options=_WITHOUT_SYNCHRONISING).scalar()
    if length is None:
        return None
    first = length - len(messages) + 1
    rows = [
        {"conversation_id": conversation_id, "position": first + place, **message}
        for place, message in enumerate(messages)
    ]
    session.execute(_ADD, rows)
    return first


@cache
def _change(columns: tuple[str, ...], guarded: bool) -> ReturningUpdate[int]:
    """The statement that lengthens a conversation and sets `columns`; built once, for building costs most."""
    change = update(Conversation).where(Conversation.id == bindparam("which"))
    if guarded:
        change = change.where(Conversation.turn != bindparam("turn_not"))
    return change.values(
        length=Conversation.length + bindparam("more"),
        last_at=bindparam("moment"),
        **{column: bindparam(column) for column in columns},
    ).returning(Conversation.length)


def messages_after(session: Session, conversation_id: str, position: int) -> Sequence[Message]:
    """The messages that came after `position`, oldest first."""
    return session.scalars(_AFTER, {"conversation": conversation_id, "position": position}).all()


def latest(session: Session, conversation_id: str, speaker: Speaker, count: int) -> list[Message]:
    """The last `count` messages of one speaker, oldest first."""
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.speaker == speaker)
        .order_by(Message.position.desc())
        .limit(count)
    )
    return list(reversed(session.scalars(query).all()))
