"""The pages around the chat: the notice before it, help, what is kept, and pages in place of another."""

from __future__ import annotations

from typing import Final

import structlog
from anyio import to_thread
from sqlalchemy.exc import OperationalError
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.channels.web.access import public, session_of, session_required
from bot.channels.web.forms import read_form
from bot.channels.web.headers import AWAY
from bot.channels.web.room_parts import WebRoom
from bot.channels.web.sessions import BrowserSession, NoSession, Sessions
from bot.channels.web.templates import Templates
from bot.channels.web.thread_view import open_chat, receipt_in, urgent_card
from privacy.text import WrittenText

_log = structlog.get_logger()

CHANNEL: Final = "web"
# Kept by the browser alone, and shown when the network or Harbour is gone.
_HELP_CACHING: Final = "private, max-age=3600, stale-while-revalidate=86400, stale-if-error=604800"
_CLEAR: Final = '"cache", "cookies", "storage"'


class PatientPages:
    """What every endpoint of this channel shares: the room, the sessions, and the answers that refuse."""

    def __init__(self, room: WebRoom) -> None:
        self.room = room
        self.templates = Templates(room)
        self.sessions = Sessions(room.session_key, secure=room.secure_cookies)
        self.words = room.content.pages

    def html(self, template: str, status: int = 200, **context: object) -> HTMLResponse:
        """A page."""
        return HTMLResponse(self.templates.page(template, **context), status)

    def stopped(self, request: Request, title: str, notice: WrittenText, status: int) -> Response:
        """A page in place of another: why, what to do, and the helplines. A script gets it as JSON."""
        if wants_json(request):
            card = self.templates.card(urgent_card(self.room.content))
            return JSONResponse({"notice": notice, "html": card}, status)
        return self.html("stopped.html", status, title=title, notice=notice, back_to_chat=True)

    def over(self, request: Request, notice: WrittenText, status: int = 200) -> Response:
        """The chat is closed: says so, offers a new one, and takes the cookie away."""
        shown = {
            "title": self.words.stopped.ended_title,
            "notice": notice,
            "receipt": receipt_in(notice),
        }
        if wants_json(request):
            part = self.templates.page("over.html", **shown)
            response: Response = JSONResponse({"notice": notice, "over": True, "html": part}, status)
        else:
            response = self.html("stopped.html", status, **shown)
        self.sessions.forget(response)
        return response

    def not_ours(self, request: Request) -> Response:
        """The answer to a POST from elsewhere."""
        words = self.words.stopped
        return self.stopped(request, words.not_ours_title, words.not_ours, 403)

    def no_session(self, request: Request, why: NoSession) -> Response:
        """The answer where a chat is needed and there is none. Whoever never had one meets the first page."""
        if why is NoSession.MISSING and request.method == "GET" and not wants_json(request):
            return RedirectResponse("/", 303)
        notices = self.room.content.notices.session
        return self.over(
            request, (notices.expired if why is NoSession.EXPIRED else notices.ended).pick(), 403
        )


class AroundTheChat(PatientPages):
    """The endpoints before, beside and after the conversation."""

    @public("It is the notice that comes before a chat; it reads nothing but whether one is open.")
    async def before(self, request: Request) -> Response:
        """``GET /``: what this is and what it keeps. Nothing is kept and no cookie is set by looking."""
        session = request.state.session
        chat = None
        if isinstance(session, BrowserSession):
            chat = await to_thread.run_sync(open_chat, self.room, session.token)
        return self.html("start.html", has_chat=chat is not None)

    @public("Anybody may start a chat; it makes a new session and opens nothing that exists.")
    async def start(self, request: Request) -> Response:
        """``POST /start``: a new session. One that was open in this browser is closed first."""
        form = await read_form(request)
        earlier = request.state.session
        if isinstance(earlier, BrowserSession):
            await self.room.journey.end(CHANNEL, earlier.token)
        session = self.sessions.new()
        counted = form.get("statistics") == "yes"
        await self.room.journey.begin(CHANNEL, session.token, shares_statistics=counted)
        response = RedirectResponse("/chat", 303)
        self.sessions.keep(response, session)
        return response

    @session_required
    async def end(self, request: Request) -> Response:
        """``POST /end``: the person closes the chat."""
        await self.room.journey.end(CHANNEL, session_of(request).token)
        return self.over(request, self.room.content.notices.session.ended.pick())

    @public("Leaving must always work. It can only end the chat of the browser that asks.")
    async def leave(self, request: Request) -> Response:
        """``POST /leave``: away at once, with what the browser holds of us cleared; the chat is ended after."""
        session = request.state.session
        after = None
        if isinstance(session, BrowserSession):
            after = BackgroundTask(self._end_after, session.token)
        # Our script goes there by itself, so that no entry for the chat stays in the browser's history.
        status, where = (204, {}) if wants_json(request) else (303, {"Location": AWAY})
        response = Response(None, status, {"Clear-Site-Data": _CLEAR, **where}, background=after)
        self.sessions.forget(response)
        return response

    async def _end_after(self, token: str) -> None:
        """End the chat of somebody who has left. Nobody is there to be told when that cannot be kept."""
        try:
            await self.room.journey.end(CHANNEL, token)
        except OperationalError as error:
            _log.error("chat.not_ended", error=type(error).__name__)

    @public("Helplines are for everybody, with or without a chat.")
    async def help(self, request: Request) -> Response:
        """``GET /help``: every helpline. It needs no session, no script and no database."""
        response = self.html("help.html")
        response.headers["Cache-Control"] = _HELP_CACHING
        return response

    @public("It says what the service keeps of anybody, and nothing about one person.")
    async def privacy(self, request: Request) -> Response:
        """``GET /privacy``: what is kept, in plain words."""
        return self.html("privacy.html")


def wants_json(request: Request) -> bool:
    """Whether our script asks, rather than a browser for a page."""
    return request.headers.get("accept", "").startswith("application/json")
