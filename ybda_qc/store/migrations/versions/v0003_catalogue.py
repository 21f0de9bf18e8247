"""The catalogue of a run, and what became of each batch check."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables of catalogues, of their records and of the outcomes of batch checks."""
    op.create_table(
        "catalogue",
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run", name="pk_catalogue"),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_catalogue_run"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "record",
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run", "position", name="pk_record"),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_record_run"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "batch_outcome",
        sa.Column("judgement", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("judgement", "check_id", name="pk_batch_outcome"),
        sa.ForeignKeyConstraint(["judgement"], ["judgement.id"], name="fk_batch_outcome_judgement"),
        sqlite_with_rowid=False,
    )
