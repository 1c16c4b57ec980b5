"""A clinician who has taken a conversation over must not leave the patient with silence.

After some minutes without a word of theirs, they are warned and the patient is told that they are still expected.
After half as long again, the bot answers once more, and the escalation waits in the queue for anybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic import escalations
from clinic.clock import ResponseTargets
from content import Content
from privacy.text import WrittenText
from store import conversations, outbox, timers
from store.models import Escalation, EscalationEvent, EscalationState, Message, Speaker, now
from store.outbox import Topic
from store.timers import TimerKind

PATIENCE: Final = timedelta(minutes=10)
_WARNED: Final = "warned: quiet"
_BEGAN: Final = ("took over", "passed to")


def watch(session: Session, escalation: Escalation, patience: timedelta = PATIENCE) -> None:
    """Look in `patience` whether the clinician has written."""
    timers.put(session, TimerKind.HANDOVER_QUIET, escalation.id, now() + patience)


def stop(session: Session, escalation: Escalation) -> None:
    """The conversation is the bot's again."""
    timers.cancel(session, TimerKind.HANDOVER_QUIET, escalation.id)


def tell_new_owner(session: Session, escalation: Escalation) -> None:
    """Let the colleague know that something has been passed to them."""
    _notice(session, escalation, "passed")


@dataclass(frozen=True, slots=True)
class Silence:
    """Looks after handovers in which the clinician is quiet."""

    content: Content
    targets: ResponseTargets
    patience: timedelta = PATIENCE

    def look(self, session: Session, escalation_id: str) -> Iterable[str]:
        """Warn, return to the queue, or look again later."""
        escalation = session.get(Escalation, escalation_id)
        if escalation is None or escalation.state != EscalationState.IN_CONVERSATION:
            return ()
        spoke, warned = _last_word(session, escalation), _last_warning(session, escalation)
        if now() < spoke + self.patience:
            timers.put(session, TimerKind.HANDOVER_QUIET, escalation_id, spoke + self.patience)
            return ()
        if warned is None or warned < spoke:
            self._warn(session, escalation)
        else:
            self._return(session, escalation)
        return ("inbox", escalation.conversation_id)

    def _warn(self, session: Session, escalation: Escalation) -> None:
        session.add(EscalationEvent(escalation_id=escalation.id, what=_WARNED, staff_id=escalation.owner_id))
        _notice(session, escalation, "quiet")
        self._tell_patient(
            session, escalation, self.content.notices.handover.quiet.pick(name=_name(escalation))
        )
        timers.put(session, TimerKind.HANDOVER_QUIET, escalation.id, now() + self.patience / 2)

    def _return(self, session: Session, escalation: Escalation) -> None:
        left = self.content.notices.handover.gone.pick(name=_name(escalation))
        escalations.return_to_queue(session, escalation, self.targets)
        self._tell_patient(session, escalation, left)

    def _tell_patient(self, session: Session, escalation: Escalation, words: WrittenText) -> None:
        conversations.append(session, escalation.conversation, Speaker.NOTICE, words)


def _name(escalation: Escalation) -> str:
    return escalation.owner.first_name if escalation.owner else ""


def _last_word(session: Session, escalation: Escalation) -> datetime:
    """When the clinician last wrote, or took the conversation."""
    wrote = session.scalar(
        select(func.max(Message.at)).where(
            Message.conversation_id == escalation.conversation_id,
            Message.speaker == Speaker.CLINICIAN,
            Message.staff_id == escalation.owner_id,
        )
    )
    began = session.scalar(
        select(func.max(EscalationEvent.at)).where(
            EscalationEvent.escalation_id == escalation.id, EscalationEvent.what.in_(_BEGAN)
        )
    )
    return max(moment for moment in (wrote, began, escalation.raised_at) if moment is not None)


def _last_warning(session: Session, escalation: Escalation) -> datetime | None:
    query = select(func.max(EscalationEvent.at)).where(
        EscalationEvent.escalation_id == escalation.id, EscalationEvent.what == _WARNED
    )
    return session.scalar(query)


def _notice(session: Session, escalation: Escalation, about: str) -> None:
    number = session.scalar(select(func.count()).where(EscalationEvent.escalation_id == escalation.id))
    outbox.put(
        session,
        Topic.STAFF_NOTICE,
        f"{about}:{escalation.id}:{number}",
        escalation.id,
        {"staff": escalation.owner_id, "about": about},
    )
