"""A browser that keeps its cookies, and shows all that comes back to whoever watches for what it must not see."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

FORM = "application/x-www-form-urlencoded"

Watch = Callable[[str, str, bytes], None]
"""Called with who saw it, what was asked for, and the whole answer."""


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 when nothing did."""

    status: int
    head: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The page."""
        return self.body.decode("utf-8", "replace")


NOTHING = Answer(0, {}, b"")


@dataclass
class Browser:
    """One person's browser at one address."""

    host: str
    port: int
    person: str
    watch: Watch
    cookies: dict[str, str] = field(default_factory=dict)
    page: str = ""

    def get(self, path: str, headers: Mapping[str, str] | None = None, seconds: float = 30) -> Answer:
        """Fetch a page."""
        return self._ask("GET", path, None, {"Accept": "text/html", **(headers or {})}, seconds)

    def post(
        self, path: str, body: Mapping[str, str] | bytes, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a form, as a page of ours would, or other bytes."""
        raw = body if isinstance(body, bytes) else urlencode(body).encode()
        ours = {"Content-Type": FORM, "Origin": f"http://{self.host}:{self.port}", "Accept": "text/html"}
        return self._ask("POST", path, raw, {**ours, "Sec-Fetch-Site": "same-origin", **(headers or {})}, 30)

    def hidden(self, name: str) -> str:
        """The value of a hidden field of the page that was shown last."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return unescape(found[1]) if found else ""

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], seconds: float
    ) -> Answer:
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **headers}
        with closing(HTTPConnection(self.host, self.port, timeout=seconds)) as connection:
            try:
                connection.request(method, path, body, {name: value for name, value in sent.items() if value})
                answer = self._read(connection)
            except (OSError, HTTPException):  # it was killed, frozen or locked: that is what the hunt does
                return NOTHING
        self.watch(self.person, f"{method} {path.partition('?')[0][:40]}", _whole(answer))
        self.page = answer.text
        return answer

    def _read(self, connection: HTTPConnection) -> Answer:
        got = connection.getresponse()
        for cookie in got.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        if got.headers.get("Content-Type", "").startswith("text/event-stream"):
            body = b"".join(got.readline() for _ in range(6))
        else:
            body = got.read()
        return Answer(got.status, dict(got.getheaders()), body)


def _whole(answer: Answer) -> bytes:
    head = "\n".join(f"{name}: {value}" for name, value in answer.head.items())
    return head.encode("utf-8", "replace") + b"\n\n" + answer.body
