"""How the engine calls the actions that Harbour serves."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from weakref import WeakKeyDictionary

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.engine import home

TIMEOUT_SECONDS = 4.0
"""Less than the time that Harbour gives the engine for a whole message."""
KEPT_SECONDS = 4.0
"""Less than the five seconds after which uvicorn closes an idle connection."""

_endpoints: dict[str, ActionsEndpoint] = {}


class ActionsEndpoint(EndpointConfig):
    """Harbour's actions: one kept connection, the engine's secret, and errors that repeat nothing."""

    def __init__(self, url: str, **kwargs: Any) -> None:
        """Speak to `url`, proving who we are if the secret is there (`rasa shell` may run without one)."""
        super().__init__(url, **kwargs)
        self._address = url
        self._sessions: WeakKeyDictionary[asyncio.AbstractEventLoop, aiohttp.ClientSession] = (
            WeakKeyDictionary()
        )

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any | None:
        """Post `json` and return the answer's JSON.

        Raises `ClientResponseError` for a status of 400 or more. Its text is kept only for 400, where it
        names a rejected action: anything else could echo the conversation.
        """
        async with self._session().post(self._address, json=kwargs["json"], headers=_headers()) as response:
            body = await response.read()
            if response.status >= 400:
                text = body.decode("utf-8", "replace") if response.status == 400 else ""
                raise ClientResponseError(response.status, response.reason or "", text)
            return json.loads(body)

    async def close(self) -> None:
        """Close this loop's connection."""
        session = self._sessions.pop(asyncio.get_running_loop(), None)
        if session is not None:
            await session.close()

    def _session(self) -> aiohttp.ClientSession:
        loop = asyncio.get_running_loop()
        if loop not in self._sessions:
            timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=KEPT_SECONDS)
            self._sessions[loop] = aiohttp.ClientSession(connector=connector, timeout=timeout)
        return self._sessions[loop]


def sealed(endpoint: EndpointConfig | None) -> ActionsEndpoint:
    """The endpoint to use in place of the one that Rasa was configured with."""
    if isinstance(endpoint, ActionsEndpoint):
        return endpoint
    url = home.actions_url(endpoint.url if endpoint else None)
    if url not in _endpoints:
        _endpoints[url] = ActionsEndpoint(url, **(endpoint.kwargs if endpoint else {}))
    return _endpoints[url]


async def close_all() -> None:
    """Close every connection of the running loop."""
    for endpoint in _endpoints.values():
        await endpoint.close()


def _headers() -> dict[str, str]:
    try:
        return {"Authorization": f"Bearer {home.secret()}"}
    except home.SecretMissing:
        return {}
