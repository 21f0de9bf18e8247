"""The tables of the ledger. A change here needs a migration; a test compares the two.

Documents are compact JSON in text columns, enum words stand as words, moments as ISO 8601 text. Paths compare
byte by byte, which for UTF-8 text is the order of all reports.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as sql

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("batch_root", Text, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("finished_at", Text),
    Column("from_cache", Integer, nullable=False),
    Column("engine_version", Text, nullable=False),
    Column("plan", Text, nullable=False),
    Column("executor", Text, nullable=False),
    Column("workers", Integer, nullable=False),
)

file = Table(
    "file",
    metadata,
    Column("run", ForeignKey("run.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("path", Text, nullable=False),
    Column("path_hex", Text),
    Column("size_bytes", BigInteger, nullable=False),
    Column("role", Text, nullable=False),
    Column("item", Text),
    Column("item_position", Integer),  # among the files of its role in the item; NULL: the item lists it not
    Column("number", Text),  # digits: a file name has room for numbers beyond 64 bits
    Column("number_width", Integer),
    Column("name_matches", Boolean),
    Column("copy", Text, nullable=False, server_default=""),
    sqlite_with_rowid=False,
)

item = Table(
    "item",
    metadata,
    Column("run", ForeignKey("run.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("code", Text, nullable=False),
    Column("copy", Text, nullable=False, server_default=""),
    sqlite_with_rowid=False,
)

# The copies that a batch should hold by its layout.
delivery_copy = Table(
    "delivery_copy",
    metadata,
    Column("run", ForeignKey("run.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False),
    sqlite_with_rowid=False,
)

stray = Table(
    "stray",
    metadata,
    Column("run", ForeignKey("run.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("path", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("detail", Text, nullable=False),
    sqlite_with_rowid=False,
)

# The catalogue of a run, and its entries with what stands in each field.
catalogue = Table(
    "catalogue",
    metadata,
    Column("run", ForeignKey("run.id"), primary_key=True),
    Column("document", Text, nullable=False),
    sqlite_with_rowid=False,
)

record = Table(
    "record",
    metadata,
    Column("run", ForeignKey("run.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("sheet", Text, nullable=False),
    Column("row", Integer, nullable=False),
    Column("fields", Text, nullable=False),
    sqlite_with_rowid=False,
)

# What was measured on one frame of one content, whatever the file is called; never changed once written.
measured = Table(
    "measured",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", Text, nullable=False),  # empty where the file could not be read
    Column("frame", Integer, nullable=False),
    Column("frame_count", Integer),  # of the file; NULL as long as it is not known
    Column("digest", LargeBinary, nullable=False),  # of the columns below: equal results are kept once
    Column("width_px", Integer),
    Column("height_px", Integer),
    Column("checks", Text, nullable=False),
    UniqueConstraint("sha256", "frame", "digest"),
)

page = Table(
    "page",
    metadata,
    Column("run", ForeignKey("run.id"), primary_key=True),
    Column("path", Text, primary_key=True),
    Column("frame", Integer, primary_key=True, autoincrement=False),
    Column("path_hex", Text),
    Column("item", Text),
    Column("size_bytes", BigInteger, nullable=False),
    Column("measured", ForeignKey("measured.id"), nullable=False),
    Column("fault", Text),
    Index(None, "measured"),
    sqlite_with_rowid=False,
)

# What was read of files that are no pages, or that a checksum list names.
file_facts = Table(
    "file_facts",
    metadata,
    Column("run", ForeignKey("run.id"), primary_key=True),
    Column("path", Text, primary_key=True),
    Column("document", Text, nullable=False),
    sqlite_with_rowid=False,
)

# Digests of a content by other algorithms, for the checksum lists of any run.
content_digests = Table(
    "content_digests",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),  # of the document: tells what the disk has spoilt
    Column("document", Text, nullable=False),
    sqlite_with_rowid=False,
)

# The pairs of a run that a batch check wanted compared.
candidates = Table(
    "candidates",
    metadata,
    Column("run", ForeignKey("run.id"), primary_key=True),
    Column("check_id", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),  # of the document
    Column("document", Text, nullable=False),
    sqlite_with_rowid=False,
)

# What comparing two contents gave, whatever the files are called; a fault gives way to the next try.
pair = Table(
    "pair",
    metadata,
    Column("check_id", Text, primary_key=True),
    Column("first_sha256", Text, primary_key=True),
    Column("first_frame", Integer, primary_key=True, autoincrement=False),
    Column("second_sha256", Text, primary_key=True),
    Column("second_frame", Integer, primary_key=True, autoincrement=False),
    Column("digest", LargeBinary, nullable=False),  # of the document: tells what the disk has spoilt
    Column("document", Text, nullable=False),
    sqlite_with_rowid=False,
)

# What was read on one frame of one content, whatever the file is called.
text = Table(
    "text",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("frame", Integer, nullable=False),
    Column("reading_key", Text, nullable=False),  # engine, version, settings
    Column("document", LargeBinary, nullable=False),
    UniqueConstraint("sha256", "frame", "reading_key"),
)

# The text in which is searched, folded. Beside it stands `gram_index`, a table of FTS5 without contents.
indexed_text = Table(
    "indexed_text",
    metadata,
    Column("id", Integer, ForeignKey("text.id"), primary_key=True, autoincrement=False),
    Column("folded", Text, nullable=False),
)

# The run decided last when a newer one was begun; texts beyond the last one are of pages of the newer one.
searchable = Table(
    "searchable",
    metadata,
    Column("run", ForeignKey("run.id"), primary_key=True),
    Column("last_text", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# What a watched folder has taken in: each file as it was examined.
taken_file = Table(
    "taken_file",
    metadata,
    Column("run", ForeignKey("run.id"), primary_key=True),
    Column("path", Text, primary_key=True),
    Column("path_hex", Text),
    Column("state", Text, nullable=False),  # a document: times and inodes may have more than 64 bits
    Column("sha256", Text),
    Column("moved_to", Text, nullable=False),
    sqlite_with_rowid=False,
)

item_state = Table(
    "item_state",
    metadata,
    Column("run", ForeignKey("run.id"), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("closed_at", Text),
    Column("closed_by", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("moved_to", Text, nullable=False),
    sqlite_with_rowid=False,
)

ABOUT_ITEM = "kind IN ('item-closed', 'item-updated', 'item-reopened', 'item-moved')"
"""Which events tell what became of an item; word for word as in the index, or SQLite passes that over."""

# What happened to a watched folder, whatever the run; only appended to.
event = Table(
    "event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("document", Text, nullable=False),
    Index("ix_event_about_item", "subject", "kind", sqlite_where=sql(ABOUT_ITEM)),
)

# How far each listener has come in the events.
event_cursor = Table(
    "event_cursor",
    metadata,
    Column("name", Text, primary_key=True),
    Column("event", Integer, nullable=False),
    sqlite_with_rowid=False,
)

judgement = Table(
    "judgement",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run", ForeignKey("run.id"), nullable=False),
    Column("judged_at", Text, nullable=False),
    Column("plan", Text, nullable=False),
)

judged_page = Table(
    "judged_page",
    metadata,
    Column("judgement", ForeignKey("judgement.id"), primary_key=True),
    Column("path", Text, primary_key=True),
    Column("frame", Integer, primary_key=True, autoincrement=False),
    Column("verdict", Text, nullable=False),
    Column("verdicts", Text, nullable=False),
    Column("evidence", Text),
    Column("fault", Text),  # of the page, or of a check that broke while it judged
    sqlite_with_rowid=False,
)

# Findings of pages; those of items and the batch stand under the empty path and frame 0.
finding = Table(
    "finding",
    metadata,
    Column("judgement", ForeignKey("judgement.id"), primary_key=True),
    Column("path", Text, primary_key=True),
    Column("frame", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("check_id", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("subject", Text),
    Column("document", Text, nullable=False),
    sqlite_with_rowid=False,
)

# What became of each planned batch check.
batch_outcome = Table(
    "batch_outcome",
    metadata,
    Column("judgement", ForeignKey("judgement.id"), primary_key=True),
    Column("check_id", Text, primary_key=True),
    Column("verdict", Text, nullable=False),
    Column("reason", Text, nullable=False),
    sqlite_with_rowid=False,
)

decision = Table(
    "decision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("judgement", ForeignKey("judgement.id"), nullable=False),
    Column("outcome", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("decided_at", Text, nullable=False),
    Column("document", Text, nullable=False),
    Index(None, "judgement"),
)
