"""What a message means, whatever words it uses: a small network over its sentence vector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from bot.safety.screening import SafetyQuestion
from encoder.sentences import SentenceEncoder

NAMES: Final = ("inner", "inner_bias", "outer", "outer_bias")
"""The network's weights, by the model's names: (vector, hidden), (hidden,), (hidden, responses), (responses,)."""

SCALE: Final = 4.0
"""Sentence vectors have length 1; the network learns faster from longer ones."""

_ASKED: Final = {
    SafetyQuestion.THINKING_OF_ENDING_LIFE: "are you thinking about ending your life ?",
    SafetyQuestion.HURT_YOURSELF_TODAY: "have you done anything to hurt yourself today ?",
    SafetyQuestion.SAFE_RIGHT_NOW: "are you safe right now ?",
}

Shares = NDArray[np.float32]


class Meaning:
    """May be used from several threads at once, and keeps nothing."""

    def __init__(self, encoder: SentenceEncoder, weights: Mapping[str, Shares]) -> None:
        """Take the encoder and the weights that NAMES names."""
        self._encoder = encoder
        self._inner, self._inner_bias, self._outer, self._outer_bias = (weights[name] for name in NAMES)

    @classmethod
    def load(cls, weights: Mapping[str, Shares]) -> Self:
        """With the reviewed encoder. Raises `ModelChanged` if it is another, or missing."""
        return cls(SentenceEncoder.load(), weights)

    def likely(self, words: Sequence[str], asked: SafetyQuestion | None) -> Shares:
        """How likely each response is: shape (responses,), summing to 1."""
        hidden = np.maximum(
            SCALE * self._encoder.embed(sentence(words, asked)) @ self._inner + self._inner_bias, 0
        )
        scores = hidden @ self._outer + self._outer_bias
        shares = np.exp(scores - scores.max())
        return np.asarray(shares / shares.sum(), np.float32)


def sentence(words: Sequence[str], asked: SafetyQuestion | None) -> str:
    """The text that the encoder reads: the plain words, after the question that they answer."""
    return " ".join([_ASKED[asked], *words] if asked else words)
