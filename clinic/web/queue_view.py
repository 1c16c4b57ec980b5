"""The queue as a page shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from clinic import alarms, escalations
from clinic.clock import ResponseTargets
from clinic.web import words
from clinic.web.waiting import Clock, Moment, Past, clock_of, fired_again
from store.models import (
    Escalation,
    EscalationEvent,
    EscalationState,
    Message,
    ServiceAlert,
    Speaker,
    now,
)


@dataclass(frozen=True, slots=True)
class Card:
    """One escalation in the list."""

    id: str
    response: str
    label: str
    words: str | None
    reasons: list[dict[str, str]]
    clock: Clock
    owner: str
    channel: str
    needs_response: bool
    action: str | None
    """The one primary action, by the name of its route: ``acknowledge``, ``take-over``, or None to just open."""
    version: str
    """Changes whenever more than the clock has."""


@dataclass(frozen=True, slots=True)
class Queue:
    """Those that need a response now, then those that somebody has in hand; most urgent first in each."""

    waiting: list[Card]
    in_hand: list[Card]
    alerts: list[dict[str, str]]


def queue_for(session: Session, targets: ResponseTargets, reader_id: str) -> Queue:
    """Every open escalation, as the member of staff `reader_id` sees it."""
    rows = escalations.queue(session)
    history = _pasts(session, [row.id for row in rows])
    unanswered = unanswered_messages(session, [row.conversation_id for row in rows])
    asked = alarms.asked_names(session, [row.id for row in rows])
    cards = [
        card_for(
            row,
            history[row.id],
            targets,
            reader_id,
            unanswered.get(row.conversation_id, 0),
            asked.get(row.id, (None, 0)),
        )
        for row in rows
    ]
    return Queue(
        waiting=[card for card in cards if card.needs_response],
        in_hand=[card for card in cards if not card.needs_response],
        alerts=open_alerts(session),
    )


def card_for(
    row: Escalation,
    history: Sequence[Past],
    targets: ResponseTargets,
    reader_id: str,
    unanswered: int,
    asked: tuple[str | None, int] = (None, 0),
) -> Card:
    """One escalation, as `reader_id` sees it. `asked` is who is asked to answer it, and how many notices went out."""
    mine = row.owner_id == reader_id
    needs_response = row.state == EscalationState.RAISED or fired_again(row, history)
    return Card(
        id=row.id,
        response=row.response,
        label=words.RESPONSES.get(row.response, row.response),
        words=str(row.message.text) if row.message else None,
        reasons=row.reasons,
        clock=clock_of(row, history, targets, now(), reader_id=reader_id, unanswered=unanswered),
        owner=_owner(row, mine=mine, asked=asked[0]),
        channel=words.CHANNELS.get(row.conversation.channel, row.conversation.channel),
        needs_response=needs_response,
        action=_next_step(row, mine=mine),
        version=f"{row.version}.{asked[1]}",
    )


def _pasts(session: Session, escalation_ids: Sequence[str]) -> defaultdict[str, list[Past]]:
    """As `histories`, for a list: what and when, and no more."""
    query = (
        select(EscalationEvent.escalation_id, EscalationEvent.what, EscalationEvent.at)
        .where(EscalationEvent.escalation_id.in_(escalation_ids))
        .order_by(EscalationEvent.number)
    )
    found: defaultdict[str, list[Past]] = defaultdict(list)
    for escalation_id, what, at in session.execute(query):
        found[escalation_id].append(Moment(what, at))
    return found


def histories(session: Session, escalation_ids: Sequence[str]) -> defaultdict[str, list[EscalationEvent]]:
    """What happened to each escalation, oldest first."""
    query = (
        select(EscalationEvent)
        .where(EscalationEvent.escalation_id.in_(escalation_ids))
        .options(joinedload(EscalationEvent.staff))
        .order_by(EscalationEvent.escalation_id, EscalationEvent.number)
    )
    found: defaultdict[str, list[EscalationEvent]] = defaultdict(list)
    for escalation_id, events in groupby(session.scalars(query), key=lambda event: event.escalation_id):
        found[escalation_id] = list(events)
    return found


def unanswered_messages(session: Session, conversation_ids: Iterable[str]) -> dict[str, int]:
    """For each conversation, the patient's messages after the last one of a clinician or a notice."""
    answer = aliased(Message)
    answered = (
        select(func.coalesce(func.max(answer.position), 0))
        .where(answer.conversation_id == Message.conversation_id)
        .where(answer.speaker.in_((Speaker.CLINICIAN, Speaker.NOTICE)))
        .scalar_subquery()
    )
    query = (
        select(Message.conversation_id, func.count())
        .where(Message.conversation_id.in_(list(conversation_ids)))
        .where(and_(Message.speaker == Speaker.PATIENT, Message.position > answered))
        .group_by(Message.conversation_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def open_alerts(session: Session) -> list[dict[str, str]]:
    """What is wrong with the service, oldest first."""
    query = select(ServiceAlert).where(ServiceAlert.cleared_at.is_(None)).order_by(ServiceAlert.first_at)
    return [
        {"id": alert.id, "words": words.alert(alert), "then": words.alert_consequence(alert)}
        for alert in session.scalars(query)
    ]


def _owner(row: Escalation, *, mine: bool, asked: str | None) -> str:
    if mine:
        return "With you"
    if row.owner is not None:
        return f"With {row.owner.first_name}"
    return f"Nobody yet, {asked} was asked" if asked else "Nobody yet"


def _next_step(row: Escalation, *, mine: bool) -> str | None:
    if row.owner_id is None or (mine and row.state == EscalationState.RAISED):
        return "acknowledge"
    return "take-over" if mine and row.state == EscalationState.ACKNOWLEDGED else None
