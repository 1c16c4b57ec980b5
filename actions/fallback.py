"""Not understood: asked once what was meant, with the likeliest meanings as choices; then a person is offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from actions.capabilities import Capabilities
from actions.turn import Choice, Event, Turn

_RECENTLY: Final = 2
"""A miss counts against the next one for this many of the bot's turns."""
_LIKELY: Final = 0.08
"""Meanings are suggested only if the first is this likely: below it they are most often wrong."""
_CHOICES: Final = 2


@dataclass(frozen=True, slots=True)
class DidNotUnderstand:
    """Owns up to a miss and asks; two in the last few messages are one too many."""

    needs: Capabilities
    name: str = "action_did_not_understand"

    async def run(self, turn: Turn) -> list[Event]:
        """Ask, or offer a person."""
        words = self.needs.content.fallback.not_understood
        missed = {*words.first, *words.guess, *words.again}
        if not missed.isdisjoint(turn.said_lately(_RECENTLY)):
            offer_a_person(self.needs, turn)
        elif meanings := self._likely(turn):
            turn.say(words.guess, choices=meanings)
        else:
            turn.say(words.first)
        return []

    def _likely(self, turn: Turn) -> Sequence[Choice]:
        """The two likeliest meanings that have a title, or none."""
        titles = self.needs.content.fallback.not_understood.meanings
        ranked = [(intent, confidence) for intent, confidence in turn.ranking if intent in titles]
        if len(ranked) < _CHOICES or ranked[0][1] < _LIKELY:
            return []
        return [Choice(titles[intent], intent) for intent, _ in ranked[:_CHOICES]]


def offer_a_person(needs: Capabilities, turn: Turn) -> None:
    """Say that Harbour does not follow, and offer a person or the helplines."""
    words = needs.content.fallback.not_understood
    choices = (
        Choice(words.buttons.person, "want_human"),
        Choice(words.buttons.helplines, "helplines"),
        Choice(words.buttons.not_now, "not_now"),
    )
    turn.say(words.again, choices=choices)


def asked_what_was_meant(needs: Capabilities, turn: Turn) -> bool:
    """Whether the bot's last turn suggested meanings, so that a yes or a no is about those."""
    return not set(needs.content.fallback.not_understood.guess).isdisjoint(turn.said_lately(1))
