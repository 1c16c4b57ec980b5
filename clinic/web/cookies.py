"""The cookies of the staff rooms."""

from __future__ import annotations

from starlette.responses import Response

from clinic.auth.sessions import LONGEST
from clinic.web.access import FORM_COOKIE


def session_cookie(secure: bool) -> str:
    """The session cookie's name. ``__Host-`` makes browsers refuse it unless this host set it over HTTPS."""
    return "__Host-harbour_staff" if secure else "harbour_staff"


def set_session(response: Response, token: str, *, secure: bool) -> None:
    """Give the browser its session."""
    response.set_cookie(
        session_cookie(secure),
        token,
        max_age=int(LONGEST.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=secure,
    )


def clear_session(response: Response, *, secure: bool) -> None:
    """Take it away again."""
    response.delete_cookie(session_cookie(secure), httponly=True, samesite="strict", secure=secure)


def set_form_token(response: Response, token: str, *, secure: bool) -> None:
    """Let a public page's form be recognised when it comes back."""
    response.set_cookie(FORM_COOKIE, token, httponly=True, samesite="strict", secure=secure)
