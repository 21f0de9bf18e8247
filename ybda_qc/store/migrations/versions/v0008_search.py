"""The index of text."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the tables in which is searched."""
    op.create_table(
        "indexed_text",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_indexed_text"),
        sa.ForeignKeyConstraint(["id"], ["text.id"], name="fk_indexed_text_id"),
    )
    op.create_table(
        "searchable",
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("last_text", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("run", name="pk_searchable"),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_searchable_run"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "CREATE VIRTUAL TABLE gram_index"
        " USING fts5(grams, content='', detail=none, columnsize=0, tokenize='ascii')"
    )
