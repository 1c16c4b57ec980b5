"""Which small thing to try: a few that fit what was said, and the others when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from actions.capabilities import Capabilities
from actions.turn import Choice, Event, Turn

CHOOSE: Final = "want_exercise"
_AT_A_TIME: Final = 4
_HEARD_LATELY: Final = 12
"""What was said in this many messages decides what fits."""


@dataclass(frozen=True, slots=True)
class ChooseExercise:
    """Asks which exercise to try; asked again at once, it shows the next ones, and after the last the first."""

    needs: Capabilities
    name: str = "action_choose_exercise"

    async def run(self, turn: Turn) -> list[Event]:
        """Ask."""
        words = self.needs.content.exercises.choice
        exercises = words.in_order(turn.intents(_HEARD_LATELY))
        shown = sum(name in words.titles for name in _offered_in_a_row(turn)) % len(exercises)
        choices = [Choice(words.titles[name], name) for name in exercises[shown : shown + _AT_A_TIME]]
        if shown + _AT_A_TIME < len(exercises):
            choices.append(Choice(words.buttons.more, CHOOSE))
        choices.append(Choice(words.buttons.not_now, "not_now"))
        turn.say(words.ask_more if shown else words.ask, choices=choices)
        return []


def _offered_in_a_row(turn: Turn) -> Sequence[str]:
    """What was offered since somebody began to ask for something to try, without anything said in between."""
    *earlier, now = turn.intents(_HEARD_LATELY)
    row = next((place for place, intent in enumerate(reversed(earlier)) if intent != CHOOSE), len(earlier))
    return turn.offered(row) if row and now == CHOOSE else ()
