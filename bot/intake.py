"""Recall what a message must be read with, and record it: the two ends of taking a message in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.delivery import Answered, Choice, Delivery, Refused
from bot.safety.screening import ResponseNeeded, SafetyQuestion, Screening
from clinic.clock import ResponseTargets
from clinic.escalations import KeptReason, open_escalation, raise_escalation
from content import Content
from privacy.pseudonym import Pseudonym
from privacy.redaction import Numbering, Redaction
from store import conversations
from store.models import Conversation, Message, Speaker, Turn, now
from store.session import Store
from store.signals import Signals

# Danger is sometimes said over several messages; these are read together.
_EARLIER_MESSAGES: Final = 3
_EARLIER_FOR: Final = timedelta(minutes=15)
_LONGEST_DELIVERY_ID: Final = 64


@dataclass(frozen=True, slots=True)
class Context:
    """What a message is read with. `typed` is the raw text, which lives no longer than the journey's thread."""

    typed: str = field(repr=False)
    payload: str
    """What Rasa is told when an offered button was pressed; empty for typed words."""
    turn: str
    asked: SafetyQuestion | None
    earlier: tuple[str, ...]
    engine_session: str
    numbering: Numbering = field(repr=False)

    @classmethod
    def without_memory(cls, typed: str) -> Self:
        """For when the store cannot be asked: the message is read by itself, and cannot be kept."""
        return cls(typed, "", Turn.BOT, None, (), "", Numbering(bytes(32)))


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that is kept. `already_waiting` is whether an escalation was open before it."""

    answered: Answered
    context: Context
    screening: Screening
    already_waiting: bool

    @property
    def danger_now(self) -> bool:
        """Whether the numbers must be on the screen at once."""
        return self.screening.response is ResponseNeeded.RESPOND_NOW

    @property
    def needs_safety_conversation(self) -> bool:
        """Whether the next words are fixed ones: danger may be there, or a question about it was answered."""
        return self.screening.response is not ResponseNeeded.NONE or self.context.asked is not None


class Intake:
    """Reads and writes what one message needs of the store."""

    def __init__(self, store: Store, signals: Signals, content: Content, targets: ResponseTargets) -> None:
        self._store = store
        self._signals = signals
        self._content = content
        self._targets = targets

    def recall(self, person: Pseudonym, delivery: Delivery) -> Context | Answered | Refused:
        """What the message must be read with; or the earlier answer, if this delivery came before.

        A person without an open conversation gets one. Raises `sqlalchemy.exc.OperationalError` when the store
        cannot be asked.
        """
        with self._store.read() as session:
            conversation = conversations.find_conversation(session, person)
            repeated = _repeated(session, _delivery_key(person, delivery))
            if repeated is not None:
                return repeated
            typed, payload = delivery.text or "", ""
            if delivery.choice is not None:
                offered = _offered(session, conversation, delivery.choice)
                if offered is None:
                    return Refused(self._content.notices.message.choice_gone.pick(), 409)
                typed, payload = offered
            if conversation is not None:
                return _context(session, conversation, typed, payload)
        with self._store.begin() as session:
            conversation = conversations.open_conversation(session, person, delivery.channel)
            return _context(session, conversation, typed, payload)

    def record(
        self,
        person: Pseudonym,
        delivery: Delivery,
        context: Context,
        screening: Screening,
        redaction: Redaction,
    ) -> Taken:
        """Keep the message and, if it needs a human, its escalation: both or neither.

        Raises `sqlalchemy.exc.OperationalError` when the store does not take it.
        """
        reasons = _kept_reasons(screening, redaction)
        with self._store.begin() as session:
            conversation = conversations.open_conversation(session, person, delivery.channel)
            message = conversations.append(
                session,
                conversation,
                Speaker.PATIENT,
                redaction.text,
                response=screening.response.value,
                reasons=list(reasons),
                delivery_id=_delivery_key(person, delivery),
            )
            session.flush()
            conversation.asked = None
            conversation.placeholders = context.numbering.known
            waiting = open_escalation(session, conversation.id)
            escalation = waiting
            if screening.response >= ResponseNeeded.RESPOND_TODAY:
                escalation = raise_escalation(
                    session,
                    conversation=conversation,
                    message=message,
                    response=screening.response.value,
                    reasons=reasons,
                    targets=self._targets,
                )
            answered = Answered(
                conversation_id=conversation.id,
                position=message.position,
                response=screening.response,
                escalation_id=escalation.id if escalation else None,
                kept=redaction.text,
            )
        self._signals.notify(answered.conversation_id)
        if answered.escalation_id is not None:
            self._signals.notify("inbox")
        return Taken(answered, context, screening, already_waiting=waiting is not None)


def _context(session: Session, conversation: Conversation, typed: str, payload: str) -> Context:
    recent = conversations.latest(session, conversation.id, Speaker.PATIENT, _EARLIER_MESSAGES)
    since = now() - _EARLIER_FOR
    return Context(
        typed=typed,
        payload=payload,
        turn=conversation.turn,
        asked=SafetyQuestion(conversation.asked) if conversation.asked else None,
        earlier=tuple(str(message.text) for message in recent if message.at >= since),
        engine_session=conversation.engine_session,
        numbering=Numbering(conversation.placeholder_key, conversation.placeholders),
    )


def _delivery_key(person: Pseudonym, delivery: Delivery) -> str | None:
    """A delivery's id, within its sender: nobody can use up another person's ids."""
    if delivery.delivery_id is None:
        return None
    return f"{person[:24]}:{delivery.delivery_id[:_LONGEST_DELIVERY_ID]}"


def _repeated(session: Session, delivery_key: str | None) -> Answered | None:
    if delivery_key is None:
        return None
    message = session.scalar(select(Message).where(Message.delivery_id == delivery_key))
    if message is None:
        return None
    escalation = open_escalation(session, message.conversation_id)
    return Answered(
        conversation_id=message.conversation_id,
        position=message.position,
        response=ResponseNeeded(message.response or ResponseNeeded.NONE),
        escalation_id=escalation.id if escalation else None,
        kept=message.text,
    )


def _offered(session: Session, conversation: Conversation | None, choice: Choice) -> tuple[str, str] | None:
    """The title and payload of a button, if this conversation offered it."""
    message = session.get(Message, choice.message_id)
    if message is None or conversation is None or message.conversation_id != conversation.id:
        return None
    if not 0 <= choice.index < len(message.buttons):
        return None
    button = message.buttons[choice.index]
    return button["title"], button["payload"]


def _kept_reasons(screening: Screening, redaction: Redaction) -> Sequence[KeptReason]:
    return [
        KeptReason(
            category=reason.category,
            explanation=reason.explanation,
            words=str(redaction.excerpt(reason.start, reason.end)),
        )
        for reason in screening.reasons
    ]
