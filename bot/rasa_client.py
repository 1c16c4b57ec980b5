"""The only door to Rasa, seen from Harbour.

Rasa gets redacted text under a random session id, and what it answers is checked before it is believed: a
patient sees either a whole, well-formed reply or, after `EngineUnavailable`, Harbour's own honest one.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self
from urllib.parse import urlsplit

from bot.rasa_wire import Wire, WireError
from bot.safety.screening import SafetyQuestion
from privacy.text import RedactedText, WrittenText

LONGEST_REPLY: Final = 4000
MOST_REPLIES: Final = 20
MOST_BUTTONS: Final = 20
LONGEST_TITLE: Final = 100
LONGEST_PAYLOAD: Final = 500
LARGEST_BODY: Final = 256 * 1024
CARDS: Final = frozenset({"helplines", "crisis", "my_data"})
TOPIC_CARD: Final = re.compile(r"topic:[a-z_]{1,26}")
"""The numbers of a topic in topics.yml; the store has room for 32 letters."""

_PREFIX: Final = "/webhooks/harbour"
_IDLE_SECONDS: Final = 4.0
"""Rasa's server closes an idle connection after five seconds."""


class Trouble(StrEnum):
    """What was wrong with Rasa, for logs."""

    NO_CONNECTION = "no_connection"
    REFUSED = "refused"
    NONSENSE = "nonsense"
    LATE = "late"


class EngineUnavailable(Exception):
    """Rasa refused, was too slow, failed, or answered nonsense. `reason` holds nothing that anyone said."""

    def __init__(self, reason: str, trouble: Trouble = Trouble.NONSENSE) -> None:
        """Say why, in words for staff."""
        super().__init__(reason)
        self.reason = reason
        self.trouble = trouble


class EngineLate(EngineUnavailable):
    """Rasa did not answer within the deadline."""

    def __init__(self, reason: str) -> None:
        """Say how long it was waited for, in words for staff."""
        super().__init__(reason, Trouble.LATE)


