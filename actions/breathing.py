"""Slow breathing: a few rounds, and as many more as somebody likes."""

from __future__ import annotations

from dataclasses import dataclass

from actions.capabilities import Capabilities
from actions.turn import Choice, Event, Turn


@dataclass(frozen=True, slots=True)
class Breathing:
    """One go at slow breathing; the introduction is left out when it was heard a moment ago."""

    needs: Capabilities
    name: str = "action_breathing"

    async def run(self, turn: Turn) -> list[Event]:
        """Guide the breath, then ask whether to go on."""
        words = self.needs.content.exercises.breathing
        if not any(sentence in words.intro for sentence in turn.said):
            turn.say(words.intro)
        for breath in words.rounds:
            turn.say_exactly(breath)
        again = Choice(words.buttons.again, "breathing")
        enough = Choice(words.buttons.enough, "not_now")
        turn.say(words.done, choices=(again, enough))
        return []
