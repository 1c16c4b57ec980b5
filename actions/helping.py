"""Is this helping? Asked after each exercise, and answered whenever it is said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from actions.capabilities import Capabilities
from actions.own_data import NotDone, with_conversation
from actions.turn import Choice, Event, Turn, set_slot
from store.guides import last_finished
from store.models import Conversation

SLOT: Final = "helped"
_INTENT: Final = "is_it_working"
_ABOUT_THE_LAST: Final = timedelta(hours=12)

_WORSE: Final = re.compile(
    r"\b(?:worse|made (?:it|me) (?:more|bad)|harder|more anxious|upset)\b", re.IGNORECASE
)
_NOT: Final = re.compile(
    r"\b(?:no|not|nothing|nope|didn['’]?t|doesn['’]?t|isn['’]?t|hasn['’]?t|wasn['’]?t|useless|pointless|same)\b",
    re.IGNORECASE,
)
_YES: Final = re.compile(
    r"\b(?:help(?:s|ed|ing|ful)?|better|work(?:s|ed|ing)|calmer|good|useful|yes|easier|nice|great|lighter|bit)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class IsItWorking:
    """Takes kindly whether an exercise helped, did nothing or made things worse."""

    needs: Capabilities
    name: str = "action_is_it_working"

    async def run(self, turn: Turn) -> list[Event]:
        """Answer, and keep it beside the exercise."""
        words, titles = self.needs.content.guiding.helping, self.needs.content.guiding.buttons
        helped = _read(turn)
        await self._keep(turn, helped)
        if helped == "worse":
            person = Choice(titles.person, "want_human")
            turn.say(words.worse, choices=(person, Choice(titles.not_now, "not_now")))
        elif helped == "not_really":
            turn.say(words.not_really)
        else:
            turn.say(words.helped if helped else words.unclear)
        return [set_slot(SLOT, None)]

    async def _keep(self, turn: Turn, helped: str | None) -> None:
        def keep(session: Session, conversation: Conversation) -> None:
            finished = last_finished(session, conversation.person_id, _ABOUT_THE_LAST)
            if finished is not None and helped is not None:
                finished.helped = helped

        try:
            await with_conversation(self.needs.store, turn.session, keep)
        except NotDone:
            return  # logged; a kind answer does not depend on the note


def ask_whether_it_helped(turn: Turn, needs: Capabilities) -> None:
    """Ask, with the three answers as buttons."""
    titles = needs.content.guiding.buttons
    turn.say(
        needs.content.guiding.helping.ask,
        choices=(
            Choice(titles.helped, _INTENT, SLOT, "helped"),
            Choice(titles.not_really, _INTENT, SLOT, "not_really"),
            Choice(titles.worse, _INTENT, SLOT, "worse"),
        ),
    )


def _read(turn: Turn) -> str | None:
    pressed = turn.slot(SLOT)
    if pressed in ("helped", "not_really", "worse"):
        return str(pressed)
    if _WORSE.search(turn.text):
        return "worse"
    if _NOT.search(turn.text):
        return "not_really"
    return "helped" if _YES.search(turn.text) else None
