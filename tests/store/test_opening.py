"""A ledger is read as it stands, beside who writes it, and where nothing can be written."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.store import ledger_values as some
from tests.store.disks import nothing_can_be_written
from tests.store.test_migrate import run_sql
from ybda_qc.errors import InputError
from ybda_qc.store import SqlLedger, ledger_to_read, lock_output, open_ledger

KILLED = """
    import os, signal, sys
    from pathlib import Path
    from tests.store import ledger_values as some
    from ybda_qc.store import open_ledger

    ledger = open_ledger(Path(sys.argv[1]), create=True)
    some.whole_run(ledger, [some.page_result("a.jpg")])
    os.kill(os.getpid(), signal.SIGKILL)
"""


def paths(ledger: SqlLedger) -> list[str]:
    """Of the pages of the last judgement."""
    last = ledger.latest_judgement()
    assert last is not None
    return [judged.result.page.path for judged in ledger.judged_pages(last.id)]


def test_what_is_written_meanwhile_is_not_seen_and_not_kept_waiting(tmp_path: Path) -> None:
    before = [some.page_result(f"{n:04d}.jpg", sha256=f"{n:064x}") for n in range(1200)]
    with open_ledger(tmp_path, create=True, busy_seconds=0.1) as writer:
        some.whole_run(writer, before)
        with ledger_to_read(tmp_path, "report") as reader:
            last = reader.latest_judgement()
            assert last is not None
            stream = reader.judged_pages(last.id)
            first = next(stream).result.page.path
            for name in ("b.jpg", "c.jpg"):  # twice: what the first leaves, the second drops
                some.whole_run(writer, [some.page_result(name)])
            rest = [judged.result.page.path for judged in stream]
            assert [first, *rest] == [page.page.path for page in before]
            assert reader.latest_judgement() == last
        with ledger_to_read(tmp_path, "report") as reader:
            assert paths(reader) == ["c.jpg"]


def test_nothing_is_written_by_reading(tmp_path: Path) -> None:
    with open_ledger(tmp_path, create=True) as ledger:
        some.whole_run(ledger, [some.page_result("a.jpg")])
    with ledger_to_read(tmp_path, "report") as ledger, pytest.raises(InputError, match="for writing"):
        some.begin(ledger)


def test_a_ledger_where_nothing_can_be_written(tmp_path: Path) -> None:
    with open_ledger(tmp_path, create=True) as ledger:
        some.whole_run(ledger, [some.page_result("a.jpg")])
    with nothing_can_be_written(tmp_path), ledger_to_read(tmp_path, "report") as ledger:
        assert paths(ledger) == ["a.jpg"]


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_what_a_killed_writer_left_where_nothing_can_be_written(tmp_path: Path) -> None:
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join([*sys.path, str(Path(__file__).parents[2])]))
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path)]
    assert subprocess.run(command, env=environment, check=False).returncode == -signal.SIGKILL
    assert (tmp_path / "ledger.sqlite3-wal").stat().st_size

    with nothing_can_be_written(tmp_path), ledger_to_read(tmp_path, "report") as ledger:
        assert paths(ledger) == ["a.jpg"]


def test_a_ledger_of_an_earlier_version_is_brought_up_to_date_unless_it_is_in_use(tmp_path: Path) -> None:
    with open_ledger(tmp_path, create=True) as ledger:
        some.whole_run(ledger, [some.page_result("a.jpg")])
    run_sql(
        tmp_path / "ledger.sqlite3",
        "DROP INDEX ix_event_about_item",
        "UPDATE alembic_version SET version_num = '0009'",
    )

    with (
        lock_output(tmp_path, "watch"),
        pytest.raises(InputError, match="in use by `ybda-qc watch`"),
        ledger_to_read(tmp_path, "report"),
    ):
        pass
    with ledger_to_read(tmp_path, "report") as ledger:
        assert paths(ledger) == ["a.jpg"]
