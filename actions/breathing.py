"""Slow breathing, and choosing between it and the five senses."""

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


@dataclass(frozen=True, slots=True)
class ChooseExercise:
    """Asks which small thing to try."""

    needs: Capabilities
    name: str = "action_choose_exercise"

    async def run(self, turn: Turn) -> list[Event]:
        """Ask."""
        words = self.needs.content.exercises.choice
        choices = (
            Choice(words.buttons.breathing, "breathing"),
            Choice(words.buttons.grounding, "grounding"),
            Choice(words.buttons.not_now, "not_now"),
        )
        turn.say(words.ask, choices=choices)
        return []
