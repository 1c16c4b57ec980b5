"""How soon people who needed a response got one: in counts so coarse that nobody can be singled out.

Numbers leave this module only as `Few` (fewer than 5, none included) or rounded to the nearest 5; never exact. No total
over kinds is given, so that none can be taken from another; and only quarters that are over are counted, so that
nobody can watch a number change as one person writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from privacy.ldp.periods import ended, quarters, year_of
from store.models import Escalation, EscalationEvent

FEWEST: Final = 5
_FEWEST_FOR_A_HALF: Final = 20
_RESPONDED: Final = ("acknowledged", "took over")
_LADDER: Final = tuple(
    timedelta(minutes=m) for m in (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440, 2880, 10080)
)

Coarse = int | None
"""A number of people, rounded to the nearest 5; None for fewer than 5."""


@dataclass(frozen=True, slots=True)
class ResponseTimes:
    """Of one kind of response needed (``respond_now`` and so on), in one quarter. Times run from raising it."""

    response: str
    target: timedelta
    raised: Coarse
    within_target: Coarse
    later: Coarse
    not_yet: Coarse
    half_within: timedelta | None
    """Half of those who were answered were answered within this; None where too few were, or it took over a week."""


class NotOver(Exception):
    """The quarter is still running: its numbers would change as people write."""


def response_times(
    session: Session, quarter: str, targets: Mapping[str, timedelta], *, at: datetime
) -> list[ResponseTimes]:
    """For each kind in `targets`. Raises `NotOver`, or `ValueError` for what is not one quarter."""
    year_of(quarter)
    if not ended(quarter, at.date()):
        raise NotOver
    waits = _waits(session, quarter)
    return [_coarse(response, target, waits.get(response, [])) for response, target in targets.items()]


def _waits(session: Session, quarter: str) -> dict[str, list[timedelta | None]]:
    """How long each escalation of the quarter waited for its first response; None for one that had none."""
    first, after = _bounds(quarter)
    answered = (
        select(EscalationEvent.escalation_id, func.min(EscalationEvent.at).label("at"))
        .where(EscalationEvent.what.in_(_RESPONDED))
        .group_by(EscalationEvent.escalation_id)
        .subquery()
    )
    rows = session.execute(
        select(Escalation.response, Escalation.raised_at, answered.c.at)
        .outerjoin(answered, answered.c.escalation_id == Escalation.id)
        .where(Escalation.raised_at >= first, Escalation.raised_at < after)
    )
    waits: dict[str, list[timedelta | None]] = {}
    for response, raised_at, answered_at in rows:
        waits.setdefault(response, []).append(None if answered_at is None else answered_at - raised_at)
    return waits


def _bounds(quarter: str) -> tuple[datetime, datetime]:
    (period,) = quarters(quarter)
    year, number = year_of(period), int(period[-1])
    month = 3 * number + 1
    after = datetime(year + 1, 1, 1, tzinfo=UTC) if month > 12 else datetime(year, month, 1, tzinfo=UTC)
    return datetime(year, month - 3, 1, tzinfo=UTC), after


def _coarse(response: str, target: timedelta, waits: Sequence[timedelta | None]) -> ResponseTimes:
    answered = sorted(wait for wait in waits if wait is not None)
    within = sum(wait <= target for wait in answered)
    return ResponseTimes(
        response=response,
        target=target,
        raised=coarse(len(waits)),
        within_target=coarse(within),
        later=coarse(len(answered) - within),
        not_yet=coarse(len(waits) - len(answered)),
        half_within=_half_within(answered),
    )


def coarse(number: int) -> Coarse:
    """`number` to the nearest 5; None for fewer than 5, so that none and a few look alike."""
    return None if number < FEWEST else FEWEST * ((number + FEWEST // 2) // FEWEST)


def _half_within(answered: Sequence[timedelta]) -> timedelta | None:
    if len(answered) < _FEWEST_FOR_A_HALF:
        return None
    middle = answered[(len(answered) - 1) // 2]
    return next((step for step in _LADDER if middle <= step), None)
