"""With Rasa slow, broken or answering nonsense, patients get an honest reply, and danger is answered in full."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.delivery import Answered, Delivery
from bot.parts import Parts, Readers, build
from bot.settings import Settings
from store import conversations, migrate
from store.models import Escalation, Message, ServiceAlert, Speaker
from tests.bot.one_loop import RUNNER

NONSENSE = {
    "an empty page": b"",
    "a web page": b"<html>it works!</html>",
    "no replies": b'{"replies": [], "intent": {"name": null, "confidence": 0}}',
    "a reply that is a number": b'{"replies": [{"text": 7, "buttons": []}], "intent": {"name": "x", "confidence": 1}}',
    "an endless reply": b'{"replies": [{"text": "' + b"a" * 300_000 + b'"}]}',
    "a card nobody knows": b'{"replies": [{"text": "x", "buttons": [], "custom": {"card": "prize"}}],'
    b' "intent": {"name": "x", "confidence": 1}}',
}


class FakeRasa(ThreadingHTTPServer):
    """Stands where Rasa should, and answers as it is told."""

    body = b""
    status = 200
    pause_seconds = 0.0
    daemon_threads = True

    def handle_error(self, *_args: object) -> None:
        """Say nothing when Harbour has given up on a slow answer, as it should."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FakeRasa

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(self.server.pause_seconds)
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def rasa() -> Iterator[FakeRasa]:
    server = FakeRasa(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def parts(home: Path, rasa: FakeRasa, readers: Readers) -> Iterator[Parts]:
    settings = Settings(home=home, rasa_port=rasa.server_address[1], engine_deadline_seconds=0.5)
    migrate.upgrade(settings.database)
    built = build(settings, readers)
    yield built
    RUNNER.run(built.close())


def replies(parts: Parts, text: str) -> list[Message]:
    """What the patient is shown after one message."""
    outcome = RUNNER.run(parts.journey.receive(Delivery("web", "a browser", text)))
    assert isinstance(outcome, Answered)
    with parts.store.read() as session:
        after = conversations.messages_after(session, outcome.conversation_id, outcome.position)
        return [message for message in after if message.speaker == Speaker.BOT]


@pytest.mark.parametrize("body", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_never_reaches_a_patient(parts: Parts, rasa: FakeRasa, body: bytes) -> None:
    rasa.body = body
    first = replies(parts, "hello")[0]
    assert first.text in parts.content.fallback.engine.down
    assert first.card == "helplines"


def test_a_failing_rasa_is_told_to_staff_once_and_counted(parts: Parts, rasa: FakeRasa) -> None:
    rasa.status = 500
    replies(parts, "hello")
    replies(parts, "hello?")
    with parts.store.read() as session:
        alert = session.scalars(select(ServiceAlert)).one()
    assert alert.times == 2
    assert alert.cleared_at is None


def test_the_alert_is_cleared_when_rasa_answers_again(parts: Parts, rasa: FakeRasa) -> None:
    rasa.status = 500
    replies(parts, "hello")
    rasa.status = 200
    rasa.body = b'{"replies": [{"text": "Hello again.", "buttons": []}], "intent": {"name": "greet", "confidence": 1}}'
    assert [message.text for message in replies(parts, "hello?")] == ["Hello again."]
    with parts.store.read() as session:
        assert session.scalars(select(ServiceAlert)).one().cleared_at is not None


def test_a_slow_rasa_is_not_waited_for(parts: Parts, rasa: FakeRasa) -> None:
    rasa.pause_seconds = 3
    began = time.monotonic()
    first = replies(parts, "hello")[0]
    assert time.monotonic() - began < 2.5
    assert first.text in parts.content.fallback.engine.slow


def test_danger_is_answered_at_once_while_rasa_is_slow(parts: Parts, rasa: FakeRasa) -> None:
    rasa.pause_seconds = 3
    began = time.monotonic()
    shown = replies(parts, "i’ve taken all my tablets")
    assert time.monotonic() - began < 2
    assert shown[0].card == "crisis"
    with parts.store.read() as session:
        assert session.scalars(select(Escalation)).one().response == "respond_now"
