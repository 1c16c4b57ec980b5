"""The client believes nothing that Rasa answers before it has checked it."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest

from bot.rasa_client import Button, EngineUnavailable, RasaClient, Reply
from privacy.text import WrittenText, _redacted

SECRET = "a-made-up-secret-of-forty-characters-xxxx"
GOOD: dict[str, Any] = {
    "replies": [{"text": "Hello.", "buttons": [{"title": "Go", "payload": "/go"}], "custom": None}],
    "intent": {"name": "greet", "confidence": 0.9},
}
TEXT = _redacted("hello <PERSON_1>")

T = TypeVar("T")
Answer = Callable[[bytes, bytes], Awaitable[bytes | None]]


def http(content: bytes, status: int = 200, more: str = "") -> bytes:
    return f"HTTP/1.1 {status} X\r\nContent-Length: {len(content)}\r\n{more}\r\n".encode() + content


def changed(path: list[str | int], value: object) -> dict[str, Any]:
    """GOOD with one thing in it replaced."""
    body: dict[str, Any] = json.loads(json.dumps(GOOD))
    at: Any = body
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return body


def with_server(answer: Answer, use: Callable[[RasaClient], Awaitable[T]], deadline: float = 1.0) -> T:
    """Run `use` with a client of a real server on loopback that answers each request with `answer`."""

    async def main() -> T:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while True:
                    head = await reader.readuntil(b"\r\n\r\n")
                    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                    content = await answer(head, await reader.readexactly(length))
                    if content is None:
                        break
                    writer.write(content)
                    await writer.drain()
            except (asyncio.IncompleteReadError, ConnectionError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        try:
            async with RasaClient(f"http://127.0.0.1:{port}", SECRET, deadline) as client:
                return await use(client)
        finally:
            server.close()
            await server.wait_closed()

    return asyncio.run(main())


def fixed(content: bytes) -> Answer:
    async def answer(_head: bytes, _body: bytes) -> bytes:
        return content

    return answer


def refused(content: bytes) -> str:
    with pytest.raises(EngineUnavailable) as raised:
        with_server(fixed(content), lambda client: client.say("s", TEXT))
    return raised.value.reason


def test_a_whole_answer_becomes_typed_replies() -> None:
    answer = with_server(fixed(http(json.dumps(GOOD).encode())), lambda client: client.say("s", TEXT))
    assert answer.replies == (Reply(WrittenText("Hello."), (Button(WrittenText("Go"), "/go"),), None),)
    assert (answer.intent, answer.confidence) == ("greet", 0.9)


def test_it_sends_the_secret_the_session_and_the_text_on_one_kept_connection() -> None:
    seen: list[tuple[bytes, Any]] = []

    async def answer(head: bytes, body: bytes) -> bytes:
        seen.append((head, json.loads(body or b"null")))
        return http(json.dumps(GOOD).encode())

    async def use(client: RasaClient) -> None:
        await client.say("s", TEXT)
        await client.choose("s", "go", {"mood": 3})
        await client.interrupt("s", "danger")
        await client.forget("s")
        assert await client.ready()

    with_server(answer, use)
    paths = [head.split(b" ")[1].decode() for head, _ in seen]
    assert paths == [
        f"/webhooks/harbour/{end}" for end in ("message", "message", "interrupt", "forget", "ready")
    ]
    assert all(f"Bearer {SECRET}".encode() in head for head, _ in seen)
    assert seen[0][1] == {"session": "s", "text": "hello <PERSON_1>"}
    assert seen[1][1] == {"session": "s", "intent": "go", "entities": {"mood": 3}}


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        7,
        changed(["replies"], []),
        changed(["replies"], None),
        changed(["replies"], [7]),
        changed(["replies"], [GOOD["replies"][0]] * 21),
        changed(["replies", 0, "text"], ""),
        changed(["replies", 0, "text"], "  "),
        changed(["replies", 0, "text"], None),
        changed(["replies", 0, "text"], "x" * 4001),
        changed(["replies", 0, "buttons"], None),
        changed(["replies", 0, "buttons"], [{"title": "Go"}]),
        changed(["replies", 0, "buttons"], [{"title": "Go", "payload": "go"}]),
        changed(["replies", 0, "buttons"], [{"title": "x" * 101, "payload": "/go"}]),
        changed(["replies", 0, "buttons"], [{"title": "Go", "payload": "/" + "x" * 500}]),
        changed(["replies", 0, "custom"], {"card": "unknown"}),
        changed(["replies", 0, "custom"], {"card": "topic:"}),
        changed(["replies", 0, "custom"], {"card": "topic:panic\n"}),
        changed(["replies", 0, "custom"], {"card": "topic:" + "x" * 27}),
        changed(["replies", 0, "custom"], ["helplines"]),
        changed(["intent"], None),
        changed(["intent", "name"], 7),
        changed(["intent", "confidence"], None),
        changed(["intent", "confidence"], True),
        changed(["intent", "confidence"], float("nan")),
        changed(["intent", "confidence"], 1.5),
    ],
)
def test_an_answer_of_the_wrong_shape_never_reaches_the_patient(body: object) -> None:
    assert refused(http(json.dumps(body).encode()))


@pytest.mark.parametrize("card", ["helplines", "topic:panic"])
def test_a_card_may_come_without_words(card: str) -> None:
    body = changed(["replies", 0], {"text": "", "buttons": [], "custom": {"card": card}})
    answer = with_server(fixed(http(json.dumps(body).encode())), lambda client: client.say("s", TEXT))
    assert answer.replies == (Reply(WrittenText(""), (), card),)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (http(b"{}", 500), "status 500"),
        (http(b"{}", 403), "status 403"),
        (http(b"not json"), "the answer is not JSON"),
        (http(b"\xff\xfe"), "the answer is not JSON"),
        (http(b"x" * (256 * 1024 + 1)), "no connection"),
        (b"HTTP/1.1 200 OK\r\nX: y\r\n\r\n", "no connection"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "no connection"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", "no connection"),
    ],
)
def test_what_is_not_an_answer_is_unavailable(content: bytes, reason: str) -> None:
    assert refused(content).startswith(reason)


def test_a_server_that_hangs_up_is_unavailable() -> None:
    async def answer(_head: bytes, _body: bytes) -> None:
        return None

    with pytest.raises(EngineUnavailable, match="no connection"):
        with_server(answer, lambda client: client.say("s", TEXT))


def test_the_deadline_covers_the_whole_call() -> None:
    async def answer(_head: bytes, _body: bytes) -> bytes:
        await asyncio.sleep(30)
        return b""

    began = time.monotonic()
    with pytest.raises(EngineUnavailable, match=r"within 0\.2 seconds"):
        with_server(answer, lambda client: client.say("s", TEXT), deadline=0.2)
    assert time.monotonic() - began < 2


def test_after_a_late_answer_the_next_call_gets_its_own() -> None:
    """The connection of a call that was given up is closed: its answer must not become another person's."""
    calls = []

    async def answer(_head: bytes, _body: bytes) -> bytes:
        calls.append(1)
        if len(calls) == 1:
            await asyncio.sleep(0.4)
            return http(json.dumps(changed(["replies", 0, "text"], "For somebody else.")).encode())
        return http(json.dumps(GOOD).encode())

    async def use(client: RasaClient) -> str:
        with pytest.raises(EngineUnavailable):
            await client.say("first", TEXT)
        await asyncio.sleep(0.4)
        return (await client.say("second", TEXT)).replies[0].text

    assert with_server(answer, use, deadline=0.2) == "Hello."


def test_a_refused_connection_is_unavailable() -> None:
    async def use() -> None:
        client = RasaClient("http://127.0.0.1:1", SECRET)
        assert not await client.ready()
        with pytest.raises(EngineUnavailable, match="no connection"):
            await client.say("s", TEXT)

    asyncio.run(use())


@pytest.mark.parametrize(
    "url",
    [
        "http://8.8.8.8:5005",
        "http://example.org:5005",
        "ftp://127.0.0.1",
        "http://",
        "http://0.0.0.0:5005",
        "http://[2001:4860:4860::8888]",
    ],
)
def test_it_speaks_to_no_public_address(url: str) -> None:
    with pytest.raises(ValueError, match="loopback or private"):
        RasaClient(url, SECRET)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:5005", "http://10.0.0.7", "http://[::1]:80", "http://rasa:5005"]
)
def test_it_speaks_to_loopback_and_private_addresses(url: str) -> None:
    RasaClient(url, SECRET)
