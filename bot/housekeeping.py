"""What is done now and then while Harbour serves.

Periods are tallied and drawn reports are sent; Rasa is told again to forget; and once a day, what is past its
time is deleted.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

import structlog
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError

from bot.forgetting import Forgetting
from bot.tally import Tally
from store import retention
from store.session import Store

_log = structlog.get_logger()

_SHORTEST_PAUSE_SECONDS: Final = 300
_LONGEST_PAUSE_SECONDS: Final = 900
_DAY_SECONDS: Final = 24 * 60 * 60


@dataclass
class Housekeeper:
    """Does the round of the house. `periods` says how many days each kind of thing is kept."""

    tally: Tally
    forgetting: Forgetting
    store: Store
    periods: Mapping[str, int]
    _deleted_at: float | None = field(default=None, init=False)

    async def round(self) -> None:
        """Do everything that is due. One part that fails does not keep the others from being done."""
        for part in (self._count, self._forget, self._delete_once_a_day, self._leave_no_trace):
            try:
                await part()
            except SQLAlchemyError as error:
                _log.error("housekeeping.delayed", action=part.__name__, error=type(error).__name__)

    async def _count(self) -> None:
        drawn = await to_thread.run_sync(self.tally.close_quiet)
        sent = await to_thread.run_sync(self.tally.send)
        _log.info("statistics.kept", count=drawn + sent)

    async def _forget(self) -> None:
        waiting = await self.forgetting.sweep()
        if waiting:
            _log.warning("engine.has_to_forget", count=waiting)

    async def _delete_once_a_day(self) -> None:
        if self._deleted_at is not None and time.monotonic() - self._deleted_at < _DAY_SECONDS:
            return
        gone = await to_thread.run_sync(retention.delete_due, self.store, self.periods)
        self._deleted_at = time.monotonic()
        if count := sum(taken.count for taken in gone):
            _log.info("retention.deleted", count=count)

    async def _leave_no_trace(self) -> None:
        await to_thread.run_sync(self.store.leave_no_trace)


@asynccontextmanager
async def housekeeping(keeper: Housekeeper) -> AsyncIterator[None]:
    """Keep house while the block runs."""
    task = asyncio.create_task(_keep(keeper))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _keep(keeper: Housekeeper) -> None:
    while True:
        # The pause is drawn by chance, so that the moment of sending says little about the moment of drawing.
        spread = _LONGEST_PAUSE_SECONDS - _SHORTEST_PAUSE_SECONDS
        await asyncio.sleep(_SHORTEST_PAUSE_SECONDS + secrets.randbelow(spread))
        await keeper.round()
