"""Nobody has acknowledged an escalation: somebody is asked, then the next on call, again and again.

It is asked of one person at a time, by name, so that it is somebody's. Each asking is a line of the escalation's
history, a notice in the outbox and the next timer, all in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import on_call
from clinic.clock import ResponseTargets
from store import outbox, timers
from store.models import Alarm, Escalation, EscalationEvent, EscalationState, Staff, now
from store.outbox import Topic
from store.timers import TimerKind

_ASK_AGAIN: Final[Mapping[str, int]] = MappingProxyType({"respond_now": 3, "respond_today": 60, "ask": 480})


def start(session: Session, escalation: Escalation, targets: ResponseTargets) -> None:
    """Begin to ask: at once, or as soon as somebody is there. Begins anew when it was begun before."""
    alarm = session.get(Alarm, escalation.id)
    if alarm is not None:
        alarm.step, alarm.asked_id = 0, None
    timers.put(session, TimerKind.ASK_NEXT, escalation.id, targets.starts(escalation.response, now()))


def stop(session: Session, escalation: Escalation) -> None:
    """Somebody has it."""
    timers.cancel(session, TimerKind.ASK_NEXT, escalation.id)
    alarm = session.get(Alarm, escalation.id)
    if alarm is not None:
        alarm.asked_id = None


@dataclass(frozen=True, slots=True)
class Alarms:
    """Asks. `again_minutes` is how long one person has before the next is asked, by the response needed."""

    targets: ResponseTargets
    again_minutes: Mapping[str, int] = field(default_factory=lambda: _ASK_AGAIN)

    def ask_next(self, session: Session, escalation_id: str) -> Iterable[str]:
        """Ask whose turn it is. Nothing happens when somebody has acknowledged, or the escalation is gone."""
        escalation = session.get(Escalation, escalation_id)
        if escalation is None or escalation.state != EscalationState.RAISED:
            return ()
        moment = now()
        if not self.targets.somebody_is_there(escalation.response, moment):
            opening = self.targets.starts(escalation.response, moment)
            timers.put(session, TimerKind.ASK_NEXT, escalation_id, opening)
            return ()
        self._ask(session, escalation)
        again = timedelta(minutes=self.again_minutes[escalation.response])
        timers.put(session, TimerKind.ASK_NEXT, escalation_id, moment + again)
        return ("inbox", escalation.conversation_id)

    def _ask(self, session: Session, escalation: Escalation) -> None:
        alarm = session.get(Alarm, escalation.id)
        if alarm is None:
            alarm = Alarm(escalation_id=escalation.id, step=0, notices=0)
            session.add(alarm)
        asked = self._whose_turn(session, escalation, alarm.step)
        alarm.step += 1
        alarm.notices += 1
        alarm.asked_id = asked.id if asked else None
        if escalation.owner_id is not None and alarm.asked_id != escalation.owner_id:
            # Whoever read it before was asked, and did not come back to it: it is not theirs any more.
            escalation.owner_id = None
        session.add(EscalationEvent(escalation_id=escalation.id, what="asked", staff_id=alarm.asked_id))
        outbox.put(
            session,
            Topic.STAFF_NOTICE,
            f"asked:{escalation.id}:{alarm.notices}",
            escalation.id,
            {"staff": alarm.asked_id, "about": "waiting"},
        )

    def _whose_turn(self, session: Session, escalation: Escalation, step: int) -> Staff | None:
        """The owner first, if there is one; then the chain, from its beginning when its end is reached."""
        if step == 0 and escalation.owner is not None and escalation.owner.active:
            return escalation.owner
        people = on_call.available(session, is_open=self.targets.hours.is_open(now()))
        return people[step % len(people)].staff if people else None


def asked_names(session: Session, escalation_ids: Iterable[str]) -> dict[str, tuple[str | None, int]]:
    """Who is asked to answer each escalation now, by first name, and how many notices there have been."""
    query = (
        select(Alarm.escalation_id, Staff.first_name, Alarm.notices)
        .outerjoin(Staff, Staff.id == Alarm.asked_id)
        .where(Alarm.escalation_id.in_(list(escalation_ids)))
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}
