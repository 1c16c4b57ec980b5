"""Recall what a message must be read with, and record it: the two ends of taking a message in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Self

from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.delivery import Answered, Choice, Delivery, Refused
from bot.safety.screening import ResponseNeeded, SafetyQuestion, Screening
from clinic.clock import ResponseTargets
from clinic.escalations import OPEN, KeptReason, open_escalation, raise_escalation
from content import Content
from privacy.pseudonym import Pseudonym
from privacy.redaction import Numbering, Redaction
from privacy.text import RedactedText
from store import conversations
from store.models import Conversation, Escalation, Message, Person, Speaker, Turn, new_id, now
from store.session import Store
from store.signals import Signals

# Danger is sometimes said over several messages; these are read together.
_EARLIER_MESSAGES: Final = 3
_EARLIER_FOR: Final = timedelta(minutes=15)
_STAYS_FOR: Final = timedelta(hours=1)
"""For so long after danger now, the bot stays with the person instead of chatting."""
_LONGEST_DELIVERY_ID: Final = 64


@dataclass(frozen=True, slots=True)
class Earlier:
    """A message of the same person, as it is kept."""

    id: str
    text: RedactedText


@dataclass(frozen=True, slots=True)
class Context:
    """What a message is read with. `typed` is the raw text, which lives no longer than the journey's thread."""

    typed: str = field(repr=False)
    payload: str
    """What Rasa is told when an offered button was pressed; empty for typed words."""
    turn: str
    asked: SafetyQuestion | None
    earlier: tuple[str, ...]
    conversation_id: str
    engine_session: str
    escalation_id: str | None
    """The escalation that is open already, if there is one."""
    help_is_coming: bool
    """Whether danger now was said a short while ago, and no human has closed it yet."""
    numbering: Numbering = field(repr=False)
    before: Earlier | None = None
    """The message before this one, if it came a short while ago."""

    @classmethod
    def without_memory(cls, typed: str) -> Self:
        """For when the store cannot be asked: the message is read by itself, and cannot be kept."""
        return cls(typed, "", Turn.BOT, None, (), "", "", None, False, Numbering(bytes(32)))


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the store holds of the conversation that a message continues."""

    conversation_id: str
    turn: str
    asked: str | None
    engine_session: str
    placeholder_key: bytes
    placeholders: dict[str, int]
    escalation_id: str | None
    escalation_response: str | None
    escalation_raised_at: datetime | None


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
        """Whether the next words are fixed ones: danger may be or was there, or a question about it was answered."""
        return (
            self.screening.response is not ResponseNeeded.NONE
            or self.context.asked is not None
            or self.context.help_is_coming
        )


class Intake:
    """Reads and writes what one message needs of the store."""

    def __init__(self, store: Store, signals: Signals, content: Content, targets: ResponseTargets) -> None:
        self._store = store
        self._signals = signals
        self._content = content
        self._targets = targets

    def recall(self, person: Pseudonym, delivery: Delivery) -> Context | Refused:
        """What the message must be read with; or why it cannot be taken.

        A person without an open conversation gets one, unless the delivery says that it continues one. Raises
        `sqlalchemy.exc.OperationalError` when the store cannot be asked.
        """
        with self._store.read() as session:
            remembered = _remembered(session, person)
            typed, payload = delivery.text or "", ""
            if delivery.choice is not None:
                offered = _offered(session, remembered, delivery.choice)
                if offered is None:
                    return Refused(self._content.notices.message.choice_gone.pick(), 409)
                typed, payload = offered
            if remembered is not None:
                return _context(session, remembered, typed, payload)
        if delivery.continues:
            return Refused(self._content.notices.session.ended.pick(), 403)
        with self._store.begin() as session:
            conversations.open_conversation(session, person, delivery.channel)
        return self.recall(person, delivery)

    def record(
        self,
        person: Pseudonym,
        delivery: Delivery,
        context: Context,
        screening: Screening,
        redaction: Redaction,
    ) -> Taken | Answered | Refused:
        """Keep the message and, if it needs a human, its escalation: both or neither.

        A delivery that came before is not kept again: the answer is the earlier one. Raises
        `sqlalchemy.exc.OperationalError` when the store does not take it.
        """
        key = _delivery_key(person, delivery)
        try:
            with self._store.begin() as session:
                taken = self._keep(session, key, context, screening, redaction)
        except IntegrityError:
            return self._repeated(key)
        if isinstance(taken, Taken):
            self._signals.notify(taken.answered.conversation_id)
            if taken.answered.escalation_id is not None:
                self._signals.notify("inbox")
        return taken

    def _keep(
        self, session: Session, key: str | None, context: Context, screening: Screening, redaction: Redaction
    ) -> Taken | Refused:
        message_id, reasons = new_id(), kept_reasons(screening, redaction)
        message = {
            "id": message_id,
            "speaker": Speaker.PATIENT.value,
            "text": redaction.text,
            "response": screening.response.value,
            "reasons": list(reasons),
            "delivery_id": key,
        }
        if redaction.before is not None and context.before is not None:
            correct = update(Message).where(Message.id == context.before.id)
            session.execute(correct.values(text=redaction.before))
        position = conversations.extend(
            session, context.conversation_id, [message], asked=None, placeholders=context.numbering.known
        )
        if position is None:
            return Refused(self._content.notices.session.deleted.pick(), 403)
        escalation_id = context.escalation_id
        if screening.response >= ResponseNeeded.RESPOND_TODAY:
            escalation = raise_escalation(
                session,
                conversation=session.get_one(Conversation, context.conversation_id),
                message=session.get_one(Message, message_id),
                response=screening.response.value,
                reasons=reasons,
                targets=self._targets,
            )
            escalation_id = escalation.id
        answered = Answered(
            context.conversation_id, position, screening.response, escalation_id, redaction.text
        )
        return Taken(answered, context, screening, already_waiting=context.escalation_id is not None)

    def _repeated(self, key: str | None) -> Answered:
        """What was answered to the delivery with this key when it first came."""
        with self._store.read() as session:
            message = session.scalars(select(Message).where(Message.delivery_id == key)).one()
            escalation = open_escalation(session, message.conversation_id)
            return Answered(
                conversation_id=message.conversation_id,
                position=message.position,
                response=ResponseNeeded(message.response or ResponseNeeded.NONE),
                escalation_id=escalation.id if escalation else None,
                kept=message.text,
            )


# Statements are built once: building one costs more than running it.
_REMEMBER: Final = (
    select(
        Conversation.id,
        Conversation.turn,
        Conversation.asked,
        Conversation.engine_session,
        Conversation.placeholder_key,
        Conversation.placeholders,
        Escalation.id,
        Escalation.response,
        Escalation.raised_at,
    )
    .join(Person)
    .outerjoin(Escalation, and_(Escalation.conversation_id == Conversation.id, Escalation.state.in_(OPEN)))
    .where(Person.pseudonym == bindparam("person"), Conversation.turn != Turn.ENDED)
    .order_by(Conversation.started_at.desc())
    .limit(1)
)
_EARLIER: Final = (
    select(Message.id, Message.text)
    .where(Message.conversation_id == bindparam("conversation"), Message.speaker == Speaker.PATIENT)
    .where(Message.at >= bindparam("since"))
    .order_by(Message.position.desc())
    .limit(_EARLIER_MESSAGES)
)


def _remembered(session: Session, person: Pseudonym) -> Remembered | None:
    """The person's open conversation, with its open escalation."""
    row = session.execute(_REMEMBER, {"person": person}).first()
    return None if row is None else Remembered(*row)


