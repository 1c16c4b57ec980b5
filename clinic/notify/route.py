"""What every way of reaching staff has in common."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from store.courier import NotDelivered

SECONDS: Final = 10.0
"""How long a route may take before the next one is tried."""

_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_MOST_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where one member of staff can be reached. It has no `repr` of the addresses, so that no log can hold them."""

    email: str | None = field(default=None, repr=False)
    mobile: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """What is said. `key` is the same for every try of one notice; `tried_before` says that one may have arrived."""

    words: str
    link: str
    key: str
    tried_before: bool = False

    @property
    def text(self) -> str:
        """The words and the link, as one line."""
        return f"{self.words} {self.link}"


class Route(Protocol):
    """One way of reaching somebody."""

    @property
    def name(self) -> str:
        """What it is called in records: ``sms``, ``email``, ``webhook``."""
        ...

    def reaches(self, to: Recipient) -> bool:
        """Whether there is an address for it."""
        ...

    def send(self, to: Recipient, notice: Notice) -> None:
        """Send it. Raises `NotDelivered`."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider answered."""

    status: int
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """The body as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


def call(method: str, url: str, headers: dict[str, str], body: bytes = b"") -> Answer:
    """One HTTP request to a provider. Raises `NotDelivered` when there is no answer, or for an unsafe address.

    Plain HTTP goes to this machine alone: anywhere else it would show who is on call to whoever listens.
    """
    address = urlsplit(url)
    host = address.hostname or ""
    if address.scheme != "https" and host not in _LOOPBACK:
        raise NotDelivered("not https", permanent=True)
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    connection = kind(host, address.port, timeout=SECONDS)
    path = address.path + (f"?{address.query}" if address.query else "")
    try:
        connection.request(method, path or "/", body or None, headers)
        response = connection.getresponse()
        return Answer(response.status, response.read(_MOST_BYTES))
    except (OSError, HTTPException) as error:
        raise NotDelivered("no answer") from error
    finally:
        connection.close()


def check(answer: Answer) -> None:
    """Raise `NotDelivered` unless the provider took it: for good when it refused, for now when it is busy."""
    if answer.status < 300:
        return
    busy = answer.status in (408, 425, 429) or answer.status >= 500
    raise NotDelivered(f"refused with {answer.status}", permanent=not busy)


def basic(user: str, password: str) -> str:
    """The value of an ``Authorization`` header."""
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"
