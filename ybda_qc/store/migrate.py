"""Bring a ledger to the schema of this program: create a new one, update an older one, refuse a newer one."""

from pathlib import Path

from sqlalchemy import Connection, text

from ybda_qc.errors import InputError
from ybda_qc.store.sqlite import APPLICATION_ID, Database, not_a_ledger
from ybda_qc.store.telling import Nobody, Progress

HEAD = "0011"
"""The newest migration. Written here so that opening a ledger that needs none loads no migration tool."""


def bring_up_to_date(database: Database, progress: Progress | None = None) -> None:
    """Migrate a ledger to `HEAD` in one transaction: what is interrupted leaves it as it was.

    Parameters
    ----------
    database
        The ledger.
    progress
        Told of what takes long.

    Raises
    ------
    InputError
        If the file was written by another program or by a newer version of this one.
    """
    if is_newest(database):
        return
    with database.write() as connection:
        # Asked again: another process may have migrated it while we waited.
        revision = _revision(connection, database.path)
        if revision != HEAD:
            _upgrade(connection, revision, database.path, progress or Nobody())
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")


def require_newest(database: Database) -> None:
    """Look whether a ledger that is only read has the schema of this program.

    Raises
    ------
    InputError
        If it was written by another program or by another version of this one.
    """
    if not is_newest(database):
        raise InputError(
            "the ledger {path} was written by another version of ybda-qc; run again into the same folder"
            " with this one: what is measured is kept",
            path=str(database.path),
        )


def is_newest(database: Database) -> bool:
    """Whether a ledger has the schema of this program.

    Raises
    ------
    InputError
        If it was written by another program.
    """
    with database.read() as connection:
        return _revision(connection, database.path) == HEAD


def _revision(connection: Connection, path: Path) -> str | None:
    """Return the revision of the schema in the file, None where the file is new."""
    tables = set(connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars())
    if not tables:
        return None
    mark = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    if mark != APPLICATION_ID or "alembic_version" not in tables:
        raise not_a_ledger(path)
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _upgrade(connection: Connection, revision: str | None, path: Path, progress: Progress) -> None:
    # Loaded late: it costs more than everything else here, and most starts do not need it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    scripts = Path(__file__).parent / "migrations"
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["progress"] = progress
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise InputError(
            "the ledger {path} was written by a newer version of ybda-qc; update the program or choose"
            " another output folder",
            path=str(path),
        )
    command.upgrade(config, "head")
