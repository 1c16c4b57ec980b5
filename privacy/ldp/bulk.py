"""Thousands of draws at once: the same exact chance as `privacy.ldp.randomness`, in arrays.

The bytes are the operating system's; NumPy only compares and rearranges whole numbers, and its own generators are
never used. No comparison is of floats.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

MOST_WHOLE: Final = 2**62
"""Up to here a threshold fits whole into a drawn number of 64 bits, with room to draw again rarely."""
_SPAN: Final = 2**64


class ManySource(Protocol):
    """What a sampler draws from when it draws for many. Tests put an oracle here."""

    def chance(self, part: int, whole: int, number: int) -> Flags:
        """`number` times: true with probability part / whole."""

    def below(self, bound: int, number: int) -> Numbers:
        """`number` whole numbers from 0 to bound - 1, each as likely as the others."""

    def weighted(self, cumulative: Sequence[int], number: int) -> Numbers:
        """`number` indices, each as likely as its share of the last of the `cumulative` weights."""


class SecretNumbers:
    """Draws from `secrets`, 8 bytes a number (or 1, where the bound is small), drawn again where they are uneven."""

    def __init__(self, fill: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._fill = fill

    def chance(self, part: int, whole: int, number: int) -> Flags:
        """`number` times: true with probability part / whole."""
        flags: Flags = self.below(whole, number) < part
        return flags

    def weighted(self, cumulative: Sequence[int], number: int) -> Numbers:
        """`number` indices, each as likely as its share of the last of the `cumulative` weights."""
        drawn = self.below(cumulative[-1], number)
        return np.searchsorted(np.array(cumulative, dtype=np.int64), drawn, side="right").astype(np.int64)

    def below(self, bound: int, number: int) -> Numbers:
        """`number` whole numbers from 0 to bound - 1. Raises `ValueError` unless 1 <= bound <= `MOST_WHOLE`."""
        if not 1 <= bound <= MOST_WHOLE:
            raise ValueError("There is nothing to draw from, or too much to draw in one piece.")
        kind, span = (np.uint8, 256) if bound <= 16 else (np.uint64, _SPAN)
        uneven = span % bound
        drawn = self._numbers(kind, number)
        if uneven:
            drawn = self._again(drawn, span - uneven)
        if bound & (bound - 1) == 0:
            return (drawn & kind(bound - 1)).astype(np.int64)
        return (drawn % kind(bound)).astype(np.int64)

    def _again(self, drawn: NDArray[np.unsignedinteger], limit: int) -> NDArray[np.unsignedinteger]:
        """`drawn`, with all that is not below `limit` drawn anew."""
        while (late := np.flatnonzero(drawn >= drawn.dtype.type(limit))).size:
            drawn[late] = self._numbers(drawn.dtype.type, late.size)
        return drawn

    def _numbers(self, kind: type[np.unsignedinteger], number: int) -> NDArray[np.unsignedinteger]:
        size = np.dtype(kind).itemsize
        return np.frombuffer(bytearray(self._fill(size * number)), dtype=kind)
