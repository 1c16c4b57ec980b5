"""Private notes: what staff write for one another. They are sealed, because staff write names."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from clinic.escalations import StepRefused
from privacy.vault import CannotUnseal, Vault
from store.models import Escalation, Staff, StaffNote

_log = structlog.get_logger()

LONGEST: Final = 4000
_PURPOSE: Final = "note"
_NOT_OPENED: Final = "(This note cannot be opened: it was altered, or its key is missing.)"


@dataclass(frozen=True, slots=True)
class Note:
    """A note, as a colleague reads it."""

    who: str
    at: datetime
    text: str = field(repr=False)


def add(session: Session, vault: Vault, escalation: Escalation, staff: Staff, text: str) -> None:
    """Keep a note. Any clinician may write one, also after it is closed. Raises `StepRefused` for an empty one."""
    lines = text.replace("\r\n", "\n").strip()
    written = "".join(letter for letter in lines if letter == "\n" or unicodedata.category(letter) != "Cc")
    if not written:
        raise StepRefused("Write something before you keep the note.")
    if len(written) > LONGEST:
        raise StepRefused(f"A note holds at most {LONGEST} characters.")
    sealed = vault.seal(written, owner=escalation.id, purpose=_PURPOSE)
    session.add(StaffNote(escalation_id=escalation.id, staff_id=staff.id, sealed=sealed))


def notes_of(session: Session, vault: Vault, escalation: Escalation) -> list[Note]:
    """Every note on it, oldest first."""
    query = (
        select(StaffNote)
        .where(StaffNote.escalation_id == escalation.id)
        .options(joinedload(StaffNote.staff))
        .order_by(StaffNote.at)
    )
    return [
        Note(f"{row.staff.first_name}, {row.staff.job_title}", row.at, _opened(vault, row))
        for row in session.scalars(query)
    ]


def _opened(vault: Vault, row: StaffNote) -> str:
    try:
        return vault.unseal(row.sealed, owner=row.escalation_id, purpose=_PURPOSE)
    except CannotUnseal as error:
        _log.error("note.not_opened", error=type(error).__name__)
        return _NOT_OPENED
