"""The patient's browser session: a random token in a signed cookie, good for an hour after its last use.

The token is the person's address on this channel. The server keeps no list of sessions: the signature
(HMAC-SHA-256, through itsdangerous) and the time in it say whether a cookie is ours and still good.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Final

from itsdangerous import BadSignature, SignatureExpired, TimestampSigner
from starlette.requests import Request
from starlette.responses import Response

IDLE_SECONDS: Final = 60 * 60
_TOKEN_BYTES: Final = 32
_LONGEST_COOKIE: Final = 256


class NoSession(StrEnum):
    """Why there is no session."""

    MISSING = "missing"
    EXPIRED = "expired"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """A session that was just checked. `expires_at` is in seconds since 1970."""

    token: str = field(repr=False)
    expires_at: float


class Sessions:
    """Issues and reads the session cookie."""

    def __init__(self, key: bytes, *, secure: bool) -> None:
        self._signer = TimestampSigner(key, salt="harbour.web.session", digest_method=sha256)
        self._secure = secure
        # The prefix makes browsers refuse one set by a sibling host or without HTTPS (RFC 6265bis, 4.1.3.2).
        self.cookie = "__Host-harbour" if secure else "harbour"

    def new(self) -> BrowserSession:
        """A session that nobody has had before: 256 random bits."""
        return BrowserSession(secrets.token_urlsafe(_TOKEN_BYTES), time.time() + IDLE_SECONDS)

    def read(self, request: Request) -> BrowserSession | NoSession:
        """The session of a request, or why it has none."""
        value = request.cookies.get(self.cookie)
        if not value:
            return NoSession.MISSING
        if len(value) > _LONGEST_COOKIE:
            return NoSession.FORGED
        try:
            token, signed_at = self._signer.unsign(value, max_age=IDLE_SECONDS, return_timestamp=True)
        except SignatureExpired:
            return NoSession.EXPIRED
        except BadSignature:
            return NoSession.FORGED
        return BrowserSession(token.decode(), signed_at.timestamp() + IDLE_SECONDS)

    def keep(self, response: Response, session: BrowserSession) -> None:
        """Give the cookie a new hour. It has no age of its own, so it also goes when the browser closes."""
        value = self._signer.sign(session.token).decode()
        response.set_cookie(
            self.cookie, value, path="/", httponly=True, samesite="strict", secure=self._secure
        )

    def forget(self, response: Response) -> None:
        """Take the cookie away."""
        response.delete_cookie(self.cookie, path="/", httponly=True, samesite="strict", secure=self._secure)
