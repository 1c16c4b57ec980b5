"""One person on one page, to read, to print, and to hand on in an open format."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from clinic import audit, fhir
from clinic.outcomes import own_outcomes_csv
from clinic.summary import summary_of
from clinic.web import words
from clinic.web.access import require, visit_of
from clinic.web.inbox_pages import InboxPages
from clinic.web.pages import Pages
from clinic.web.room import ClinicRoom
from store.models import Role


class PersonPages:
    """``/inbox/{escalation}/summary``, ``.../fhir``, and the reader's own outcomes."""

    def __init__(self, room: ClinicRoom, pages: Pages, inbox: InboxPages) -> None:
        self._room = room
        self._pages = pages
        self._inbox = inbox

    @require(Role.CLINICIAN, Role.SUPERVISOR)
    def summary(self, request: Request) -> Response:
        """The page; a browser prints it on paper or as a PDF."""
        with self._room.store.begin() as session:
            row = self._inbox.find(session, request)
            staff_id = visit_of(request).staff_id
            audit.record(session, audit.Deed.VIEWED_PERSON, staff_id=staff_id, subject=row.id)
            summary = summary_of(session, row, self._room.content.guides)
        return self._pages.render(
            request,
            "summary.html",
            summary=summary,
            escalation=row.id,
            responses=words.RESPONSES,
            channels=words.CHANNELS,
            kinds=words.CONTACT_KINDS,
            harm=words.HOW_OFTEN,
        )

    @require(Role.CLINICIAN)
    def fhir(self, request: Request) -> Response:
        """The escalation, its conversation's replies and the measures, as a FHIR R4 Bundle."""
        with self._room.store.begin() as session:
            row = self._inbox.find(session, request)
            staff_id = visit_of(request).staff_id
            audit.record(session, audit.Deed.EXPORTED, staff_id=staff_id, subject=row.id, detail="FHIR")
            bundle = fhir.bundle(session, row, self._room.service_name, self._room.content.guides)
        name = f'attachment; filename="escalation-{row.id}.json"'
        headers = {"Content-Disposition": name}
        return JSONResponse(bundle, media_type="application/fhir+json", headers=headers)

    @require(Role.CLINICIAN)
    def own_outcomes(self, request: Request) -> Response:
        """The reader's own outcomes as a table."""
        staff_id = visit_of(request).staff_id
        with self._room.store.begin() as session:
            audit.record(session, audit.Deed.EXPORTED, staff_id=staff_id, detail="own outcomes")
            table = own_outcomes_csv(session, staff_id)
        headers = {"Content-Disposition": 'attachment; filename="my-outcomes.csv"'}
        return PlainTextResponse(table, media_type="text/csv", headers=headers)
