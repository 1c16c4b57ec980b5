"""The migrations and the models describe the same database."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

import store.audit
import store.models
import store.outbox
import store.statistics
import store.timers  # noqa: F401 - these register their tables
from store import migrate
from store.base import Base


def test_a_migrated_database_has_the_shape_of_the_models(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'harbour.db'}"
    migrate.upgrade(url)
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_migrating_twice_is_harmless(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'harbour.db'}"
    migrate.upgrade(url)
    migrate.upgrade(url)
