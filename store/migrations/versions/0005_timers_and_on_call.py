"""Timers, the on-call chain, and who has been asked about each escalation.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "timer",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_timer")),
    )
    op.create_index("ix_timer_due", "timer", ["due_at"])
    op.create_table(
        "on_call",
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("covers", sa.String(length=8), nullable=False),
        sa.Column("mobile", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_on_call_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_on_call")),
    )
    op.create_table(
        "alarm",
        sa.Column("escalation_id", sa.String(length=32), nullable=False),
        sa.Column("asked_id", sa.String(length=32), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("notices", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalation.id"], name=op.f("fk_alarm_escalation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["asked_id"], ["staff.id"], name=op.f("fk_alarm_asked_id")),
        sa.PrimaryKeyConstraint("escalation_id", name=op.f("pk_alarm")),
    )


def downgrade() -> None:
    op.drop_table("alarm")
    op.drop_table("on_call")
    op.drop_table("timer")
