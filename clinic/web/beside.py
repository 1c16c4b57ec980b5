"""What stands beside a conversation for whoever works on it: notes, colleagues, replies that are ready."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.auth.sessions import Visit
from clinic.notes import LONGEST, Note, notes_of
from clinic.web.room import ClinicRoom
from content.staff import ReplyTemplate
from store.models import Escalation, EscalationState, Role, Staff


@dataclass(frozen=True, slots=True)
class Beside:
    """For one escalation and one reader."""

    notes: list[Note]
    colleagues: dict[str, str]
    """Whom it can be passed to: ids, and names with job titles."""
    templates: tuple[ReplyTemplate, ...]
    answers_patients: bool
    may_pass: bool
    may_put_back: bool
    longest_note: int = LONGEST


def beside(session: Session, room: ClinicRoom, row: Escalation, visit: Visit) -> Beside:
    """What whoever visits is shown beside `row`."""
    reader_id = visit.staff_id
    is_open = row.state != EscalationState.CLOSED
    mine = row.owner_id == reader_id
    return Beside(
        notes=notes_of(session, room.vault, row),
        colleagues=_colleagues(session, row, reader_id),
        answers_patients=Role.CLINICIAN in visit.roles,
        templates=room.content.staff.reply_templates,
        may_pass=is_open and (mine or row.owner_id is None or Role.SUPERVISOR in visit.roles),
        may_put_back=is_open and mine and row.state != EscalationState.IN_CONVERSATION,
    )


def _colleagues(session: Session, row: Escalation, reader_id: str) -> dict[str, str]:
    active = session.scalars(select(Staff).where(Staff.active).order_by(Staff.first_name))
    return {
        staff.id: f"{staff.first_name}, {staff.job_title}"
        for staff in active
        if Role.CLINICIAN in staff.roles and staff.id not in (reader_id, row.owner_id)
    }