@dataclass(frozen=True, slots=True)
class Button:
    """A choice. The payload is Rasa's (`/intent{"slot": 1}`) and never leaves Harbour; without one, a press is the
    same as typing the title."""

    title: WrittenText
    payload: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message of the bot. `card` names a card from the content; the text may then be empty.

    `asked` is the safety question that it asks, if it asks one: the answer is read together with it.
    """

    text: WrittenText
    buttons: tuple[Button, ...]
    card: str | None
    asked: SafetyQuestion | None = None


@dataclass(frozen=True, slots=True)
class EngineAnswer:
    """What Rasa answered: at least one reply, and what it took the message to mean."""

    replies: tuple[Reply, ...]
    intent: str | None
    confidence: float

    @property
    def asked(self) -> SafetyQuestion | None:
        """The safety question that is open after these replies, if there is one."""
        return next((reply.asked for reply in self.replies if reply.asked is not None), None)


class RasaClient:
    """Talks to one sealed Rasa. Safe to share between tasks; close it with `aclose` or `async with`."""

    def __init__(self, url: str, secret: str, deadline_seconds: float = 5.0) -> None:
        """Talk to the Rasa at `url`, giving each call `deadline_seconds` in all.

        Raises `ValueError` unless the address is loopback or private: text must not leave the machine room.
        """
        host, port, tls = _private_address(url)
        self.deadline_seconds = deadline_seconds
        self._wire = Wire(
            host,
            port,
            tls=tls,
            headers={"Authorization": f"Bearer {secret}", "Content-Type": "application/json"},
            idle_seconds=_IDLE_SECONDS,
            largest_body=LARGEST_BODY,
        )

    async def say(self, session: str, text: RedactedText) -> EngineAnswer:
        """What the bot answers to a text. Raises `EngineUnavailable`."""
        return _answer(await self._post("/message", {"session": session, "text": text}))

    async def choose(self, session: str, intent: str, entities: Mapping[str, Any]) -> EngineAnswer:
        """What the bot answers to a button that it had offered. Raises `EngineUnavailable`."""
        body = {"session": session, "intent": intent, "entities": dict(entities)}
        return _answer(await self._post("/message", body))

    async def interrupt(self, session: str, reason: str) -> None:
        """Leave any form, so that the next message starts clean. Raises `EngineUnavailable`."""
        await self._post("/interrupt", {"session": session, "reason": reason})

    async def forget(self, session: str) -> None:
        """Delete all that Rasa holds of the session. Raises `EngineUnavailable`."""
        await self._post("/forget", {"session": session})

    async def ready(self) -> bool:
        """Whether Rasa would answer now."""
        try:
            await self._call("GET", "/ready", b"")
        except EngineUnavailable:
            return False
        return True

    async def aclose(self) -> None:
        """Close the connections."""
        await self._wire.aclose()

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self.aclose()

    async def _post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return await self._call("POST", path, json.dumps(body).encode())

    async def _call(self, method: str, path: str, body: bytes) -> Mapping[str, Any]:
        try:
            async with asyncio.timeout(self.deadline_seconds):
                status, content = await self._wire.request(method, _PREFIX + path, body)
        except TimeoutError:
            raise EngineLate(f"no answer within {self.deadline_seconds:g} seconds") from None
        except WireError as error:
            raise EngineUnavailable(f"no connection ({error})", Trouble.NO_CONNECTION) from None
        if status != 200:
            raise EngineUnavailable(f"status {status}", Trouble.REFUSED)
        return _json_object(content)


def _json_object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        raise EngineUnavailable("the answer is not JSON") from None
    return _mapping(found, "the answer")


def _answer(body: Mapping[str, Any]) -> EngineAnswer:
    replies = tuple(_reply(_mapping(item, "a reply")) for item in _items(body, "replies", MOST_REPLIES))
    if not replies:
        raise EngineUnavailable("no reply")
    intent = _mapping(body.get("intent"), "the intent")
    name, confidence = intent.get("name"), intent.get("confidence")
    if not (name is None or isinstance(name, str)):
        raise EngineUnavailable("the intent is not a name")
    if (
        isinstance(confidence, bool)
        or not isinstance(confidence, int | float)
        or not 0 <= confidence <= 1.0001
    ):
        raise EngineUnavailable("the confidence is not a share")
    return EngineAnswer(replies, name, min(float(confidence), 1.0))


def _reply(item: Mapping[str, Any]) -> Reply:
    custom = {} if item.get("custom") is None else _mapping(item["custom"], "what comes with a reply")
    card, asked = _card(custom), _asked(custom)
    text = _string(item, "text", LONGEST_REPLY, may_be_empty=card is not None)
    buttons = tuple(_button(_mapping(each, "a button")) for each in _items(item, "buttons", MOST_BUTTONS))
    return Reply(WrittenText(text), buttons, card, asked)


def _button(item: Mapping[str, Any]) -> Button:
    title = _string(item, "title", LONGEST_TITLE)
    payload = _string(item, "payload", LONGEST_PAYLOAD, may_be_empty=True)
    if payload and not payload.startswith("/"):
        raise EngineUnavailable("a button's payload is not an intent")
    return Button(WrittenText(title), payload)


def _card(custom: Mapping[str, Any]) -> str | None:
    if not custom.keys() <= {"card", "asked"}:
        raise EngineUnavailable("something unknown comes with a reply")
    card = custom.get("card")
    if card is None:
        return None
    if card not in CARDS and not TOPIC_CARD.fullmatch(str(card)):
        raise EngineUnavailable("a card is unknown")
    return str(card)


def _asked(custom: Mapping[str, Any]) -> SafetyQuestion | None:
    asked = custom.get("asked")
    if asked is None:
        return None
    if asked not in set(SafetyQuestion):
        raise EngineUnavailable("a safety question is unknown")
    return SafetyQuestion(asked)


def _string(item: Mapping[str, Any], key: str, longest: int, *, may_be_empty: bool = False) -> str:
    value = item.get(key)
    if not isinstance(value, str) or len(value) > longest or not (value.strip() or may_be_empty):
        raise EngineUnavailable(f"a {key} is missing or too long")
    return value


def _items(item: Mapping[str, Any], key: str, most: int) -> list[Any]:
    value = item.get(key)
    if not isinstance(value, list) or len(value) > most:
        raise EngineUnavailable(f"the {key} are missing or too many")
    return value


def _mapping(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise EngineUnavailable(f"{what} is not an object")
    return value


def _private_address(url: str) -> tuple[str, int, bool]:
    """Host, port and whether to use TLS. Raises `ValueError`."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not _is_private(parts.hostname or ""):
        raise ValueError("Rasa must be reached over http(s) on a loopback or private address.")
    tls = parts.scheme == "https"
    return parts.hostname or "", parts.port or (443 if tls else 80), tls


def _is_private(host: str) -> bool:
    """An address that is not routed on the internet, or a name without a dot (compose, Kubernetes)."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return bool(host) and ("." not in host or host.endswith((".internal", ".local", ".svc")))
    return address.is_loopback or (address.is_private and not address.is_unspecified)
