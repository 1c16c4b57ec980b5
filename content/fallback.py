"""What is said when Harbour cannot answer properly."""

from __future__ import annotations

from pydantic.dataclasses import dataclass

from content.reading import CHECKED
from content.sentences import Sentence, Variants


@dataclass(frozen=True, config=CHECKED)
class EngineTrouble:
    """The dialogue engine is `down` or `slow`. `numbers` are keys of helplines.yml, shown with the reply."""

    down: Variants
    slow: Variants
    staff_told: Sentence
    numbers: tuple[str, ...]


@dataclass(frozen=True, config=CHECKED)
class NotUnderstoodButtons:
    """The titles of the choices offered after a second miss."""

    person: Sentence
    helplines: Sentence
    not_now: Sentence


@dataclass(frozen=True, config=CHECKED)
class NotUnderstood:
    """The `first` time it says so, or makes a `guess` where it has one; `again`, it offers a person.

    `meanings` are the titles of the choices in a guess, by intent. An intent that has none is never guessed.
    `which` answers a bare yes to a guess, which is always of two.
    """

    first: Variants
    guess: Variants
    which: Variants
    again: Variants
    buttons: NotUnderstoodButtons
    meanings: dict[str, Sentence]


@dataclass(frozen=True, config=CHECKED)
class Fallback:
    """Everything in fallback.yml."""

    engine: EngineTrouble
    not_understood: NotUnderstood
