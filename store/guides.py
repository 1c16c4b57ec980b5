"""How far a person is in a guide, and what comes of it: a note, a measure or a plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.columns import Answers
from store.guide_models import FinishedGuide, GuideProgress, Measure, Plan
from store.models import now


def current(session: Session, person_id: str) -> GuideProgress | None:
    """The guide that was gone on with last and is not finished; others may wait behind it."""
    of_person = select(GuideProgress).where(GuideProgress.person_id == person_id)
    return session.scalars(of_person.order_by(GuideProgress.changed_at.desc()).limit(1)).first()


def progress_in(session: Session, person_id: str, guide: str) -> GuideProgress | None:
    """How far the person is in that guide; None when it is not under way."""
    return session.scalar(
        select(GuideProgress).where(GuideProgress.person_id == person_id, GuideProgress.guide == guide)
    )


def begin(
    session: Session,
    person_id: str,
    guide: str,
    step: str,
    *,
    answers: Answers | None = None,
    last_step: str | None = None,
) -> GuideProgress:
    """Begin a guide afresh at `step`; what was left half done of the same guide goes."""
    before = progress_in(session, person_id, guide)
    if before is not None:
        session.delete(before)
        session.flush()
    progress = GuideProgress(
        person_id=person_id, guide=guide, step=step, answers=answers or {}, last_step=last_step
    )
    session.add(progress)
    session.flush()
    return progress


def move(progress: GuideProgress, step: str) -> None:
    """Ask `step` next; empty when there is nothing left to ask."""
    progress.step = step
    progress.changed_at = now()


def latest_measures(session: Session, person_id: str, questionnaire: str, count: int) -> Sequence[Measure]:
    """The last `count` of one questionnaire, oldest first."""
    of_person = select(Measure).where(Measure.person_id == person_id, Measure.questionnaire == questionnaire)
    return list(reversed(session.scalars(of_person.order_by(Measure.at.desc()).limit(count)).all()))


def plan(session: Session, person_id: str, kind: str) -> Plan | None:
    """The person's plan of that kind, if they made one."""
    return session.scalar(select(Plan).where(Plan.person_id == person_id, Plan.kind == kind))


def keep_plan(session: Session, person_id: str, kind: str, parts: Answers) -> Plan:
    """Keep a plan, in place of the one before."""
    kept = plan(session, person_id, kind)
    if kept is None:
        kept = Plan(person_id=person_id, kind=kind)
        session.add(kept)
    kept.parts, kept.changed_at = parts, now()
    session.flush()
    return kept


def last_finished(session: Session, person_id: str, within: timedelta) -> FinishedGuide | None:
    """The exercise that was finished last, if that was a short while ago."""
    of_person = select(FinishedGuide).where(
        FinishedGuide.person_id == person_id, FinishedGuide.at >= now() - within
    )
    return session.scalars(of_person.order_by(FinishedGuide.at.desc()).limit(1)).first()
