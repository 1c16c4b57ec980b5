"""Alembic's entry: runs the migrations in one transaction on the database it is given."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine

import store.audit
import store.guide_models
import store.models
import store.outbox
import store.statistics
import store.timers  # noqa: F401 - these register their tables
from store.base import Base

url = context.config.get_main_option("sqlalchemy.url")
if url is None:
    raise RuntimeError("Migrations are run by store.migrate, which says on which database.")
engine = create_engine(url, hide_parameters=True)
with engine.begin() as connection:
    # Batch mode rebuilds a table where SQLite cannot alter it.
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
