"""What is done now and then while Harbour serves: people's periods are tallied, and drawn reports are sent."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError

from bot.tally import Tally

_log = structlog.get_logger()

_SHORTEST_PAUSE_SECONDS: Final = 300
_LONGEST_PAUSE_SECONDS: Final = 900


@asynccontextmanager
async def housekeeping(tally: Tally) -> AsyncIterator[None]:
    """Keep house while the block runs."""
    task = asyncio.create_task(_keep(tally))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _keep(tally: Tally) -> None:
    while True:
        # The pause is drawn by chance, so that the moment of sending says little about the moment of drawing.
        spread = _LONGEST_PAUSE_SECONDS - _SHORTEST_PAUSE_SECONDS
        await asyncio.sleep(_SHORTEST_PAUSE_SECONDS + secrets.randbelow(spread))
        try:
            drawn = await to_thread.run_sync(tally.close_quiet)
            sent = await to_thread.run_sync(tally.send)
        except SQLAlchemyError as error:
            _log.error("statistics.delayed", error=type(error).__name__)
        else:
            _log.info("statistics.kept", count=drawn + sent)
