"""Long rows of an SQLite database, put together: on the disk they are split over pages that lie anywhere."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

_MAGIC = b"SQLite format 3\0"
_WHOLE_ON_A_PAGE = 400
"""Bytes that never leave their page, whatever the page's size from 4 KiB on (sqlite.org/fileformat2.html, 1.6)."""


def long_rows(database: Path) -> Iterator[bytes]:
    """Every row that may be split, as one piece. What stands in its write-ahead log counts.

    A copy that was taken in the middle of a write may not open: then there are none, and its bytes are all there is.
    """
    if not database.read_bytes().startswith(_MAGIC):
        return
    with tempfile.TemporaryDirectory() as folder:  # reading a database changes the files beside it
        for file in database.parent.glob(f"{database.name}*"):
            if not file.name.endswith("-shm"):
                shutil.copyfile(file, Path(folder) / file.name)
        with closing(sqlite3.connect(Path(folder) / database.name)) as connection:
            try:
                yield from _rows(connection)
            except sqlite3.DatabaseError:
                return


def _rows(connection: sqlite3.Connection) -> Iterator[bytes]:
    connection.text_factory = bytes
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
    ).fetchall()
    for (name,) in tables:
        for row in connection.execute(f'SELECT * FROM "{name.decode()}"'):  # noqa: S608 - a name from the database
            whole = b"\n".join(value for value in row if isinstance(value, bytes))
            if len(whole) > _WHOLE_ON_A_PAGE:
                yield whole
