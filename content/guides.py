"""Guides: conversations that go step by step. A questionnaire, an exercise and a plan are each one file of data.

intent: thought_record        # what somebody says to start it; the file has the same name
kind: exercise                # exercise | questionnaire | plan | request
title: Looking at a thought
intro: [...]
steps:
  - key: situation
    ask: [...]                # or 'say', for a step that only tells something
    short: ...                # said once when the answer was "don't know"
    answer: words             # words | go_on | {number: {low, high}} | {choice: {options: [{title, value}]}}
done: [...]                   # may hold {situation}: the person's own words, redacted
left: [...]
"""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BeforeValidator, model_validator
from pydantic.dataclasses import dataclass

from content.errors import ContentError
from content.reading import CHECKED, read
from content.sentences import Retold, Sentence, Variants, placeholders

_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
_SQUASHED: Final = re.compile(r"[^a-z0-9]")
FILLED_BY_CODE: Final = frozenset({"score", "most", "before"})
"""Placeholders of a guide's sentences that are no step: what a questionnaire came to."""


class Kind(StrEnum):
    """What a guide is for: something to try, to measure, to keep, or to ask the team for."""

    EXERCISE = "exercise"
    QUESTIONNAIRE = "questionnaire"
    PLAN = "plan"
    REQUEST = "request"


class AnswerKind(StrEnum):
    """How a step is answered."""

    WORDS = "words"
    GO_ON = "go_on"
    NUMBER = "number"
    CHOICE = "choice"


@dataclass(frozen=True, config=CHECKED)
class Option:
    """One of the choices: the button's title, and what is kept."""

    title: Sentence
    value: int | str


@dataclass(frozen=True, config=CHECKED)
class Number:
    """Any whole number from `low` to `high`."""

    low: int
    high: int


@dataclass(frozen=True, config=CHECKED)
class Choice:
    """One of several options."""

    options: tuple[Option, ...]

    @model_validator(mode="after")
    def _can_be_told_apart(self) -> Self:
        titles = [squashed(option.title) for option in self.options]
        if len(titles) < 2 or len(set(titles)) < len(titles):
            raise ValueError("Write two options or more, each with a title of its own.")
        return self


@dataclass(frozen=True, config=CHECKED)
class Answer:
    """What a step takes: nothing to be told (`words`, `go_on`), or what may be chosen."""

    kind: AnswerKind
    number: Number | None = None
    choice: Choice | None = None


def _read_answer(value: object) -> object:
    """``words``, ``go_on``, ``{number: {...}}`` or ``{choice: {...}}``."""
    if value in ("words", "go_on"):
        return {"kind": value}
    if isinstance(value, dict) and len(value) == 1 and set(value) <= {"number", "choice"}:
        return {"kind": next(iter(value)), **value}
    raise ValueError("Write words, go_on, {number: {low, high}} or {choice: {options: [...]}}.")


@dataclass(frozen=True, config=CHECKED)
class Alarm:
    """An answer that a human must see today, whatever the rest: its number is greater than `above`.

    `explanation` is what staff read, with ``{answer}`` for the option chosen; `opening` is what the person is told
    before they are asked plainly.
    """

    above: int
    explanation: str
    opening: Variants


@dataclass(frozen=True, config=CHECKED)
class Step:
    """One step. `takes` lists intents that are answers here, though they would steer elsewhere ("my GP"). `title` is
    what a part of a plan is called when the plan is shown."""

    key: str
    answer: Annotated[Answer, BeforeValidator(_read_answer)]
    ask: Retold | None = None
    say: Retold | None = None
    short: Sentence | None = None
    title: Sentence | None = None
    takes: tuple[str, ...] = ()
    alarm: Alarm | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not _KEY.fullmatch(self.key):
            raise ValueError("A key is one word in small letters, such as situation or what_helped.")
        if (self.ask is None) == (self.say is None):
            raise ValueError("Write either 'ask' or 'say'.")
        if (self.say is not None) != (self.answer.kind is AnswerKind.GO_ON):
            raise ValueError(
                "A step with 'say' has 'answer: go_on', and a step with 'ask' has another answer."
            )
        return self

    @property
    def part(self) -> str:
        """What this part of a plan is called."""
        return str(self.title or self.key.replace("_", " ").capitalize())

    @property
    def ways(self) -> Retold:
        """How it is put."""
        ways = self.ask or self.say
        assert ways is not None, "checked when it was read"  # noqa: S101
        return ways


@dataclass(frozen=True, config=CHECKED)
class Scoring:
    """How a questionnaire is added up, and what may be said of it.

    `items` are the steps that count. A score is given while at most `most_missing` of them were left out: see
    `content.scoring`. `caseness` is the score from which services offer treatment, `reliable_change` the difference
    that is more than chance.
    """

    items: tuple[str, ...]
    highest_item: int
    most_missing: int
    caseness: int | None
    reliable_change: int | None
    attribution: str
    source: str
    below: Retold
    from_caseness: Retold
    no_score: Variants
    no_line: Retold | None = None

    @property
    def most(self) -> int:
        """The highest score there is."""
        return len(self.items) * self.highest_item


