"""The network that tells identifiers from words by what stands around them.

Three layers of a transformer encoder (Vaswani et al., 2017), begun from paraphrase-MiniLM-L3-v2 (Reimers and
Gurevych, 2019; Wang et al., 2020) and taught by our own sentences. It runs in onnxruntime with 8-bit weights, keeps
nothing of what it reads, and reaches no network. `model/README.md` is its model card.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from encoder import model_file
from encoder.wordpieces import WordPieces
from privacy.redaction.entities import Label
from privacy.redaction.features import COUNT, describe

MODEL: Final = Path(__file__).parent / "model" / "identifiers.onnx"

LABELS: Final = tuple(Label)
OUTPUTS: Final = 1 + 2 * len(LABELS)
"""No identifier; then for each label: a first word of one, a further word of one."""

LONGEST: Final = 96
"""Pieces that the network reads at once; a longer message is read in windows that overlap."""
Beliefs = NDArray[np.float32]
"""Shape (words, OUTPUTS): how likely each word is to begin or continue an identifier of each label. Rows sum to 1."""


@dataclass(frozen=True, slots=True)
class _Window:
    """The words [first, last) are read together, and [start, end) of them are answered for."""

    first: int
    last: int
    start: int
    end: int


class Tagger:
    """Reads the words of a message. May be used from several threads at once."""

    def __init__(self, session: onnxruntime.InferenceSession, pieces: WordPieces) -> None:
        self._session = session
        self._pieces = pieces

    @classmethod
    def load(cls) -> Self:
        """The trained network. Raises `ModelChanged` if a file of it is not the one that was reviewed."""
        return cls(model_file.load(MODEL), WordPieces.load())

    def read(self, text: str, words: Sequence[str], matches: Sequence[re.Match[str]]) -> Beliefs:
        """What it believes of each word of `text`; `words` are lower-cased, `matches` are their places."""
        features = describe(text, words, matches)
        pieces = [self._pieces.cut(word) for word in words]
        beliefs = np.zeros((len(words), OUTPUTS), np.float32)
        for window in _windows([len(cut) for cut in pieces]):
            read = self._read(pieces[window.first : window.last], features[window.first : window.last])
            beliefs[window.start : window.end] = read[window.start - window.first : window.end - window.first]
        return beliefs

    def _read(self, pieces: list[list[int]], features: NDArray[np.float32]) -> Beliefs:
        given = arrange(self._pieces, pieces, features)
        (beliefs,) = self._session.run(None, {"pieces": given.pieces[None], "features": given.features[None]})
        return np.asarray(beliefs[0][given.firsts], np.float32)


@dataclass(frozen=True, slots=True)
class Arranged:
    """One window as the network takes it; `firsts` are the places of each word's first piece."""

    pieces: NDArray[np.int64]
    features: NDArray[np.float32]
    firsts: NDArray[np.int64]


def arrange(vocabulary: WordPieces, pieces: list[list[int]], features: NDArray[np.float32]) -> Arranged:
    """Lay the pieces of words end to end between the two marks; each piece has its word's features."""
    lengths = np.array([len(cut) for cut in pieces], np.int64)
    flat = [vocabulary.first, *(piece for cut in pieces for piece in cut), vocabulary.last]
    spread = np.zeros((len(flat), COUNT), np.float32)
    spread[1:-1] = np.repeat(features, lengths, axis=0)
    return Arranged(np.array(flat, np.int64), spread, 1 + np.cumsum(lengths) - lengths)


def _windows(lengths: list[int]) -> Iterator[_Window]:
    """Windows of at most LONGEST pieces. A fifth of each at either end is read only for what it tells of the rest."""
    first = start = 0
    while start < len(lengths):
        last, room = first, LONGEST - 2
        while last < len(lengths) and lengths[last] <= room:
            room -= lengths[last]
            last += 1
        beside = (last - first) // 5
        end = last if last == len(lengths) else max(last - beside, start + 1)
        yield _Window(first, last, start, end)
        first, start = max(end - beside, first + 1), end
