"""Digests of contents by other algorithms than SHA-256."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the table of digests, kept by content."""
    op.create_table(
        "content_digests",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_content_digests"),
        sqlite_with_rowid=False,
    )
