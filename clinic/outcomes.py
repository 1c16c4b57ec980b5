"""A clinician's own outcomes, for their own reflection and supervision: a table without words."""

from __future__ import annotations

import csv
from io import StringIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.escalations import OUTCOMES
from store.models import Escalation, EscalationEvent, EscalationState

_COLUMNS = (
    "escalation",
    "raised",
    "response needed",
    "target",
    "acknowledged",
    "minutes to acknowledge",
    "within target",
    "outcome",
)


def own_outcomes_csv(session: Session, staff_id: str) -> str:
    """Every escalation that `staff_id` closed, oldest first. No words of a patient, and no name.

    "acknowledged" is when anybody first acknowledged or took it over; the times are UTC.
    """
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    query = (
        select(Escalation)
        .where(Escalation.owner_id == staff_id, Escalation.state == EscalationState.CLOSED)
        .order_by(Escalation.raised_at)
    )
    for row in session.scalars(query):
        writer.writerow(_line(session, row))
    return out.getvalue()


def _line(session: Session, row: Escalation) -> tuple[object, ...]:
    first = session.scalar(
        select(EscalationEvent.at)
        .where(EscalationEvent.escalation_id == row.id)
        .where(EscalationEvent.what.in_(("acknowledged", "took over")))
        .order_by(EscalationEvent.number)
        .limit(1)
    )
    minutes = round((first - row.raised_at).total_seconds() / 60) if first else ""
    return (
        row.id,
        f"{row.raised_at:%Y-%m-%d %H:%M}",
        row.response,
        f"{row.target_at:%Y-%m-%d %H:%M}",
        f"{first:%Y-%m-%d %H:%M}" if first else "",
        minutes,
        "" if first is None else "yes" if first <= row.target_at else "no",
        OUTCOMES.get(row.outcome or "", ""),
    )
