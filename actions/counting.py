"""Being counted in the statistics, or not: the person's own choice, either way, at any time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from actions.capabilities import Capabilities
from actions.own_data import NotDone, with_conversation
from actions.turn import Event, Turn
from content import Variants
from store.models import Conversation


@dataclass(frozen=True, slots=True)
class StopStatistics:
    """No more counting, from now on."""

    needs: Capabilities
    name: str = "action_stop_statistics"

    async def run(self, turn: Turn) -> list[Event]:
        """Stop, then say so."""

        def stop(session: Session, conversation: Conversation) -> bool:
            was_counted = conversation.person.shares_statistics
            self.needs.count_no_more(session, conversation.person)
            return was_counted

        words = self.needs.content.rights
        await _change(turn, self.needs, stop, words.statistics_stopped, words.statistics_already_stopped)
        return []


@dataclass(frozen=True, slots=True)
class StartStatistics:
    """Counting again, because the person said so."""

    needs: Capabilities
    name: str = "action_start_statistics"

    async def run(self, turn: Turn) -> list[Event]:
        """Start, then say what that means."""

        def start(_session: Session, conversation: Conversation) -> bool:
            is_new = not conversation.person.shares_statistics
            conversation.person.shares_statistics = True
            return is_new

        words = self.needs.content.rights
        await _change(turn, self.needs, start, words.statistics_started, words.statistics_already_started)
        return []


async def _change(
    turn: Turn,
    needs: Capabilities,
    change: Callable[[Session, Conversation], bool],
    changed: Variants,
    as_before: Variants,
) -> None:
    try:
        did = await with_conversation(needs.store, turn.session, change)
    except NotDone:
        turn.say(needs.content.rights.failed)
        return
    if did is None:
        turn.say(needs.content.rights.what_we_keep.nothing_found)
    else:
        turn.say(changed if did else as_before)