def _context(session: Session, remembered: Remembered, typed: str, payload: str) -> Context:
    asked_for = {"conversation": remembered.conversation_id, "since": now() - _EARLIER_FOR}
    lately = session.execute(_EARLIER, asked_for).all()
    return Context(
        typed=typed,
        payload=payload,
        turn=remembered.turn,
        asked=SafetyQuestion(remembered.asked) if remembered.asked else None,
        earlier=tuple(str(message.text) for message in reversed(lately)),
        before=Earlier(lately[0].id, lately[0].text) if lately else None,
        conversation_id=remembered.conversation_id,
        engine_session=remembered.engine_session,
        escalation_id=remembered.escalation_id,
        help_is_coming=_help_is_coming(remembered),
        numbering=Numbering(remembered.placeholder_key, remembered.placeholders),
    )


def _help_is_coming(remembered: Remembered) -> bool:
    raised_at = remembered.escalation_raised_at
    if raised_at is None or remembered.escalation_response != ResponseNeeded.RESPOND_NOW:
        return False
    return raised_at >= now() - _STAYS_FOR


def _delivery_key(person: Pseudonym, delivery: Delivery) -> str | None:
    """A delivery's id, within its sender: nobody can use up another person's ids."""
    if delivery.delivery_id is None:
        return None
    return f"{person[:24]}:{delivery.delivery_id[:_LONGEST_DELIVERY_ID]}"


def _offered(session: Session, remembered: Remembered | None, choice: Choice) -> tuple[str, str] | None:
    """The title and payload of a button, if this conversation offered it."""
    message = session.get(Message, choice.message_id)
    if message is None or remembered is None or message.conversation_id != remembered.conversation_id:
        return None
    if not 0 <= choice.index < len(message.buttons):
        return None
    button = message.buttons[choice.index]
    return button["title"], button["payload"]


def kept_reasons(screening: Screening, redaction: Redaction) -> Sequence[KeptReason]:
    """The reasons of a screening as they are stored, their words redacted."""
    return [
        KeptReason(
            category=reason.category,
            explanation=reason.explanation,
            words=str(redaction.excerpt(reason.start, reason.end)),
        )
        for reason in screening.reasons
    ]
