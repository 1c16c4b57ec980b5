"""The migrations and the models describe the same database."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

import store.audit
import store.guide_models
import store.models
import store.outbox
import store.statistics
import store.timers  # noqa: F401 - these register their tables
from privacy.ldp.statistics import Statistics
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


def test_what_was_counted_before_keeps_its_meaning_and_says_what_it_cost(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'harbour.db'}"
    topic = Statistics.load().attributes["topic"]
    cost, _, short = topic.version.partition("-")
    command.upgrade(migrate.configuration(url), "0003")
    engine = create_engine(url)
    with engine.begin() as connection:
        row = ("a", "topic", "2026-Q4", f"{short}ab", "[1]")
        connection.exec_driver_sql("INSERT INTO statistics_report VALUES (?, ?, ?, ?, ?)", row)
    migrate.upgrade(url)
    with engine.connect() as connection:
        version = connection.exec_driver_sql("SELECT version FROM statistics_report").scalar()
    engine.dispose()
    assert version == f"{cost}-{short}" == topic.version
