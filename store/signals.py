"""A nudge that something new is there. It carries no content: whoever is woken reads the store."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import suppress


class Signals:
    """Wakes those who wait on a topic (a conversation's id, or ``inbox``), within this process."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._loop: asyncio.AbstractEventLoop | None = None

    def notify(self, topic: str) -> None:
        """Wake everyone waiting on `topic`. May be called from any thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._wake, topic)

    async def wait(self, topic: str, seconds: float) -> bool:
        """Wait until `topic` is notified or `seconds` pass; says whether it was notified."""
        self._loop = asyncio.get_running_loop()
        woken = asyncio.Event()
        self._waiting[topic].add(woken)
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), seconds)
            return woken.is_set()
        finally:
            self._waiting[topic].discard(woken)
            if not self._waiting[topic]:
                del self._waiting[topic]

    def _wake(self, topic: str) -> None:
        for waiting in self._waiting.get(topic, ()):
            waiting.set()
