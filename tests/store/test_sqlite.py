"""Failures of the file become messages a user can act on, and nothing that was committed is lost."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from tests.store import ledger_values as some
from tests.store.disks import nothing_can_be_written
from ybda_qc.errors import InputError
from ybda_qc.store import open_ledger


def raw(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path / "ledger.sqlite3", isolation_level=None)


def mounted(folder: Path) -> bool:
    """Mount one megabyte on a folder, where we may."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    return subprocess.run(mount, capture_output=True, check=False).returncode == 0


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path):
    content = b"this is not a database, but somebody's notes " * 100
    (tmp_path / "ledger.sqlite3").write_bytes(content)

    with pytest.raises(InputError, match="not a ledger"):
        open_ledger(tmp_path, create=True)
    assert (tmp_path / "ledger.sqlite3").read_bytes() == content


def test_a_damaged_file_says_what_to_do(tmp_path):
    with open_ledger(tmp_path, create=True) as ledger:
        some.whole_run(ledger, [some.page_result(f"{n}.jpg", sha256=f"{n:064x}") for n in range(2000)])
    file = tmp_path / "ledger.sqlite3"
    content = bytearray(file.read_bytes())
    content[4096:-4096] = b"\xa5" * (len(content) - 8192)
    file.write_bytes(content)

    with pytest.raises(InputError, match=r"damaged.*move the folder"), open_ledger(tmp_path) as ledger:
        list(ledger.pages(ledger.latest_run().id))


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE measured SET checks = replace(checks, '0.5', '0.6')",
        "UPDATE measured SET width_px = width_px + 1",
        "UPDATE measured SET checks = CAST(x'7b22ff' AS TEXT)",
    ],
)
def test_a_measurement_that_the_disk_has_changed_is_never_believed(tmp_path, spoil):
    page = some.page_result("a.jpg")
    with open_ledger(tmp_path, create=True) as ledger:
        run, _ = some.whole_run(ledger, [page])
    connection = raw(tmp_path)
    connection.execute(spoil)
    connection.close()

    with open_ledger(tmp_path) as ledger:
        with pytest.raises(InputError, match="damaged"):
            list(ledger.pages(run))
        if "x'7b22ff'" not in spoil:
            assert ledger.cached([page.sha256]) == {}
        again = some.begin(ledger)
        ledger.put_pages(again, [(page, 1)])
        if "width_px" not in spoil:  # measured again, the text is mended
            assert list(ledger.pages(again)) == [page]


def test_a_full_disk_is_named_with_the_folder_and_what_was_committed_stays(tmp_path):
    with open_ledger(tmp_path, create=True) as ledger:
        run = some.begin(ledger)
        ledger.put_pages(run, [(some.page_result("kept.jpg"), 1)])
        with ledger._database.read() as connection:  # SQLite's own way to run out of room
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 4}")
        many = [(some.page_result(f"{n}.jpg", sha256=f"{n:064x}"), 1) for n in range(5000)]

        with pytest.raises(InputError, match="no room is left") as full:
            ledger.put_pages(run, many)
        assert full.value.values["folder"] == str(tmp_path)
        assert [page.page.path for page in ledger.pages(run)] == ["kept.jpg"]

    with open_ledger(tmp_path) as ledger:  # room again
        ledger.put_pages(run, many)
        assert len(list(ledger.pages(run))) == 5001


