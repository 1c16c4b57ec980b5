"""Whether a SQLite file still holds what was deleted from it: its free pages must be empty, and so must its log.

The layout is SQLite's own (https://sqlite.org/fileformat2.html, 1.3 and 1.5): the header names the first trunk of
the free list, and each trunk lists leaves, which `PRAGMA secure_delete` overwrites with zeros. (A trunk was overwritten
before it became one, and holds page numbers.)
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

_HEADER: Final = b"SQLite format 3\x00"
_TRUNK_AT: Final = 32
_PAGE_SIZE_AT: Final = 16
_WAIT_SECONDS: Final = 2.0
_NAMES: Final = re.compile(rb"(?=([0-9a-f]{64}))")


@dataclass(frozen=True, slots=True)
class Remains:
    """What was found: how many free pages there are, how many are not empty, and whether the log was emptied."""

    free_pages: int
    not_empty: int
    log_emptied: bool

    @property
    def nothing(self) -> bool:
        """Whether nothing that was deleted is left."""
        return not self.not_empty and self.log_emptied


def remains(file: Path) -> Remains:
    """Empty the log of a database file and look through its free pages. Raises `ValueError` if it is no SQLite file.

    What others write meanwhile is in a new log, and is nothing that was deleted before.
    """
    with closing(sqlite3.connect(file, timeout=_WAIT_SECONDS)) as connection:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    with file.open("rb") as opened:
        leaves = list(_free_leaves(opened))
    return Remains(len(leaves), sum(any(page) for page in leaves), not busy)


def names_in(file: Path) -> Iterator[str]:
    """Everything in the bytes of a database file and its log that could be a pseudonym: 64 hexadecimal digits."""
    for part in (file, file.with_name(f"{file.name}-wal")):
        if part.exists():
            for found in _NAMES.finditer(part.read_bytes()):
                yield found[1].decode("ascii")


def _free_leaves(file: BinaryIO) -> Iterator[bytes]:
    header = file.read(100)
    if not header.startswith(_HEADER):
        raise ValueError("This is not a SQLite database.")
    size = int.from_bytes(header[_PAGE_SIZE_AT : _PAGE_SIZE_AT + 2], "big")
    size = 65536 if size == 1 else size
    trunk = int.from_bytes(header[_TRUNK_AT : _TRUNK_AT + 4], "big")
    while trunk:
        page = _page(file, trunk, size)
        count = int.from_bytes(page[4:8], "big")
        for place in range(count):
            leaf = int.from_bytes(page[8 + 4 * place : 12 + 4 * place], "big")
            yield _page(file, leaf, size)
        trunk = int.from_bytes(page[:4], "big")


def _page(file: BinaryIO, number: int, size: int) -> bytes:
    file.seek((number - 1) * size)
    return file.read(size)
