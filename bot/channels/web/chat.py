"""The conversation: shown as a page, and taken further by a form that works with and without a script."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot.channels.web.access import session_of, session_required
from bot.channels.web.forms import choice_in, delivery_id, read_form
from bot.channels.web.pages import CHANNEL, PatientPages, wants_json
from bot.channels.web.thread_view import ThreadView, open_chat, thread_by_id, urgent_card
from bot.delivery import Answered, Delivery, Refused
from bot.safety.screening import ResponseNeeded
from privacy.text import WrittenText

Form = dict[str, str]


class ChatPages(PatientPages):
    """``/chat``."""

    @session_required
    async def show(self, request: Request) -> Response:
        """``GET /chat``: the whole page; or, for our script, what came after ``?after=``."""
        token = session_of(request).token
        chat = await to_thread.run_sync(open_chat, self.room, token)
        if chat is None:
            return self.over(request, self.room.content.notices.session.ended.pick(), 403)
        if not wants_json(request):
            return await self._whole(request, chat)
        after = _position(request.query_params.get("after"))
        thread = await to_thread.run_sync(thread_by_id, self.room, chat, after)
        if thread is None:
            return self.over(request, self.room.content.notices.session.deleted.pick(), 403)
        return JSONResponse(self._news(thread))

    @session_required
    async def send(self, request: Request) -> Response:
        """``POST /chat``: a message, or a reply button that was pressed."""
        form = await read_form(request)
        if "look" in form:
            return await self._in_open_chat(request, lambda chat: self._whole(request, chat, draft=form))
        result = await self.room.journey.receive(self._delivery(request, form))
        if isinstance(result, Answered):
            return await self._answered(request, result, form)
        return await self._in_open_chat(request, lambda chat: self._refused(request, result, chat, form))

    async def _in_open_chat(self, request: Request, answer: Callable[[str], Awaitable[Response]]) -> Response:
        """The answer for the session's open conversation, or that it is over."""
        chat = await to_thread.run_sync(open_chat, self.room, session_of(request).token)
        if chat is None:
            return self.over(request, self.room.content.notices.session.ended.pick(), 403)
        return await answer(chat)

    def _delivery(self, request: Request, form: Form) -> Delivery:
        choice = choice_in(form)
        return Delivery(
            channel=CHANNEL,
            address=session_of(request).token,
            text=None if choice else form.get("text", ""),
            choice=choice,
            delivery_id=delivery_id(form, self.room.session_key),
            network_address=request.client.host if request.client else None,
            continues=True,
        )

    async def _answered(self, request: Request, answered: Answered, form: Form) -> Response:
        after = _position(form.get("after")) or answered.position - 1
        thread = await to_thread.run_sync(thread_by_id, self.room, answered.conversation_id, after)
        if thread is None:  # erased at the person's own wish; the bot's last words are in no store
            said = WrittenText("\n\n".join(answered.unkept)) if answered.unkept else None
            return self.over(request, said or self.room.content.notices.session.deleted.pick())
        if thread.ended:
            return self.over(request, self.room.content.notices.session.ended.pick())
        if wants_json(request):
            response: Response = JSONResponse(self._news(thread) | {"own": answered.position})
        else:
            response = RedirectResponse(f"/chat#m{answered.position}", 303)
        self.sessions.keep(response, session_of(request))
        return response

    async def _refused(self, request: Request, refused: Refused, chat: str, form: Form) -> Response:
        """Say why, give the words back, and show the numbers where they may be needed."""
        card = urgent_card(self.room.content) if refused.response >= ResponseNeeded.ASK else None
        if wants_json(request):
            body = {"notice": refused.notice, "html": self.templates.card(card) if card else ""}
            response: Response = JSONResponse(body, refused.status)
        else:
            said = {"draft": form, "problem": refused.notice, "card": card}
            response = await self._whole(request, chat, refused.status, **said)
        if refused.retry_after:
            response.headers["Retry-After"] = str(refused.retry_after)
        return response

    async def _whole(self, request: Request, chat: str, status: int = 200, **context: object) -> Response:
        thread = await to_thread.run_sync(thread_by_id, self.room, chat, 0)
        if thread is None or thread.ended:
            return self.over(request, self.room.content.notices.session.ended.pick(), 403)
        response = self.html("chat.html", status, thread=thread, **context)
        self.sessions.keep(response, session_of(request))
        return response

    def _news(self, thread: ThreadView) -> dict[str, object]:
        return {
            "html": self.templates.messages(thread.messages),
            "position": thread.position,
            "clinician": thread.clinician,
        }


def _position(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdecimal() and len(value) < 9 else 0
