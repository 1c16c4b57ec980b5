"""The clinic's clock ticks: timers that are due are run, and what is in the outbox is carried.

Every process may tick; the database sees to it that each thing happens once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

import structlog
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError

from store import timers
from store.courier import Courier
from store.session import Store
from store.timers import Handler, TimerKind

_log = structlog.get_logger()

_EVERY_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Ticker:
    """What is done at each tick. `wake` is told the topics that changed."""

    store: Store
    handlers: Mapping[TimerKind, Handler]
    courier: Courier
    wake: Callable[[str], None]

    def tick(self) -> int:
        """Run the timers that are due; how many ran."""
        return timers.run_due(self.store, self.handlers, self.wake)

    def carry(self) -> int:
        """Make a round with the outbox; how many items were tried."""
        carried = self.courier.round()
        if carried:
            self.wake("inbox")
        return carried


@asynccontextmanager
async def ticking(ticker: Ticker) -> AsyncIterator[None]:
    """Tick while the block runs. A slow route keeps no timer waiting: the two go on side by side."""
    tasks = [asyncio.create_task(_repeat(step)) for step in (ticker.tick, ticker.carry)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


async def _repeat(step: Callable[[], int]) -> None:
    while True:
        try:
            await to_thread.run_sync(step)
        except SQLAlchemyError as error:
            _log.error("clock.delayed", error=type(error).__name__)
        await asyncio.sleep(_EVERY_SECONDS)
