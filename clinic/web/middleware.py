"""Around every staff page: who is signed in, and headers that keep the page to itself."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from anyio import to_thread
from sqlalchemy.exc import OperationalError
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from clinic.auth import sessions
from clinic.auth.sessions import Visit
from clinic.auth.tokens import new_token
from clinic.web.access import FORM_COOKIE
from clinic.web.cookies import session_cookie
from clinic.web.room import ClinicRoom

BACKGROUND: Final = "x-harbour-background"
"""The page's own refreshes send this header, and do not keep an unattended screen signed in."""

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": that would make browsers send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
"""Security headers of every staff page."""


class SafeHeaders:
    """Adds the security headers, and forbids caching of whatever does not say otherwise."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._headers = dict(HEADERS)
        if secure:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and dress its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Cache-Control", "no-store")
                headers.update(self._headers)
            await send(message)

        await self._app(scope, receive, dressed)


class KnowsStaff:
    """Puts into ``request.state``: `visit` (or None), `form_token`, and the room that the pages belong to."""

    def __init__(self, app: ASGIApp, *, room: ClinicRoom) -> None:
        self._app = app
        self._room = room

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look the session up, then pass the request on."""
        if scope["type"] == "http":
            request = Request(scope)
            token = request.cookies.get(session_cookie(self._room.secure_cookies))
            request.state.visit = await to_thread.run_sync(self._find, token) if token else None
            request.state.form_token = request.cookies.get(FORM_COOKIE) or new_token()
            request.state.service_name = self._room.service_name
            if request.state.visit and BACKGROUND not in request.headers:
                await to_thread.run_sync(self._touch, request.state.visit)
        await self._app(scope, receive, send)

    def _find(self, token: str) -> Visit | None:
        with self._room.store.read() as session:
            return sessions.find(session, token)

    def _touch(self, visit: Visit) -> None:
        if not visit.is_stale:
            return
        # A busy database must not keep a clinician from reading; the next page writes it down.
        with suppress(OperationalError), self._room.store.begin() as session:
            sessions.touch(session, visit.key)
