"""A small keep-alive HTTP/1.1 client, so that the load costs little beside what it measures."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """A whole response; header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Connection:
    """One kept connection to one server; it is opened on first use and again when the server closes it."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def request(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send one request and read its response."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        head = {"Host": f"{self._host}:{self._port}", "Content-Length": str(len(body)), **headers}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", ""]
        writer.write("\r\n".join(lines).encode() + body)
        answer = await _read(reader)
        if answer.headers.get("connection", "").lower() == "close":
            writer.close()
            self._streams = None
        return answer


async def _read(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:-2])}
    if headers.get("transfer-encoding") == "chunked":
        return Answer(int(head[0].split()[1]), headers, await _chunks(reader))
    length = int(headers.get("content-length", "0"))
    return Answer(int(head[0].split()[1]), headers, await reader.readexactly(length))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body
