"""The rules of the queue: what an escalation is, and which step may follow which.

Nothing here knows of web pages. Every step runs inside the caller's unit of work, so a message and the
escalation that it raises are kept together or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypedDict

from sqlalchemy import case, select
from sqlalchemy.orm import Session, joinedload

from clinic import alarms, labels
from clinic.clock import ResponseTargets
from store.models import (
    Conversation,
    Escalation,
    EscalationEvent,
    EscalationState,
    Message,
    Role,
    Staff,
    Turn,
    now,
)

OPEN: Final = (
    EscalationState.RAISED,
    EscalationState.ACKNOWLEDGED,
    EscalationState.IN_CONVERSATION,
    EscalationState.HANDED_BACK,
)
_READ: Final = (EscalationState.ACKNOWLEDGED, EscalationState.HANDED_BACK)
"""Somebody has read it, and nobody is talking with the patient."""

OUTCOMES: Final = {
    "supported": "Talked with, and supported",
    "referred": "Passed to another service",
    "emergency_services": "Emergency services called",
    "no_answer": "Could not reach the person",
    "false_alarm": "False alarm",
    "should_have_fired_sooner": "Real, and the screen should have fired sooner",
}

_URGENCY: Final = {"respond_now": 0, "respond_today": 1, "ask": 2}


class KeptReason(TypedDict):
    """A reason as it is stored: the words are redacted."""

    category: str
    explanation: str
    words: str


class StepRefused(Exception):
    """The step does not fit the escalation's state or owner; the message is a sentence for staff."""


def raise_escalation(
    session: Session,
    *,
    conversation: Conversation,
    message: Message | None,
    response: str,
    reasons: Sequence[KeptReason],
    targets: ResponseTargets,
) -> Escalation:
    """Ask for a human. Adds to the conversation's open escalation, if there is one, and never lowers it.

    While nobody has read it, its target only ever moves earlier. If it was read before, it waits for a response
    again, with a target of its own and the same owner.
    """
    raised_at = now()
    due = targets.due(response, raised_at)
    escalation = open_escalation(session, conversation.id)
    if escalation is None:
        escalation = Escalation(conversation_id=conversation.id, response=response, target_at=due)
        session.add(escalation)
        session.flush()
        _remember(session, escalation, "raised", message=message)
        alarms.start(session, escalation, targets)
    else:
        _fire_again(session, escalation, message, response, targets)
    if escalation.message_id is None or _URGENCY[response] <= _URGENCY[escalation.response]:
        _make_latest(escalation, message, response, reasons)
    return escalation


def _fire_again(
    session: Session,
    escalation: Escalation,
    message: Message | None,
    response: str,
    targets: ResponseTargets,
) -> None:
    """New words on an open escalation. Read once is not read for ever: it waits for a response again."""
    due = targets.due(response, now())
    more_urgent = _URGENCY[response] < _URGENCY[escalation.response]
    _remember(session, escalation, f"fired again: {response}", message=message)
    if escalation.state in _READ:
        escalation.state = EscalationState.RAISED
        escalation.target_at = due
    elif escalation.state == EscalationState.RAISED:
        escalation.target_at = min(escalation.target_at, due)
        if not more_urgent:
            return
    else:
        return
    if more_urgent:
        escalation.response = response
    alarms.start(session, escalation, targets)


def _make_latest(
    escalation: Escalation, message: Message | None, response: str, reasons: Sequence[KeptReason]
) -> None:
    if _URGENCY[response] < _URGENCY[escalation.response]:
        escalation.response = response
    if message is not None:
        escalation.message_id = message.id
    new = [
        {"category": reason["category"], "explanation": reason["explanation"], "words": reason["words"]}
        for reason in reasons
    ]
    escalation.reasons = [*new, *(old for old in escalation.reasons if old not in new)]


def open_escalation(session: Session, conversation_id: str) -> Escalation | None:
    """The conversation's escalation that is still open, if there is one."""
    query = select(Escalation).where(
        Escalation.conversation_id == conversation_id, Escalation.state.in_(OPEN)
    )
    return session.scalar(query)


def queue(session: Session) -> Sequence[Escalation]:
    """Every open escalation: most urgent response first, then the one due soonest.

    Of message, owner and conversation only what a list shows is read; asking for more raises.
    """
    urgency = case(_URGENCY, value=Escalation.response, else_=len(_URGENCY))
    query = (
        select(Escalation)
        .where(Escalation.state.in_(OPEN))
        .options(joinedload(Escalation.message).load_only(Message.text, raiseload=True))
        .options(joinedload(Escalation.owner).load_only(Staff.first_name, raiseload=True))
        .options(joinedload(Escalation.conversation).load_only(Conversation.channel, raiseload=True))
        .order_by(urgency, Escalation.target_at)
    )
    return session.scalars(query).all()


