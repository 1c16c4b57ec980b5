"""What is said when there may be danger. All of it is fixed, reviewed text; none of it comes from Rasa."""

from __future__ import annotations

from typing import Final, Self

from pydantic import model_validator
from pydantic.dataclasses import dataclass

from content.reading import CHECKED
from content.sentences import Sentence, Variants

ANYTHING: Final = "anything"
"""The opening for a category that has none of its own."""

Openings = dict[str, Variants]


@dataclass(frozen=True, config=CHECKED)
class Card:
    """The crisis card: numbers first, then words. `numbers` are keys of helplines.yml, in order."""

    title: Sentence
    first: Sentence
    numbers: tuple[str, ...]
    emergency: Sentence
    stay: Sentence


@dataclass(frozen=True, config=CHECKED)
class WhatHappensNext:
    """What is true about staff. Each says only what the service can keep.

    `staffed` holds ``{target}``, a time in words such as "5 minutes". `unstaffed` is for hours when nobody reads;
    `closed` is for when the service is closed, and its ``{target}`` says when somebody is back. `not_reached` is for
    when the request for a person could not be stored.
    """

    staffed: Variants
    unstaffed: Variants
    closed: Variants
    not_reached: Variants


@dataclass(frozen=True, config=CHECKED)
class Answers:
    """What is said after a safety question was answered."""

    said_yes: Variants
    said_no: Variants
    unclear: Variants


@dataclass(frozen=True, config=CHECKED)
class AnswerButtons:
    """The choices under a safety question."""

    yes: Sentence
    no: Sentence
    not_sure: Sentence


@dataclass(frozen=True, config=CHECKED)
class Waiting:
    """What is said to somebody who writes while a person is on the way.

    `heard` answers a message, `still_waiting` fills a long silence, `late` admits a missed target.
    """

    heard: Variants
    still_waiting: Variants
    late: Variants


@dataclass(frozen=True, config=CHECKED)
class PlanOffer:
    """Offered once when danger has been talked through: a safety plan, and going on with what was interrupted."""

    ask: Variants
    make: Sentence
    not_now: Sentence


@dataclass(frozen=True, config=CHECKED)
class Ending:
    """The last words of a reply at one response level, after the opening."""

    openings: Openings
    then: Variants

    @model_validator(mode="after")
    def _has_a_default(self) -> Self:
        if ANYTHING not in self.openings:
            raise ValueError(f"Add '{ANYTHING}' under 'openings': it is said when no other opening fits.")
        return self

    def opening(self, category: str) -> Variants:
        """The warm reflection for a reason's category, or the one that fits anything."""
        return self.openings.get(category, self.openings[ANYTHING])


@dataclass(frozen=True, config=CHECKED)
class Crisis:
    """Everything in crisis.yml. Questions and answers are keyed by `bot.safety.SafetyQuestion`'s values."""

    card: Card
    what_happens_next: WhatHappensNext
    respond_now: Ending
    respond_today: Ending
    ask: Ending
    questions: dict[str, Variants]
    answer_buttons: AnswerButtons
    answers: dict[str, Answers]
    waiting: Waiting
    plan_offer: PlanOffer

    @model_validator(mode="after")
    def _answers_every_question(self) -> Self:
        if set(self.questions) != set(self.answers):
            odd = ", ".join(sorted(set(self.questions) ^ set(self.answers)))
            raise ValueError(
                f"'questions' and 'answers' must have the same keys. Only one of them has: {odd}."
            )
        return self

    def opening(self, response: str, category: str) -> Variants:
        """The opening for a response needed (``respond_now``, ``respond_today`` or ``ask``) and a category."""
        return {"respond_now": self.respond_now, "respond_today": self.respond_today, "ask": self.ask}[
            response
        ].opening(category)
