"""What reaches an open page without asking."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx

from bot.channels.web.room import WebRoom
from store import conversations
from store.models import Speaker

JSON = {"Accept": "application/json"}


def events(response: httpx.Response) -> Iterator[tuple[str, dict[str, object]]]:
    name = ""
    for line in response.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def notice(room: WebRoom, client: httpx.Client) -> None:
    with room.store.begin() as session:
        person = room.pseudonyms.of("web", client.cookies["harbour"].partition(".")[0])
        conversation = conversations.find_conversation(session, person)
        assert conversation
        words = room.content.notices.handover.waiting[0]
        conversations.append(session, conversation, Speaker.NOTICE, words)
    room.signals.notify(conversation.id)


def test_a_new_message_reaches_the_page_at_once(chatting: httpx.Client, room: WebRoom) -> None:
    with chatting.stream("GET", "/chat/stream?after=0") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        coming = events(response)
        assert next(coming)[1]["position"] == 1
        began = time.monotonic()
        notice(room, chatting)
        name, data = next(coming)
        assert (name, data["position"]) == ("messages", 2)
        assert room.content.notices.handover.waiting[0].replace("'", "&#39;") in str(data["html"])
        assert time.monotonic() - began < 2


def test_a_page_that_lost_its_signal_gets_what_it_missed(chatting: httpx.Client, room: WebRoom) -> None:
    notice(room, chatting)
    with chatting.stream("GET", "/chat/stream", headers={"Last-Event-ID": "1"}) as response:
        data = next(events(response))[1]
    assert data["position"] == 2
    assert 'data-position="1"' not in str(data["html"])


def test_the_page_hears_that_the_chat_was_closed(chatting: httpx.Client) -> None:
    with chatting.stream("GET", "/chat/stream?after=1") as response:
        cookie = {**chatting.headers, "Cookie": f"harbour={chatting.cookies['harbour']}"}
        httpx.post(chatting.base_url.join("/end"), headers=cookie)
        assert next(events(response))[0] == "over"


def test_a_session_holds_only_so_many_streams(chatting: httpx.Client) -> None:
    with ExitStack() as opened:
        for _ in range(3):
            stream = opened.enter_context(chatting.stream("GET", "/chat/stream?after=1"))
            assert stream.status_code == 200
        assert chatting.get("/chat/stream", headers=JSON).status_code == 429
