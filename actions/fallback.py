"""Not understood: said so the first time; the second time, a person is offered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from actions.capabilities import Capabilities
from actions.turn import Choice, Event, Turn

_RECENTLY: Final = 3
_MISSES: Final = frozenset({"nlu_fallback", "noticing"})
"""Intents that this action answers; see data/rules/talk.yml."""


@dataclass(frozen=True, slots=True)
class DidNotUnderstand:
    """Owns up to a miss; two in the last few messages are one too many."""

    needs: Capabilities
    name: str = "action_did_not_understand"

    async def run(self, turn: Turn) -> list[Event]:
        """Say so."""
        words = self.needs.content.fallback.not_understood
        misses = sum(intent in _MISSES for intent in turn.intents(_RECENTLY))
        if misses < 2:
            turn.say(words.first)
            return []
        choices = (
            Choice(words.buttons.person, "want_human"),
            Choice(words.buttons.helplines, "helplines"),
            Choice(words.buttons.not_now, "not_now"),
        )
        turn.say(words.again, choices=choices)
        return []
