"""An open page is nudged, and told when its session ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, select

from clinic.web import ClinicRoom
from clinic.web.live import Live
from store.models import Escalation, StaffSession


def session_key(room: ClinicRoom) -> str:
    with room.store.read() as session:
        return session.scalars(select(StaffSession.token_hash)).one()


def test_a_change_nudges_the_list_and_the_open_thread(
    room: ClinicRoom,
    hire: Callable[..., Any],
    signed_in: Callable[..., Any],
    patient_writes: Callable[..., Escalation],
) -> None:
    escalation = patient_writes()
    amina = signed_in(hire("Amina"))
    amina.open(f"/inbox/{escalation.id}")
    with amina.client.stream("GET", f"/inbox/stream?escalation={escalation.id}") as stream:
        lines = stream.iter_lines()
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert next(lines) == "retry: 2000"
        amina.client.post(
            f"/inbox/{escalation.id}/take-over",
            data={"csrf": amina.csrf},
            headers={"Origin": str(amina.client.base_url).rstrip("/")},
        )
        seen: set[str] = set()
        while seen != {"event: inbox", "event: thread"}:
            line = next(lines)
            if line.startswith("event:"):
                seen.add(line)


def test_the_stream_says_when_the_session_has_ended(
    room: ClinicRoom, hire: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    signed_in(hire("Amina"))
    key = session_key(room)

    async def listen() -> list[str]:
        nudges = Live(room).nudges(key, {"inbox": "inbox"})
        first = await anext(nudges)
        with room.store.begin() as session:
            session.execute(delete(StaffSession))
        return [first, *[nudge async for nudge in nudges]]

    assert asyncio.run(listen())[-1] == "event: signed-out\ndata: now\n\n"


def test_nudges_that_come_while_another_is_sent_are_not_lost(
    room: ClinicRoom, hire: Callable[..., Any], signed_in: Callable[..., Any]
) -> None:
    signed_in(hire("Amina"))
    key = session_key(room)

    async def listen() -> list[str]:
        nudges = Live(room).nudges(key, {"inbox": "inbox"})
        await anext(nudges)
        got = []
        for _ in range(3):
            asyncio.get_running_loop().call_later(0.2, room.signals.notify, "inbox")
            got.append(await anext(nudges))
        await nudges.aclose()
        return got

    assert asyncio.run(listen()) == ["event: inbox\ndata: new\n\n"] * 3
