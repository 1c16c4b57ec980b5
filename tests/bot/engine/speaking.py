"""A running engine as its tests see it: what it is asked, what it answers, and what it asks of its actions."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Protocol

SECRET = "a-made-up-secret-of-forty-characters-xxxx"

RunInside = Callable[[str, Path], None]


@dataclass
class Actions:
    """What the actions' server was asked, and what it answers with."""

    url: str = ""
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Engine:
    """A running engine, and a person's way to it."""

    port: int
    pid: int
    home: Path
    log: Path

    def call(
        self, method: str, path: str, body: Any = None, secret: str | None = SECRET
    ) -> tuple[int, dict[str, Any]]:
        """The status and the JSON of the channel's answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Authorization": f"Bearer {secret}"} if secret is not None else {}
        content = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        try:
            connection.request(method, f"/webhooks/harbour/{path}", content, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def say(self, session: str, text: str) -> list[str]:
        """The texts that the bot answers with."""
        status, body = self.call("POST", "message", {"session": session, "text": text})
        assert status == 200, body
        return [reply["text"] for reply in body["replies"]]

    def choose(self, session: str, intent: str, **entities: Any) -> list[str]:
        """The texts that the bot answers a button with."""
        status, body = self.call(
            "POST", "message", {"session": session, "intent": intent, "entities": entities}
        )
        assert status == 200, body
        return [reply["text"] for reply in body["replies"]]


class StartEngine(Protocol):
    """Starts an engine in a home of its own, with more options of `rasa run`."""

    def __call__(self, home: Path, *options: str) -> AbstractContextManager[Engine]: ...