def test_a_small_disk_that_is_really_full(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.name == "nt" or os.geteuid() != 0 or not mounted(disk):
        pytest.skip("mounting a small disk takes root's rights")
    try:
        with open_ledger(disk, create=True) as ledger:
            run = some.begin(ledger)
            ledger.put_pages(run, [(some.page_result("kept.jpg"), 1)])
            with pytest.raises(InputError, match="no room is left"):
                for start in range(0, 100_000, 500):
                    chunk = range(start, start + 500)
                    ledger.put_pages(
                        run, [(some.page_result(f"{n}.jpg", sha256=f"{n:064x}"), 1) for n in chunk]
                    )
        with open_ledger(disk) as ledger:
            assert "kept.jpg" in {page.page.path for page in ledger.pages(run)}
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_another_writer_is_waited_for_and_then_named(tmp_path):
    open_ledger(tmp_path, create=True).close()
    other = raw(tmp_path)
    other.execute("BEGIN IMMEDIATE")
    with open_ledger(tmp_path, busy_seconds=0.1) as ledger:
        with pytest.raises(InputError, match="held by another program"):
            some.begin(ledger)
        other.execute("COMMIT")
        assert some.begin(ledger)
    other.close()


def test_threads_wait_for_each_other_longer_than_for_another_program(tmp_path):
    with open_ledger(tmp_path, create=True, busy_seconds=0.05) as ledger:
        run = some.begin(ledger)
        is_writing, outcome = threading.Event(), []

        def put_pages() -> None:
            is_writing.wait()
            try:
                ledger.put_pages(run, [(some.page_result("a.jpg"), 1)])
            except InputError as error:
                outcome.append(error)

        other = threading.Thread(target=put_pages)
        other.start()
        with ledger._database.write() as connection:
            connection.exec_driver_sql("UPDATE run SET from_cache = 7")
            is_writing.set()
            other.join(timeout=1.0)
            assert other.is_alive(), "it waits, and longer than the time for other programs"
        other.join()
        assert outcome == []
        assert [page.page.path for page in ledger.pages(run)] == ["a.jpg"]


def test_connections_made_while_nothing_could_be_written_are_given_up(tmp_path):
    with open_ledger(tmp_path, create=True) as ledger:
        run = some.begin(ledger)
        database = ledger._database
        with nothing_can_be_written(tmp_path), database.read(), database.read(), database.read():
            pass  # made now, and kept for later
        failed = 0
        for number in range(12):
            try:
                ledger.put_pages(run, [(some.page_result(f"{number}.jpg"), 1)])
            except InputError as error:
                assert "cannot be opened for writing" in str(error)
                failed += 1
        assert failed <= 1, "the first failure is the last one"
        assert len(list(ledger.pages(run))) == 12 - failed


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_write_permission(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(InputError, match="cannot be"):
            open_ledger(tmp_path, create=True)
    finally:
        tmp_path.chmod(0o700)


def test_an_output_folder_that_is_a_file(tmp_path):
    (tmp_path / "out").write_text("")

    with pytest.raises(InputError, match="cannot be made"):
        open_ledger(tmp_path / "out", create=True)


def test_a_ledger_that_is_a_folder(tmp_path):
    (tmp_path / "ledger.sqlite3").mkdir()

    with pytest.raises(InputError, match="cannot be opened"):
        open_ledger(tmp_path, create=True)


def test_an_older_mistake_of_ours_is_not_blamed_on_the_file(ledger):
    run = some.begin(ledger)
    judged = some.judged_page(some.page_result("a.jpg"))

    with pytest.raises(Exception, match="FOREIGN KEY") as mistake:
        ledger.put_judged(run + 99, [judged])
    assert not isinstance(mistake.value, InputError)


WRITER = """
    import sys
    from pathlib import Path
    from tests.store import ledger_values as some
    from ybda_qc.store import open_ledger

    ledger = open_ledger(Path(sys.argv[1]), create=True)
    run = some.begin(ledger)
    for number in range(10**9):
        pages = [
            (some.page_result(f"{number}-{n}.jpg", sha256=f"{number * 100 + n:064x}"), 1) for n in range(20)
        ]
        ledger.put_pages(run, pages)
        print(number, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_writer_killed_at_any_moment_loses_nothing_it_had_committed(tmp_path):
    script = textwrap.dedent(WRITER)
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join([*sys.path, str(Path(__file__).parents[2])]))
    for round_number, lines in enumerate((1, 3, 8, 20)):
        out = tmp_path / str(round_number)
        command = [sys.executable, "-c", script, str(out)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as writer:
            for _ in range(lines):
                assert writer.stdout.readline(), "the writer died early"
            writer.send_signal(signal.SIGKILL)
            # What it still said before it died was committed as well.
            committed = lines + len(writer.stdout.read().splitlines())

        with open_ledger(out) as ledger:
            found = [page.page.path for page in ledger.pages(ledger.latest_run().id)]
        by_batch = {}
        for name in found:
            by_batch.setdefault(int(name.split("-")[0]), []).append(name)
        assert set(range(committed)) <= set(by_batch)
        assert all(len(names) == 20 for names in by_batch.values()), "half a transaction"
        connection = raw(out)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.close()
