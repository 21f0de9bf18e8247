"""Decided items are moved where the profile wishes it, once the ledger knows; nothing is overwritten."""

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.watch.conftest import MakeService
from tests.watch.station import STATION, Service, files_of, made_elsewhere, scan, wait_for

MOVING = STATION + 'accepted_folder = "好"\nrejected_folder = "退"\n'
LIMITS = """
[checks.skew.over-limit]
review = 40
fail = 4
source = "project-choice"
clause = "a test: turned pages are rejected at once"
"""


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    file = tmp_path / "station.toml"
    file.write_text(MOVING + LIMITS.replace("review = 40", "review = 3"), encoding="utf-8")
    return file


@pytest.fixture
def accepted(tmp_path: Path) -> Path:
    return tmp_path / "好"


@pytest.fixture
def rejected(tmp_path: Path) -> Path:
    return tmp_path / "退"


def close(inbox: Path, *items: str) -> None:
    for item in items:
        (inbox / f"{item}.done").touch()


def test_items_are_moved_and_stay_in_the_reports(
    serve: MakeService, inbox: Path, accepted: Path, rejected: Path
) -> None:
    inodes = {}
    for item, turned in (("A", 0.0), ("B", 6.0), ("C", 0.0)):
        for number in (1, 2):
            file = scan(inbox / item / f"{number:04d}.tif", number, turned=turned)
            inodes[file.relative_to(inbox).as_posix()] = file.stat().st_ino
    scan(inbox / "D" / "0001.tif", 9)
    (accepted / "C").mkdir(parents=True)
    (accepted / "C" / "0002.tif").write_text("an earlier delivery")
    close(inbox, "A", "B", "C")
    service = serve()
    service.until(lambda: set(service.subjects("item-moved")) >= {"A", "B"}, "not moved")
    service.until(lambda: "C cannot be moved" in service.messages(), "not said")
    assert files_of(accepted / "A") == files_of(rejected / "B") == ["0001.tif", "0002.tif"]
    assert (accepted / "A" / "0001.tif").stat().st_ino == inodes["A/0001.tif"], "renamed, not copied"
    assert files_of(inbox / "A") == files_of(inbox / "B") == []
    assert files_of(inbox / "C") == ["0001.tif", "0002.tif"], "all or none"
    assert (accepted / "C" / "0002.tif").read_text() == "an earlier delivery"

    # reports speak of what was moved, too
    everything = sorted([*inodes, "D/0001.tif"])
    service.until(lambda: [page["path"] for page in service.pages()] == everything, "not in the reports")
    assert {len(service.item(code)["pages"]) for code in "ABC"} == {2}

    # what is in the way is taken away: the move is tried again
    (accepted / "C" / "0002.tif").unlink()
    service.until(lambda: "C" in service.subjects("item-moved"), "not tried again")
    assert files_of(accepted / "C") == ["0001.tif", "0002.tif"]
    service.until(lambda: any("C cannot be moved" in line["message"] for line in service.lines("recovered")))
    service.until(lambda: "D" in service.subjects("item-moved"), "not moved")
    service.until(lambda: files_of(inbox) == [], "all is moved")

    assert service.stop() == 0
    assert service.errors == ""
    service.start()
    scan(inbox / "E" / "0001.tif", 11)
    service.until(lambda: "E" in service.subjects("item-moved"), "not moved")
    service.until(lambda: len(service.pages()) == len(everything) + 1, "the moved ones are lost")
    assert service.subjects("file-removed") == []
    assert service.stop() == 0


def test_items_that_cannot_be_moved_are_said_once_and_tried_again_after_restarts(
    serve: MakeService, inbox: Path, rejected: Path
) -> None:
    rejected.write_text("no folder")
    items = [f"{number}" for number in range(4)]
    for item in items:
        scan(inbox / item / "0001.tif", int(item), turned=6.0)
    service = serve()
    service.until(lambda: sorted(service.subjects("item-closed")) == items, "not closed")
    service.until(lambda: "items cannot be moved, " in service.messages(), "not said")
    assert len(service.lines("trouble")) <= 2, "of one, then of several"
    told = len(service.lines("trouble"))
    service.send(signal.SIGHUP)
    service.until(lambda: len(service.lines("trouble")) > told, "not tried again after a reload")
    service.kill()
    told = len(service.lines("trouble"))
    service.start()
    service.until(lambda: len(service.lines("trouble")) > told, "not tried again after a kill")
    rejected.unlink()
    service.until(lambda: sorted(service.subjects("item-moved")) == items, "not moved")
    service.until(lambda: service.lines("recovered"), "the end is not told")
    assert service.stop() == 0
    assert len(service.lines("recovered")) == 1
    assert len(service.lines("trouble")) <= 6, "at most twice in each life"
    assert sorted(events(service, "item-moved")) == items
    assert files_of(inbox) == []


def events(service: Service, kind: str) -> list[str]:
    """What the ledger tells of."""
    with closing(sqlite3.connect(service.out / "ledger.sqlite3", timeout=60)) as ledger:
        rows = ledger.execute("SELECT subject FROM event WHERE kind = ? ORDER BY id", (kind,))
        return [subject for (subject,) in rows]


