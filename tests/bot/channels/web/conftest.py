"""The web chat over real HTTP, on a real store with the real journey; Rasa is out of reach, which it survives."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp

from bot.channels.web.room import WebRoom, application
from bot.parts import Parts

# Everything is on the loopback: loading the world's certificates for each browser would only take time.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
Serve = Callable[[ASGIApp], str]


@pytest.fixture
def room(parts: Parts, tmp_path: Path) -> WebRoom:
    return WebRoom(
        journey=parts.journey,
        store=parts.store,
        vault=parts.vault,
        content=parts.content,
        signals=parts.signals,
        pseudonyms=parts.pseudonyms,
        session_key=b"k" * 32,
        service_name="Harbour",
        secure_cookies=False,
        static_folder=tmp_path,
    )


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves an application on a port of its own while the test runs, and says where."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(app: ASGIApp) -> str:
        listening = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        running.append((server, thread))
        while not server.started:
            time.sleep(0.01)
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join()


@pytest.fixture
def stranger(room: WebRoom, serve: Serve) -> Iterator[httpx.Client]:
    """A client that does not say where its requests come from."""
    with httpx.Client(base_url=serve(application(room)), verify=NO_TLS) as client:
        yield client


@pytest.fixture
def browser(stranger: httpx.Client) -> httpx.Client:
    """A browser that has not been here before, posting from our own pages."""
    url = stranger.base_url
    stranger.headers |= {"Origin": f"http://{url.host}:{url.port}", "Sec-Fetch-Site": "same-origin"}
    return stranger


@pytest.fixture
def chatting(browser: httpx.Client) -> httpx.Client:
    """A browser in which a chat is open."""
    assert browser.post("/start").headers["location"] == "/chat"
    return browser
