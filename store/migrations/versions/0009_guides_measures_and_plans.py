"""Guides that are under way or finished, measures, and plans.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _of_a_person(table: str, *columns: sa.Column[object] | sa.UniqueConstraint) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_person_id"), table, ["person_id"])


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def upgrade() -> None:
    _of_a_person(
        "guide_progress",
        sa.Column("guide", sa.String(length=48), nullable=False),
        sa.Column("step", sa.String(length=32), nullable=False),
        sa.Column("last_step", sa.String(length=32), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        _moment("began_at"),
        _moment("changed_at"),
        sa.UniqueConstraint("person_id", "guide", name="uq_guide_progress_guide"),
    )
    _of_a_person(
        "finished_guide",
        sa.Column("guide", sa.String(length=48), nullable=False),
        sa.Column("helped", sa.String(length=16), nullable=True),
        _moment("at"),
    )
    _of_a_person(
        "measure",
        sa.Column("questionnaire", sa.String(length=48), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        _moment("at"),
    )
    _of_a_person(
        "plan",
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        _moment("made_at"),
        _moment("changed_at"),
        sa.UniqueConstraint("person_id", "kind", name="uq_plan_kind"),
    )


def downgrade() -> None:
    for table in ("plan", "measure", "finished_guide", "guide_progress"):
        op.drop_table(table)
