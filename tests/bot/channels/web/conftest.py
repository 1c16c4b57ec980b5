"""The web chat over real HTTP, on a real store with the real journey; Rasa is out of reach, which it survives."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp

from bot.channels.web.room import WebRoom, application
from bot.parts import Readers, build
from bot.settings import Settings
from harbour.home import prepare_home
from harbour.ports import free_port
from harbour.secret_files import create_missing_secrets
from store import migrate

# Everything is on the loopback: loading the world's certificates for each browser would only take time.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
Serve = Callable[[ASGIApp], str]


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory, readers: Readers) -> Iterator[WebRoom]:
    """One room for all of these tests: building it takes longer than any of them."""
    home = tmp_path_factory.mktemp("web")
    prepare_home(home)
    create_missing_secrets(home)
    settings = Settings(home=home, rasa_port=free_port(), engine_deadline_seconds=1)
    migrate.upgrade(settings.database)
    parts = build(settings, readers)
    yield WebRoom(
        journey=parts.journey,
        store=parts.store,
        vault=parts.vault,
        content=parts.content,
        signals=parts.signals,
        pseudonyms=parts.pseudonyms,
        session_key=b"k" * 32,
        service_name="Harbour",
        secure_cookies=False,
        static_folder=home,
        eraser=parts.eraser,
        corrections=parts.corrections,
        my_data=parts.my_data,
    )
    parts.store.close()


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """Serves an application on a port of its own, and says where."""
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


@pytest.fixture(scope="session")
def site(room: WebRoom, serve: Serve) -> str:
    """Where the patients' pages are."""
    return serve(application(room))


@pytest.fixture
def stranger(site: str) -> Iterator[httpx.Client]:
    """A client that does not say where its requests come from."""
    with httpx.Client(base_url=site, verify=NO_TLS, timeout=30) as client:
        yield client


@pytest.fixture
def browser(stranger: httpx.Client, site: str) -> httpx.Client:
    """A browser that has not been here before, posting from our own pages."""
    stranger.headers.update({"Origin": site, "Sec-Fetch-Site": "same-origin"})
    return stranger


@pytest.fixture
def chatting(browser: httpx.Client) -> httpx.Client:
    """A browser in which a chat is open."""
    assert browser.post("/start").headers["location"] == "/chat"
    return browser
