"""One person on one page: what they have been through here, without saying who they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from clinic.escalations import OUTCOMES
from content.guides import Guide
from store import contact_details, holds
from store.guide_models import Measure, Plan
from store.models import Conversation, Escalation, MoodCheckin, Person

ABOUT_HARM: Final = "better_off_dead"
"""The key of the PHQ-9's ninth item in its guide."""


@dataclass(frozen=True, slots=True)
class Mood:
    """A mood from 0 (worst) to 10 (best), when it was told."""

    at: datetime
    mood: int


@dataclass(frozen=True, slots=True)
class MeasureTaken:
    """A questionnaire that was answered. `score` is None when too much was left out to add it up."""

    at: datetime
    title: str
    score: int | None
    most: int
    asked_about_harm: int | None
    """The answer, 0 to 3, to the PHQ-9's item about being better off dead or hurting oneself; None if it has none."""


@dataclass(frozen=True, slots=True)
class SharedPlan:
    """A plan that the person lets the team see: the titles of its parts, and their own redacted words."""

    title: str
    changed_at: datetime
    parts: list[tuple[str, str]]


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
    measures: list[MeasureTaken]
    plans: list[SharedPlan]
    keeps_plan_private: bool
    """Whether they made a plan that they do not share."""
    escalations: list[Before]
    shares_statistics: bool
    shared: list[str]
    is_held: bool
    """Whether all that is kept about them is under a legal hold."""


def summary_of(session: Session, escalation: Escalation, guides: Mapping[str, Guide]) -> Summary:
    """The summary of the person whose escalation this is. `guides` name the parts of questionnaires and plans."""
    person = escalation.conversation.person
    plans = list(session.scalars(select(Plan).where(Plan.person_id == person.id).order_by(Plan.kind)))
    return Summary(
        person_id=person.id,
        pseudonym=str(person.pseudonym)[:8],
        channel=person.channel,
        first_seen=person.first_seen,
        conversations=len(_conversations(session, person)),
        moods=_moods(session, person),
        measures=_measures(session, person, guides),
        plans=[_shared(plan, guides) for plan in plans if plan.shared],
        keeps_plan_private=any(not plan.shared for plan in plans),
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


def _measures(session: Session, person: Person, guides: Mapping[str, Guide]) -> list[MeasureTaken]:
    query = select(Measure).where(Measure.person_id == person.id).order_by(Measure.at)
    taken = []
    for row in session.scalars(query):
        guide = guides.get(row.questionnaire)
        most = guide.scoring.most if guide and guide.scoring else 0
        about_harm = row.answers.get(ABOUT_HARM)
        taken.append(
            MeasureTaken(
                row.at,
                guide.title if guide else row.questionnaire,
                row.score,
                most,
                about_harm if isinstance(about_harm, int) else None,
            )
        )
    return taken


def _shared(plan: Plan, guides: Mapping[str, Guide]) -> SharedPlan:
    """The plan's parts in the order of its guide; a part whose step is gone from the file keeps its key."""
    guide = guides.get(plan.kind)
    titles = {step.key: step.title or step.key for step in guide.steps} if guide else {}
    parts = [(title, str(plan.parts[key])) for key, title in titles.items() if key in plan.parts]
    parts += [(key, str(words)) for key, words in plan.parts.items() if key not in titles]
    return SharedPlan(guide.title if guide else plan.kind, plan.changed_at, parts)


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
