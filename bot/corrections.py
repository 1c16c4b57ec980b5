"""A person takes back a message of theirs, or, in a care record, adds a note to it.

A note is a message like any other: it is screened and redacted, stands in the thread where staff read it, and
asks for a human if it holds danger.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.admission import clean, has_words
from bot.intake import Context, kept_reasons
from bot.journey import Steps
from bot.safety.screening import ResponseNeeded, Screening
from clinic.escalations import raise_escalation
from privacy.pseudonym import Pseudonym
from privacy.redaction import Numbering, Redaction, withheld
from store import holds
from store.conversations import append
from store.forgetting import to_forget
from store.models import Conversation, Message, Person, Speaker
from store.session import Store
from store.signals import Signals

_log = structlog.get_logger()

_BOT_REPLIES: Final = 4
"""The replies after a message that may hold what it was taken to be about."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A note that was kept, and the response that its words need."""

    response: ResponseNeeded


class CannotCorrect(Exception):
    """The message is not this person's, or it is part of a care record and may not be taken out."""


class Corrections:
    """Changes single messages, at the wish of whoever wrote them."""

    def __init__(self, store: Store, signals: Signals, steps: Steps) -> None:
        self._store = store
        self._signals = signals
        self._steps = steps

    def take_back(self, person: Pseudonym, message_id: str) -> None:
        """Remove the words of a message for good, and all that was read in them. Raises `CannotCorrect`.

        That something was said, and when, stays, so that the thread has no gap and a repeated delivery of the
        message is still dropped. Rasa forgets the session: it cannot forget one message of it alone.
        """
        with self._store.begin() as session:
            message = _own(session, person, message_id)
            conversation = message.conversation
            if holds.is_clinical(session, conversation) or holds.active(session, conversation.person_id):
                raise CannotCorrect
            _forget_what_it_was_about(session, message)
            message.text = self._steps.content.my_data.taken_back
            message.response, message.reasons = None, []
            to_forget(session, [conversation.engine_session])
        self._store.leave_no_trace()

    def note(self, person: Pseudonym, message_id: str, typed: str) -> Noted:
        """Add a note to a message that stays. Raises `CannotCorrect`, also for a note without words."""
        words = clean(typed)[: self._steps.longest_message]
        if not has_words(words):
            raise CannotCorrect
        screening = self._steps.screening.screen(words, Context.without_memory(words))
        with self._store.begin() as session:
            message = _own(session, person, message_id)
            self._keep(session, message, words, screening)
            conversation_id = message.conversation_id
        self._signals.notify(conversation_id)
        if screening.response >= ResponseNeeded.RESPOND_TODAY:
            self._signals.notify("inbox")
        return Noted(screening.response)

    def _keep(self, session: Session, about: Message, words: str, screening: Screening) -> None:
        conversation = about.conversation
        numbering = Numbering(conversation.placeholder_key, conversation.placeholders)
        opening = f"A note about what I wrote at {about.at:%H:%M on %d %B}: "
        redaction = self._redact(opening + words, numbering)
        reasons = kept_reasons(_moved(screening, len(opening)), redaction)
        note = append(
            session,
            conversation,
            Speaker.PATIENT,
            redaction.text,
            response=screening.response.value,
            reasons=list(reasons),
        )
        conversation.placeholders = dict(numbering.known)
        session.flush()
        if screening.response >= ResponseNeeded.RESPOND_TODAY:
            raise_escalation(
                session,
                conversation=conversation,
                message=note,
                response=screening.response.value,
                reasons=reasons,
                targets=self._steps.targets,
            )

    def _redact(self, text: str, numbering: Numbering) -> Redaction:
        """The redacted note. Should redaction fail, the words are withheld, and help is asked for all the same."""
        try:
            return self._steps.redactor.redact(text, numbering)
        except Exception as error:
            _log.error("redaction.failed", error=type(error).__name__)
            return withheld()


def _own(session: Session, person: Pseudonym, message_id: str) -> Message:
    query = (
        select(Message)
        .join(Conversation)
        .join(Person)
        .where(Message.id == message_id, Person.pseudonym == person, Message.speaker == Speaker.PATIENT)
    )
    found = session.scalar(query)
    if found is None:
        raise CannotCorrect
    return found


def _forget_what_it_was_about(session: Session, message: Message) -> None:
    after = Message.position.between(message.position + 1, message.position + _BOT_REPLIES)
    session.execute(
        update(Message)
        .where(Message.conversation_id == message.conversation_id, after, Message.speaker == Speaker.BOT)
        .values(intent=None)
    )


def _moved(screening: Screening, by: int) -> Screening:
    """The screening of words that now begin further on."""
    reasons = tuple(
        replace(reason, start=reason.start + by, end=reason.end + by) for reason in screening.reasons
    )
    return replace(screening, reasons=reasons)
