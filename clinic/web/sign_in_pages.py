"""The pages for signing in and out."""

from __future__ import annotations

import re
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from clinic import audit
from clinic.auth import sessions
from clinic.auth.attempts import MINUTES, Attempts
from clinic.auth.signing_in import Credentials, Door
from clinic.web.access import form_of, public, require, visit_of
from clinic.web.cookies import clear_session, set_session
from clinic.web.pages import Pages
from clinic.web.room import ClinicRoom
from store.models import Role

# Where a sign-in may lead: our own pages, never another site.
_OWN_PAGE: Final = re.compile(r"/(inbox|report|team|audit)(/[\w-]+)*")
_FIRST_PAGES: Final = {
    Role.CLINICIAN: "/inbox",
    Role.SUPERVISOR: "/inbox",
    Role.SERVICE_TEAM: "/report",
    Role.ADMIN: "/team",
    Role.AUDITOR: "/audit",
}
_WRONG: Final = (
    "The email, password or code is not right. A code works once: wait for the next one if you used it."
)
_WAIT: Final = f"Too many tries. Wait {MINUTES} minutes, then try again."


class SignInPages:
    """Sign in, sign out, and the way in from the address without a path."""

    def __init__(self, room: ClinicRoom, pages: Pages) -> None:
        self._room = room
        self._pages = pages
        self._door = Door(room.store, room.vault)
        self._attempts = Attempts()

    @public("Staff must be able to reach the page on which they sign in.")
    def form(self, request: Request) -> Response:
        """The form."""
        if getattr(request.state, "visit", None):
            return RedirectResponse("/", status_code=303)
        return self._form(request, next_page=request.query_params.get("next", ""))

    @public("Staff sign in with this; tries are limited.")
    def sign_in(self, request: Request) -> Response:
        """Check what was typed; a wrong try reads the same whatever was wrong."""
        form = form_of(request)
        given = Credentials(form.get("email", ""), form.get("password", ""), form.get("code", ""))
        address = request.client.host if request.client else "unknown"
        next_page = form.get("next", "")
        if not self._attempts.allow(given.email, address):
            return self._form(request, 429, problem=_WAIT, email=given.email, next_page=next_page)
        token = self._door.sign_in(given)
        if token is None:
            return self._form(request, 422, problem=_WRONG, email=given.email, next_page=next_page)
        self._attempts.forget(given.email, address)
        response = RedirectResponse(next_page if _OWN_PAGE.fullmatch(next_page) else "/", status_code=303)
        set_session(response, token, secure=self._room.secure_cookies)
        return response

    @require()
    def sign_out(self, request: Request) -> Response:
        """End the session in the store as well as in the browser."""
        visit = visit_of(request)
        with self._room.store.begin() as session:
            sessions.end(session, visit.key)
            audit.record(session, audit.Deed.SIGNED_OUT, staff_id=visit.staff_id)
        response = RedirectResponse("/sign-in", status_code=303)
        clear_session(response, secure=self._room.secure_cookies)
        return response

    @require()
    def home(self, request: Request) -> Response:
        """The first page that this member of staff may open."""
        roles = visit_of(request).roles
        first = next((page for role, page in _FIRST_PAGES.items() if role in roles), "/sign-in")
        return RedirectResponse(first, status_code=303)

    def _form(self, request: Request, status: int = 200, **context: str) -> Response:
        return self._pages.render_public(request, "sign_in.html", status=status, **context)
