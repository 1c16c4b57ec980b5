"""Cuts words into the pieces that the network knows: WordPiece (Wu et al., 2016), as BERT's uncased vocabulary has it.

Written here because it is twenty lines, and because the library that does it brings a client of a model hub along.
It remembers no word that it has seen.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Self

from encoder.model_file import ModelChanged

# Letters and digits stand together, every other sign by itself, as BERT splits them.
_RUN: Final = re.compile(r"[^\W_]+|[^\w\s]|_")
_LONGEST_RUN: Final = 24
_MOST_PIECES: Final = 8


_VOCABULARY: Final = Path(__file__).parent / "vocabulary.txt"
_DIGEST: Final = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"


class WordPieces:
    """The pieces of words, as numbers in the vocabulary."""

    @classmethod
    def load(cls) -> Self:
        """BERT's uncased vocabulary (Apache-2.0). Raises `ModelChanged` when the file is not that one."""
        content = _VOCABULARY.read_bytes()
        if hashlib.sha256(content).hexdigest() != _DIGEST:
            raise ModelChanged(f"{_VOCABULARY} is not the reviewed one: bring it back from the repository.")
        return cls(content.decode().splitlines())

    def __init__(self, vocabulary: Iterable[str]) -> None:
        """Take the vocabulary, a piece for each number in order."""
        self._numbers = {piece: number for number, piece in enumerate(vocabulary)}
        self.unknown = self._numbers["[UNK]"]
        self.first = self._numbers["[CLS]"]
        self.last = self._numbers["[SEP]"]

    def cut(self, word: str) -> list[int]:
        """The pieces of one lower-cased word: at least one, eight at most."""
        whole = self._numbers.get(word)
        if whole is not None:
            return [whole]
        pieces = [piece for run in _RUN.findall(word) for piece in self._cut_run(run)]
        return pieces[:_MOST_PIECES] or [self.unknown]

    def _cut_run(self, run: str) -> list[int]:
        """The longest piece first, then the longest that continues it. Of a very long run, only the beginning."""
        run = run[:_LONGEST_RUN]
        found: list[int] = []
        start = 0
        while start < len(run):
            mark = "##" if start else ""
            for end in range(len(run), start, -1):
                number = self._numbers.get(mark + run[start:end])
                if number is not None:
                    found.append(number)
                    start = end
                    break
            else:
                return [self.unknown]
        return found
