"""The audit log as auditors read it: who did what, when, to which thing. Never what it said."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response

from clinic import audit
from clinic.web.access import require, visit_of
from clinic.web.pages import Pages
from clinic.web.room import ClinicRoom
from store.audit import verify
from store.models import AuditEvent, Role, Staff

_SHOWN: Final = 200


class AuditPages:
    """``/audit``."""

    def __init__(self, room: ClinicRoom, pages: Pages) -> None:
        self._room = room
        self._pages = pages

    @require(Role.AUDITOR)
    def log(self, request: Request) -> Response:
        """The newest lines, and whether the whole chain holds. Reading it is a line of its own."""
        with self._room.store.begin() as session:
            audit.record(session, audit.Deed.AUDIT_READ, staff_id=visit_of(request).staff_id)
            query = (
                select(AuditEvent, Staff.first_name)
                .outerjoin(Staff, Staff.id == AuditEvent.staff_id)
                .order_by(AuditEvent.number.desc())
                .limit(_SHOWN)
            )
            lines = [
                {
                    "number": event.number,
                    "at": event.at,
                    "what": event.what,
                    "who": name or "Nobody signed in",
                    "subject": event.subject or "",
                }
                for event, name in session.execute(query)
            ]
        with self._room.store.read() as session:
            verdict = verify(session)
        return self._pages.render(request, "audit.html", lines=lines, verdict=verdict, most=_SHOWN)
