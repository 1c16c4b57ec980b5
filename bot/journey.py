"""The journey of one message, in the order in which it happens.

    verify      the channel has checked that the sender is who it claims to be
    admit       cleaned, counted, repeated deliveries dropped
    pseudonym   the sender becomes a keyed name
    screen      what response does it need? the raw text, in memory only
    redact      identifiers become placeholders; the raw text goes no further
    record      the message, and the escalation if it needs one, in one transaction
    route       to the clinician who has the conversation, to the safety conversation, or to Rasa
    respond     the replies are kept, and whoever waits for them is woken
    tally       when a person's period closes, one perturbed report may be drawn (bot/tally.py)

Nothing that a patient is promised is said before it is kept, and no danger waits for Rasa.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar
from weakref import WeakValueDictionary

import structlog
from anyio import CapacityLimiter, to_thread
from sqlalchemy.exc import OperationalError

from bot.admission import Admission, clean, has_words
from bot.delivery import Answered, Delivery, Refused
from bot.dialogue import Dialogue
from bot.intake import Context, Intake, Taken
from bot.safety.screening import ResponseNeeded, Screening
from bot.safety_conversation import Danger, SafetyConversation, SafetyReply
from bot.screening_step import ScreeningStep
from bot.tally import Tally
from bot.thread import Thread
from clinic.clock import ResponseTargets
from content import Content
from privacy.pseudonym import Pseudonym, Pseudonyms
from privacy.redaction import Redaction, Redactor, withheld
from store.models import Speaker, Turn

T = TypeVar("T")

_log = structlog.get_logger()

# Threads that screen, redact and record. They share one interpreter, so a few are as fast as many; there are some to
# spare because each may have to wait for a database that is locked.
_THREADS = 6
_BEFORE_THE_WORDS = 500


@dataclass(frozen=True, slots=True)
class Steps:
    """What the journey is made of, one part a step."""

    pseudonyms: Pseudonyms
    admission: Admission
    screening: ScreeningStep
    redactor: Redactor
    intake: Intake
    safety_conversation: SafetyConversation
    dialogue: Dialogue
    thread: Thread
    tally: Tally
    content: Content
    targets: ResponseTargets
    longest_message: int


class Journey:
    """Takes messages in, one at a time for each person, and answers them."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self._one_at_a_time: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._threads = CapacityLimiter(_THREADS)

    async def receive(self, delivery: Delivery) -> Answered | Refused:
        """The whole way of one message whose sender is verified. Never raises for anything it may hold."""
        person = self.steps.pseudonyms.of(delivery.channel, delivery.address)
        async with self._turn_of(person):
            taken = await self._in_thread(lambda: self._take_in(delivery, person))
            if not isinstance(taken, Taken):
                return taken
            try:
                return await self._answer(taken)
            except OperationalError:
                return self._reply_not_kept(taken)

    async def begin(self, channel: str, address: str, *, shares_statistics: bool = False) -> str:
        """Open the person's conversation, greet them once, and return its id."""
        person = self.steps.pseudonyms.of(channel, address)
        async with self._turn_of(person):
            return await self._in_thread(lambda: self.steps.thread.open(person, channel, shares_statistics))

    async def end(self, channel: str, address: str) -> None:
        """Close the person's conversation, let Rasa forget it, and tally it."""
        person = self.steps.pseudonyms.of(channel, address)
        async with self._turn_of(person):
            ended = await self._in_thread(lambda: self.steps.thread.end(person))
            if ended is not None:
                await self._in_thread(lambda: self.steps.tally.close(ended.person_id))
                await self.steps.dialogue.forget(ended.engine_session)

    async def alone(self, channel: str, address: str, do: Callable[[Pseudonym], T]) -> T:
        """Do something for a person in a thread, while no message of theirs is on its way."""
        person = self.steps.pseudonyms.of(channel, address)
        async with self._turn_of(person):
            return await self._in_thread(lambda: do(person))

    def _take_in(self, delivery: Delivery, person: Pseudonym) -> Taken | Answered | Refused:
        """Admit, screen, redact and record, in one thread; what was typed is not seen after this."""
        try:
            context = self.steps.intake.recall(person, delivery)
        except OperationalError:
            unread = Context.without_memory(delivery.text or "")
            return self._not_kept(self.steps.screening.screen(clean(unread.typed), unread).response)
        if isinstance(context, Answered | Refused):
            return context
        typed = clean(context.typed)
        screening = self.steps.screening.screen(typed, context)
        refused = self._refuse(delivery, typed, screening.response)
        if refused is not None:
            return refused
        typed, screening = _cut(typed, screening, self.steps.longest_message)
        try:
            redaction = self._redact(typed, context)
            return self.steps.intake.record(person, delivery, context, screening, redaction)
        except OperationalError:
            return self._not_kept(screening.response)

    def _redact(self, typed: str, context: Context) -> Redaction:
        """The redacted message. Should redaction fail, the words are withheld, and the journey goes on."""
        try:
            before = context.before.text if context.before else None
            return self.steps.redactor.redact(typed, context.numbering, before)
        except Exception as error:
            # Any failure at all: the words must not be kept as typed, and help must not wait for them.
            _log.error("redaction.failed", error=type(error).__name__)
            return withheld()

    def _refuse(self, delivery: Delivery, typed: str, response: ResponseNeeded) -> Refused | None:
        """The limits. They never silence somebody who may be in danger."""
        words = self.steps.content.notices.message
        too_fast = self.steps.admission.too_fast(delivery.address, delivery.network_address)
        if response is not ResponseNeeded.NONE:
            return None
        if not has_words(typed):
            return Refused(words.unreadable.pick() if typed else words.empty.pick(), 400)
        if len(typed) > self.steps.longest_message:
            return Refused(words.too_long.pick(limit=self.steps.longest_message), 413)
        if too_fast:
            return Refused(words.too_fast.pick(), 429, retry_after=60)
        return None

    def _not_kept(self, response: ResponseNeeded) -> Refused:
        """The store would not take it: say so, and never say that anybody was told."""
        if response >= ResponseNeeded.ASK:
            notice = self.steps.content.crisis.what_happens_next.not_reached.pick()
        else:
            notice = self.steps.content.notices.message.not_saved.pick()
        return Refused(notice, 503, retry_after=5, response=response)

    def _reply_not_kept(self, taken: Taken) -> Refused:
        """The message is kept, and its escalation with it, but the reply is not: say that, with helplines."""
        notice = self.steps.content.fallback.engine.down.pick()
        return Refused(notice, 503, retry_after=5, response=taken.screening.response)

    async def _answer(self, taken: Taken) -> Answered:
        """Route, and respond."""
        if taken.context.turn == Turn.CLINICIAN:
            return await self._leave_to_the_clinician(taken)
        if taken.needs_safety_conversation:
            return await self._talk_about_danger(taken)
        said = await self.steps.dialogue.replies(taken)
        answered = await self._in_thread(
            lambda: self.steps.thread.say(taken, said.replies, asked=said.asked, intent=said.intent)
        )
        if answered.unkept:
            await self.steps.dialogue.forget(taken.context.engine_session)
        return answered

    async def _leave_to_the_clinician(self, taken: Taken) -> Answered:
        """The bot is silent; only the numbers are shown, when danger is now."""
        if taken.danger_now:
            cards = (self.steps.safety_conversation.card(),)
            await self._in_thread(lambda: self.steps.thread.say(taken, cards, speaker=Speaker.NOTICE))
        return taken.answered

    async def _talk_about_danger(self, taken: Taken) -> Answered:
        """Answer with fixed words at once; then Rasa is told, unwaited for, to leave whatever form it was in."""
        reply = await self._in_thread(lambda: self._safety_reply(taken))
        answered = await self._in_thread(
            lambda: self.steps.thread.say(taken, reply.replies, asked=reply.asked)
        )
        self.steps.dialogue.interrupt(taken.context.engine_session)
        return answered

    def _safety_reply(self, taken: Taken) -> SafetyReply:
        response = taken.screening.response
        danger = Danger(
            screening=taken.screening,
            asked=taken.context.asked,
            said=self.steps.thread.said_lately(taken.answered.conversation_id),
            staff_told=taken.answered.escalation_id is not None,
            already_waiting=taken.already_waiting,
            target=self.steps.targets.in_words(response) if response is not ResponseNeeded.NONE else "",
        )
        return self.steps.safety_conversation.reply(danger)

    def _turn_of(self, person: Pseudonym) -> asyncio.Lock:
        """Two messages of one person are answered in the order in which they came."""
        lock = self._one_at_a_time.get(person)
        if lock is None:
            lock = self._one_at_a_time[person] = asyncio.Lock()
        return lock

    async def _in_thread(self, step: Callable[[], T]) -> T:
        return await to_thread.run_sync(step, limiter=self._threads)


def _cut(typed: str, screening: Screening, longest: int) -> tuple[str, Screening]:
    """The stretch of a message that is kept: all of it, or as much as fits around the words that fired.

    Only a message that may hold danger is ever cut; any other that is too long was refused.
    """
    if len(typed) <= longest:
        return typed, screening
    first = min((reason.start for reason in screening.reasons), default=0)
    begin = max(0, min(first - _BEFORE_THE_WORDS, len(typed) - longest))
    reasons = tuple(
        replace(reason, start=max(reason.start - begin, 0), end=max(reason.end - begin, 0))
        for reason in screening.reasons
    )
    return typed[begin : begin + longest], replace(screening, reasons=reasons)
