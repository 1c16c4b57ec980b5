"""Asking for a person: an escalation is raised and committed before anything is promised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from actions.asking_the_team import RESPONSE, Asked, ask_the_team
from actions.capabilities import Capabilities
from actions.turn import Event, Turn

_CATEGORY: Final = "asked_for_a_person"
_EXPLANATION: Final = "Asked to talk to a person."


@dataclass(frozen=True, slots=True)
class TalkToAPerson:
    """Asks the team for a person, and says honestly how soon one may come."""

    needs: Capabilities
    name: str = "action_talk_to_a_person"

    async def run(self, turn: Turn) -> list[Event]:
        """Raise it, then answer."""
        asked = await ask_the_team(self.needs, turn.session, category=_CATEGORY, explanation=_EXPLANATION)
        words = self.needs.content.notices.handover
        if asked is Asked.NOT_KEPT:
            turn.say(self.needs.content.crisis.what_happens_next.not_reached, card="helplines")
        elif asked is Asked.BEFORE:
            turn.say(words.waiting)
        elif self.needs.staffed:
            turn.say(words.asked, target=self.needs.targets.in_words(RESPONSE))
        else:
            turn.say(words.asked_unstaffed, card="helplines")
        return []
