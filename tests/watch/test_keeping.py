"""What happened reaches the ledger in its order, or stays at hand."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.store import ledger_values as some
from tests.store.watch_values import event, plain, scan, shown
from ybda_qc.errors import InputError
from ybda_qc.store import SqlLedger, open_ledger
from ybda_qc.watch.keeping import Keeping


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def ledger(out: Path) -> Iterator[SqlLedger]:
    with open_ledger(out, create=True, busy_seconds=0.1) as opened:
        yield opened


@pytest.fixture
def run(ledger: SqlLedger) -> int:
    return some.begin(ledger)


@pytest.fixture
def keeping(ledger: SqlLedger, run: int) -> Keeping:
    return Keeping(ledger, run, threading.Lock())


def pages(ledger: SqlLedger, run: int) -> list[tuple[str, int, str]]:
    return shown(ledger.pages(run))


def test_files_and_events_are_kept_together(keeping: Keeping, ledger: SqlLedger, run: int) -> None:
    keeping.file(*scan("a.tif", 2))
    keeping.event(None)
    keeping.event(event(subject="a.tif#1"))
    keeping.event(event(subject="a.tif#2"))
    assert len(keeping) == 3
    assert keeping.write()
    assert len(keeping) == 0
    assert set(ledger.watching.taken_files(run)) == {"a.tif"}
    assert len(pages(ledger, run)) == 2
    assert [entry.subject for entry in ledger.watching.events()] == ["a.tif#1", "a.tif#2"]
    assert keeping.write(), "nothing is left"
    assert len(ledger.watching.events()) == 2


@pytest.mark.parametrize(
    ("deeds", "is_there"),
    [
        ("t", True),
        ("tg", False),
        ("gt", True),
        ("tgt", True),
        ("tgtg", False),
        ("t|g", False),
        ("t|gt", True),
        ("t|tg", False),
    ],
)
def test_the_last_deed_counts(
    keeping: Keeping, ledger: SqlLedger, run: int, deeds: str, is_there: bool
) -> None:
    for number, deed in enumerate(deeds):
        match deed:
            case "t":
                keeping.file(*scan("a.tif", content=f"content {number}"))
                last = shown(scan("a.tif", content=f"content {number}")[1])
            case "g":
                keeping.gone("a.tif")
            case "|":
                assert keeping.write()
    assert keeping.write()
    assert pages(ledger, run) == (last if is_there else [])
    assert ("a.tif" in ledger.watching.taken_files(run)) is is_there


@pytest.mark.parametrize("writes_between", [False, True])
def test_a_file_that_was_only_touched_keeps_its_pages(
    keeping: Keeping, ledger: SqlLedger, run: int, writes_between: bool
) -> None:
    file, measured = scan("a.tif", 2)
    keeping.file(file, measured)
    if writes_between:
        keeping.write()
    touched = replace(file, state=replace(file.state, modified_ns=1))
    keeping.touched(touched)
    assert len(keeping)
    keeping.write()
    assert ledger.watching.taken_files(run) == {"a.tif": touched}
    assert pages(ledger, run) == shown(measured)
    assert len(keeping) == 0
    keeping.touched(file)
    keeping.gone("a.tif")
    keeping.write()
    assert ledger.watching.taken_files(run) == {}


def test_a_standstill_is_not_broken(ledger: SqlLedger, run: int) -> None:
    standstill = threading.Lock()
    keeping = Keeping(ledger, run, standstill)
    keeping.file(*scan("a.tif"))
    with standstill:
        assert not keeping.write()
        assert len(keeping) == 1
        assert pages(ledger, run) == []
    assert keeping.write()
    assert not standstill.locked()


def test_at_the_end_the_standstill_is_waited_for(ledger: SqlLedger, run: int) -> None:
    standstill = threading.Lock()
    keeping = Keeping(ledger, run, standstill)
    keeping.file(*scan("a.tif"))
    standstill.acquire()
    threading.Timer(0.2, standstill.release).start()
    assert keeping.write(wait=True)
    assert len(pages(ledger, run)) == 1


def test_a_ledger_that_is_held_by_another_program_loses_nothing(
    keeping: Keeping, ledger: SqlLedger, run: int, out: Path
) -> None:
    entries = [
        event(subject=str(number), document={"at": datetime.now(UTC).isoformat()}) for number in range(3)
    ]
    keeping.file(*scan("a.tif"))
    keeping.event(entries[0])
    with closing(sqlite3.connect(out / "ledger.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for entry in entries[1:]:
            with pytest.raises(InputError):
                keeping.write()
            keeping.event(entry)
        keeping.gone("a.tif")
        keeping.file(*scan("a.tif", 3, content="anew"))
        other.execute("ROLLBACK")
    assert keeping.write()
    assert pages(ledger, run) == shown(scan("a.tif", 3, content="anew")[1])
    assert plain(ledger.watching.events()) == entries, "each once, in order"
