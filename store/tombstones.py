"""Tombstones: one line for each erasure, outside the database, so that a restored backup can be put right.

A line holds the moment and the keyed mark of the person, and no more. The file is only ever added to: each line
is written whole under a lock and is on the disk before the erasure is committed.
"""

from __future__ import annotations

import fcntl
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog

from privacy.pseudonym import Pseudonym
from privacy.tombstone import TombstoneKey

RECEIPT: Final = re.compile(r"\bR(?:-[A-Z2-7]{4}){4}\b")
"""What a receipt's code looks like."""
_LINE: Final = re.compile(r"(\S+) ([0-9a-f]{64})")

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Tombstone:
    """That somebody was erased: the mark of their pseudonym, when, and the code of their receipt."""

    mark: str
    at: datetime
    receipt: str


class Tombstones:
    """The file of tombstones in one home."""

    def __init__(self, file: Path, key: TombstoneKey) -> None:
        self._file = file
        self._key = key

    def mark(self, person: Pseudonym | str) -> str:
        """The mark under which a pseudonym stands here."""
        return self._key.mark(person)

    def make(self, person: Pseudonym, at: datetime) -> Tombstone:
        """A tombstone that is not in the file yet."""
        mark, at = self.mark(person), at.astimezone(UTC)
        return Tombstone(mark, at, self._key.receipt(mark, at))

    def add(self, stone: Tombstone) -> None:
        """Write it, and return when the disk has it. Raises `OSError` when it cannot be kept."""
        is_new = not self._file.exists()
        descriptor = os.open(self._file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            torn = _is_torn(descriptor)
            line = f"{stone.at.isoformat()} {stone.mark}\n"
            _write_all(descriptor, (("\n" if torn else "") + line).encode("ascii"))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if is_new:
            _keep_the_name(self._file.parent)

    def all(self) -> list[Tombstone]:
        """Every tombstone, oldest first. A line that a crash cut short is reported in the log and passed over:
        its erasure was never committed."""
        if not self._file.exists():
            return []
        stones = []
        for number, line in enumerate(self._file.read_text("ascii", "replace").splitlines(), start=1):
            stone = self._read(line)
            if stone is not None:
                stones.append(stone)
            elif line:
                _log.error("tombstone.unreadable", count=number)
        return stones

    def latest(self) -> dict[str, Tombstone]:
        """The newest tombstone of each mark."""
        return {stone.mark: stone for stone in sorted(self.all(), key=lambda stone: stone.at)}

    def with_receipt(self, code: str) -> Tombstone | None:
        """The tombstone that a receipt belongs to, if this home has it."""
        return next((stone for stone in self.all() if stone.receipt == code), None)

    def _read(self, line: str) -> Tombstone | None:
        found = _LINE.fullmatch(line)
        if found is None:
            return None
        try:
            at = datetime.fromisoformat(found[1])
        except ValueError:
            return None
        return Tombstone(found[2], at, self._key.receipt(found[2], at)) if at.tzinfo else None


def _is_torn(descriptor: int) -> bool:
    """Whether the last line has no end, because the machine stopped while it was written."""
    size = os.fstat(descriptor).st_size
    return size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _keep_the_name(folder: Path) -> None:
    """A new file is only there after a power cut if its folder was written as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
