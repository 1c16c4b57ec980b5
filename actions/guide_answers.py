"""Reading the answer to one step of a guide."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from actions.moods import NotAMood, read_whole_number
from content.guides import AnswerKind, Choice, Option, Step, squashed

_STUCK: Final = re.compile(
    r"\b(?:don'?t know|dunno|idk|can'?t think|not sure|nothing|hard to say|none|no idea|no clue)\b|^\W*$|^no$",
    re.IGNORECASE,
)
_FEW_WORDS: Final = 6
_POLITE: Final = re.compile(
    r"^(?:i(?:'?d| would)? ?(?:say|think|guess)|maybe|probably|about|just|um+|oh)\b[ ,]*"
)


class NotAnAnswer(Enum):
    """Why a message does not answer the step."""

    NOT_ON_THE_LIST = "not on the list"
    OUT_OF_RANGE = "out of range"
    STUCK = "stuck"


def read_answer(step: Step, text: str) -> int | str | NotAnAnswer:
    """What a message answers: a number, an option's value, or the words as they are (given back unchanged)."""
    if step.answer.number is not None:
        number = read_whole_number(text, step.answer.number.low, step.answer.number.high)
        if isinstance(number, int):
            return number
        out = number is NotAMood.OUT_OF_RANGE
        return NotAnAnswer.OUT_OF_RANGE if out else NotAnAnswer.NOT_ON_THE_LIST
    if step.answer.choice is not None:
        option = chosen(step.answer.choice, text)
        return NotAnAnswer.NOT_ON_THE_LIST if option is None else option.value
    if step.answer.kind is AnswerKind.WORDS and is_stuck(text):
        return NotAnAnswer.STUCK
    return text


def is_exact(step: Step, text: str) -> bool:
    """Whether a message is one of the choices or a bare number, so that nothing else can be meant by it."""
    if step.answer.choice is not None:
        return any(squashed(text) == squashed(option.title) for option in step.answer.choice.options)
    return step.answer.number is not None and text.strip().isdigit()


def chosen(choice: Choice, text: str) -> Option | None:
    """The option meant: by its title, by its number, or by the one title that is in the message.

    Where every option's value is a number, a number is that value ("2" of 0 to 3), as on the printed sheet;
    elsewhere it is the place on the list, from 1.
    """
    plain = text.casefold().strip()
    exact = [option for option in choice.options if squashed(option.title) == squashed(plain)]
    if exact:
        return exact[0]
    if re.fullmatch(r"\W*\d+\W*", plain):
        return _by_number(choice, int(re.sub(r"\D", "", plain)))
    by_value = [option for option in choice.options if squashed(str(option.value)) == squashed(plain)]
    if by_value:
        return by_value[0]
    bare = squashed(_POLITE.sub("", plain))
    within = [option for option in choice.options if squashed(option.title) in bare]
    # "More than half the days" may hold another title within it: the longest wins, and a tie is no answer.
    within.sort(key=lambda option: len(option.title), reverse=True)
    if len(within) > 1 and squashed(within[1].title) not in squashed(within[0].title):
        return None
    return within[0] if within else None


def is_stuck(text: str) -> bool:
    """Whether a short message says that nothing comes to mind."""
    return len(text.split()) <= _FEW_WORDS and bool(_STUCK.search(text.strip()))


def _by_number(choice: Choice, number: int) -> Option | None:
    if all(isinstance(option.value, int) for option in choice.options):
        return next((option for option in choice.options if option.value == number), None)
    return choice.options[number - 1] if 1 <= number <= len(choice.options) else None
