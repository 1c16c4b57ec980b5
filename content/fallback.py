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
    """The `first` time it says so; `again`, it offers a person."""

    first: Variants
    again: Variants
    buttons: NotUnderstoodButtons


@dataclass(frozen=True, config=CHECKED)
class Fallback:
    """Everything in fallback.yml."""

    engine: EngineTrouble
    not_understood: NotUnderstood
