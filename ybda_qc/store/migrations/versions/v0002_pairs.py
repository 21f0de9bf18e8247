"""Results of comparing pairs of pages."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables of candidates and of pairs."""
    op.create_table(
        "candidates",
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run", "check_id", name="pk_candidates"),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_candidates_run"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pair",
        sa.Column("check_id", sa.Text(), nullable=False),
        sa.Column("first_sha256", sa.Text(), nullable=False),
        sa.Column("first_frame", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("second_sha256", sa.Text(), nullable=False),
        sa.Column("second_frame", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "check_id", "first_sha256", "first_frame", "second_sha256", "second_frame", name="pk_pair"
        ),
        sqlite_with_rowid=False,
    )
