"""The internal listener: Rasa's actions, behind a secret, and health checks. Loopback or a private network only."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog
from anyio import to_thread
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.rasa_client import RasaClient
from store.session import Store

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class InternalRoom:
    """What the internal listener serves with; `run_call` answers Rasa's action calls with a body and a status."""

    run_call: Callable[[dict[str, Any]], Awaitable[tuple[dict[str, Any], int]]]
    engine: RasaClient
    store: Store
    secret: bytes

    def routes(self) -> list[Route]:
        """Actions demand the secret; health checks say only whether a part works."""
        return [
            Route("/actions", self._behind_the_secret(self.run_action), methods=["POST"]),
            Route("/live", self.live),
            Route("/ready", self.ready),
        ]

    async def run_action(self, request: Request) -> Response:
        """Rasa's action call (its action-server protocol): ``{"next_action", "sender_id", "tracker", ...}``."""
        try:
            call = await request.json()
        except (ValueError, RecursionError):
            return JSONResponse({"error": "The call is not JSON."}, 400)
        if not isinstance(call, dict):
            return JSONResponse({"error": "The call is not an object."}, 400)
        return JSONResponse(*await self.run_call(call))

    async def live(self, _request: Request) -> Response:
        """This process answers."""
        return JSONResponse({"live": True})

    async def ready(self, _request: Request) -> Response:
        """Each part that messages need: 200 when the store works, engine or not, for danger never waits for it."""
        store = await to_thread.run_sync(self._store_works)
        engine = await self._engine_works()
        return JSONResponse({"store": store, "engine": engine}, 200 if store else 503)

    async def _engine_works(self) -> bool:
        return await self.engine.ready()

    def _store_works(self) -> bool:
        try:
            with self.store.read() as session:
                session.execute(text("SELECT 1"))
        except SQLAlchemyError as error:
            _log.error("store.unavailable", error=type(error).__name__)
            return False
        return True

    def _behind_the_secret(
        self, endpoint: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        expected = b"Bearer " + self.secret

        async def guarded(request: Request) -> Response:
            given = request.headers.get("authorization", "").encode()
            if not hmac.compare_digest(given, expected):
                return JSONResponse({"error": "This address is for Rasa alone."}, 403)
            return await endpoint(request)

        return guarded
