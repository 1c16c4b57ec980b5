"""The team: accounts and invitations (administrators), and who is on call (supervisors)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import phonenumbers
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from clinic import audit, on_call, team
from clinic.audit import Deed
from clinic.auth import setup_links
from clinic.auth.setup_links import LinkRefused
from clinic.escalations import StepRefused
from clinic.web import words
from clinic.web.access import form_of, require, visit_of
from clinic.web.pages import Pages
from clinic.web.room import ClinicRoom
from store.models import Role, Staff

_REGION: Final = "GB"

Change = Callable[[Session, Staff, Staff], None]


class TeamPages:
    """``/team`` and its forms."""

    def __init__(self, room: ClinicRoom, pages: Pages) -> None:
        self._room = room
        self._pages = pages

    @require(Role.ADMIN, Role.SUPERVISOR)
    def team(self, request: Request) -> Response:
        """The page."""
        return self._page(request)

    @require(Role.ADMIN)
    def invite(self, request: Request) -> Response:
        """Make a link for a colleague. It is shown once."""
        try:
            with self._room.store.begin() as session:
                admin = session.get_one(Staff, visit_of(request).staff_id)
                token = setup_links.invite(session, _roles(request), admin)
                audit.record(session, Deed.INVITED, staff_id=admin.id)
        except LinkRefused as refused:
            return self._page(request, status=409, problem=str(refused))
        return self._page(request, link=str(request.base_url.replace(path=f"/set-up/{token}")))

    @require(Role.ADMIN)
    def set_roles(self, request: Request) -> Response:
        """Change what a colleague may do."""
        roles = _roles(request)
        return self._change(request, lambda session, admin, who: team.set_roles(session, admin, who, roles))

    @require(Role.ADMIN)
    def switch_off(self, request: Request) -> Response:
        """A colleague has left."""
        return self._change(request, team.switch_off)

    @require(Role.SUPERVISOR)
    def put_on_call(self, request: Request) -> Response:
        """Add a colleague to the chain, or change when and how they are asked."""
        form = form_of(request)

        def change(session: Session, by: Staff, who: Staff) -> None:
            if Role.CLINICIAN not in who.roles or not who.active:
                raise StepRefused("Only those who answer patients can be on call.")
            mobile = _mobile(form.get("mobile", ""))
            try:
                on_call.put(session, self._room.vault, who, covers=form.get("covers", ""), mobile=mobile)
            except ValueError as problem:
                raise StepRefused(str(problem)) from problem
            audit.record(session, Deed.ON_CALL_CHANGED, staff_id=by.id, subject=who.id)

        return self._change(request, change)

    @require(Role.SUPERVISOR)
    def move_up(self, request: Request) -> Response:
        """Ask a colleague sooner."""

        def change(session: Session, by: Staff, who: Staff) -> None:
            on_call.move_up(session, who.id)
            audit.record(session, Deed.ON_CALL_CHANGED, staff_id=by.id, subject=who.id)

        return self._change(request, change)

    @require(Role.SUPERVISOR)
    def off_call(self, request: Request) -> Response:
        """Ask a colleague no more."""

        def change(session: Session, by: Staff, who: Staff) -> None:
            on_call.remove(session, who.id)
            audit.record(session, Deed.ON_CALL_CHANGED, staff_id=by.id, subject=who.id)

        return self._change(request, change)

    def _change(self, request: Request, change: Change) -> Response:
        try:
            with self._room.store.begin() as session:
                who = session.get(Staff, request.path_params["staff"])
                if who is None:
                    raise HTTPException(404, "There is no such colleague.")
                change(session, session.get_one(Staff, visit_of(request).staff_id), who)
        except StepRefused as refused:
            return self._page(request, status=409, problem=str(refused))
        return RedirectResponse("/team", status_code=303)

    def _page(self, request: Request, *, status: int = 200, **context: str) -> Response:
        visit = visit_of(request)
        with self._room.store.read() as session:
            people = [_person(staff) for staff in team.colleagues(session)]
            chain = [
                {
                    "id": place.staff_id,
                    "name": place.staff.first_name,
                    "covers": on_call.COVERS[place.covers],
                    "has_mobile": place.mobile is not None,
                }
                for place in on_call.chain(session)
            ]
        in_chain = {place["id"] for place in chain}
        return self._pages.render(
            request,
            "team.html",
            status=status,
            people=people,
            chain=chain,
            could_be_on_call=[
                person for person in people if person["answers"] and person["id"] not in in_chain
            ],
            covers=on_call.COVERS,
            roles=words.ROLES,
            is_admin=Role.ADMIN in visit.roles,
            is_supervisor=Role.SUPERVISOR in visit.roles,
            me=visit.staff_id,
            **context,
        )


def _person(staff: Staff) -> dict[str, Any]:
    return {
        "id": staff.id,
        "name": staff.first_name,
        "job": staff.job_title,
        "roles": staff.roles,
        "active": staff.active,
        "answers": staff.active and Role.CLINICIAN in staff.roles,
    }


def _roles(request: Request) -> list[Role]:
    """The roles that were ticked: each is a field ``role_NAME``."""
    return [role for role in Role if form_of(request).get(f"role_{role.value}")]


def _mobile(typed: str) -> str | None:
    """The number in E.164 form, or None when the field was left empty. Raises `StepRefused`."""
    if not typed.strip():
        return None
    try:
        number = phonenumbers.parse(typed, _REGION)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise StepRefused("Enter a mobile number, such as 07700 900123.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
