"""What a message is about, as a network taught by our own sentences reads it: it may raise what the lexicon found.

Three layers of the shared encoder, attention over the words (which also says which words told), and two heads: how
likely each response is to be needed, and each category to be spoken of. The thresholds are chosen from the table that
`harbour train screen` prints; docs/decisions/0015 has it, with the reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
import onnxruntime

from bot.safety.reading import Reading
from bot.safety.screening import ResponseNeeded, SafetyQuestion
from encoder import model_file
from encoder.wordpieces import WordPieces

MODEL: Final = Path(__file__).parent / "model" / "screen.onnx"
LONGEST: Final = 128
"""Pieces that are read at once. Of a longer message every stretch is read, and the most urgent one counts."""
_STRIDE: Final = 80

RESPONSES: Final = tuple(ResponseNeeded)
CATEGORIES: Final = (
    "suicide",
    "self_harm",
    "overdose_taken",
    "child_abuse",
    "domestic_abuse",
    "harm_to_others",
    "psychosis",
    "eating_disorder",
    "medical_emergency",
    "third_party",
    "bereaved_by_suicide",
    "exploitation",
    "neglect",
)

QUESTIONS: Final = {
    SafetyQuestion.THINKING_OF_ENDING_LIFE: "are you thinking about ending your life",
    SafetyQuestion.HURT_YOURSELF_TODAY: "have you done anything to hurt yourself today",
    SafetyQuestion.SAFE_RIGHT_NOW: "are you safe right now",
}
"""The plain questions, as the network was taught them: an answer is read after its question."""

# At least so likely must a response be, or a more urgent one. See docs/decisions/0015 before changing one.
THRESHOLDS: Final = {
    ResponseNeeded.RESPOND_NOW: 0.5,
    ResponseNeeded.RESPOND_TODAY: 0.5,
    ResponseNeeded.ASK: 0.5,
}


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the network takes a message to need. `danger` is how likely any response is, 0 to 1.

    The words [first, last) of the reading told most.
    """

    response: ResponseNeeded
    category: str
    danger: float
    first: int
    last: int


class Classifier:
    """Reads messages that were made plain. May be used from several threads at once, and keeps nothing."""

    def __init__(self, session: onnxruntime.InferenceSession, pieces: WordPieces) -> None:
        self._session = session
        self._pieces = pieces

    @classmethod
    def load(cls) -> Self:
        """The taught network. Raises `ModelChanged` if it is not the one that was reviewed."""
        return cls(model_file.load(MODEL), WordPieces.load())

    def read(self, reading: Reading, asked: SafetyQuestion | None = None) -> Opinion:
        """What the message needs, read after the question that was `asked`."""
        question = _cut(self._pieces, QUESTIONS[asked].split()) if asked else []
        cut = _cut(self._pieces, reading.words)
        opinions = [
            self._read(question, cut[start : start + LONGEST - len(question) - 3])
            for start in range(0, max(len(cut) - (LONGEST - _STRIDE), 1), _STRIDE)
        ]
        return max(opinions, key=lambda opinion: (opinion.response.urgency, opinion.danger))

    def shares(self, words: Sequence[str], asked: SafetyQuestion | None = None) -> np.ndarray:
        """How likely each of RESPONSES is, for words that fit in one stretch: for choosing thresholds."""
        question = _cut(self._pieces, QUESTIONS[asked].split()) if asked else []
        return self._run(question, _cut(self._pieces, words)[: LONGEST - len(question) - 3])[0]

    def _read(self, question: list[_Piece], cut: list[_Piece]) -> Opinion:
        responses, categories, told = self._run(question, cut)
        needed = next(
            (needed for needed, least in THRESHOLDS.items() if _at_least(responses, needed) >= least),
            ResponseNeeded.NONE,
        )
        first, last = _told_most(cut, told)
        return Opinion(
            needed,
            CATEGORIES[int(categories.argmax())],
            _at_least(responses, ResponseNeeded.ASK),
            first,
            last,
        )

    def _run(self, question: list[_Piece], cut: list[_Piece]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        flat = arrange(self._pieces, [piece for piece, _ in question], [piece for piece, _ in cut])
        responses, categories, told = self._session.run(None, {"pieces": np.array([flat], np.int64)})
        return responses[0], categories[0], told[0][len(flat) - 1 - len(cut) : -1]


_Piece = tuple[int, int]
"""A piece's number in the vocabulary, and which word it is of."""


def arrange(vocabulary: WordPieces, question: list[int], pieces: list[int]) -> list[int]:
    """A message as the network takes it, after its question if there was one."""
    ask = [*question, vocabulary.last] if question else []
    return [vocabulary.first, *ask, *pieces, vocabulary.last]


def _cut(vocabulary: WordPieces, words: Sequence[str]) -> list[_Piece]:
    return [(piece, place) for place, word in enumerate(words) for piece in vocabulary.cut(word)]


def _at_least(responses: np.ndarray, needed: ResponseNeeded) -> float:
    return float(sum(responses[place] for place, each in enumerate(RESPONSES) if each >= needed))


def _told_most(cut: list[_Piece], told: np.ndarray) -> tuple[int, int]:
    """The stretch of words, three at least where there are, around the one that told most."""
    if not cut:
        return 0, 0
    place = cut[int(told.argmax())][1]
    return max(place - 2, cut[0][1]), min(place + 3, cut[-1][1] + 1)
