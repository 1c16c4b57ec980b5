"""Deleting all that is kept about a person: asked about first, then done, with a receipt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from anyio import to_thread
from sqlalchemy.orm import Session

from actions.capabilities import Capabilities
from actions.own_data import NotDone, with_conversation
from actions.turn import Choice, Event, Turn
from content import fill
from content.receipts import receipt_in_words
from store import holds
from store.erasure import Receipt
from store.models import Conversation
from store.rights import LEGAL_HOLD

CONFIRM: Final = "confirm_delete"
_QUESTION_STANDS_FOR: Final = 3
"""Turns for which a yes to "Shall I delete it?" is still taken as one."""

# "no dont delete it" is close to "yes delete it" for a classifier; what cannot be undone needs a plain yes.
_SAYS_NO: Final = re.compile(r"\b(?:no|nope|nah|not|don['’]?t|do not|never|keep|leave|wait)\b", re.IGNORECASE)


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
        """Delete, then say what was done, and what stays and why."""
        if CONFIRM not in turn.offered(_QUESTION_STANDS_FOR):
            return await self.ask_first.run(turn)
        rights = self.needs.content.rights
        if _SAYS_NO.search(turn.text):
            turn.say(rights.delete.kept)
            return []
        try:
            done = await with_conversation(self.needs.store, turn.session, self._erase)
        except NotDone:
            turn.say(rights.delete.not_done)
            return []
        if done is None:
            turn.say(rights.what_we_keep.nothing_found)
            return []
        # What was deleted leaves the write-ahead log now, if nobody reads it; else on the next round of the house.
        await to_thread.run_sync(self.needs.store.leave_no_trace)
        self.needs.erased()
        self._tell(turn, *done)
        return []

    def _erase(self, session: Session, conversation: Conversation) -> tuple[Receipt, str | None]:
        hold = holds.active(session, conversation.person_id)
        reason = hold.reason if hold else None
        return self.needs.eraser.erase(session, conversation.person), reason

    def _tell(self, turn: Turn, receipt: Receipt, hold: str | None) -> None:
        words = self.needs.content.rights.delete
        if LEGAL_HOLD in receipt.kept:
            turn.say_exactly(fill(words.held_because, reason=self.needs.content.rights.holds[hold or ""]))
        else:
            turn.say(words.done_but_for_the_team if receipt.kept else words.done)
        for line in receipt_in_words(
            self.needs.content.rights,
            receipt.code,
            receipt.at,
            receipt.erased,
            receipt.kept,
            self.needs.periods,
        ):
            turn.say_exactly(line)
