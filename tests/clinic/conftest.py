"""A clinic on a real store, served over real HTTP, and browsers for its staff."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import httpx
import pyotp
import pytest
import uvicorn
from sqlalchemy.orm import Session
from starlette.routing import BaseRoute

from clinic import escalations
from clinic.auth import accounts, codes, passwords, sessions
from clinic.auth.accounts import NewAccount
from clinic.clock import ResponseTargets
from clinic.escalations import KeptReason
from clinic.web import ClinicRoom, staff_app
from content import Content
from privacy.keyring import Keyring
from privacy.pseudonym import Pseudonyms
from privacy.redaction import Redactor
from privacy.text import RedactedText, WrittenText
from privacy.vault import Vault
from store import conversations, migrate
from store.models import Conversation, Escalation, Role, Speaker, Staff
from store.session import Store
from store.signals import Signals

PASSWORD = "tide lamp orchard"
# Everything is on the loopback: loading the world's certificates for each browser would only take time.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
TABLETS: KeptReason = {
    "category": "overdose_taken",
    "explanation": "Says they have taken an overdose",
    "words": "all my tablets",
}


@pytest.fixture(scope="session")
def redactor() -> Redactor:
    return Redactor.load()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with nothing in it, to be copied: migrating takes longer than most tests."""
    file = tmp_path_factory.mktemp("empty") / "harbour.db"
    migrate.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def store(empty_database: Path, tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{shutil.copy(empty_database, tmp_path / 'clinic.db')}")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def content() -> Content:
    return Content.load()


@pytest.fixture
def room(store: Store, content: Content, request: pytest.FixtureRequest) -> ClinicRoom:
    def redact(text: str) -> RedactedText:
        # The models take a while to load, and few tests need them.
        redactor: Redactor = request.getfixturevalue("redactor")
        return redactor.redact(text).text

    return ClinicRoom(
        store=store,
        vault=Vault(Keyring.of(b"v" * 32)),
        content=content,
        signals=Signals(),
        targets=ResponseTargets(),
        redact=redact,
        service_name="Harbour",
        secure_cookies=False,
    )


@dataclass
class Person:
    """A member of staff, and how they sign in."""

    id: str
    email: str
    secret: str

    def code(self) -> str:
        return pyotp.TOTP(self.secret).now()


@pytest.fixture(scope="session")
def password_hash() -> str:
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def hire(room: ClinicRoom, password_hash: str) -> Callable[..., Person]:
    """Make an account: ``hire("Amina", Role.CLINICIAN)``."""

    def make(first_name: str, *roles: Role) -> Person:
        email, secret = f"{first_name.lower()}@trust.example", codes.new_secret()
        account = NewAccount(first_name, "crisis nurse", email, password_hash, secret)
        with room.store.begin() as session:
            staff = accounts.create(session, room.vault, account, roles or [Role.CLINICIAN])
        return Person(staff.id, email, secret)

    return make


@dataclass
class Browser:
    """A browser that keeps cookies, sends an Origin with forms, and fills in the csrf field of the last page."""

    client: httpx.Client
    page: httpx.Response | None = None
    csrf: str = ""
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        assert self.page is not None
        return unescape(re.sub(r"\s+", " ", self.page.text))

    def open(self, path: str) -> httpx.Response:
        return self._see(self.client.get(path, headers={"Accept": "text/html"}))

    def send(self, path: str, **fields: str) -> httpx.Response:
        origin = str(self.client.base_url).rstrip("/")
        answer = self.client.post(
            path, data={"csrf": self.csrf, **fields}, headers={"Origin": origin, "Accept": "text/html"}
        )
        return self._see(answer)

    def sign_in(self, person: Person, password: str = PASSWORD, code: str | None = None) -> httpx.Response:
        self.open("/sign-in")
        return self.send("/sign-in", email=person.email, password=password, code=code or person.code())

    def _see(self, page: httpx.Response) -> httpx.Response:
        self.page = page
        self.fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        self.csrf = self.fields.get("csrf", self.csrf)
        return page


@pytest.fixture
def address(room: ClinicRoom) -> Iterator[str]:
    with serving(room) as url:
        yield url


@contextmanager
def serving(room: ClinicRoom, also: Sequence[BaseRoute] = ()) -> Iterator[str]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        staff_app(room, also=also), log_level="error", ws="none", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture
def browser(address: str) -> Iterator[Callable[[], Browser]]:
    """A new browser with nobody signed in."""
    opened: list[httpx.Client] = []

    def new() -> Browser:
        client = httpx.Client(base_url=address, follow_redirects=True, timeout=20, verify=NO_TLS)
        opened.append(client)
        return Browser(client)

    yield new
    for client in opened:
        client.close()


@pytest.fixture
def signed_in(room: ClinicRoom, browser: Callable[[], Browser]) -> Callable[[Person], Browser]:
    """A browser with a session of that person's, as if they had signed in a moment ago."""

    def make(person: Person) -> Browser:
        with room.store.begin() as session:
            token = sessions.start(session, session.get_one(Staff, person.id))
        new = browser()
        new.client.cookies.set("harbour_staff", token, domain="127.0.0.1")
        return new

    return make


@pytest.fixture
def patient_writes(room: ClinicRoom, redactor: Redactor) -> Callable[..., Escalation]:
    """A patient's message that needs a response: returns the escalation."""

    def write(
        text: str = "i've taken all my tablets", response: str = "respond_now", who: str = "1"
    ) -> Escalation:
        with room.store.begin() as session:
            conversation = _conversation(session, who)
            message = conversations.append(
                session,
                conversation,
                Speaker.PATIENT,
                _redacted(redactor, text),
                response=response,
                reasons=[TABLETS],
            )
            session.flush()
            return escalations.raise_escalation(
                session,
                conversation=conversation,
                message=message,
                response=response,
                reasons=[TABLETS],
                targets=room.targets,
            )

    return write


@pytest.fixture
def raised(room: ClinicRoom) -> Callable[..., Escalation]:
    """An escalation of somebody, without the models that read their words."""

    def make(who: str = "1", response: str = "respond_now", **changes: object) -> Escalation:
        with room.store.begin() as session:
            conversation = _conversation(session, who)
            words = WrittenText("i've taken all my tablets")
            message = conversations.append(
                session, conversation, Speaker.PATIENT, words, response=response, reasons=[TABLETS]
            )
            session.flush()
            escalation = escalations.raise_escalation(
                session,
                conversation=conversation,
                message=message,
                response=response,
                reasons=[TABLETS],
                targets=room.targets,
            )
            for name, value in changes.items():
                setattr(escalation, name, value)
            return escalation

    return make


def _redacted(redactor: Redactor, text: str) -> RedactedText:
    return redactor.redact(text).text


def _conversation(session: Session, who: str) -> Conversation:
    return conversations.open_conversation(session, Pseudonyms(b"p" * 32).of("web", who), "web")
