"""Copies of a delivery: masters, access copies."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Let files and items tell their copy, and create the table of the copies that a batch should hold."""
    for table in ("file", "item"):
        op.add_column(table, sa.Column("copy", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "delivery_copy",
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run", "position", name="pk_delivery_copy"),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_delivery_copy_run"),
        sqlite_with_rowid=False,
    )
