"""What a message means, whatever words it uses: how near its sentence vector lies to those of known messages.

Logistic regression on an approximated Gaussian kernel (Nystroem's method; Williams and Seeger, 2001). Far from all that
it was taught, every landmark is as good as silent, so that it has no opinion on what it does not know; a network over
the same vectors was sure of itself there, and often wrong (docs/decisions/0015).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from bot.safety.screening import SafetyQuestion
from encoder.sentences import SentenceEncoder

NAMES: Final = ("landmarks", "pulls", "leanings")
"""What it was taught, by the model's names: vectors (landmarks, WIDTH), (landmarks, responses), (responses,)."""

GAMMA: Final = 2.0
"""How fast a landmark's pull falls off with the square of the distance."""

_ASKED: Final = {
    SafetyQuestion.THINKING_OF_ENDING_LIFE: "are you thinking about ending your life ?",
    SafetyQuestion.HURT_YOURSELF_TODAY: "have you done anything to hurt yourself today ?",
    SafetyQuestion.SAFE_RIGHT_NOW: "are you safe right now ?",
}

Shares = NDArray[np.float32]


class Meaning:
    """May be used from several threads at once, and keeps nothing."""

    def __init__(self, encoder: SentenceEncoder, taught: Mapping[str, Shares]) -> None:
        """Take the encoder and what NAMES names."""
        self._encoder = encoder
        self._landmarks, self._pulls, self._leanings = (taught[name] for name in NAMES)

    @classmethod
    def load(cls, taught: Mapping[str, Shares]) -> Self:
        """With the reviewed encoder. Raises `ModelChanged` if it is another, or missing."""
        return cls(SentenceEncoder.load(), taught)

    def likely(self, words: Sequence[str], asked: SafetyQuestion | None) -> Shares:
        """How likely each response is: shape (responses,), summing to 1."""
        nearness = self._landmarks @ self._encoder.embed(sentence(words, asked))
        # The square of the distance between two vectors of length 1 is 2 - 2 x their product.
        scores = np.exp(2 * GAMMA * (nearness - 1)) @ self._pulls + self._leanings
        shares = np.exp(scores - scores.max())
        return np.asarray(shares / shares.sum(), np.float32)


def sentence(words: Sequence[str], asked: SafetyQuestion | None) -> str:
    """The text that the encoder reads: the plain words, after the question that they answer."""
    return " ".join([_ASKED[asked], *words] if asked else words)
