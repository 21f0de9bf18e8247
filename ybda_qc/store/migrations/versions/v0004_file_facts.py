"""What was read of files that are no pages."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table of facts of files."""
    op.create_table(
        "file_facts",
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run", "path", name="pk_file_facts"),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_file_facts_run"),
        sqlite_with_rowid=False,
    )
