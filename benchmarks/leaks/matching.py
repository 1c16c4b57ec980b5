"""Finds the cores of many canaries at once in bytes that are read as they are."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from benchmarks.leaks.canaries import Canary

_LETTERS = 8
"""Of a word of letters, so many beginning ones are looked for at first; every such core has more."""
_SIGNS = 6
"""Of a code, so many; the shortest, a postcode, has no more."""
_NEAR = 60
_BITS = 20
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(64 - _BITS)
_OF_A_CODE = np.uint64((1 << 8 * _SIGNS) - 1)
_SPACED = re.compile(rb"[a-z0-9]+(?:[ .:/()+-]{1,3}[a-z0-9]+){0,7}")
_CLOCK = re.compile(rb"[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}(?![0-9])")
_INTO_THE_SECONDS = 6
_GROUP = re.compile(rb"[a-z0-9]+")
_IS_SIGN = np.array([chr(byte).isascii() and chr(byte).isalnum() for byte in range(256)])


class Matcher:
    """Knows the canaries; looks at every byte once, and closely only where one may begin."""

    def __init__(self, canaries: Iterable[Canary]) -> None:
        self._words: dict[bytes, list[tuple[bytes, Canary]]] = defaultdict(list)
        self._codes: dict[bytes, Canary] = {}
        for canary in canaries:
            for core in map(str.encode, canary.cores):
                if core.isalpha():
                    self._words[core[:_LETTERS]].append((core, canary))
                else:
                    self._codes[core] = canary
        self._may_begin_a_word = _table(self._words)
        self._may_begin_a_code = _table(core[:_SIGNS] for core in self._codes)

    def found(self, data: bytes) -> Iterator[tuple[Canary, int]]:
        """Every canary in `data`, and at which byte it begins; one may come more than once."""
        small = data.lower()
        for canary, offset in (*self._words_in(small), *self._codes_in(small)):
            if _is_meant(canary, small, offset):
                yield canary, offset

    def _words_in(self, data: bytes) -> Iterator[tuple[Canary, int]]:
        if len(data) < _LETTERS:
            return
        windows = np.ndarray((len(data) - _LETTERS + 1,), "<u8", data, strides=(1,))
        for offset in np.flatnonzero(self._may_begin_a_word[_hashed(windows)]).tolist():
            for core, canary in self._words.get(data[offset : offset + _LETTERS], ()):
                if data.startswith(core, offset):
                    yield canary, offset

    def _codes_in(self, data: bytes) -> Iterator[tuple[Canary, int]]:
        """Letters and digits are read on over whatever parts them, and then compared with what parts them."""
        offsets = np.flatnonzero(_IS_SIGN[np.frombuffer(data, np.uint8)])
        if len(offsets) < _SIGNS:
            return
        signs = np.frombuffer(data, np.uint8)[offsets].tobytes() + bytes(8 - _SIGNS)
        windows = np.ndarray((len(offsets) - _SIGNS + 1,), "<u8", signs, strides=(1,)) & _OF_A_CODE
        for place in np.flatnonzero(self._may_begin_a_code[_hashed(windows)]).tolist():
            yield from self._code_at(data, int(offsets[place]))

    def _code_at(self, data: bytes, offset: int) -> Iterator[tuple[Canary, int]]:
        """A code that begins here and ends where a group of letters and digits does."""
        if data[max(0, offset - 1) : offset].isalnum() or _is_of_a_clock(data, offset):
            return
        run = _SPACED.match(data, offset)
        joined = b""
        for group in _GROUP.findall(run[0]) if run else ():
            joined += group
            if joined in self._codes:
                yield self._codes[joined], offset


def _is_of_a_clock(data: bytes, offset: int) -> bool:
    """Whether the seconds of a time begin here: with their fraction they have as many digits as a date of birth."""
    return offset >= _INTO_THE_SECONDS and bool(_CLOCK.match(data, offset - _INTO_THE_SECONDS))


def _hashed(windows: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return (windows * _MIX) >> _SHIFT


def _table(beginnings: Iterable[bytes]) -> NDArray[np.bool_]:
    table = np.zeros(1 << _BITS, np.bool_)
    numbers = np.array([int.from_bytes(each, "little") for each in beginnings], np.uint64)
    table[_hashed(numbers)] = True
    return table


def _is_meant(canary: Canary, data: bytes, offset: int) -> bool:
    """Whether what must stand before it does."""
    return not canary.before or canary.before.encode() in data[max(0, offset - _NEAR) : offset]
