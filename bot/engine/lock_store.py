"""One message at a time in each conversation.

Rasa's own locks look again once a second, which a second message of the same person would have to wait for.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock_store import LOCK_LIFETIME, InMemoryLockStore, LockError, RedisLockStore
from rasa.utils.endpoints import EndpointConfig

from bot.engine import home

_POLL_SECONDS = 0.02


class SessionLocks(InMemoryLockStore):
    """Locks within this process, and among several engines too if `HARBOUR_LOCKS_URL` names a Redis."""

    def __init__(self, endpoint_config: EndpointConfig | None = None) -> None:
        """Take what Rasa passes to a lock store of one's own."""
        super().__init__()
        self._locks: dict[str, asyncio.Lock] = {}
        url = home.locks_url()
        self._shared = _SharedLocks(url) if url else None

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = _POLL_SECONDS,
    ) -> AsyncGenerator[Any, None]:
        """Hold the conversation. Raises `LockError` if others hold it for longer than `lock_lifetime`."""
        if self._shared is not None:
            async with self._shared.lock(conversation_id, lock_lifetime, wait_time_in_seconds) as ticket:
                yield ticket
            return
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        try:
            await asyncio.wait_for(lock.acquire(), lock_lifetime)
        except TimeoutError:
            raise LockError("Another message held this conversation for too long.") from None
        try:
            yield lock
        finally:
            lock.release()
            if not lock.locked() and not getattr(lock, "_waiters", None):
                self._locks.pop(conversation_id, None)


class _SharedLocks(RedisLockStore):
    """Rasa's ticket locks, in the Redis at `url`."""

    def __init__(self, url: str) -> None:
        import redis

        self.red = redis.Redis.from_url(url, socket_timeout=2)
        self.key_prefix = "harbour:lock:"
