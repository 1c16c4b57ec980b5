"""What is kept about a person, told in counts; no more statistics; and deletion, which is asked about first."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

import structlog
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from actions.capabilities import Capabilities
from actions.turn import Choice, Event, Turn
from content import fill
from privacy.text import WrittenText
from store.conversations import by_engine_session
from store.models import Person
from store.rights import ErasureReceipt, Held, erase_person, held
from store.session import Store

_log = structlog.get_logger()

CONFIRM: Final = "confirm_delete"
_QUESTION_STANDS_FOR: Final = 3
"""Turns for which a yes to "Shall I delete it?" is still taken as one."""

# "no dont delete it" is close to "yes delete it" for a classifier; what cannot be undone needs a plain yes.
_SAYS_NO: Final = re.compile(r"\b(?:no|nope|nah|not|don['’]?t|do not|never|keep|leave|wait)\b", re.IGNORECASE)

T = TypeVar("T")


class _Failed(Exception):
    """The store did not do it."""


@dataclass(frozen=True, slots=True)
class WhatWeKeep:
    """How much is kept about this person, in counts, and what they can do about it."""

    needs: Capabilities
    name: str = "action_what_we_keep"

    async def run(self, turn: Turn) -> list[Event]:
        """Tell."""
        words = self.needs.content.rights.what_we_keep
        try:
            kept = await to_thread.run_sync(_with_person, self.needs.store, turn.session, held)
        except _Failed:
            turn.say(self.needs.content.rights.failed)
            return []
        if kept is None:
            turn.say(words.nothing_found)
            return []
        turn.say(words.intro)
        turn.say_exactly(self._counts(kept))
        turn.say_exactly(words.statistics_on if kept.shares_statistics else words.statistics_off)
        turn.say_exactly(words.choices)
        return []

    def _counts(self, kept: Held) -> WrittenText:
        words = self.needs.content.rights.what_we_keep
        counts = [fill(words.messages, count=kept.messages), fill(words.moods, count=kept.checkins)]
        if kept.escalations:
            counts.append(fill(words.escalations, count=kept.escalations))
        return WrittenText(" ".join(counts))


@dataclass(frozen=True, slots=True)
class StopStatistics:
    """No more counting, from now on."""

    needs: Capabilities
    name: str = "action_stop_statistics"

    async def run(self, turn: Turn) -> list[Event]:
        """Stop, then say so."""
        words = self.needs.content.rights
        try:
            was_counted = await to_thread.run_sync(
                _with_person, self.needs.store, turn.session, partial(_stop_counting, self.needs)
            )
        except _Failed:
            turn.say(words.failed)
            return []
        turn.say(words.statistics_stopped if was_counted else words.statistics_already_stopped)
        return []


@dataclass(frozen=True, slots=True)
class DeleteMyData:
    """Asks before anything is deleted."""

    needs: Capabilities
    name: str = "action_delete_my_data"

    async def run(self, turn: Turn) -> list[Event]:
        """Ask."""
        words = self.needs.content.rights.delete
        do_it = Choice(words.buttons.do_it, CONFIRM)
        leave_it = Choice(words.buttons.leave_it, "deny")
        turn.say(words.ask, choices=(do_it, leave_it))
        return []


@dataclass(frozen=True, slots=True)
class ConfirmDelete:
    """Deletes, if it was asked about just before; asks otherwise."""

    needs: Capabilities
    ask_first: DeleteMyData
    name: str = "action_confirm_delete"

    async def run(self, turn: Turn) -> list[Event]:
        """Delete, then say what was done."""
        if CONFIRM not in turn.offered(_QUESTION_STANDS_FOR):
            return await self.ask_first.run(turn)
        words = self.needs.content.rights.delete
        if _SAYS_NO.search(turn.text):
            turn.say(words.kept)
            return []
        try:
            receipt = await to_thread.run_sync(
                _with_person, self.needs.store, turn.session, partial(_erase, self.needs)
            )
        except _Failed:
            turn.say(words.not_done)
            return []
        if receipt is None or not receipt.kept_for_open_escalation:
            turn.say(words.done)
        else:
            turn.say(words.done_but_for_the_team)
        return []


def _with_person(store: Store, engine_session: str, do: Callable[[Session, Person], T]) -> T | None:
    """What `do` answers for the person behind a session; None when nothing is kept about them."""
    try:
        with store.begin() as session:
            conversation = by_engine_session(session, engine_session)
            return None if conversation is None else do(session, conversation.person)
    except SQLAlchemyError as error:
        _log.error("rights.not_done", error=type(error).__name__)
        raise _Failed from error


def _stop_counting(needs: Capabilities, session: Session, person: Person) -> bool:
    was_counted = person.shares_statistics
    needs.count_no_more(session, person)
    return was_counted


def _erase(needs: Capabilities, session: Session, person: Person) -> ErasureReceipt:
    needs.count_no_more(session, person)
    return erase_person(session, person)
