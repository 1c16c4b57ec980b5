"""Turns messages into what the screen's network reads, each time as another thumb might have typed them."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.safety.classifier import CATEGORIES, LONGEST, QUESTIONS, RESPONSES, arrange
from bot.safety.reading import read
from bot.safety.screening import ResponseNeeded
from bot.safety.spelling import Spelling
from bot.safety.training.corpus import Said
from encoder.wordpieces import WordPieces

_LENGTHS: Final = (12, 20, 32, 56, LONGEST)
_PIECES_IN_A_BATCH: Final = 640
_JOINED: Final = 0.15
_JOINED_HARMLESS: Final = 0.35
_MOST_JOINED: Final = 6
_LONG: Final = 200
_SLIPS: Final = 0.35
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages of like length: pieces, mask, the response's number, the categories (0 or 1), and 1 for a real row."""

    pieces: NDArray[np.int64]
    mask: NDArray[np.float32]
    responses: NDArray[np.int64]
    categories: NDArray[np.float32]
    rows: NDArray[np.float32]


def varied(samples: Sequence[Said], chance: random.Random) -> Iterator[Said]:
    """One variation of each message: with slips, or beside ordinary talk, which takes no danger away.

    Harmless messages are joined to others more often, so that length itself says nothing of danger.
    """
    ordinary = [said for said in samples if said.response is ResponseNeeded.NONE and said.asked is None]
    for said in samples:
        parts = said.parts
        harmless = said.response is ResponseNeeded.NONE
        if said.asked is None and len(said.text) < _LONG:
            while chance.random() < (_JOINED_HARMLESS if harmless else _JOINED) and len(parts) < _MOST_JOINED:
                beside = chance.choice(ordinary).parts
                parts = (*beside, *parts) if chance.random() < 0.5 else (*parts, *beside)
        if chance.random() < _SLIPS:
            parts = tuple(_mistyped(part, chance) for part in parts)
        yield Said(said.response, said.category, parts, said.asked)


def batches(
    samples: Iterable[Said], spelling: Spelling, vocabulary: WordPieces, chance: random.Random
) -> Iterator[Batch]:
    """The messages in batches of one shape for each length, shuffled. Of a very long one, the first pieces."""
    waiting: dict[int, list[tuple[list[int], Said]]] = defaultdict(list)
    ready: list[Batch] = []
    for said in samples:
        flat = _pieces(said, spelling, vocabulary)
        length = next((length for length in _LENGTHS if len(flat) <= length), LONGEST)
        waiting[length].append((flat[:length], said))
        if len(waiting[length]) == _PIECES_IN_A_BATCH // length:
            ready.append(_batch(waiting.pop(length), length))
    ready.extend(_batch(lessons, length) for length, lessons in waiting.items())
    chance.shuffle(ready)
    yield from ready


def _pieces(said: Said, spelling: Spelling, vocabulary: WordPieces) -> list[int]:
    def cut(words: Iterable[str]) -> list[int]:
        return [piece for word in words for piece in vocabulary.cut(word)]

    question = cut(QUESTIONS[said.asked].split()) if said.asked else []
    return arrange(vocabulary, question, cut(read(said.text, spelling).words))


def _batch(lessons: list[tuple[list[int], Said]], length: int) -> Batch:
    size = _PIECES_IN_A_BATCH // length
    batch = Batch(
        np.zeros((size, length), np.int64),
        np.zeros((size, length), np.float32),
        np.zeros(size, np.int64),
        np.zeros((size, len(CATEGORIES)), np.float32),
        np.zeros(size, np.float32),
    )
    batch.mask[:, 0] = 1
    for row, (flat, said) in enumerate(lessons):
        batch.pieces[row, : len(flat)], batch.mask[row, : len(flat)], batch.rows[row] = flat, 1, 1
        batch.responses[row] = RESPONSES.index(said.response)
        if said.response is not ResponseNeeded.NONE and said.category in CATEGORIES:
            batch.categories[row, CATEGORIES.index(said.category)] = 1
    return batch


def _mistyped(text: str, chance: random.Random) -> str:
    return " ".join(
        _slipped(word, chance) if len(word) > 3 and word.isalpha() and chance.random() < 0.12 else word
        for word in text.split(" ")
    )


def _slipped(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        return word[:place] + word[place + 1 :]
    if kind == 1:
        return word[:place] + word[place] + word[place:]
    if kind == 2:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return word[:place] + chance.choice(_LETTERS) + word[place + 1 :]
