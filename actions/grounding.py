"""The five senses: an exercise that brings somebody back to where they are, one sense at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from actions.capabilities import Capabilities
from actions.leaving import wants_to_leave
from actions.turn import Action, Event, Turn, leave_form, open_form, set_slot
from content.exercises import SENSES

FORM: Final = "grounding_form"
_STUCK: Final = re.compile(
    r"\b(?:don'?t know|dunno|idk|can'?t|cannot|not sure|nothing|hard|none|no idea)\b|^\W*$", re.IGNORECASE
)


def _slot(sense: str) -> str:
    return f"grounding_{sense}"


def emptied() -> list[Event]:
    """Forget what an earlier round was told."""
    return [set_slot(_slot(sense), None) for sense in SENSES]


@dataclass(frozen=True, slots=True)
class StartGrounding:
    """Says what is coming, and opens the form afresh."""

    needs: Capabilities
    name: str = "action_start_grounding"

    async def run(self, turn: Turn) -> list[Event]:
        """Begin."""
        turn.say(self.needs.content.exercises.grounding.intro)
        return [*emptied(), open_form(FORM)]


@dataclass(frozen=True, slots=True)
class AskSense:
    """Asks for one sense; in fewer words when the first asking was too much."""

    needs: Capabilities
    sense: str

    @property
    def name(self) -> str:
        """The name by which Rasa calls it."""
        return f"action_ask_{FORM}_{_slot(self.sense)}"

    async def run(self, turn: Turn) -> list[Event]:
        """Ask."""
        step = self.needs.content.exercises.grounding.step(self.sense)
        if _asked(turn, self.needs, self.sense):
            turn.say_exactly(step.short)
        else:
            turn.say(step.ask)
        return []


@dataclass(frozen=True, slots=True)
class ValidateGrounding:
    """Takes any answer. What was noticed is nobody's business: only that there was an answer is remembered."""

    needs: Capabilities
    name: str = f"validate_{FORM}"

    async def run(self, turn: Turn) -> list[Event]:
        """Check the sense that the form has just taken an answer for."""
        for sense in SENSES:
            answer = turn.just_filled(_slot(sense))
            if isinstance(answer, str):
                return self._checked(turn, sense, answer)
        return []

    def _checked(self, turn: Turn, sense: str, answer: str) -> list[Event]:
        if wants_to_leave(answer):
            return [set_slot(_slot(sense), None), leave_form()]
        step = self.needs.content.exercises.grounding.step(sense)
        asked_shorter = step.short in turn.said_since_loop_began(FORM)
        if _STUCK.search(answer) and not asked_shorter and sense in ("see", "touch", "hear"):
            return [set_slot(_slot(sense), None)]
        return [set_slot(_slot(sense), True)]


@dataclass(frozen=True, slots=True)
class GroundingDone:
    """Asks how it was, or lets it go when it was left early."""

    needs: Capabilities
    name: str = "action_grounding_done"

    async def run(self, turn: Turn) -> list[Event]:
        """Close the exercise."""
        words = self.needs.content.exercises.grounding
        turn.say(words.done if turn.slot(_slot(SENSES[-1])) else words.left)
        return emptied()


def _asked(turn: Turn, needs: Capabilities, sense: str) -> bool:
    asked = needs.content.exercises.grounding.step(sense).ask
    return any(sentence in asked for sentence in turn.said_since_loop_began(FORM))


def asking(needs: Capabilities) -> list[Action]:
    """One asking action for each sense."""
    return [AskSense(needs, sense) for sense in SENSES]
