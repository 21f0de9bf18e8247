"""The migrations make the tables that the program knows; strange and newer files are refused."""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

import ybda_qc.store.migrate
from tests.store import ledger_values as some
from ybda_qc.errors import InputError
from ybda_qc.store import open_ledger
from ybda_qc.store.migrate import HEAD
from ybda_qc.store.schema import metadata


def run_sql(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    try:
        with connection:
            for statement in statements:
                connection.execute(statement)
    finally:
        connection.close()


def tables(path: Path) -> dict[str, tuple]:
    """Columns, keys, indexes and options of every table but Alembic's, as SQLite sees them."""
    connection = sqlite3.connect(path)
    try:
        found = {}
        for name, without_rowid in connection.execute(
            "SELECT name, wr FROM pragma_table_list WHERE type='table'"
        ):
            if name.startswith(("sqlite_", "alembic_")):
                continue
            found[name] = (
                without_rowid,
                connection.execute(f"PRAGMA table_xinfo({name})").fetchall(),
                sorted(connection.execute(f"PRAGMA foreign_key_list({name})").fetchall()),
                sorted(row[1:] for row in connection.execute(f"PRAGMA index_list({name})")),
            )
        return found
    finally:
        connection.close()


def _is_no_part_of_fts5(name: str | None, kind: str, _parents: object) -> bool:
    """SQLite makes the tables of a virtual one itself."""
    return kind != "table" or not (name or "").startswith("gram_index")


def test_migrations_make_the_tables_of_the_schema(tmp_path, ledger):
    engine = create_engine(f"sqlite:///{tmp_path}/models.sqlite3")
    metadata.create_all(engine)
    engine.dispose()

    assert tables(tmp_path / "out" / "ledger.sqlite3") == tables(tmp_path / "models.sqlite3")
    assert set(metadata.tables) == set(tables(tmp_path / "models.sqlite3"))

    migrated = create_engine(f"sqlite:///{tmp_path}/out/ledger.sqlite3")
    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": _is_no_part_of_fts5})
        assert compare_metadata(context, metadata) == []
    migrated.dispose()


def test_the_head_named_in_the_program_is_that_of_the_migrations():
    config = Config()
    config.set_main_option("script_location", str(Path(ybda_qc.store.migrate.__file__).parent / "migrations"))

    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_a_ledger_of_a_newer_program_is_refused_and_left_alone(tmp_path):
    open_ledger(tmp_path, create=True).close()
    file = tmp_path / "ledger.sqlite3"
    run_sql(file, "UPDATE alembic_version SET version_num = '9999'")
    before = file.read_bytes()

    with pytest.raises(InputError, match="newer version"):
        open_ledger(tmp_path)
    assert file.read_bytes() == before


def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path):
    file = tmp_path / "ledger.sqlite3"
    run_sql(file, "CREATE TABLE photographs (id INTEGER)")

    for create in (False, True):
        with pytest.raises(InputError, match="not a ledger"):
            open_ledger(tmp_path, create=create)
    assert set(tables(file)) == {"photographs"}


def test_another_alembic_database_is_refused(tmp_path):
    run_sql(
        tmp_path / "ledger.sqlite3",
        "CREATE TABLE alembic_version (version_num TEXT)",
        f"INSERT INTO alembic_version VALUES ('{HEAD}')",
    )

    with pytest.raises(InputError, match="not a ledger"):
        open_ledger(tmp_path)


def test_an_empty_file_left_by_a_kill_becomes_a_ledger(tmp_path):
    (tmp_path / "ledger.sqlite3").touch()

    with open_ledger(tmp_path) as ledger:
        assert some.begin(ledger)


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("ybda_qc.store.migrate.APPLICATION_ID", "syntax error")
    with pytest.raises(Exception, match="syntax"):
        open_ledger(tmp_path, create=True)
    monkeypatch.undo()

    assert tables(tmp_path / "ledger.sqlite3") == {}
    open_ledger(tmp_path).close()


def test_migrating_says_nothing(tmp_path, capfd, caplog):
    with caplog.at_level("WARNING"):
        open_ledger(tmp_path, create=True).close()

    assert capfd.readouterr() == ("", "")
    assert caplog.records == []
