"""The audit log is chained and only added to; set-up links invite to roles.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from store.audit import START, hash_of
from store.columns import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_EVENT = sa.table(
    "audit_event",
    sa.column("number", sa.Integer),
    sa.column("staff_id", sa.String),
    sa.column("what", sa.String),
    sa.column("subject", sa.String),
    sa.column("at", Instant),
    sa.column("hash", sa.String),
)
_HEAD = sa.table(
    "audit_head",
    *(sa.column(name) for name in ("id", "number", "hash", "forgotten", "forgotten_hash")),
)
_ON_SQLITE = (
    """CREATE TRIGGER audit_event_stays BEFORE UPDATE ON audit_event
    BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END""",
    """CREATE TRIGGER audit_event_is_kept BEFORE DELETE ON audit_event
    WHEN OLD.number > (SELECT forgotten FROM audit_head)
    BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END""",
)
_ON_POSTGRESQL = (
    """CREATE FUNCTION audit_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' OR OLD.number > (SELECT forgotten FROM audit_head) THEN
            RAISE EXCEPTION 'the audit log is only added to';
        END IF;
        RETURN OLD;
    END $$""",
    """CREATE TRIGGER audit_event_stays BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_event_stays()""",
)


def upgrade() -> None:
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("forgotten", sa.Integer(), nullable=False),
        sa.Column("forgotten_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.add_column("audit_event", sa.Column("hash", sa.String(length=64), nullable=True))
    _chain(op.get_bind())
    with op.batch_alter_table("audit_event", schema=None) as batch:
        batch.alter_column("hash", existing_type=sa.String(length=64), nullable=False)
    for trigger in _ON_POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _ON_SQLITE:
        op.execute(trigger)
    with op.batch_alter_table("setup_link", schema=None) as batch:
        batch.add_column(sa.Column("roles", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("invited_by", sa.String(length=32), nullable=True))
        batch.create_foreign_key(
            op.f("fk_setup_link_invited_by"), "staff", ["invited_by"], ["id"], ondelete="CASCADE"
        )


def _chain(connection: sa.Connection) -> None:
    """Chain the lines that there are, numbered anew without gaps, in the order in which they were written."""
    before, number = START, 0
    for row in connection.execute(sa.select(_EVENT).order_by(_EVENT.c.number)).all():
        number += 1
        before = hash_of(before, number, row.at, row.what, row.staff_id, row.subject)
        change = sa.update(_EVENT).where(_EVENT.c.number == row.number)
        connection.execute(change.values(number=number, hash=before))
    head = {"id": 1, "number": number, "hash": before, "forgotten": 0, "forgotten_hash": START}
    connection.execute(sa.insert(_HEAD).values(head))


def downgrade() -> None:
    with op.batch_alter_table("setup_link", schema=None) as batch:
        batch.drop_constraint(op.f("fk_setup_link_invited_by"), type_="foreignkey")
        batch.drop_column("invited_by")
        batch.drop_column("roles")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_event_stays ON audit_event")
        op.execute("DROP FUNCTION audit_event_stays()")
    else:
        op.execute("DROP TRIGGER audit_event_stays")
        op.execute("DROP TRIGGER audit_event_is_kept")
    with op.batch_alter_table("audit_event", schema=None) as batch:
        batch.drop_column("hash")
    op.drop_table("audit_head")
