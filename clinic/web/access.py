"""Who may open a page. Every endpoint says so, in an attribute named ``access`` that a rule test reads.

`require` guards an endpoint for roles; `public` opens one to everybody and says why. Both refuse a POST that
did not come from one of our own forms: its origin must be this site's, and its ``csrf`` field must hold the
session's token (or, before anybody has signed in, the same random value as a cookie: a double submit).
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, Final, ParamSpec, Self, cast
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from clinic.auth.sessions import Visit

P = ParamSpec("P")
Endpoint = Callable[P, Any]
Guarded = Callable[P, Awaitable[Response]]

FORM_COOKIE: Final = "harbour_form"
_FORM: Final = "application/x-www-form-urlencoded"
_LEAST_TOKEN_LENGTH: Final = 32


@dataclass(frozen=True, slots=True)
class Access:
    """Either public for a stated reason, or for staff with one of the roles (no roles: any staff)."""

    reason: str = ""
    roles: frozenset[str] = frozenset()

    @classmethod
    def public(cls, reason: str) -> Self:
        """Open to everybody. Raises `ValueError` without a reason."""
        if not reason.strip():
            raise ValueError("Say why this may be public.")
        return cls(reason=reason)

    @classmethod
    def role(cls, *roles: str) -> Self:
        """For signed-in staff who have one of `roles`."""
        return cls(roles=frozenset(roles))

    @property
    def is_public(self) -> bool:
        """Whether anybody may."""
        return bool(self.reason)


def require(*roles: str) -> Callable[[Endpoint[P]], Guarded[P]]:
    """Only signed-in staff who have one of `roles` reach the endpoint; others sign in first, or get a 403."""
    return _guard(Access.role(*roles))


def public(reason: str) -> Callable[[Endpoint[P]], Guarded[P]]:
    """Anybody reaches the endpoint, because of `reason`."""
    return _guard(Access.public(reason))


def visit_of(request: Request) -> Visit:
    """Who is signed in. Only for endpoints behind `require`."""
    return cast(Visit, request.state.visit)


def form_token(request: Request) -> str:
    """The value that a form on a public page must send back; also to be set as `FORM_COOKIE`."""
    return cast(str, request.state.form_token)


def _guard(access: Access) -> Callable[[Endpoint[P]], Guarded[P]]:
    def guard(endpoint: Endpoint[P]) -> Guarded[P]:
        @wraps(endpoint)
        async def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
            request = cast(Request, args[-1])
            stopped = _stop_strangers(access, request)
            if stopped is not None:
                return stopped
            if request.method not in ("GET", "HEAD"):
                await _must_be_our_form(access, request)
            if iscoroutinefunction(endpoint):
                return cast(Response, await endpoint(*args, **kwargs))
            return cast(Response, await run_in_threadpool(endpoint, *args, **kwargs))

        guarded.access = access  # type: ignore[attr-defined]
        return guarded

    return guard


def _stop_strangers(access: Access, request: Request) -> Response | None:
    if access.is_public:
        return None
    visit: Visit | None = getattr(request.state, "visit", None)
    if visit is None:
        return _to_sign_in(request)
    if not visit.may(access.roles):
        raise HTTPException(403, "Your account does not have the role that this page needs.")
    return None


def _to_sign_in(request: Request) -> Response:
    if "text/html" not in request.headers.get("accept", ""):
        raise HTTPException(401, "You have been signed out.")
    if request.method not in ("GET", "HEAD"):
        raise HTTPException(401, "You have been signed out, so nothing was changed. Sign in and do it again.")
    return RedirectResponse(f"/sign-in?next={quote(request.url.path, safe='/')}", status_code=303)


async def _must_be_our_form(access: Access, request: Request) -> None:
    if request.headers.get("origin", "").partition("://")[2] != request.headers.get("host"):
        raise HTTPException(403, "This form did not come from this site, so nothing was changed.")
    if request.headers.get("content-type", "").split(";")[0] != _FORM:
        raise HTTPException(415, "Send this as an ordinary form.")
    form = await request.form()
    right = request.cookies.get(FORM_COOKIE, "") if access.is_public else visit_of(request).csrf_token
    given = form.get("csrf", "")
    if len(right) < _LEAST_TOKEN_LENGTH or not hmac.compare_digest(right.encode(), str(given).encode()):
        raise HTTPException(403, "This form was open for too long. Go back, reload the page and try again.")
    request.state.form = {name: value for name, value in form.items() if isinstance(value, str)}


def form_of(request: Request) -> dict[str, str]:
    """The fields of a POST that passed the guard."""
    return cast(dict[str, str], request.state.form)
