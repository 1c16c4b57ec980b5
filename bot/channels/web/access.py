"""Who may open a page. Every endpoint says so, in an attribute named ``access`` that a rule test reads.

Both kinds refuse a POST that another site's page made: it must come from our own pages, by what the browser
says of it in ``Sec-Fetch-Site`` and ``Origin`` (OWASP CSRF Prevention; a script cannot forge either header).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from typing import Protocol, TypeVar, cast

from starlette.requests import Request
from starlette.responses import Response

from bot.channels.web.sessions import BrowserSession, NoSession, Sessions


@dataclass(frozen=True, slots=True)
class Access:
    """Public for a stated reason, or (with no reason) only for a browser that holds a session."""

    reason: str = ""

    @property
    def is_public(self) -> bool:
        """Whether anybody may."""
        return bool(self.reason)


class Guarded(Protocol):
    """What a class with guarded endpoints offers."""

    sessions: Sessions

    def not_ours(self, request: Request) -> Response:
        """The answer to a POST from elsewhere."""

    def no_session(self, request: Request, why: NoSession) -> Response:
        """The answer where a session is needed and there is none."""


P = TypeVar("P", bound=Guarded)
Endpoint = Callable[[P, Request], Awaitable[Response]]


def public(reason: str) -> Callable[[Endpoint[P]], Endpoint[P]]:
    """Anybody reaches the endpoint, because of `reason`. Raises `ValueError` without one."""
    if not reason.strip():
        raise ValueError("Say why this may be public.")
    return _guard(Access(reason))


def session_required(endpoint: Endpoint[P]) -> Endpoint[P]:
    """Only a browser that holds a session reaches the endpoint; `session_of` gives it."""
    return _guard(Access())(endpoint)


def session_of(request: Request) -> BrowserSession:
    """The session of a request that passed `session_required`."""
    return cast(BrowserSession, request.state.session)


def _guard(access: Access) -> Callable[[Endpoint[P]], Endpoint[P]]:
    def guard(endpoint: Endpoint[P]) -> Endpoint[P]:
        @wraps(endpoint)
        async def guarded(pages: P, request: Request) -> Response:
            if request.method not in ("GET", "HEAD") and not came_from_our_pages(request):
                return pages.not_ours(request)
            session = pages.sessions.read(request)
            if isinstance(session, NoSession) and not access.is_public:
                return pages.no_session(request, session)
            request.state.session = session
            return await endpoint(pages, request)

        guarded.access = access  # type: ignore[attr-defined]
        return guarded

    return guard


def came_from_our_pages(request: Request) -> bool:
    """Whether a browser says that our own page made this request. One that says nothing is not believed."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is None and origin is None:
        return False
    from_here = origin is None or origin.partition("://")[2] == request.headers.get("host")
    return from_here and site in (None, "same-origin")
