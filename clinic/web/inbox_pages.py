"""The inbox: the queue, a thread, and what has been closed."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from clinic import audit, handover
from clinic.auth.tokens import new_token
from clinic.escalations import OUTCOMES
from clinic.web import queue_view, thread_view, words
from clinic.web.access import require, visit_of
from clinic.web.beside import beside
from clinic.web.pages import Pages
from clinic.web.room import ClinicRoom
from store.models import Escalation, EscalationState, Role

_CLOSED_SHOWN: Final = 100


class InboxPages:
    """What a clinician reads; `clinic.web.steps` is what they do."""

    def __init__(self, room: ClinicRoom, pages: Pages) -> None:
        self._room = room
        self._pages = pages

    @require(Role.CLINICIAN, Role.SUPERVISOR)
    def inbox(self, request: Request) -> Response:
        """The queue alone."""
        with self._room.store.read() as session:
            queue = self._queue(session, request)
        return self._pages.render(request, "inbox.html", queue=queue, thread=None)

    @require(Role.CLINICIAN, Role.SUPERVISOR)
    def list_fragment(self, request: Request) -> Response:
        """The queue as the page's script refreshes it."""
        with self._room.store.read() as session:
            queue = self._queue(session, request)
        opened = request.query_params.get("open", "")
        return self._pages.render(request, "_refresh.html", queue=queue, opened=opened)

    @require(Role.CLINICIAN, Role.SUPERVISOR)
    def thread(self, request: Request) -> Response:
        """One escalation, beside the queue."""
        return self.thread_page(request)

    @require(Role.CLINICIAN, Role.SUPERVISOR)
    def thread_fragment(self, request: Request) -> Response:
        """One escalation as the page's script refreshes it."""
        with self._room.store.begin() as session:
            row = self.find(session, request)
            audit.record_refresh(session, staff_id=visit_of(request).staff_id, subject=row.id)
            context = self._thread(session, row, request)
        return self._pages.render(request, "_thread.html", delivery=new_token(), **context, **_LIMITS)

    @require(Role.CLINICIAN, Role.SUPERVISOR)
    def closed(self, request: Request) -> Response:
        """The escalations that ended last, with their outcomes."""
        query = (
            select(Escalation)
            .where(Escalation.state == EscalationState.CLOSED)
            .options(joinedload(Escalation.message), joinedload(Escalation.owner))
            .order_by(Escalation.raised_at.desc())
            .limit(_CLOSED_SHOWN)
        )
        with self._room.store.read() as session:
            rows = [_closed_row(row) for row in session.scalars(query)]
            alerts = queue_view.open_alerts(session)
        return self._pages.render(request, "closed.html", rows=rows, alerts=alerts, most=_CLOSED_SHOWN)

    def thread_page(
        self, request: Request, *, status: int = 200, problem: str = "", draft: str = "", **more: object
    ) -> Response:
        """The page of one escalation; `problem` says why a step was refused, `draft` is a reply not sent.

        `more` is for the template: what was revealed, and whether it was the form for that which was sent.
        """
        with self._room.store.begin() as session:
            row = self.find(session, request)
            audit.record(session, audit.Deed.VIEWED, staff_id=visit_of(request).staff_id, subject=row.id)
            context = {"queue": self._queue(session, request), **self._thread(session, row, request)}
        return self._pages.render(
            request,
            "inbox.html",
            status=status,
            **context,
            **_LIMITS,
            opened=row.id,
            problem=problem,
            draft=draft,
            delivery=new_token(),
            **more,
        )

    @staticmethod
    def find(session: Session, request: Request, *, to_change: bool = False) -> Escalation:
        """The escalation that the address names; a 404 when there is none."""
        row = thread_view.find(session, request.path_params["escalation"], to_change=to_change)
        if row is None:
            raise HTTPException(404, "There is no such escalation. It may have been erased.")
        return row

    def _queue(self, session: Session, request: Request) -> queue_view.Queue:
        return queue_view.queue_for(session, self._room.targets, visit_of(request).staff_id)

    def _thread(self, session: Session, row: Escalation, request: Request) -> dict[str, Any]:
        reader_id, room = visit_of(request).staff_id, self._room
        return {
            "thread": thread_view.thread_for(session, row, room.targets, reader_id, room.service_name),
            "beside": beside(session, room, row, visit_of(request)),
        }


_LIMITS: Final = {"longest_reply": handover.LONGEST_REPLY}


def _closed_row(row: Escalation) -> dict[str, Any]:
    return {
        "id": row.id,
        "label": words.RESPONSES.get(row.response, row.response),
        "words": str(row.message.text) if row.message else "No message",
        "outcome": OUTCOMES.get(row.outcome or "", "No outcome"),
        "owner": row.owner.first_name if row.owner else "Nobody",
        "raised": words.clock_time(row.raised_at),
    }
