"""The index of text by grams that tell more of alphabets, and are written shorter."""

import sqlalchemy as sa
from alembic import context, op

from ybda_qc.store.grams import page_grams

revision = "0010"
down_revision = "0009"

_AT_ONCE = 500


def upgrade() -> None:
    """Write the index again from the folded text that stands beside it."""
    op.execute("DROP TABLE gram_index")
    op.execute(
        "CREATE VIRTUAL TABLE gram_index"
        " USING fts5(grams, content='', detail=none, columnsize=0, tokenize='ascii')"
    )
    connection = op.get_bind()
    progress = context.config.attributes["progress"]
    count = connection.execute(sa.text("SELECT count(*) FROM indexed_text")).scalar_one()
    if count:
        progress.step("writing the index of text anew")
        progress.expect(count)
    texts = connection.execute(sa.text("SELECT id, folded FROM indexed_text ORDER BY id"))
    for chunk in texts.partitions(_AT_ONCE):
        connection.exec_driver_sql(
            "INSERT INTO gram_index (rowid, grams) VALUES (?, ?)",
            [(text_id, " ".join(page_grams(folded))) for text_id, folded in chunk],
        )
        progress.advance(len(chunk))
