"""What is kept of guides: how far somebody is, what they finished, questionnaires with their scores, and plans."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base
from store.columns import Answers, Instant, KeptAnswers
from store.models import new_id, now


class GuideProgress(Base):
    """How far somebody is in a guide that they have not finished: the step that is asked next, and the answers."""

    __tablename__ = "guide_progress"
    __table_args__ = (UniqueConstraint("person_id", "guide", name="uq_guide_progress_guide"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    guide: Mapped[str] = mapped_column(String(48))
    step: Mapped[str] = mapped_column(String(32))
    """The key of the step that is asked next; empty when all were."""
    last_step: Mapped[str | None] = mapped_column(String(32))
    """Where it ends when only a part is gone through; None for all of it."""
    answers: Mapped[Answers] = mapped_column(KeptAnswers, default=dict)
    began_at: Mapped[datetime] = mapped_column(Instant, default=now)
    changed_at: Mapped[datetime] = mapped_column(Instant, default=now)


class FinishedGuide(Base):
    """That somebody went through an exercise, and whether it helped. What they answered is not kept."""

    __tablename__ = "finished_guide"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    guide: Mapped[str] = mapped_column(String(48))
    helped: Mapped[str | None] = mapped_column(String(16))
    """``helped``, ``not_really`` or ``worse``; None when they did not say."""
    at: Mapped[datetime] = mapped_column(Instant, default=now)


class Measure(Base):
    """A questionnaire that was answered. `score` is None when too much was left out to add it up."""

    __tablename__ = "measure"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    questionnaire: Mapped[str] = mapped_column(String(48))
    answers: Mapped[Answers] = mapped_column(KeptAnswers)
    score: Mapped[int | None] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(Instant, default=now)


class Plan(Base):
    """A plan in somebody's own words, redacted, part by part: the safety plan, or the one for a bad day."""

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("person_id", "kind", name="uq_plan_kind"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(48))
    """The guide that it was made with."""
    parts: Mapped[Answers] = mapped_column(KeptAnswers, default=dict)
    shared: Mapped[bool] = mapped_column(Boolean, default=False)
    """Whether the person wants the team to see it."""
    made_at: Mapped[datetime] = mapped_column(Instant, default=now)
    changed_at: Mapped[datetime] = mapped_column(Instant, default=now)
