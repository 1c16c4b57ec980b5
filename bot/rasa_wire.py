"""HTTP to one server over kept connections: what Rasa's client needs of HTTP, and no more.

httpx spends more than a millisecond of Harbour's processor on each call; this spends a tenth of that. It
speaks to a server that we start ourselves: HTTP/1.1, a Content-Length in every answer, no redirects.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

_LARGEST_HEAD: Final = 16 * 1024
_MOST_CONNECTIONS: Final = 100


class WireError(Exception):
    """The server refused, hung up, or did not speak HTTP. Holds nothing that was sent or received."""


@dataclass(slots=True)
class _Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    idle_since: float = 0.0

    def is_usable(self, now: float, idle_seconds: float) -> bool:
        fresh = now - self.idle_since < idle_seconds
        return fresh and not self.reader.at_eof() and not self.writer.is_closing()


class Wire:
    """A pool of connections to one address. Safe to share between tasks of one event loop."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        tls: bool,
        headers: dict[str, str],
        idle_seconds: float,
        largest_body: int,
    ) -> None:
        """Send `headers` with every request. A connection idle for longer than `idle_seconds` is not reused."""
        self._address = (host, port, tls)
        named = f"[{host}]" if ":" in host else host
        lines = {"Host": f"{named}:{port}", **headers}
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self._idle_seconds = idle_seconds
        self._largest_body = largest_body
        self._idle: list[_Connection] = []
        self._places = asyncio.Semaphore(_MOST_CONNECTIONS)

    async def request(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """The status and body of the answer. Raises `WireError`. Cancelling it closes its connection."""
        async with self._places:
            try:
                connection = await self._connect()
                return await self._exchange(connection, method, path, body)
            except (OSError, EOFError, LookupError, asyncio.LimitOverrunError, ValueError) as error:
                raise WireError(type(error).__name__) from None

    async def aclose(self) -> None:
        """Close every idle connection."""
        while self._idle:
            writer = self._idle.pop().writer
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _connect(self) -> _Connection:
        now = asyncio.get_running_loop().time()
        while self._idle:
            connection = self._idle.pop()
            if connection.is_usable(now, self._idle_seconds):
                return connection
            connection.writer.close()
        host, port, tls = self._address
        return _Connection(*await asyncio.open_connection(host, port, ssl=tls or None, limit=_LARGEST_HEAD))

    async def _exchange(
        self, connection: _Connection, method: str, path: str, body: bytes
    ) -> tuple[int, bytes]:
        async with _ClosedUnlessWhole(connection) as whole:
            head = f"{method} {path} HTTP/1.1\r\n{self._headers}Content-Length: {len(body)}\r\n\r\n"
            connection.writer.write(head.encode("ascii") + body)
            status, length, kept = _head(await connection.reader.readuntil(b"\r\n\r\n"))
            if length > self._largest_body:
                raise ValueError("too long")
            content = await connection.reader.readexactly(length)
            whole.done = kept
        if kept:
            connection.idle_since = asyncio.get_running_loop().time()
            self._idle.append(connection)
        return status, content


@dataclass(slots=True)
class _ClosedUnlessWhole:
    """Closes a connection on which an exchange was broken off: what is left on it belongs to nobody."""

    connection: _Connection
    done: bool = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if not self.done:
            self.connection.writer.close()


def _head(head: bytes) -> tuple[int, int, bool]:
    """The status, the body's length, and whether the connection stays open. Raises `ValueError`."""
    first, *lines = head.decode("latin-1").split("\r\n")
    version, status, *_ = first.split(" ")
    if version != "HTTP/1.1":
        raise ValueError("not HTTP/1.1")
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    return int(status), int(headers["content-length"]), headers.get("connection", "").lower() != "close"