@dataclass(frozen=True, config=CHECKED)
class Guide:
    """One guided conversation, checked as a whole."""

    intent: str
    kind: Kind
    title: Sentence
    intro: Variants
    steps: tuple[Step, ...]
    done: Retold
    left: Variants
    names: tuple[str, ...] = ()
    """What it is called besides its intent ("phq 9"): somebody who names it in the middle of another wants it."""
    scoring: Scoring | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        keys = [step.key for step in self.steps]
        if not keys or len(set(keys)) < len(keys):
            raise ValueError("A guide has one step or more, each with a key of its own.")
        self._check_retold(keys)
        if (self.kind is Kind.QUESTIONNAIRE) != (self.scoring is not None):
            raise ValueError("A questionnaire has 'scoring', and nothing else has.")
        if self.scoring is not None and not set(self.scoring.items) <= set(keys):
            raise ValueError("Each of the scoring's items is the key of a step.")
        return self

    def _check_retold(self, keys: list[str]) -> None:
        """A sentence may hold what was answered before it, and nothing else."""
        for place, step in enumerate(self.steps):
            _check(step.ways, set(keys[:place]), f"the step '{step.key}'")
        _check(self.done, set(keys), "'done'")
        if self.scoring is not None:
            for ways in (self.scoring.below, self.scoring.from_caseness, self.scoring.no_line):
                _check(ways, set(), "the scoring")

    def step(self, key: str) -> Step | None:
        """The step with that key; None when the file has changed and it is not there any more."""
        return next((step for step in self.steps if step.key == key), None)

    def after(self, key: str) -> Step | None:
        """The step after that one; None after the last."""
        return self._beside(key, 1)

    def before(self, key: str) -> Step | None:
        """The step before that one; None before the first."""
        return self._beside(key, -1)

    def is_named_in(self, text: str) -> bool:
        """Whether a message names this guide in so many words."""
        plain = squashed(text)
        return any(squashed(name) in plain for name in (self.intent, *self.names))

    def _beside(self, key: str, distance: int) -> Step | None:
        keys = [step.key for step in self.steps]
        if key not in keys:
            return None
        place = keys.index(key) + distance
        return self.steps[place] if 0 <= place < len(keys) else None


def squashed(text: str) -> str:
    """Small letters and digits alone, so that "PHQ-9", "phq 9" and "phq9" are one."""
    return _SQUASHED.sub("", text.casefold())


def read_guides(folder: Path) -> dict[str, Guide]:
    """Every guide in a folder, by its intent. Raises `ContentError`."""
    guides: dict[str, Guide] = {}
    for file in sorted(folder.glob("*.yml")):
        guide = read(file, Guide)
        if guide.intent != file.stem:
            raise ContentError(
                file, "intent", f"Call the file {guide.intent}.yml, or the intent {file.stem}."
            )
        guides[guide.intent] = guide
    return guides


def _check(ways: Retold | None, known: set[str], where: str) -> None:
    found: set[str] = set()
    for way in ways or ():
        found |= placeholders(way)
    unknown = found - known - FILLED_BY_CODE
    if unknown:
        raise ValueError(f"{{{'}, {'.join(sorted(unknown))}}} in {where} is no step before it.")


@dataclass(frozen=True, config=CHECKED)
class GuidingButtons:
    """The titles of choices around guides."""

    go_on: Sentence
    skip: Sentence
    carry_on: Sentence
    person: Sentence
    not_now: Sentence
    helped: Sentence
    not_really: Sentence
    worse: Sentence


@dataclass(frozen=True, config=CHECKED)
class Helping:
    """Asked after an exercise, and what is said to each answer."""

    ask: Variants
    helped: Variants
    not_really: Variants
    worse: Variants
    unclear: Variants


@dataclass(frozen=True, config=CHECKED)
class Change:
    """What is said of a score beside an earlier one: ``{before}`` was it, ``{score}`` is now."""

    better: Retold
    worse: Retold
    same: Retold
    below_the_line: Retold


@dataclass(frozen=True, config=CHECKED)
class Guiding:
    """Everything in guiding.yml: what is said around every guide. `own_words` stand for what was taken out."""

    not_kept: Variants
    resumed: Variants
    back_at_the_start: Variants
    gone_back: Variants
    paused: Variants
    nothing_open: Variants
    choice_gone: Variants
    choose_one: Variants
    out_of_range: Variants
    skipped_word: Sentence
    own_words: dict[str, Sentence]
    helping: Helping
    change: Change
    buttons: GuidingButtons

    def say_over(self, text: str) -> str:
        """A person's own redacted words as they can be said back: "<PERSON_1>" becomes "(a name)"."""
        return re.sub(
            r"<([A-Z_]+)_\d+>", lambda found: self.own_words.get(found[1], self.own_words["ID"]), text
        )


Guides = dict[str, Guide]


def of_kind(guides: Guides, kind: Kind) -> list[Guide]:
    """The guides of one kind, in the order of their names."""
    return [guide for guide in guides.values() if guide.kind is kind]
