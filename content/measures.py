"""What is said when somebody asks for their earlier scores and moods."""

from __future__ import annotations

from pydantic.dataclasses import dataclass

from content.reading import CHECKED
from content.sentences import Retold, Sentence, Variants


@dataclass(frozen=True, config=CHECKED)
class MeasureButtons:
    """The titles of what can be done next."""

    phq9: Sentence
    gad7: Sentence
    checkin: Sentence
    not_now: Sentence


@dataclass(frozen=True, config=CHECKED)
class MeasureWords:
    """Everything in measures.yml.

    `line` is one score of a list, with ``{date}``, ``{count}`` and ``{most}``; `line_without` one that could not be
    added up. `moods` is followed by a list of moods, each a `mood`.
    """

    intro: Variants
    none: Variants
    line: Retold
    line_without: Sentence
    moods: Sentence
    mood: Sentence
    recovered: Variants
    not_a_grade: Variants
    buttons: MeasureButtons
