"""What Harbour knows about: feelings, troubles, and questions about the mind."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import model_validator
from pydantic.dataclasses import dataclass

from content.reading import CHECKED
from content.sentences import Sentence, Variants


@dataclass(frozen=True, config=CHECKED)
class Facts:
    """Where the facts in the file come from, when they were last checked, and until when they may be said."""

    source: str
    checked: date
    expires: date

    @model_validator(mode="after")
    def _expire(self) -> Self:
        if not self.source.strip():
            raise ValueError("Say where the facts come from under 'source'.")
        if self.expires <= self.checked:
            raise ValueError("'expires' must be later than 'checked'. Check the facts and set both dates.")
        return self


@dataclass(frozen=True, config=CHECKED)
class TopicButtons:
    """The titles of the choices. The titles of exercises are in exercises.yml."""

    more: Sentence
    person: Sentence
    not_now: Sentence


class Listens(StrEnum):
    """What a topic does when it is heard first: say it back, and then leave room in one of two ways."""

    AND_ASKS = "and_asks"
    """What it says back ends in a question of its own."""
    AND_OFFERS = "and_offers"
    """The offer in offers.yml follows: to talk, or to try something small."""


@dataclass(frozen=True, config=CHECKED)
class Topic:
    """What is said about one thing. topics.yml says what each part is for.

    `tries` are exercises, by the intent that starts them. `numbers` are keys of helplines.yml.
    """

    about: Variants
    next: Variants
    reflects: Variants | None = None
    listens: Listens | None = None
    offer: Variants | None = None
    tries: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.listens is not None and self.reflects is None:
            raise ValueError("A topic that listens first needs 'reflects'.")
        if self.tries and self.offer is None:
            raise ValueError("Write the question that 'tries' answers under 'offer'.")
        return self


@dataclass(frozen=True, config=CHECKED)
class Topics:
    """Everything in topics.yml, by the intent that asks for it."""

    facts: Facts
    buttons: TopicButtons
    topics: dict[str, Topic]

    def __contains__(self, intent: str) -> bool:
        """Whether there is something to say about what was heard."""
        return intent in self.topics

    def __getitem__(self, intent: str) -> Topic:
        """What to say about it. Raises `KeyError` when there is nothing."""
        return self.topics[intent]
