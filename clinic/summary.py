"""One person on one page: what they have been through here, without saying who they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from clinic.escalations import OUTCOMES
from store import contact_details, holds
from store.models import Conversation, Escalation, MoodCheckin, Person


@dataclass(frozen=True, slots=True)
class Mood:
    """A mood from 0 (worst) to 10 (best), when it was told."""

    at: datetime
    mood: int


@dataclass(frozen=True, slots=True)
class Before:
    """An escalation of this person."""

    id: str
    raised_at: datetime
    response: str
    why: str | None
    state: str
    outcome: str | None
    owner: str | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What is known of a person. `shared` are the kinds of identifiers in the vault, never their values."""

    person_id: str
    pseudonym: str
    """The first letters of the keyed name: enough to tell two people apart, on the page and aloud."""
    channel: str
    first_seen: datetime
    conversations: int
    moods: list[Mood]
    escalations: list[Before]
    shares_statistics: bool
    shared: list[str]
    is_held: bool
    """Whether all that is kept about them is under a legal hold."""


def summary_of(session: Session, escalation: Escalation) -> Summary:
    """The summary of the person whose escalation this is."""
    person = escalation.conversation.person
    return Summary(
        person_id=person.id,
        pseudonym=str(person.pseudonym)[:8],
        channel=person.channel,
        first_seen=person.first_seen,
        conversations=len(_conversations(session, person)),
        moods=_moods(session, person),
        escalations=_escalations(session, person),
        shares_statistics=person.shares_statistics,
        shared=[kind.value for kind in contact_details.held(session, person.id)],
        is_held=holds.active(session, person.id) is not None,
    )


def _conversations(session: Session, person: Person) -> list[str]:
    return list(session.scalars(select(Conversation.id).where(Conversation.person_id == person.id)))


def _moods(session: Session, person: Person) -> list[Mood]:
    query = select(MoodCheckin).where(MoodCheckin.person_id == person.id).order_by(MoodCheckin.at)
    return [Mood(row.at, row.mood) for row in session.scalars(query)]


def _escalations(session: Session, person: Person) -> list[Before]:
    query = (
        select(Escalation)
        .join(Conversation)
        .where(Conversation.person_id == person.id)
        .options(joinedload(Escalation.owner))
        .order_by(Escalation.raised_at.desc())
    )
    return [
        Before(
            id=row.id,
            raised_at=row.raised_at,
            response=row.response,
            why=row.reasons[0]["explanation"] if row.reasons else None,
            state=row.state,
            outcome=OUTCOMES.get(row.outcome or ""),
            owner=row.owner.first_name if row.owner else None,
        )
        for row in session.scalars(query)
    ]
