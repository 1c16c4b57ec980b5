"""Rasa forgets what it was told to forget: now, or when it answers again, even if Harbour is restarted first."""

from __future__ import annotations

import structlog
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError

from bot.rasa_client import EngineUnavailable, RasaClient
from store import forgetting
from store.session import Store

_log = structlog.get_logger()


class Forgetting:
    """Has Rasa erase sessions. What it could not be told yet waits in the store."""

    def __init__(self, store: Store, engine: RasaClient) -> None:
        self._store = store
        self._engine = engine

    async def forget(self, session: str) -> None:
        """Have Rasa erase what it holds of this session; until it has, the wish is kept."""
        try:
            await to_thread.run_sync(self._note, session)
        except SQLAlchemyError as error:
            # Rasa is asked all the same: of the two, that is what matters.
            _log.error("engine.forgetting_not_noted", error=type(error).__name__)
        await self._try(session)

    async def sweep(self) -> int:
        """Try again for every session that waits; how many still do. Raises what the store raises."""
        for session in await to_thread.run_sync(self._waiting):
            if not await self._try(session):
                break  # Rasa is down: the others would only wait for the same answer
        return len(await to_thread.run_sync(self._waiting))

    async def _try(self, session: str) -> bool:
        try:
            await self._engine.forget(session)
        except EngineUnavailable as unavailable:
            _log.warning("engine.not_forgotten", reason=unavailable.trouble)
            return False
        try:
            await to_thread.run_sync(self._strike_off, session)
        except SQLAlchemyError as error:
            _log.error("engine.forgetting_not_struck_off", error=type(error).__name__)
            return False
        return True

    def _note(self, session: str) -> None:
        with self._store.begin() as unit:
            forgetting.to_forget(unit, [session])

    def _waiting(self) -> list[str]:
        with self._store.read() as unit:
            return forgetting.waiting(unit)

    def _strike_off(self, session: str) -> None:
        with self._store.begin(durable=False) as unit:
            forgetting.forgotten(unit, session)
