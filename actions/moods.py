"""Reading a mood from 0 to 10 out of what somebody typed."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

LOWEST: Final = 0
HIGHEST: Final = 10

_WORDS: Final = {
    word: number
    for number, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    )
} | {"nought": 0, "nil": 0, "eleven": 11, "twelve": 12, "twenty": 20, "hundred": 100}
_PLACEHOLDER: Final = re.compile(r"<[A-Z_]+_\d+>")
_SCALE: Final = re.compile(r"(?:/|\bout of)\s*(?:10|ten)\b")
# "no one", "one of those days": not a number on the scale.
_NOT_A_NUMBER: Final = re.compile(
    r"\b(?:no|any|every|some)[ -]?one\b|\bone (?:of|more|day|thing|minute|bit)\b"
)
_NUMBER: Final = re.compile(rf"(?<![\d.])-?\d+(?:\.\d+)?|\b(?:minus )?(?:{'|'.join(_WORDS)})\b")
_RANGE: Final = re.compile(r"\s*(?:or|to|-|–|/)\s*(?:a |an |maybe )?\s*")
_BETWEEN: Final = re.compile(r"\bbetween (?:a |an )?$")


class NotAMood(Enum):
    """Why a text holds no mood."""

    NO_NUMBER = "no number"
    OUT_OF_RANGE = "out of range"


def read_mood(text: str) -> int | NotAMood:
    """The mood in a text such as "about a 3", "three", "6/10" or "4 or 5" (the lower one counts).

    A number with a fraction is rounded down. Several numbers that are no range are no answer.
    """
    return read_whole_number(text, LOWEST, HIGHEST)


def read_whole_number(text: str, low: int, high: int) -> int | NotAMood:
    """The same on a scale from `low` to `high`."""
    plain = _NOT_A_NUMBER.sub(" ", _SCALE.sub(" ", _PLACEHOLDER.sub(" ", text).casefold()))
    found = list(_NUMBER.finditer(plain))
    if not found or len(found) > 2:
        return NotAMood.NO_NUMBER
    if len(found) == 2 and not _is_range(plain, found[0], found[1]):
        return NotAMood.NO_NUMBER
    values = [_value(match.group()) for match in found]
    # In "4-5" the sign is a dash.
    mood = min(abs(value) for value in values) if len(values) == 2 else values[0]
    return int(mood) if low <= mood <= high else NotAMood.OUT_OF_RANGE


def _is_range(text: str, first: re.Match[str], second: re.Match[str]) -> bool:
    joined = text[first.end() : second.start()]
    if joined.strip() == "and":
        return bool(_BETWEEN.search(text[: first.start()]))
    return bool(_RANGE.fullmatch(joined)) or (not joined and second.group().startswith("-"))


def _value(number: str) -> float:
    if number.startswith("minus "):
        return -_value(number.removeprefix("minus "))
    return float(_WORDS[number]) if number in _WORDS else float(number)
