"""A patient's browser, and an attacker's: requests to a running Harbour, and looks into its files."""

from __future__ import annotations

import html
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from benchmarks.running import RunningHarbour

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
DANGER = "i've taken all my tablets"
Body = bytes | Iterable[bytes]


@dataclass(frozen=True)
class Page:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str
    cookies: tuple[str, ...]

    @property
    def in_sight(self) -> str:
        """What is on the screen without pressing anything; for an answer to our script, what it shows."""
        if self.headers.get("content-type") == JSON:
            return html.unescape(str(self.json().get("html", "")))
        return html.unescape(self.text.partition("<dialog")[0])

    @property
    def shows_numbers(self) -> bool:
        """Whether somebody in danger sees whom to call."""
        return "tel:999" in self.in_sight and "tel:116123" in self.in_sight

    @property
    def shows_crisis_card(self) -> bool:
        """Whether the numbers are shown as for danger."""
        return self.shows_numbers and "hb-crisis" in self.in_sight

    @property
    def bot_says(self) -> list[str]:
        """What the bot says on the page, in order."""
        found = re.findall(r'data-kind="bot".*?hb-message__text">(.*?)</div>', self.in_sight, re.DOTALL)
        return [re.sub(r"<[^>]+>", " ", each).strip() for each in found]

    def json(self) -> dict[str, Any]:
        """The answer to our script."""
        found: dict[str, Any] = json.loads(self.text)
        return found


class Patient:
    """One browser. It keeps its cookie, and says of its own requests what a browser says."""

    def __init__(self, harbour: RunningHarbour) -> None:
        self.address = (harbour.host, harbour.patients_port)
        self.cookie = ""

    def start(self) -> Patient:
        """Go through the first page into a chat of one's own."""
        page = self.post("/start", {})
        assert page.status == 303, page.text
        return self

    def say(self, text: str, **more: str) -> Page:
        """Send a message as the form does without a script, and read the page that follows."""
        sent = self.post("/chat", {"text": text, **more})
        return self.get("/chat") if sent.status == 303 else sent

    def tell(self, text: str, **more: str) -> Page:
        """Send a message as our script does; what is new comes back."""
        return self.post("/chat", {"text": text, **more}, Accept=JSON)

    def get(self, path: str, **headers: str) -> Page:
        return self.request("GET", path, None, _named(headers))

    def post(self, path: str, body: Mapping[str, str] | Body, **headers: str) -> Page:
        """Headers are written with underscores; one that is empty is not sent."""
        raw = urlencode(body).encode() if isinstance(body, Mapping) else body
        origin = "http://{}:{}".format(*self.address)
        ours = {"Content-Type": FORM, "Origin": origin, "Sec-Fetch-Site": "same-origin"} | _named(headers)
        return self.request("POST", path, raw, ours)

    def request(self, method: str, path: str, body: Body | None, headers: Mapping[str, str]) -> Page:
        """Whatever is sent, the answer must be no failure and show nothing of the inside."""
        sent = {name: value for name, value in headers.items() if value}
        if self.cookie:
            sent["Cookie"] = f"harbour={self.cookie}"
        with closing(HTTPConnection(*self.address, timeout=20)) as connection:
            with suppress(BrokenPipeError, ConnectionResetError):  # refused before all of it was sent
                connection.request(method, path, body, sent)
            answer = connection.getresponse()
            page = Page(
                answer.status,
                dict(answer.getheaders()),
                answer.read().decode(),
                tuple(answer.headers.get_all("Set-Cookie") or ()),
            )
        assert page.status != 500, page.text
        assert "Traceback" not in page.text
        assert 'File "' not in page.text
        for cookie in page.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            if name == "harbour":
                self.cookie = value.strip('"')
        return page


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


class Records:
    """The SQLite file of a running Harbour, opened beside it."""

    def __init__(self, harbour: RunningHarbour) -> None:
        self._path = harbour.home / "harbour.db"

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(self.open()) as database:
            return database.execute(query, values).fetchall()

    def one(self, query: str, *values: object) -> Any:
        return self.rows(query, *values)[0][0]

    def open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=10, isolation_level=None)

    def kept(self) -> int:
        """How many messages of patients are kept."""
        return int(self.one("SELECT count(*) FROM message WHERE speaker = 'patient'"))

    def raised(self) -> int:
        """How many escalations there are."""
        return int(self.one("SELECT count(*) FROM escalation"))

    def half_written(self) -> list[tuple[Any, ...]]:
        """Danger that is kept without its escalation, and escalations without their message or history."""
        return self.rows(
            """
            SELECT 'message', m.id FROM message m WHERE m.response IN ('respond_now', 'respond_today')
              AND NOT EXISTS (SELECT 1 FROM escalation e WHERE e.conversation_id = m.conversation_id)
            UNION ALL SELECT 'escalation', e.id FROM escalation e WHERE e.message_id IS NULL
              OR NOT EXISTS (SELECT 1 FROM message m WHERE m.id = e.message_id)
              OR NOT EXISTS (SELECT 1 FROM escalation_event h WHERE h.escalation_id = e.id)
            UNION ALL SELECT 'gap', c.id FROM conversation c
              WHERE c.length != (SELECT count(*) FROM message m WHERE m.conversation_id = c.id)
            """
        )


def in_pieces(body: bytes, size: int = 64 * 1024) -> Iterator[bytes]:
    """Sent chunked, without a length."""
    for start in range(0, len(body), size):
        yield body[start : start + size]
