"""What is new, sent to an open page as it comes (server-sent events, WHATWG HTML section 9.2)."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.channels.web.access import session_of, session_required
from bot.channels.web.pages import PatientPages
from bot.channels.web.room_parts import WebRoom
from bot.channels.web.sessions import BrowserSession
from bot.channels.web.thread_view import ThreadView, open_chat, thread_by_id

_MOST_FOR_A_SESSION: Final = 3
_MOST_AT_ALL: Final = 1000
_HEARTBEAT_SECONDS: Final = 15.0
_RETRY_MILLISECONDS: Final = 3000
_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class OpenStreams:
    """How many streams are open, so that nobody can use them all up."""

    def __init__(self) -> None:
        self._of: Counter[str] = Counter()

    def has_room(self, token: str) -> bool:
        """Whether this session may open one more."""
        return self._of[token] < _MOST_FOR_A_SESSION and self._of.total() < _MOST_AT_ALL

    @contextmanager
    def one(self, token: str) -> Iterator[None]:
        """Count one while it is open."""
        self._of[token] += 1
        try:
            yield
        finally:
            self._of[token] -= 1
            if not self._of[token]:
                del self._of[token]


class LivePages(PatientPages):
    """``/chat/stream``."""

    def __init__(self, room: WebRoom) -> None:
        super().__init__(room)
        self._open = OpenStreams()

    @session_required
    async def stream(self, request: Request) -> Response:
        """Messages after ``Last-Event-ID`` or ``?after=``, then each as it comes, until the session is idle."""
        session = session_of(request)
        if not self._open.has_room(session.token):
            return self.stopped(request, self.words.stopped.wrong_title, self.words.stopped.busy, 429)
        chat = await to_thread.run_sync(open_chat, self.room, session.token)
        if chat is None:
            return self.over(request, self.room.content.notices.session.ended.pick(), 403)
        seen = request.headers.get("last-event-id") or request.query_params.get("after", "0")
        after = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else 0
        events = self._events(session, chat, after)
        return StreamingResponse(events, media_type="text/event-stream", headers=_HEADERS)

    async def _events(self, session: BrowserSession, conversation_id: str, after: int) -> AsyncIterator[str]:
        with self._open.one(session.token):
            yield f"retry: {_RETRY_MILLISECONDS}\n\n"
            while (left := session.expires_at - time.time()) > 0:
                # Waiting begins before reading, so that nothing can come between the two unseen.
                wait = self.room.signals.wait(conversation_id, min(_HEARTBEAT_SECONDS, left))
                nudge = asyncio.create_task(wait)
                await asyncio.sleep(0)
                try:
                    thread = await to_thread.run_sync(thread_by_id, self.room, conversation_id, after)
                    if thread is None or thread.ended:
                        break
                    yield self._event(thread) if thread.messages else ": still here\n\n"
                    after = thread.position
                    await nudge
                finally:
                    nudge.cancel()
            yield "event: over\ndata: {}\n\n"

    def _event(self, thread: ThreadView) -> str:
        html = self.templates.messages(thread.messages)
        data = {"html": html, "position": thread.position, "clinician": thread.clinician}
        return f"event: messages\nid: {thread.position}\ndata: {json.dumps(data)}\n\n"
