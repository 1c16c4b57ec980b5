"""The audit trail of the staff rooms: who did what to which thing, and never what it said."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.audit import append
from store.models import AuditEvent, now

# A thread that stays open is refreshed many times; that is one view, not fifty.
_ONE_VIEW: Final = timedelta(minutes=15)


class Deed(StrEnum):
    """What staff can do that is worth remembering."""

    ACCOUNT_MADE = "account made"
    INVITED = "invited"
    ROLES_CHANGED = "roles changed"
    SWITCHED_OFF = "account switched off"
    ON_CALL_CHANGED = "on call changed"
    AUDIT_READ = "read the audit log"
    SIGNED_IN = "signed in"
    SIGN_IN_FAILED = "sign-in failed"
    SIGNED_OUT = "signed out"
    VIEWED = "viewed thread"
    ACKNOWLEDGED = "acknowledged"
    TOOK_OVER = "took over"
    REPLIED = "replied"
    HANDED_BACK = "handed back"
    CLOSED = "closed"
    PASSED_ON = "passed on"
    PUT_BACK = "put back"
    NOTED = "wrote a note"
    VIEWED_PERSON = "viewed summary"
    EXPORTED = "exported"
    REVEALED = "opened"
    ALERT_CLEARED = "service alert cleared"


def record(
    session: Session,
    deed: Deed,
    *,
    staff_id: str | None = None,
    subject: str | None = None,
    detail: str | None = None,
) -> None:
    """Add a line. `subject` is the id of what was touched; what somebody typed never goes in.

    `detail` is a word or two from a fixed list, such as the reason that was chosen for opening something.
    """
    what = f"{deed.value} {detail}" if detail else deed.value
    append(session, what, staff_id=staff_id, subject=subject)


def record_refresh(session: Session, *, staff_id: str, subject: str) -> None:
    """Add a view, unless the same person's view of the same thread was added in the last 15 minutes."""
    query = (
        select(AuditEvent.number)
        .where(AuditEvent.what == Deed.VIEWED, AuditEvent.staff_id == staff_id)
        .where(AuditEvent.subject == subject, AuditEvent.at > now() - _ONE_VIEW)
        .limit(1)
    )
    if session.scalar(query) is None:
        record(session, Deed.VIEWED, staff_id=staff_id, subject=subject)
