"""How long somebody has waited, against what was promised, in words and as a mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from clinic.clock import ResponseTargets
from clinic.web.words import clock_time, counted, span
from store.models import Escalation, EscalationState


class Past(Protocol):
    """One step of a history, as far as a clock reads it."""

    @property
    def what(self) -> str:
        """The step."""
        ...

    @property
    def at(self) -> datetime:
        """When it was."""
        ...


@dataclass(frozen=True, slots=True)
class Moment:
    """A step of a history: what, and when."""

    what: str
    at: datetime


class Mark(StrEnum):
    """What the clock looks like; the words beside it say the same."""

    OVERDUE = "overdue"
    WAITING = "waiting"
    IN_HAND = "in_hand"


@dataclass(frozen=True, slots=True)
class Clock:
    """`main` is read in one second ("Waiting 7 minutes"); `detail` says against which target."""

    mark: Mark
    main: str
    detail: str


def fired_again(escalation: Escalation, history: Sequence[Past]) -> bool:
    """Whether the screen fired once more after somebody had read it, and nobody has looked since."""
    return (
        escalation.state == EscalationState.ACKNOWLEDGED
        and bool(history)
        and history[-1].what.startswith("fired again")
    )


def clock_of(
    escalation: Escalation,
    history: Sequence[Past],
    targets: ResponseTargets,
    at: datetime,
    *,
    reader_id: str,
    unanswered: int,
) -> Clock:
    """The clock of one escalation, as `reader_id` reads it at `at`.

    `history` is oldest first; `unanswered` counts the patient's messages since the clinician's last one.
    """
    who = "You" if escalation.owner_id == reader_id else _owner_name(escalation)
    if escalation.state == EscalationState.RAISED:
        return _against_target(escalation, targets, at)
    if fired_again(escalation, history):
        since = history[-1].at
        return Clock(Mark.WAITING, f"Wrote again {span(at - since)} ago", f"{who} had read what came before")
    if escalation.state == EscalationState.IN_CONVERSATION:
        main = "You are talking with them" if who == "You" else f"{who} is talking with them"
        waiting = f"{counted(unanswered, 'message')} not answered yet"
        return Clock(Mark.IN_HAND, main, waiting if unanswered else "Every message answered")
    if escalation.state == EscalationState.HANDED_BACK:
        main = f"{who} handed this back"
        return Clock(Mark.IN_HAND, main, "The bot answers. Close it, or take over again")
    read = next((event for event in reversed(history) if event.what == "acknowledged"), None)
    since_then = f"since {clock_time(read.at)}" if read else ""
    return Clock(Mark.IN_HAND, f"{who} {'have' if who == 'You' else 'has'} this", since_then)


def _against_target(escalation: Escalation, targets: ResponseTargets, at: datetime) -> Clock:
    asked_at = _asked_at(escalation, targets)
    main = f"Waiting {span(at - asked_at)}"
    target = targets.length_in_words(escalation.response)
    if at > escalation.target_at:
        return Clock(Mark.OVERDUE, main, f"by {span(at - escalation.target_at)}, target {target}")
    return Clock(Mark.WAITING, main, f"{span(escalation.target_at - at)} left, target {target}")


def _asked_at(escalation: Escalation, targets: ResponseTargets) -> datetime:
    """When what is waited for was asked. A later, more urgent message starts a shorter clock of its own."""
    begun = escalation.target_at - targets.for_response(escalation.response)
    # A target that ran over closing time lies further off than its length: then the raising counts.
    begun = max(escalation.raised_at, begun)
    return begun if targets.due(escalation.response, begun) == escalation.target_at else escalation.raised_at


def _owner_name(escalation: Escalation) -> str:
    return escalation.owner.first_name if escalation.owner else "Nobody"
