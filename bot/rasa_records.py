"""What Rasa holds of conversations, seen from outside: the names of the sessions in its database, and no more."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

_SESSION = sa.column("session", sa.String)


def sessions(url: str) -> set[str]:
    """The sessions that Rasa's database holds. Empty when Rasa has not made it yet."""
    where = sa.make_url(url)
    if where.get_backend_name() == "sqlite" and not Path(where.database or "").exists():
        return set()
    engine = sa.create_engine(where, hide_parameters=True)
    try:
        if not sa.inspect(engine).has_table("trackers"):
            return set()
        with closing(engine.connect()) as connection:
            return set(connection.scalars(sa.select(_SESSION).select_from(sa.table("trackers"))))
    finally:
        engine.dispose()
