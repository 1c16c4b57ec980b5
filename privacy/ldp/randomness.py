"""Secret, exact chance: whole numbers from the operating system, never a comparison of floats."""

from __future__ import annotations

import secrets
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Final, Protocol

_FEW_BYTES: Final = 64
_MANY_BYTES: Final = 1 << 16


class RandomSource(Protocol):
    """What a sampler draws from. Tests put an oracle here that walks every branch with its probability."""

    def chance(self, part: int, whole: int) -> bool:
        """True with probability part / whole."""

    def below(self, bound: int) -> int:
        """A whole number from 0 to bound - 1, each as likely as the others."""

    def weighted(self, cumulative: Sequence[int]) -> int:
        """An index, as likely as its share of the last of the `cumulative` weights."""


class SecretSource:
    """Draws from `secrets`, in blocks.

    Make one for each call and let it go afterwards: a block that outlives a fork would be drawn from twice.
    """

    def __init__(
        self, block_bytes: int = _FEW_BYTES, fill: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        self._fill = fill
        self._block_bytes = block_bytes
        self._block = b""
        self._at = 0
        self._spans: dict[int, tuple[int, int]] = {}

    @classmethod
    def for_many(cls) -> SecretSource:
        """A source for thousands of draws."""
        return cls(_MANY_BYTES)

    def chance(self, part: int, whole: int) -> bool:
        """True with probability part / whole."""
        return self.below(whole) < part

    def weighted(self, cumulative: Sequence[int]) -> int:
        """An index, as likely as its share of the last of the `cumulative` weights."""
        return bisect_right(cumulative, self.below(cumulative[-1]))

    def below(self, bound: int) -> int:
        """A whole number from 0 to bound - 1: drawn again, not bent, when it falls into the uneven rest."""
        width, limit = self._spans.get(bound) or self._span(bound)
        while True:
            start = self._at
            end = self._at = start + width
            if end > len(self._block):
                self._block = self._fill(max(width, self._block_bytes))
                start, end = 0, width
                self._at = width
            drawn = int.from_bytes(self._block[start:end])
            if drawn < limit:
                return drawn % bound

    def _span(self, bound: int) -> tuple[int, int]:
        """How many bytes to draw, and the greatest multiple of `bound` that they can reach."""
        if bound < 1:
            raise ValueError("There is nothing to draw from.")
        width = (bound.bit_length() + 7) // 8 + 1  # a byte to spare: fewer than 1 draw in 256 is drawn again
        span = 1 << (8 * width)
        self._spans[bound] = width, span - span % bound
        return self._spans[bound]
