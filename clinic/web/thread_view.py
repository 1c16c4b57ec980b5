"""One escalation and its whole conversation, as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from clinic import alarms
from clinic.clock import ResponseTargets
from clinic.escalations import OPEN, OUTCOMES
from clinic.reveal import REASONS
from clinic.web import words
from clinic.web.queue_view import Card, card_for, histories, unanswered_messages
from store import contact_details
from store.models import Escalation, EscalationEvent, EscalationState, Message, Speaker


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the thread, as it is kept."""

    position: int
    speaker: str
    who: str
    text: str
    at: str
    label: str | None
    response: str | None
    reasons: list[dict[str, str]]
    buttons: list[str]
    card: str | None
    fired: bool
    """Whether this is the message that the queue shows."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the history."""

    at: str
    what: str
    who: str


@dataclass(frozen=True, slots=True)
class Thread:
    """Everything on the right-hand side of the inbox."""

    card: Card
    version: int
    lines: list[Line]
    history: list[Step]
    is_open: bool
    has_it: bool
    """Whether the reader is the one talking with the patient."""
    may_close: bool
    taken_by: str | None
    """The first name of the colleague who has it, if it is not the reader."""
    outcome: str | None
    outcomes: dict[str, str]
    shared: dict[str, str]
    """What the person chose to share, kind by kind, and what staff call it: never the value."""
    reveal_reasons: dict[str, str]
    service_name: str

    @property
    def last_position(self) -> int:
        """The position of the newest message, 0 when there is none."""
        return self.lines[-1].position if self.lines else 0


def find(session: Session, escalation_id: str, *, to_change: bool = False) -> Escalation | None:
    """The escalation with what a thread needs. `to_change` locks the row where the database can."""
    query = (
        select(Escalation)
        .where(Escalation.id == escalation_id)
        .options(
            joinedload(Escalation.conversation), joinedload(Escalation.owner), joinedload(Escalation.message)
        )
    )
    if to_change:
        query = query.with_for_update(of=Escalation)
    return session.scalar(query)


def thread_for(
    session: Session, row: Escalation, targets: ResponseTargets, reader_id: str, service_name: str
) -> Thread:
    """The thread of `row`, as the member of staff `reader_id` sees it."""
    history = histories(session, [row.id])[row.id]
    unanswered = unanswered_messages(session, [row.conversation_id]).get(row.conversation_id, 0)
    asked = alarms.asked_names(session, [row.id]).get(row.id, (None, 0))
    mine = row.owner_id == reader_id
    is_open = row.state in OPEN
    talking = row.state == EscalationState.IN_CONVERSATION
    return Thread(
        card=card_for(row, history, targets, reader_id, unanswered, asked),
        version=row.version,
        lines=_lines(session, row, service_name),
        history=[_step(event, service_name) for event in history],
        is_open=is_open,
        has_it=talking and mine,
        may_close=is_open and not talking and (mine or row.owner_id is None),
        taken_by=row.owner.first_name if row.owner and not mine else None,
        outcome=OUTCOMES.get(row.outcome or ""),
        outcomes=OUTCOMES,
        shared=_shared(session, row),
        reveal_reasons=REASONS,
        service_name=service_name,
    )


def _shared(session: Session, row: Escalation) -> dict[str, str]:
    held = contact_details.held(session, row.conversation.person_id)
    return {kind.value: words.CONTACT_KINDS[kind] for kind in held}


def _lines(session: Session, row: Escalation, service_name: str) -> list[Line]:
    query = (
        select(Message)
        .where(Message.conversation_id == row.conversation_id)
        .options(joinedload(Message.staff))
        .order_by(Message.position)
    )
    return [_line(message, service_name, row.message_id) for message in session.scalars(query)]


def _line(message: Message, service_name: str, fired_id: str | None) -> Line:
    return Line(
        position=message.position,
        speaker=message.speaker,
        who=_who(message, service_name),
        text=str(message.text),
        at=words.clock_time(message.at),
        label=words.RESPONSES.get(message.response or ""),
        response=message.response,
        reasons=message.reasons,
        buttons=[button["title"] for button in message.buttons],
        card=message.card,
        fired=message.id == fired_id,
    )


def _who(message: Message, service_name: str) -> str:
    if message.speaker == Speaker.CLINICIAN and message.staff:
        return f"{message.staff.first_name}, {message.staff.job_title}"
    return {Speaker.PATIENT: "Patient", Speaker.BOT: f"{service_name} (bot)", Speaker.NOTICE: "Notice"}.get(
        Speaker(message.speaker), "Staff"
    )


def _step(event: EscalationEvent, service_name: str) -> Step:
    who = event.staff.first_name if event.staff else service_name
    return Step(words.clock_time(event.at), words.event(event.what), who)
