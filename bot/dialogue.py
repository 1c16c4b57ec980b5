"""Rasa as the journey sees it: asked for a reply, told to leave a form, and never relied on for safety."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import structlog
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError

from bot.forgetting import Forgetting
from bot.intake import Taken
from bot.rasa_client import EngineAnswer, EngineLate, EngineUnavailable, RasaClient, Reply
from bot.service_alerts import AlertKind, ServiceAlerts
from content import Content
from privacy.text import RedactedText

_log = structlog.get_logger()


class Dialogue:
    """Asks Rasa, and says something honest when Rasa does not answer."""

    def __init__(
        self, engine: RasaClient, forgetting: Forgetting, content: Content, alerts: ServiceAlerts
    ) -> None:
        self._engine = engine
        self._forgetting = forgetting
        self._content = content
        self._alerts = alerts
        self._unfinished: dict[str, asyncio.Task[None]] = {}
        self._failures: dict[str, int] = {}
        # Something may wait to be forgotten from before this process started: the first answer sees to it.
        self._may_have_to_forget = True
        self._sweeping: asyncio.Task[None] | None = None
        # An alert may be open from before this process started: the first answer clears it.
        self._alert_may_be_open = True

    async def replies(self, taken: Taken) -> EngineAnswer:
        """Rasa's replies to a kept message; the fixed reply with helplines when there are none to be had."""
        session = taken.context.engine_session
        try:
            answer = await self._ask_in_time(taken)
        except EngineUnavailable as unavailable:
            return EngineAnswer(await self._fallback(session, unavailable), None, 0.0)
        self._failures.pop(session, None)
        if self._may_have_to_forget and (self._sweeping is None or self._sweeping.done()):
            self._may_have_to_forget = False
            self._sweeping = asyncio.get_running_loop().create_task(self.forget_the_rest())
        if self._alert_may_be_open:
            await to_thread.run_sync(self._alerts.clear, AlertKind.ENGINE_UNAVAILABLE)
            self._alert_may_be_open = False
        return answer

    def interrupt(self, session: str) -> None:
        """Have Rasa leave any form, without waiting for it: danger was answered before Rasa was asked."""
        self._unfinished[session] = asyncio.get_running_loop().create_task(self._interrupt(session))

    async def forget(self, session: str) -> None:
        """Have Rasa erase what it holds of a session that has ended: now, or when it answers again."""
        self._failures.pop(session, None)
        self._unfinished.pop(session, None)
        await self._forgetting.forget(session)

    def has_to_forget(self) -> None:
        """Sessions were just noted to be forgotten: see to it after the turn in hand."""
        self._may_have_to_forget = True

    async def forget_the_rest(self) -> None:
        """Have Rasa forget all that waits to be forgotten; what it cannot be told now, it is told later."""
        try:
            self._may_have_to_forget = await self._forgetting.sweep() > 0
        except SQLAlchemyError as error:
            self._may_have_to_forget = True
            _log.error("engine.not_swept", error=type(error).__name__)

    async def _ask_in_time(self, taken: Taken) -> EngineAnswer:
        """One deadline for all that Rasa is asked for one message, so that nobody waits for it twice."""
        deadline = self._engine.deadline_seconds
        try:
            async with asyncio.timeout(deadline):
                await self._leave_form_first(taken.context.engine_session)
                return await self._ask(taken)
        except TimeoutError:
            raise EngineLate(f"no answer within {deadline:g} seconds") from None

    async def _ask(self, taken: Taken) -> EngineAnswer:
        session = taken.context.engine_session
        if taken.context.payload:
            intent, entities = _read_payload(taken.context.payload)
            return await self._engine.choose(session, intent, entities)
        kept = taken.answered.kept
        if not isinstance(kept, RedactedText):
            raise TypeError("Rasa is given only redacted text.")
        return await self._engine.say(session, kept)

    async def _leave_form_first(self, session: str) -> None:
        """If an interrupt has not gone through, it goes first, or Rasa would answer from inside the form."""
        task = self._unfinished.get(session)
        if task is not None:
            await asyncio.shield(task)
            if session in self._unfinished:
                await self._engine.interrupt(session, "danger")
                del self._unfinished[session]

    async def _interrupt(self, session: str) -> None:
        try:
            await self._engine.interrupt(session, "danger")
        except EngineUnavailable as unavailable:
            _log.warning("engine.not_interrupted", reason=unavailable.trouble)
        else:
            self._unfinished.pop(session, None)

    async def _fallback(self, session: str, unavailable: EngineUnavailable) -> tuple[Reply, ...]:
        """Honest, with helplines, and with staff told."""
        times = self._failures[session] = self._failures.get(session, 0) + 1
        _log.error("engine.unavailable", reason=unavailable.trouble)
        self._alert_may_be_open = self._may_have_to_forget = True
        told = await to_thread.run_sync(self._alerts.engine_unavailable, unavailable.reason)
        words = self._content.fallback.engine
        ways = words.slow if isinstance(unavailable, EngineLate) else words.down
        apology = ways[(times - 1) % len(ways)]
        replies = (Reply(apology, (), "helplines"),)
        return (*replies, Reply(words.staff_told, (), None)) if told and times == 1 else replies


def _read_payload(payload: str) -> tuple[str, dict[str, Any]]:
    """``/intent{"slot": "value"}``, as our own content wrote it, into the intent and its entities."""
    intent, brace, rest = payload.removeprefix("/").partition("{")
    return intent, json.loads(brace + rest) if brace else {}
