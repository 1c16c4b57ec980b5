"""Small things to try, and the mood check-in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Self

from pydantic import model_validator
from pydantic.dataclasses import dataclass

from content.reading import CHECKED
from content.sentences import Sentence, Variants

SENSES: Final = ("see", "touch", "hear", "smell", "taste")
"""The order of the five senses; each is a slot of the grounding form in domain.yml."""


@dataclass(frozen=True, config=CHECKED)
class GroundingStep:
    """One sense: how it is asked for, and a shorter request for somebody who finds it hard."""

    sense: Sentence
    ask: Variants
    short: Sentence


@dataclass(frozen=True, config=CHECKED)
class Grounding:
    """The 5-4-3-2-1 exercise."""

    intro: Variants
    steps: tuple[GroundingStep, ...]
    done: Variants
    left: Variants

    @model_validator(mode="after")
    def _has_five_senses(self) -> Self:
        if tuple(step.sense for step in self.steps) != SENSES:
            raise ValueError(f"The steps must be these senses in this order: {', '.join(SENSES)}.")
        return self

    def step(self, sense: str) -> GroundingStep:
        """The step for a sense of `SENSES`."""
        return self.steps[SENSES.index(sense)]


@dataclass(frozen=True, config=CHECKED)
class BreathingButtons:
    """The titles of the choices after a round of breathing."""

    again: Sentence
    enough: Sentence


@dataclass(frozen=True, config=CHECKED)
class Breathing:
    """Slow breathing: an introduction, its rounds, and what is asked after them."""

    intro: Variants
    rounds: Variants
    done: Variants
    buttons: BreathingButtons


@dataclass(frozen=True, config=CHECKED)
class ChoiceButtons:
    """The titles of the choices beside the exercises."""

    more: Sentence
    not_now: Sentence


@dataclass(frozen=True, config=CHECKED)
class Choice:
    """Which exercise would you like?

    `titles` are all the exercises there are, by the intent that starts them, in the order in which they are offered.
    `fitting` names those to offer first, by an intent heard a little before.
    """

    ask: Variants
    ask_more: Variants
    titles: dict[str, Sentence]
    fitting: dict[str, tuple[str, ...]]
    buttons: ChoiceButtons

    @model_validator(mode="after")
    def _knows_its_exercises(self) -> Self:
        unknown = {name for names in self.fitting.values() for name in names} - set(self.titles)
        if unknown:
            raise ValueError(f"'fitting' names {', '.join(sorted(unknown))}. Add each of them to 'titles'.")
        return self

    def in_order(self, heard: Sequence[str]) -> list[str]:
        """Every exercise, those that fit what was `heard` (intents, oldest first) before the others."""
        first = [name for intent in reversed(heard) for name in self.fitting.get(intent, ())]
        return list(dict.fromkeys([*first, *self.titles]))


@dataclass(frozen=True, config=CHECKED)
class Exercises:
    """Everything in exercises.yml."""

    grounding: Grounding
    breathing: Breathing
    choice: Choice


@dataclass(frozen=True, config=CHECKED)
class CheckinButtons:
    """The titles of the choices after a check-in."""

    talk: Sentence
    small_thing: Sentence
    person: Sentence
    not_now: Sentence


@dataclass(frozen=True, config=CHECKED)
class Checkin:
    """Everything in checkin.yml. `low`, `middle` and `high` may hold ``{mood}``, a number from 0 to 10."""

    ask: Variants
    ask_again: Variants
    out_of_range: Variants
    left: Variants
    gave_up: Variants
    not_saved: Variants
    low: Variants
    middle: Variants
    high: Variants
    offer_when_low: Variants
    offer: Variants
    buttons: CheckinButtons
