"""What the classifier counts in a message: words and their neighbours, and the letters inside words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from bot.safety.screening import SafetyQuestion

_MOST_WORDS: Final = 3
_LETTERS: Final = range(2, 6)
_LONGEST_WORD: Final = 24
_ANSWER: Final = 6
"""How many words of an answer are also read as the answer to their question."""


class Counted(NamedTuple):
    """One n-gram: which kind it is of, and the words [first, last) that it was read from."""

    name: str
    first: int
    last: int


def of_words(words: Sequence[str], asked: SafetyQuestion | None) -> Iterator[Counted]:
    """One to three words in a row; after a question, the first words of the answer with the question's name."""
    if asked is not None:
        yield Counted(f"w:?{asked.value}", 0, 1)
        answer = [f"{asked.value}?{word}" for word in words[:_ANSWER]]
        yield from _in_a_row(answer)
    yield from _in_a_row(words)


def _in_a_row(words: Sequence[str]) -> Iterator[Counted]:
    for count in range(1, _MOST_WORDS + 1):
        for first in range(len(words) - count + 1):
            yield Counted("w:" + " ".join(words[first : first + count]), first, first + count)


def of_letters(words: Sequence[str]) -> Iterator[Counted]:
    """Two to five letters in a row, a space standing for the word's ends."""
    for place, word in enumerate(words):
        padded = f" {word[:_LONGEST_WORD]} "
        for count in _LETTERS:
            for first in range(max(len(padded) - count + 1, 1)):
                yield Counted("c:" + padded[first : first + count], place, place + 1)
            if len(padded) <= count:
                break
