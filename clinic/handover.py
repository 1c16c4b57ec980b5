"""A clinician takes a conversation over, talks with the patient, and hands it back to the bot.

At each change the patient is told who is speaking. Every step runs inside the caller's unit of work; once it
is committed, the caller wakes the conversation and the inbox with `store.signals.Signals.notify`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import escalations, silence
from clinic.escalations import StepRefused
from content import Content
from privacy.text import RedactedText
from privacy.vault import Vault
from store import conversations
from store.models import Escalation, EscalationState, Message, Speaker, Staff

LONGEST_REPLY: Final = 2000


def take_over(
    session: Session,
    content: Content,
    escalation: Escalation,
    staff: Staff,
    patience: timedelta = silence.PATIENCE,
) -> None:
    """The bot falls silent, and the patient reads who has joined. Taking over twice changes nothing.

    `patience` is how long the clinician may be quiet before they are warned.
    Raises `StepRefused` when a colleague has it, or it is closed.
    """
    if _has_it(escalation, staff):
        return
    escalations.take_over(session, escalation, staff)
    _say_who_joined(session, content, escalation, staff)
    silence.watch(session, escalation, patience)


def transfer(
    session: Session,
    content: Content,
    escalation: Escalation,
    staff: Staff,
    to: Staff,
    patience: timedelta = silence.PATIENCE,
) -> None:
    """Give the escalation to a colleague; a patient who is being talked with reads who goes on.

    Raises `StepRefused` when it is not `staff`'s to give, or the colleague cannot take it.
    """
    talking = escalation.state == EscalationState.IN_CONVERSATION
    escalations.transfer(session, escalation, staff, to)
    silence.tell_new_owner(session, escalation)
    if talking:
        _say_who_joined(session, content, escalation, to)
        silence.watch(session, escalation, patience)


def _say_who_joined(session: Session, content: Content, escalation: Escalation, staff: Staff) -> None:
    joined = content.notices.handover.joined.pick(name=staff.first_name, role=staff.job_title)
    conversations.append(session, escalation.conversation, Speaker.NOTICE, joined)


def hand_back(session: Session, content: Content, escalation: Escalation, staff: Staff) -> None:
    """The bot answers again, and the patient is told so. Raises `StepRefused` unless `staff` has it."""
    escalations.hand_back(session, escalation, staff)
    silence.stop(session, escalation)
    left = content.notices.handover.handed_back.pick(name=staff.first_name)
    conversations.append(session, escalation.conversation, Speaker.NOTICE, left)


def reply(
    session: Session,
    vault: Vault,
    redact: Callable[[str], RedactedText],
    escalation: Escalation,
    staff: Staff,
    text: str,
    *,
    delivery_id: str | None = None,
) -> Message:
    """Add what `staff` wrote to the thread: sealed as written for the patient, redacted for the record.

    A second call with the same `delivery_id` (a double click) returns the first message. Raises `StepRefused`
    unless `staff` has taken the conversation over, or when there is nothing to send or too much.
    """
    if not _has_it(escalation, staff):
        raise StepRefused("Take the conversation over before you reply. Your words are still here.")
    written = _cleaned(text)
    sent_before = _delivered(session, delivery_id)
    if sent_before is not None:
        return sent_before
    return conversations.append(
        session,
        escalation.conversation,
        Speaker.CLINICIAN,
        redact(written),
        sealed=vault.seal(written, owner=escalation.conversation_id, purpose="reply"),
        staff_id=staff.id,
        delivery_id=delivery_id,
    )


def _has_it(escalation: Escalation, staff: Staff) -> bool:
    return escalation.state == EscalationState.IN_CONVERSATION and escalation.owner_id == staff.id


def _delivered(session: Session, delivery_id: str | None) -> Message | None:
    if delivery_id is None:
        return None
    return session.scalar(select(Message).where(Message.delivery_id == delivery_id))


def _cleaned(text: str) -> str:
    lines = text.replace("\r\n", "\n").strip()
    written = "".join(letter for letter in lines if letter == "\n" or unicodedata.category(letter) != "Cc")
    if not written:
        raise StepRefused("Write something before you send it.")
    if len(written) > LONGEST_REPLY:
        raise StepRefused(f"Send this in parts: a message holds at most {LONGEST_REPLY} characters.")
    return written
