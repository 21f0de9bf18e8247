"""The first ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _per_run(name: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("run", "position", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name=f"fk_{name}_run"),
        sqlite_with_rowid=False,
    )


def upgrade() -> None:
    """Create all tables."""
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_root", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.Text()),
        sa.Column("from_cache", sa.Integer(), nullable=False),
        sa.Column("engine_version", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("executor", sa.Text(), nullable=False),
        sa.Column("workers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
    )
    _per_run(
        "file",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("path_hex", sa.Text()),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("item", sa.Text()),
        sa.Column("item_position", sa.Integer()),
        sa.Column("number", sa.Text()),
        sa.Column("number_width", sa.Integer()),
        sa.Column("name_matches", sa.Boolean()),
    )
    _per_run("item", sa.Column("code", sa.Text(), nullable=False))
    _per_run(
        "stray",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
    )
    _create_pages()
    _create_judgements()


def _create_pages() -> None:
    op.create_table(
        "measured",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("frame", sa.Integer(), nullable=False),
        sa.Column("frame_count", sa.Integer()),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("width_px", sa.Integer()),
        sa.Column("height_px", sa.Integer()),
        sa.Column("checks", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_measured"),
        sa.UniqueConstraint("sha256", "frame", "digest", name="uq_measured_sha256"),
    )
    op.create_table(
        "page",
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("frame", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("path_hex", sa.Text()),
        sa.Column("item", sa.Text()),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("measured", sa.Integer(), nullable=False),
        sa.Column("fault", sa.Text()),
        sa.PrimaryKeyConstraint("run", "path", "frame", name="pk_page"),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_page_run"),
        sa.ForeignKeyConstraint(["measured"], ["measured.id"], name="fk_page_measured"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_page_measured", "page", ["measured"])


def _create_judgements() -> None:
    op.create_table(
        "judgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("judged_at", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_judgement"),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name="fk_judgement_run"),
    )
    op.create_table(
        "judged_page",
        sa.Column("judgement", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("frame", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("verdicts", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text()),
        sa.Column("fault", sa.Text()),
        sa.PrimaryKeyConstraint("judgement", "path", "frame", name="pk_judged_page"),
        sa.ForeignKeyConstraint(["judgement"], ["judgement.id"], name="fk_judged_page_judgement"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "finding",
        sa.Column("judgement", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("frame", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("check_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text()),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("judgement", "path", "frame", "position", name="pk_finding"),
        sa.ForeignKeyConstraint(["judgement"], ["judgement.id"], name="fk_finding_judgement"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("judgement", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decision"),
        sa.ForeignKeyConstraint(["judgement"], ["judgement.id"], name="fk_decision_judgement"),
    )
    op.create_index("ix_decision_judgement", "decision", ["judgement"])
