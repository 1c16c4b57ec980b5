"""What Rasa could not be told to forget waits in the store, and is forgotten after a restart too."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.delivery import Delivery
from bot.housekeeping import Housekeeper
from bot.parts import Parts, Readers, build
from bot.settings import Settings
from store import forgetting, migrate
from tests.bot.one_loop import RUNNER


class Rasa(ThreadingHTTPServer):
    """Stands where Rasa should, up or down, and remembers what it was told to forget."""

    daemon_threads = True
    up = True
    forgotten: list[str]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Rasa

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.up and self.path.endswith("/forget"):
            self.server.forgotten.append(body["session"])
        reply = (
            b'{"replies": [{"text": "Hello.", "buttons": []}], "intent": {"name": "greet", "confidence": 1}}'
        )
        self.send_response(200 if self.server.up else 503)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def rasa() -> Iterator[Rasa]:
    server = Rasa(("127.0.0.1", 0), _Handler)
    server.forgotten = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def started(home: Path, rasa: Rasa, readers: Readers) -> Parts:
    settings = Settings(home=home, rasa_port=rasa.server_address[1], engine_deadline_seconds=1)
    migrate.upgrade(settings.database)
    return build(settings, readers)


def waiting(parts: Parts) -> list[str]:
    with parts.store.read() as session:
        return forgetting.waiting(session)


def ended_while_rasa_was_down(home: Path, rasa: Rasa, readers: Readers) -> str:
    """Somebody ended their chat; the name of the session that Rasa must forget. That Harbour then stops."""
    rasa.up = False
    parts = started(home, rasa, readers)
    RUNNER.run(parts.journey.begin("web", "a browser"))
    RUNNER.run(parts.journey.end("web", "a browser"))
    [session] = waiting(parts)
    RUNNER.run(parts.close())
    return session


def test_the_next_harbour_has_it_forgotten_when_rasa_answers(
    home: Path, rasa: Rasa, readers: Readers
) -> None:
    session = ended_while_rasa_was_down(home, rasa, readers)
    rasa.up = True
    parts = started(home, rasa, readers)
    RUNNER.run(parts.journey.receive(Delivery("web", "another", "hello")))
    deadline = time.monotonic() + 10
    while waiting(parts) and time.monotonic() < deadline:
        RUNNER.run(asyncio.sleep(0.02))  # it is done beside the message, which does not wait for it
    assert rasa.forgotten == [session]
    assert waiting(parts) == []
    RUNNER.run(parts.close())


def test_housekeeping_has_it_forgotten_without_any_message(home: Path, rasa: Rasa, readers: Readers) -> None:
    session = ended_while_rasa_was_down(home, rasa, readers)
    rasa.up = True
    parts = started(home, rasa, readers)
    keeper = Housekeeper(parts.journey.steps.tally, parts.forgetting, parts.store, parts.settings.periods)
    RUNNER.run(keeper.round())
    assert rasa.forgotten == [session]
    assert waiting(parts) == []
    RUNNER.run(parts.close())


def test_while_rasa_is_down_the_wish_stays(home: Path, rasa: Rasa, readers: Readers) -> None:
    session = ended_while_rasa_was_down(home, rasa, readers)
    parts = started(home, rasa, readers)
    assert RUNNER.run(parts.forgetting.sweep()) == 1
    assert waiting(parts) == [session]
    RUNNER.run(parts.close())


def test_when_rasa_is_up_nothing_waits(home: Path, rasa: Rasa, readers: Readers) -> None:
    parts = started(home, rasa, readers)
    RUNNER.run(parts.journey.begin("web", "a browser"))
    RUNNER.run(parts.journey.end("web", "a browser"))
    assert len(rasa.forgotten) == 1
    assert waiting(parts) == []
    RUNNER.run(parts.close())
