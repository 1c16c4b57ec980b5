"""Serves several applications in one event loop, and stops them together."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

_START_POLL_SECONDS = 0.02
_GRACE_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Served:
    """An application and where it listens; port 0 takes any free one."""

    app: ASGIApp
    host: str
    port: int
    trusted_proxies: str = ""
    private: bool = False
    """Only our own processes reach it: then speed matters more than bounding what is read of a request's head."""


class _QuietServer(uvicorn.Server):
    """A uvicorn server that leaves signals to whoever runs it beside others."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@asynccontextmanager
async def serving(served: Sequence[Served]) -> AsyncIterator[list[int]]:
    """Serve every application while the block runs; yields the ports, in order.

    Raises `OSError` when a port cannot be had.
    """
    servers = [_server(one) for one in served]
    tasks = [asyncio.create_task(server.serve()) for server in servers]
    try:
        while not all(server.started for server in servers):
            for task in tasks:
                if task.done():
                    task.result()
                    raise OSError("A listener did not start; its port may be in use.")
            await asyncio.sleep(_START_POLL_SECONDS)
        yield [server.servers[0].sockets[0].getsockname()[1] for server in servers]
    finally:
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*tasks, return_exceptions=True)


async def serve_until_stopped(served: Sequence[Served]) -> None:
    """Serve until SIGINT or SIGTERM."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with serving(served):
        await stopped.wait()


def _server(served: Served) -> uvicorn.Server:
    config = uvicorn.Config(
        served.app,
        host=served.host,
        port=served.port,
        access_log=False,
        server_header=False,
        log_config=None,
        # h11 is the only one of uvicorn's that bounds what it reads of a request's head.
        http="httptools" if served.private else "h11",
        proxy_headers=bool(served.trusted_proxies),
        forwarded_allow_ips=served.trusted_proxies,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        h11_max_incomplete_event_size=32 * 1024,
    )
    return _QuietServer(config)
