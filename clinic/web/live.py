"""A stream of nudges to an open page (server-sent events). It carries no content: the page then reads it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from clinic.auth import sessions
from clinic.web import thread_view
from clinic.web.access import require, visit_of
from clinic.web.room import ClinicRoom
from store.models import Role

# Between nudges the stream shows that it is alive, and looks whether the session still is.
_QUIET_SECONDS: Final = 15.0
_LONGEST_WAIT_SECONDS: Final = 3600.0


class Live:
    """Nudges named ``inbox`` and, with a thread open, ``thread``; at the end of the session, ``signed-out``."""

    def __init__(self, room: ClinicRoom) -> None:
        self._room = room

    @require(Role.CLINICIAN, Role.SUPERVISOR)
    async def stream(self, request: Request) -> Response:
        """The stream of one page."""
        opened = request.query_params.get("escalation")
        topics = await to_thread.run_sync(self._topics, opened)
        return StreamingResponse(
            self.nudges(visit_of(request).key, topics),
            media_type="text/event-stream",
            headers={"X-Accel-Buffering": "no"},
        )

    async def nudges(self, session_key: str, topics: Mapping[str, str]) -> AsyncGenerator[str]:
        """Server-sent events for as long as the session lasts; `topics` maps an event's name to its topic."""
        waits = {self._wait(topic): name for name, topic in topics.items()}
        try:
            yield "retry: 2000\n\n"
            while await to_thread.run_sync(self._is_signed_in, session_key):
                woken, _ = await asyncio.wait(
                    waits, timeout=_QUIET_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                names = [waits.pop(wait) for wait in woken]
                waits |= {self._wait(topics[name]): name for name in names}
                # The new waits begin before the page reads, so that nothing falls between the two.
                await asyncio.sleep(0)
                yield "".join(f"event: {name}\ndata: new\n\n" for name in names) or ": still here\n\n"
            yield "event: signed-out\ndata: now\n\n"
        finally:
            for wait in waits:
                wait.cancel()

    def _wait(self, topic: str) -> asyncio.Task[bool]:
        return asyncio.create_task(self._room.signals.wait(topic, _LONGEST_WAIT_SECONDS))

    def _topics(self, escalation_id: str | None) -> dict[str, str]:
        topics = {"inbox": "inbox"}
        if escalation_id:
            with self._room.store.read() as session:
                row = thread_view.find(session, escalation_id)
            if row is not None:
                topics["thread"] = row.conversation_id
        return topics

    def _is_signed_in(self, session_key: str) -> bool:
        with self._room.store.read() as session:
            return sessions.find_by_key(session, session_key) is not None
