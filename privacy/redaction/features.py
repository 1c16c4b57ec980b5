"""What is known of each word besides its letters: which lists have it, and how it is written.

A name that the network never saw is still known for a name by the lists; a word in no list is judged by its pieces
and its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from privacy.redaction.gazetteer import is_ordinary, lexicon

_LISTS: Final = (
    "given_names",
    "given_names_that_are_words",
    "surnames",
    "places",
    "places_that_are_words",
    "function_words",
    "relations",
    "person_titles",
)
_PHRASES: Final = (("places", "places_that_are_words"), ("employers",))
_SHAPES: Final = 5
COUNT: Final = len(_LISTS) + 1 + len(_PHRASES) + _SHAPES
"""How many features a word has: lists, ordinary, phrases of several words, and the shape of its letters."""
NAMES: Final = slice(0, 5)
"""The features that say a word is in a list of names."""

_ENDS: Final = frozenset(".!?\n:")
_LONGEST_PHRASE: Final = 4


def describe(text: str, words: Sequence[str], matches: Sequence[re.Match[str]]) -> NDArray[np.float32]:
    """A row for each word of `text`: `words` are lower-cased, `matches` their places. Shape (words, COUNT), 0 or 1."""
    rows = np.zeros((len(words), COUNT), np.float32)
    for row, word in zip(rows, words, strict=True):
        row[: len(_LISTS) + 1] = _listed(word)
    for column, names in enumerate(_PHRASES, len(_LISTS) + 1):
        for start, end in _phrases(words, names):
            rows[start:end, column] = 1
    _shapes(rows[:, -_SHAPES:], text, words, matches)
    return rows


def _listed(word: str) -> list[bool]:
    plain = word.removesuffix("'s").removesuffix("'")
    return [plain in lexicon(name) for name in _LISTS] + [is_ordinary(plain)]


def _phrases(words: Sequence[str], names: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Each stretch of two to four words that stands in the lists."""
    beginnings = _beginnings(names)
    for start, word in enumerate(words):
        if word in beginnings:
            for end in range(min(start + _LONGEST_PHRASE, len(words)), start + 1, -1):
                phrase = " ".join(words[start:end]).replace("'", "").replace("-", " ")
                if any(phrase in lexicon(name) for name in names):
                    yield start, end
                    break


@cache
def _beginnings(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(entry.split()[0] for name in names for entry in lexicon(name) if " " in entry)


def _shapes(
    rows: NDArray[np.float32], text: str, words: Sequence[str], matches: Sequence[re.Match[str]]
) -> None:
    """Capital inside a sentence, capital at its start, all capitals, a digit, a sign."""
    letters = [character for character in text if character.isalpha()]
    shouted = 2 * sum(character.isupper() for character in letters) > len(letters)
    for place, (word, match) in enumerate(zip(words, matches, strict=True)):
        typed = text[match.start() : match.end()]
        begins = not place or words[place - 1] in _ENDS
        if not shouted and typed[0].isupper():
            rows[place, 2 if len(typed) > 1 and typed.isupper() else int(begins)] = 1
        rows[place, 3] = word[0].isdigit()
        rows[place, 4] = not word[0].isalnum()
