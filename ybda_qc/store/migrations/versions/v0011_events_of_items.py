"""The index of the events about items of a watched folder, few among those about its pages."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the index."""
    op.create_index(
        "ix_event_about_item",
        "event",
        ["subject", "kind"],
        sqlite_where=sa.text("kind IN ('item-closed', 'item-updated', 'item-reopened', 'item-moved')"),
    )
