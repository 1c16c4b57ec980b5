"""Finds canaries in bytes, through whatever they were wrapped in, and looks at the same bytes only once.

Most of what is searched is there many times: each copy of a database has nearly all the pages of the one before,
and pages of the web share most of their lines. So bytes are read in blocks, and what was found in a block is
remembered by the block's digest. A block reaches far into the next, so that what straddles the two is whole in one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b

from benchmarks.leaks.canaries import Canary
from benchmarks.leaks.encodings import ENCODINGS, Encoding, unpacked
from benchmarks.leaks.matching import Matcher

DEEPEST = 3
"""So many encodings inside one another are undone."""
BLOCK = 16 * 1024
OVERLAP = 4 * 1024
"""How far a block reaches into the next. What is written longer than this is looked for in the whole."""
_LONG = re.compile(rb"(?<![!-~])[!-~]{%d,}" % OVERLAP)
_AS_IT_IS = "as it is"


@dataclass(frozen=True)
class Hit:
    """A canary that was found: at which byte of what the encodings gave."""

    canary: Canary
    encoding: str
    offset: int


class Search:
    """Looks for many canaries at once, and remembers where there are none."""

    def __init__(self, canaries: Iterable[Canary]) -> None:
        self._matcher = Matcher(canaries)
        self._blocks: dict[bytes, tuple[Hit, ...]] = {}
        self._empty: set[bytes] = set()

    def hits(self, data: bytes) -> Iterator[Hit]:
        """Every canary in `data`, once for each way in which it is written there."""
        seen: set[tuple[int, str]] = set()
        for hit in self._look(data, DEEPEST):
            if (hit.canary.number, hit.encoding) not in seen:
                seen.add((hit.canary.number, hit.encoding))
                yield hit

    def _look(self, data: bytes, depth: int) -> Iterator[Hit]:
        """Everything in `data`, undoing at most `depth` encodings."""
        if len(data) <= BLOCK + OVERLAP:
            yield from self._read(data, depth)
        else:
            for start in range(0, len(data) - OVERLAP, BLOCK):
                yield from self._in_block(data[start : start + BLOCK + OVERLAP], start, depth)
            yield from self._decode((each for each in _LONG.findall(data)), depth, longer_than=OVERLAP)
        if depth:
            for name, inside in unpacked(data):
                yield from _wrapped(name, self._look(inside, depth - 1))

    def _in_block(self, block: bytes, start: int, depth: int) -> Iterator[Hit]:
        key = _digest(block, depth)
        if key not in self._blocks:
            self._blocks[key] = tuple(self._read(block, depth))
        for hit in self._blocks[key]:
            yield replace(hit, offset=hit.offset + start) if hit.encoding == _AS_IT_IS else hit

    def _read(self, data: bytes, depth: int) -> Iterator[Hit]:
        """What stands in `data`, and what its parts say once they are decoded."""
        for canary, offset in self._matcher.found(data):
            yield Hit(canary, _AS_IT_IS, offset)
        yield from self._decode([data], depth)

    def _decode(self, parts: Iterable[bytes], depth: int, longer_than: int = 0) -> Iterator[Hit]:
        if not depth:
            return
        for part in parts:
            for encoding in ENCODINGS:
                for stretch in set(encoding.stretches(part)):
                    if len(stretch) > longer_than:
                        yield from self._in_stretch(encoding, stretch, depth)

    def _in_stretch(self, encoding: Encoding, stretch: bytes, depth: int) -> Iterator[Hit]:
        """What a stretch says in an encoding. One in which nothing was is not decoded again: most stand everywhere."""
        key = _digest(stretch, depth, encoding.name)
        if key in self._empty:
            return
        decoded, is_empty = encoding.decoded(stretch), True
        if decoded and decoded != stretch:
            for hit in _wrapped(encoding.name, self._look(decoded, depth - 1)):
                is_empty = False
                yield hit
        if is_empty:
            self._empty.add(key)


def _wrapped(name: str, hits: Iterable[Hit]) -> Iterator[Hit]:
    """`hits`, which were found in what was unwrapped."""
    for hit in hits:
        inner = "" if hit.encoding == _AS_IT_IS else f" > {hit.encoding}"
        yield replace(hit, encoding=name + inner)


def _digest(data: bytes, depth: int, name: str = "") -> bytes:
    return blake2b(data, digest_size=16, person=f"{depth}{name}".encode()).digest()
