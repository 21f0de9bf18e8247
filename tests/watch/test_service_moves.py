"""Decided items are moved where the profile wishes it, once the ledger knows; nothing is overwritten."""

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.watch.conftest import MakeService
from tests.watch.station import STATION, Service, files_of, scan, wait_for

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
