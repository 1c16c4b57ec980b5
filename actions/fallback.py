"""Not understood: said so the first time; the second time, a person is offered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from actions.capabilities import Capabilities
from actions.turn import Choice, Event, Turn

_RECENTLY: Final = 2
"""A miss counts against the next one for this many of the bot's turns."""


@dataclass(frozen=True, slots=True)
class DidNotUnderstand:
    """Owns up to a miss; two in the last few messages are one too many."""

    needs: Capabilities
    name: str = "action_did_not_understand"

    async def run(self, turn: Turn) -> list[Event]:
        """Say so."""
        words = self.needs.content.fallback.not_understood
        missed = {*words.first, *words.again}
        if missed.isdisjoint(turn.said_lately(_RECENTLY)):
            turn.say(words.first)
            return []
        choices = (
            Choice(words.buttons.person, "want_human"),
            Choice(words.buttons.helplines, "helplines"),
            Choice(words.buttons.not_now, "not_now"),
        )
        turn.say(words.again, choices=choices)
        return []
