"""Turns messages into what the network reads: pieces, features and answers, in batches of like length."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from encoder.wordpieces import WordPieces
from privacy.redaction.engine import WORD
from privacy.redaction.features import COUNT, NAMES, describe
from privacy.redaction.normalise import normalise
from privacy.redaction.tagger import LABELS, LONGEST, arrange
from privacy.redaction.training.corpus import Sample

_LENGTHS: Final = (10, 16, 24, 36, 56, LONGEST)
_PIECES_IN_A_BATCH: Final = 640
_UNLISTED: Final = 0.2
"""How often a word loses its places in the lists, so that the network does not lean on them alone."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages of like length; `answers` are OUTPUTS' numbers, and -1 where nothing is asked."""

    pieces: NDArray[np.int64]
    features: NDArray[np.float32]
    mask: NDArray[np.float32]
    answers: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Lesson:
    pieces: NDArray[np.int64]
    features: NDArray[np.float32]
    answers: NDArray[np.int64]


def batches(samples: Iterable[Sample], vocabulary: WordPieces, seed: int) -> Iterator[Batch]:
    """The messages in batches, shuffled. One that is longer than the network reads at once is left out."""
    chance = random.Random(seed)  # noqa: S311 - an order is no secret
    waiting: dict[int, list[_Lesson]] = defaultdict(list)
    ready: list[Batch] = []
    for sample in samples:
        lesson = _lesson(sample, vocabulary, chance)
        length = next((length for length in _LENGTHS if len(lesson.pieces) <= length), None)
        if length is None:
            continue
        waiting[length].append(lesson)
        if len(waiting[length]) == _PIECES_IN_A_BATCH // length:
            ready.append(_batch(waiting.pop(length), length))
    # Every batch of a length has the same shape: the program is compiled once for each.
    ready.extend(_batch(lessons, length) for length, lessons in waiting.items())
    chance.shuffle(ready)
    yield from ready


def _lesson(sample: Sample, vocabulary: WordPieces, chance: random.Random) -> _Lesson:
    reading = normalise(sample.text)
    matches = list(WORD.finditer(reading.folded))
    words = [match.group() for match in matches]
    features = describe(reading.text, words, matches)
    unlisted = np.array([chance.random() < _UNLISTED for _ in words], bool)
    features[unlisted, NAMES] = 0
    arranged = arrange(vocabulary, [vocabulary.cut(word) for word in words], features)
    answers = np.full(len(arranged.pieces), -1, np.int64)
    answers[arranged.firsts] = 0
    for start, end, label in sample.spans:
        inside = [
            place
            for place, match in enumerate(matches)
            if reading.span(match.start(), match.end())[0] < end
            and start < reading.span(match.start(), match.end())[1]
        ]
        for place in inside:
            answers[arranged.firsts[place]] = 1 + 2 * LABELS.index(label) + (place != inside[0])
    return _Lesson(arranged.pieces, arranged.features, answers)


def _batch(lessons: list[_Lesson], length: int) -> Batch:
    size = _PIECES_IN_A_BATCH // length
    batch = Batch(
        np.zeros((size, length), np.int64),
        np.zeros((size, length, COUNT), np.float32),
        np.zeros((size, length), np.float32),
        np.full((size, length), -1, np.int64),
    )
    for row, lesson in enumerate(lessons):
        used = len(lesson.pieces)
        batch.pieces[row, :used], batch.features[row, :used] = lesson.pieces, lesson.features
        batch.mask[row, :used], batch.answers[row, :used] = 1, lesson.answers
    return batch
