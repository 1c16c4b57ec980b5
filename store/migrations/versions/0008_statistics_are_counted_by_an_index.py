"""An index that reports are counted by, and versions that say what a report cost.

Before this every statistic that Harbour ships cost 2; the rest of a version is the same hash, a little shorter.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TABLES = ("statistics_report", "statistics_ledger")
_INDEX = "ix_statistics_report_counting"


def upgrade() -> None:
    for table in _TABLES:
        op.execute(
            f"UPDATE {table} SET version = '2-' || substr(version, 1, 14) "  # noqa: S608 - fixed names
            "WHERE version NOT LIKE '%-%'"
        )
    if op.get_bind().dialect.name == "sqlite":
        op.create_index(_INDEX, "statistics_report", ["period", "attribute", "version", "cells"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index(_INDEX, "statistics_report")
