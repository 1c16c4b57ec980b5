"""What a clinician does to an escalation: each step is one form, one transaction and one line of audit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from clinic import audit, escalations, handover, notes
from clinic.audit import Deed
from clinic.escalations import StepRefused
from clinic.web.access import form_of, require, visit_of
from clinic.web.inbox_pages import InboxPages
from clinic.web.room import ClinicRoom
from store.models import Escalation, Role, ServiceAlert, Staff, now

Change = Callable[[Session, Escalation, Staff], object]


class Steps:
    """The forms of a thread."""

    def __init__(self, room: ClinicRoom, inbox: InboxPages) -> None:
        self._room = room
        self._inbox = inbox

    @require(Role.CLINICIAN)
    def acknowledge(self, request: Request) -> Response:
        """Read it and own it."""
        return self._step(request, Deed.ACKNOWLEDGED, escalations.acknowledge)

    @require(Role.CLINICIAN)
    def take_over(self, request: Request) -> Response:
        """Talk with the patient instead of the bot."""
        room = self._room

        def change(session: Session, escalation: Escalation, staff: Staff) -> None:
            handover.take_over(session, room.content, escalation, staff, room.patience)

        return self._step(request, Deed.TOOK_OVER, change)

    @require(Role.CLINICIAN)
    def reply(self, request: Request) -> Response:
        """Say something to the patient."""
        form = form_of(request)
        room = self._room
        send = partial(
            handover.reply,
            text=form.get("text", ""),
            delivery_id=f"clinic:{form['delivery'][:64]}" if form.get("delivery") else None,
        )

        def change(session: Session, escalation: Escalation, staff: Staff) -> None:
            send(session, room.vault, room.redact, escalation, staff)

        return self._step(request, Deed.REPLIED, change, draft=form.get("text", ""))

    @require(Role.CLINICIAN)
    def hand_back(self, request: Request) -> Response:
        """Let the bot answer again."""
        room = self._room

        def change(session: Session, escalation: Escalation, staff: Staff) -> None:
            handover.hand_back(session, room.content, escalation, staff)

        return self._step(request, Deed.HANDED_BACK, change)

    @require(Role.CLINICIAN, Role.SUPERVISOR)
    def transfer(self, request: Request) -> Response:
        """Give it to a colleague."""
        room, colleague_id = self._room, form_of(request).get("colleague", "")

        def change(session: Session, escalation: Escalation, staff: Staff) -> None:
            colleague = session.get(Staff, colleague_id)
            if colleague is None:
                raise StepRefused("Choose a colleague.")
            handover.transfer(session, room.content, escalation, staff, colleague, room.patience)

        return self._step(request, Deed.PASSED_ON, change)

    @require(Role.CLINICIAN)
    def release(self, request: Request) -> Response:
        """Put it back for anybody."""
        targets = self._room.targets

        def change(session: Session, escalation: Escalation, staff: Staff) -> None:
            escalations.release(session, escalation, staff, targets)

        return self._step(request, Deed.PUT_BACK, change)

    @require(Role.CLINICIAN, Role.SUPERVISOR)
    def note(self, request: Request) -> Response:
        """Keep a private note."""
        vault, text = self._room.vault, form_of(request).get("note", "")

        def change(session: Session, escalation: Escalation, staff: Staff) -> None:
            notes.add(session, vault, escalation, staff, text)

        return self._step(request, Deed.NOTED, change)

    @require(Role.CLINICIAN)
    def close(self, request: Request) -> Response:
        """End it with an outcome."""
        outcome = form_of(request).get("outcome", "")

        def change(session: Session, escalation: Escalation, staff: Staff) -> None:
            escalations.close(session, escalation, staff, outcome)

        return self._step(request, Deed.CLOSED, change)

    @require(Role.CLINICIAN, Role.SUPERVISOR)
    def clear_alert(self, request: Request) -> Response:
        """Somebody has dealt with what was wrong with the service."""
        with self._room.store.begin() as session:
            alert = session.get(ServiceAlert, request.path_params["alert"])
            if alert is None:
                raise HTTPException(404, "There is no such alert.")
            alert.cleared_at = alert.cleared_at or now()
            visit = visit_of(request)
            audit.record(session, Deed.ALERT_CLEARED, staff_id=visit.staff_id, subject=alert.id)
        self._room.signals.notify("inbox")
        return RedirectResponse("/inbox", status_code=303)

    def _step(self, request: Request, deed: Deed, change: Change, *, draft: str = "") -> Response:
        try:
            conversation_id = self._commit(request, deed, change)
        except StepRefused as refused:
            return self._inbox.thread_page(request, status=409, problem=str(refused), draft=draft)
        except StaleDataError:
            return self._inbox.thread_page(request, status=409, problem=self._who_won(request), draft=draft)
        self._room.signals.notify(conversation_id)
        self._room.signals.notify("inbox")
        return RedirectResponse(f"/inbox/{request.path_params['escalation']}", status_code=303)

    def _commit(self, request: Request, deed: Deed, change: Change) -> str:
        with self._room.store.begin() as session:
            escalation = self._inbox.find(session, request, to_change=True)
            staff = session.get_one(Staff, visit_of(request).staff_id)
            change(session, escalation, staff)
            audit.record(session, deed, staff_id=staff.id, subject=escalation.id)
            return escalation.conversation_id

    def _who_won(self, request: Request) -> str:
        with self._room.store.read() as session:
            owner = self._inbox.find(session, request).owner
        if owner is None or owner.id == visit_of(request).staff_id:
            return "Something changed at the same moment, so nothing was done. Look again and repeat it."
        return f"{owner.first_name} already has this one."