def acknowledge(session: Session, escalation: Escalation, staff: Staff) -> None:
    """`staff` has read it and owns it. Refused when somebody else does."""
    _must_be_free_for(escalation, staff)
    if escalation.state == EscalationState.RAISED:
        escalation.state = EscalationState.ACKNOWLEDGED
    escalation.owner_id = staff.id
    alarms.stop(session, escalation)
    _remember(session, escalation, "acknowledged", staff=staff)


def take_over(session: Session, escalation: Escalation, staff: Staff) -> None:
    """`staff` talks with the patient from here; the bot is silent until `hand_back`."""
    _must_be_free_for(escalation, staff)
    escalation.state = EscalationState.IN_CONVERSATION
    escalation.owner_id = staff.id
    escalation.conversation.turn = Turn.CLINICIAN
    alarms.stop(session, escalation)
    _remember(session, escalation, "took over", staff=staff)


def hand_back(session: Session, escalation: Escalation, staff: Staff) -> None:
    """The bot answers again. Refused unless `staff` has the conversation."""
    if escalation.state != EscalationState.IN_CONVERSATION or escalation.owner_id != staff.id:
        raise StepRefused("Only the clinician who has this conversation can hand it back.")
    escalation.state = EscalationState.HANDED_BACK
    escalation.conversation.turn = Turn.BOT
    _remember(session, escalation, "handed back", staff=staff)


def transfer(session: Session, escalation: Escalation, staff: Staff, to: Staff) -> None:
    """Give it to a colleague, who has then to acknowledge or go on with it.

    Whoever has it may pass it on, a supervisor may pass on anybody's, and anybody may assign one that nobody has.
    Refused for a colleague who cannot answer patients. A conversation that is taken over stays with a clinician:
    the colleague goes on in it.
    """
    if Role.SUPERVISOR not in staff.roles or escalation.state not in OPEN:
        _must_be_free_for(escalation, staff)
    if not to.active or Role.CLINICIAN not in to.roles:
        raise StepRefused("Choose a colleague who answers patients.")
    if to.id == escalation.owner_id:
        raise StepRefused(f"{to.first_name} already has this one.")
    escalation.owner_id = to.id
    if escalation.state == EscalationState.RAISED:
        escalation.state = EscalationState.ACKNOWLEDGED
        alarms.stop(session, escalation)
    _remember(session, escalation, "passed to", staff=to)


def release(session: Session, escalation: Escalation, staff: Staff, targets: ResponseTargets) -> None:
    """Put it back for anybody: it waits for a response again, and the people on call are asked. Only by its owner.

    A conversation that is taken over must be handed back first: the patient would be left with silence.
    """
    if escalation.owner_id != staff.id or escalation.state not in OPEN:
        raise StepRefused("Only who has it can put it back.")
    if escalation.state == EscalationState.IN_CONVERSATION:
        raise StepRefused("Hand the conversation back before you put it back in the queue.")
    _remember(session, escalation, "put back", staff=staff)
    _wait_again(session, escalation, targets)


def return_to_queue(session: Session, escalation: Escalation, targets: ResponseTargets) -> None:
    """Whoever took the conversation over has gone quiet: the bot answers again, and anybody may take it."""
    escalation.conversation.turn = Turn.BOT
    _remember(session, escalation, "returned to the queue")
    _wait_again(session, escalation, targets)


def _wait_again(session: Session, escalation: Escalation, targets: ResponseTargets) -> None:
    escalation.state = EscalationState.RAISED
    escalation.owner_id = None
    escalation.target_at = targets.due(escalation.response, now())
    alarms.start(session, escalation, targets)


def close(session: Session, escalation: Escalation, staff: Staff, outcome: str) -> None:
    """End it with an outcome from `OUTCOMES`. A conversation that is taken over must be handed back first."""
    if outcome not in OUTCOMES:
        raise StepRefused("Choose one of the outcomes on the list.")
    if escalation.state == EscalationState.IN_CONVERSATION:
        raise StepRefused("Hand the conversation back before you close the escalation.")
    _must_be_free_for(escalation, staff)
    escalation.state = EscalationState.CLOSED
    escalation.owner_id = staff.id
    escalation.outcome = outcome
    alarms.stop(session, escalation)
    _remember(session, escalation, f"closed: {outcome}", staff=staff)
    labels.learn(session, escalation)


def overdue(escalation: Escalation, at: datetime) -> bool:
    """Whether nobody has responded by the target."""
    return escalation.state == EscalationState.RAISED and at > escalation.target_at


def _must_be_free_for(escalation: Escalation, staff: Staff) -> None:
    if escalation.state not in OPEN:
        raise StepRefused("This escalation is closed.")
    if escalation.owner_id is not None and escalation.owner_id != staff.id:
        name = escalation.owner.first_name if escalation.owner else "Somebody else"
        raise StepRefused(f"{name} already has this one.")


def _remember(
    session: Session,
    escalation: Escalation,
    what: str,
    *,
    staff: Staff | None = None,
    message: Message | None = None,
) -> None:
    session.add(
        EscalationEvent(
            escalation_id=escalation.id,
            what=what,
            staff_id=staff.id if staff else None,
            message_id=message.id if message else None,
        )
    )
