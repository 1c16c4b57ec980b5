"""The store: one engine, and units of work that commit whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Lock
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import QueuePool

# How long a write waits for another to finish before the person is told to try again, in seconds.
_LOCK_WAIT_SECONDS = 2.0


class Store:
    """Opens units of work on one database: SQLite (WAL) by default, PostgreSQL by URL."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._writing = Lock() if self.engine.dialect.name == "sqlite" else None

    @contextmanager
    def begin(self, *, durable: bool = True) -> Iterator[Session]:
        """One transaction, for writing: committed when the block ends, rolled back when it raises.

        `durable` waits until the disk has it. Without, a power cut (not a crash of ours) may take back the last
        moments, in order: right for what was shown already, such as a reply.

        On SQLite the write lock is taken at the start (``BEGIN IMMEDIATE``), so that two units of work never
        deadlock half-way. Raises `sqlalchemy.exc.OperationalError` when the database stays locked.
        """
        with self._turn_to_write(), self._sessions.begin() as session:
            session.connection(execution_options={"harbour_write": "durable" if durable else "quick"})
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A unit of work that only reads; it never waits for a writer on SQLite."""
        with self._sessions() as session:
            yield session

    @contextmanager
    def _turn_to_write(self) -> Iterator[None]:
        """On SQLite, this process's writers queue here, first come first served.

        SQLite itself lets them try again after ever longer pauses, and some would wait for seconds. Whoever
        waited too long tries all the same: then it is another process that holds the database.
        """
        if self._writing is None:
            yield
            return
        mine = self._writing.acquire(timeout=_LOCK_WAIT_SECONDS)
        try:
            yield
        finally:
            if mine:
                self._writing.release()

    def leave_no_trace(self) -> bool:
        """On SQLite, move the write-ahead log into the database and empty it, so that it holds nothing deleted.

        False when somebody was reading or writing just then: call it again a little later.
        """
        if self._writing is None:
            return True
        with closing(self.engine.raw_connection()) as connection:
            busy, _, _ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(
        url,
        connect_args={"timeout": _LOCK_WAIT_SECONDS, "check_same_thread": False},
        poolclass=QueuePool,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Python's driver must not begin transactions by itself: we say when, and whether it will write.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    write = connection.get_execution_options().get("harbour_write")
    if write is None:
        connection.exec_driver_sql("BEGIN")
        return
    connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if write == 'durable' else 'NORMAL'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
