"""The only door to Rasa: it opens to Harbour's secret, and to nothing else.

    POST /webhooks/harbour/message    {"session", "text"} or {"session", "intent", "entities"}
    POST /webhooks/harbour/interrupt  {"session", "reason"}
    POST /webhooks/harbour/forget     {"session"}
    GET  /webhooks/harbour/ready

Every route answers JSON: 403 without the secret, 400 for a request of the wrong shape, 503 while the engine
is not as it should be, 500 with the kind of a failure. No error repeats what was sent.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from bot.engine import actions, home, scrub, turn, wiring
from bot.engine.failures import where

logger = logging.getLogger(__name__)

PREFIX = "/webhooks/harbour"
LONGEST_BODY = 32 * 1024
LONGEST_TEXT = 4000
LONGEST_SESSION = 128

Answer = dict[str, Any]
Handler = Callable[[turn.Engine, Answer], Awaitable[Answer]]


class BadRequest(Exception):
    """Harbour sent something of the wrong shape. The message is ours and holds nothing that was sent."""


class SealedChannel(InputChannel):
    """Rasa's side of the wall."""

    def __init__(self, secret: str) -> None:
        """Answer only to those who know `secret`."""
        self._expected = f"Bearer {secret}".encode()
        self._faults: list[str] = ["the engine is starting"]
        self._engine: turn.Engine | None = None

    @classmethod
    def name(cls) -> str:
        """The part of the address after /webhooks/."""
        return "harbour"

    @classmethod
    def from_credentials(cls, _credentials: dict[str, Any] | None) -> SealedChannel:
        """Make the channel. Raises `SecretMissing`, which stops Rasa, when there is no secret."""
        return cls(home.secret())

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes. Rasa's own way for messages, `on_new_message`, is not used: it would obey commands."""
        blueprint = Blueprint("sealed_channel")
        for path, handler in (("message", _message), ("interrupt", _interrupt), ("forget", _forget)):
            blueprint.add_route(partial(self._serve, handler), f"/{path}", methods=["POST"], name=path)
        blueprint.add_route(partial(self._serve, None), "/ready", methods=["GET"], name="ready")
        blueprint.listener("after_server_start")(self._start)
        blueprint.listener("before_server_stop")(self._stop)
        return blueprint

    async def _start(self, app: Sanic, _loop: Any) -> None:
        app.config.REQUEST_MAX_SIZE = LONGEST_BODY
        agent = getattr(app.ctx, "agent", None)
        if agent is not None:
            wiring.take_safety_net_away(agent)
            self._engine = wiring.engine_of(agent)
        self._faults = wiring.faults(app, PREFIX)
        for fault in self._faults:
            logger.error("The engine does not answer: %s.", fault)
        scrub.seal()

    async def _stop(self, _app: Sanic, _loop: Any) -> None:
        await actions.close_all()

    async def _serve(self, handler: Handler | None, request: Request) -> HTTPResponse:
        given = request.headers.get("authorization", "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._expected):
            return _json({"error": "forbidden"}, 403)
        if self._faults or self._engine is None:
            return _json({"error": "; ".join(self._faults)}, 503)
        if handler is None:
            model = self._engine.processor.model_metadata.model_id
            return _json({"status": "ready", "model": model}, 200)
        try:
            return _json(await handler(self._engine, _body(request)), 200)
        except (BadRequest, turn.UnknownChoice) as error:
            return _json({"error": str(error)}, 400)
        except Exception as error:
            logger.error("A turn failed: %s", where(error))
            return _json({"error": where(error)}, 500)


async def _message(engine: turn.Engine, body: Answer) -> Answer:
    session = _text(body, "session", LONGEST_SESSION)
    if "text" in body:
        _only(body, {"session", "text"})
        return await turn.say(engine, session, _text(body, "text", LONGEST_TEXT))
    _only(body, {"session", "intent", "entities"})
    entities = body.get("entities") or {}
    if not isinstance(entities, dict):
        raise BadRequest("entities must be an object")
    return await turn.choose(engine, session, _text(body, "intent", LONGEST_SESSION), entities)


async def _interrupt(engine: turn.Engine, body: Answer) -> Answer:
    _only(body, {"session", "reason"})
    return {"interrupted": await turn.leave_form(engine, _text(body, "session", LONGEST_SESSION))}


async def _forget(engine: turn.Engine, body: Answer) -> Answer:
    _only(body, {"session"})
    return {"forgotten": await turn.forget(engine, _text(body, "session", LONGEST_SESSION))}


def _body(request: Request) -> Answer:
    if len(request.body) > LONGEST_BODY:
        raise BadRequest("the body is too long")
    try:
        body = json.loads(request.body)
    except ValueError:
        raise BadRequest("the body is not JSON") from None
    if not isinstance(body, dict):
        raise BadRequest("the body is not an object")
    return body


def _text(body: Answer, key: str, longest: int) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        raise BadRequest(f"{key} must be a text of 1 to {longest} characters")
    return value


def _only(body: Answer, allowed: set[str]) -> None:
    if not body.keys() <= allowed:
        raise BadRequest(f"only {', '.join(sorted(allowed))} are understood")


def _json(content: Answer, status: int) -> HTTPResponse:
    return raw(json.dumps(content).encode(), status=status, content_type="application/json")
