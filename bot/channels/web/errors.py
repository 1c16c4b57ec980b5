"""Honest pages in place of errors, each with the helplines. None shows a traceback."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.channels.web.forms import BodyTooBig, BodyTooSlow, NotAForm
from bot.channels.web.headers import HEADERS
from bot.channels.web.pages import PatientPages

Handler = Callable[[Request, Exception], Awaitable[Response]]


class ErrorPages(PatientPages):
    """What is said instead of an error."""

    def handlers(self) -> Mapping[Any, Handler]:
        """For Starlette's `exception_handlers`."""
        return {
            HTTPException: self.not_found,
            BodyTooBig: self.too_big,
            BodyTooSlow: self.too_slow,
            ClientDisconnect: self.gone,
            NotAForm: self.not_a_form,
            OperationalError: self.busy,
            Exception: self.wrong,
        }

    async def not_found(self, request: Request, error: Exception) -> Response:
        """No such page, or not in this way."""
        status = error.status_code if isinstance(error, HTTPException) else 404
        words = self.words.stopped
        return self.stopped(request, words.not_found_title, words.not_found, status)

    async def too_big(self, request: Request, _error: Exception) -> Response:
        """More than any message may hold; refused before the rest of it is read."""
        words = self.words.stopped
        response = self.stopped(request, words.wrong_title, words.too_big, 413)
        response.headers["Connection"] = "close"
        return response

    async def too_slow(self, request: Request, _error: Exception) -> Response:
        """The form stopped coming half-way; nothing of it was taken in."""
        response = self.stopped(request, self.words.stopped.wrong_title, self.words.stopped.wrong, 408)
        response.headers["Connection"] = "close"
        return response

    async def gone(self, _request: Request, _error: Exception) -> Response:
        """Whoever was sending has left half-way, so nobody reads this, and it is no fault of ours."""
        return Response(None, 400)

    async def not_a_form(self, request: Request, _error: Exception) -> Response:
        """Something that no page of ours sends."""
        notice = self.room.content.notices.message.unreadable.pick()
        return self.stopped(request, self.words.stopped.wrong_title, notice, 400)

    async def busy(self, request: Request, _error: Exception) -> Response:
        """The database did not answer in time."""
        words = self.words.stopped
        response = self.stopped(request, words.wrong_title, words.wrong, 503)
        response.headers["Retry-After"] = "5"
        return response

    async def wrong(self, request: Request, _error: Exception) -> Response:
        """Anything else. Starlette gives this answer outside all middleware, so it is dressed here."""
        words = self.words.stopped
        response = self.stopped(request, words.wrong_title, words.wrong, 500)
        response.headers.update(HEADERS | {"Cache-Control": "no-store"})
        return response