@pytest.fixture
def killed(serve: MakeService, profile: Path, inbox: Path, accepted: Path) -> Iterator[Service]:
    """A service that was killed when its ledger knew of a move and one of three files was moved."""
    profile.write_text(STATION, encoding="utf-8")  # so that nothing is moved until the ledger says so
    for number in (1, 2, 3):
        scan(inbox / "A" / f"{number:04d}.tif", number)
    (inbox / "A.done").touch()
    service = serve()
    service.until_reported()
    service.until(lambda: service.subjects("item-closed") == ["A"], "not closed")
    service.kill()
    with closing(sqlite3.connect(service.out / "ledger.sqlite3", timeout=60)) as ledger, ledger:
        ledger.execute("UPDATE item_state SET moved_to = ? WHERE code = 'A'", (str(accepted),))
    (accepted / "A").mkdir(parents=True)
    (inbox / "A" / "0001.tif").rename(accepted / "A" / "0001.tif")
    yield service


@pytest.mark.parametrize("count", [1, 3])
def test_a_move_is_finished_and_told_once_after_a_kill(
    killed: Service, inbox: Path, accepted: Path, count: int
) -> None:
    for number in range(2, count + 1):
        (inbox / "A" / f"{number:04d}.tif").rename(accepted / "A" / f"{number:04d}.tif")
    killed.start()
    wait_for(lambda: files_of(accepted / "A") == ["0001.tif", "0002.tif", "0003.tif"])
    killed.until(lambda: [page["path"] for page in killed.pages()] == [f"A/000{n}.tif" for n in (1, 2, 3)])
    killed.until(lambda: killed.subjects("item-moved"), "not told")
    assert files_of(inbox) == []
    assert killed.stop(signal.SIGTERM) == 0
    killed.start()
    scan(inbox / "B" / "0001.tif", 4)
    killed.until(lambda: killed.subjects("item-closed") == ["A", "B"], "not closed")
    assert killed.stop(signal.SIGTERM) == 0
    assert killed.subjects("item-moved") == ["A"]
    assert killed.lines("item-moved")[0]["moved_to"] == str(accepted)
    assert killed.lines("item-moved")[0]["outcome"] == killed.lines("item-closed")[0]["outcome"]
    assert events(killed, "item-moved") == ["A"]
    assert killed.subjects("item-reopened") == []
    assert killed.errors == ""


def test_a_move_after_a_kill_overwrites_nothing(killed: Service, inbox: Path, accepted: Path) -> None:
    (accepted / "A" / "0003.tif").write_text("somebody was faster")
    said = killed.messages().count("A cannot be moved")
    killed.start()
    killed.until(lambda: killed.messages().count("A cannot be moved") > said, "not said")
    assert files_of(inbox / "A") == ["0002.tif", "0003.tif"]
    (accepted / "A" / "0003.tif").unlink()
    killed.until(lambda: files_of(inbox) == [], "not finished")
    assert files_of(accepted / "A") == ["0001.tif", "0002.tif", "0003.tif"]
    killed.until(lambda: len(killed.pages()) == 3, "not in the reports")
    assert killed.stop() == 0


@pytest.fixture
def half_moved(killed: Service, inbox: Path, accepted: Path) -> Path:
    """A file that has both names, as where the disk renames in two steps; by its old one."""
    file = inbox / "A" / "0002.tif"
    os.link(file, accepted / "A" / "0002.tif")
    return file


def test_a_file_that_a_kill_left_with_both_names_is_moved_with_the_others(
    killed: Service, half_moved: Path, inbox: Path, accepted: Path
) -> None:
    inode = half_moved.stat().st_ino
    killed.start()
    killed.until(lambda: killed.subjects("item-moved"), "not told")
    assert files_of(inbox) == []
    assert files_of(accepted / "A") == ["0001.tif", "0002.tif", "0003.tif"]
    found = (accepted / "A" / "0002.tif").stat()
    assert (found.st_ino, found.st_nlink) == (inode, 1)
    scan(inbox / "B" / "0001.tif", 4)
    killed.until(lambda: killed.subjects("item-closed") == ["A", "B"], "not closed, or A twice")
    assert killed.stop() == 0
    assert killed.subjects("item-moved") == events(killed, "item-moved") == ["A"]
    assert killed.subjects("item-reopened") == []


def test_a_file_with_both_names_that_has_changed_stays_and_is_not_told_as_moved(
    killed: Service, half_moved: Path, inbox: Path, tmp_path: Path
) -> None:
    half_moved.write_bytes(made_elsewhere(tmp_path, 9))
    killed.start()
    killed.until(lambda: killed.subjects("item-closed") == ["A", "A"], "not closed again")
    assert files_of(inbox) == ["A/0002.tif"]
    assert killed.stop() == 0
    assert killed.subjects("item-reopened") == ["A"]
    assert killed.subjects("item-moved") == events(killed, "item-moved") == []


def test_a_file_with_both_names_is_moved_in_a_new_run(
    killed: Service, half_moved: Path, profile: Path, inbox: Path, accepted: Path
) -> None:
    profile.write_text(MOVING, encoding="utf-8")
    said = killed.messages().count("A cannot be moved")
    killed.start()
    killed.until(lambda: killed.subjects("item-moved"), "not moved")
    assert files_of(inbox) == []
    assert files_of(accepted / "A") == ["0001.tif", "0002.tif", "0003.tif"]
    assert not half_moved.exists()
    assert killed.messages().count("A cannot be moved") == said
    assert killed.stop() == 0
