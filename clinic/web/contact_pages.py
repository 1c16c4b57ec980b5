"""The form that opens a contact detail. The answer is the thread with the value in it, once."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from clinic.escalations import StepRefused
from clinic.reveal import reveal
from clinic.web import words
from clinic.web.access import form_of, require, visit_of
from clinic.web.inbox_pages import InboxPages
from clinic.web.room import ClinicRoom
from store.models import Role, Staff


@dataclass(frozen=True, slots=True)
class Revealed:
    """What was opened, for the page. The value is in no `repr`."""

    label: str
    value: str = field(repr=False)


class ContactPages:
    """``/inbox/{escalation}/reveal``."""

    def __init__(self, room: ClinicRoom, inbox: InboxPages) -> None:
        self._room = room
        self._inbox = inbox

    @require(Role.CLINICIAN)
    def reveal(self, request: Request) -> Response:
        """Open one detail, for the reason chosen."""
        try:
            revealed = self._commit(request)
        except StepRefused as refused:
            return self._inbox.thread_page(request, status=409, problem=str(refused), revealing=True)
        response = self._inbox.thread_page(request, revealed=revealed, revealing=True)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _commit(self, request: Request) -> Revealed:
        form = form_of(request)
        kind, reason = form.get("kind", ""), form.get("reason", "")
        with self._room.store.begin() as session:
            escalation = self._inbox.find(session, request)
            staff = session.get_one(Staff, visit_of(request).staff_id)
            value = reveal(session, self._room.vault, escalation, staff, kind=kind, reason=reason)
        return Revealed(words.CONTACT_KINDS[kind], value)
