"""Reports of items, and the moving of items: names, all or nothing, nothing overwritten."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.tools import make_plan
from ybda_qc.app.item_decision import DecidedItem
from ybda_qc.model import Decision, Outcome, Scope
from ybda_qc.report import translator
from ybda_qc.watch.item_files import SUFFIX, move_files, report_name, write_item

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ("B469-WS·2023-Y-BGS-0001", "B469-WS·2023-Y-BGS-0001.qc.json"),
        ("2023/0001", "2023/0001.qc.json"),
        (".", "收件.qc.json"),
    ],
)
def test_the_report_is_called_like_the_item(item: str, name: str) -> None:
    assert report_name(item, "收件") == name


@pytest.mark.parametrize(
    "item", ['a:b"c', "a\\b", "con?", "..", "a/../b", "a//b", "x" * 250, "档" * 90, "tab\t"]
)
def test_names_that_some_system_refuses_get_a_mark_of_their_own(item: str) -> None:
    name = report_name(item, "in")
    parts = name.split("/")
    assert name != item + SUFFIX
    assert all(part not in ("", ".", "..") and len(part.encode()) <= 200 for part in parts)
    assert not set('<>:"|?*\\\t') & set(name)
    assert report_name(item + "x", "in") != name


@pytest.mark.parametrize(
    "folder", ["report.json", "Ledger.sqlite3", "evidence", "A.qc.json", "con.1", "A.", "A "]
)
def test_folders_of_items_take_no_name_of_the_output_folder_or_of_a_device(folder: str) -> None:
    first, last = report_name(f"{folder}/1", "in").split("/")
    assert last == "1.qc.json"
    assert first != folder
    assert first.endswith(report_name(f"{folder}/2", "in").split("/")[0][-8:])
    assert not first.lower().startswith("con.")


def test_an_item_called_like_the_watched_folder_is_another_than_that_folder() -> None:
    assert report_name("in", "in") != report_name(".", "in")
    assert report_name("CON", "in") != "CON.qc.json"


parts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), max_size=140)


@given(st.lists(parts, min_size=2, max_size=2, unique=True))
def test_items_of_different_names_have_different_reports(codes: list[str]) -> None:
    first, second = (report_name(code, "in") for code in codes)
    if "." not in codes:  # the watched folder itself, which is called by its name
        assert first != second


def decided(outcome: Outcome = Outcome.ACCEPT, *, at: datetime = NOON, code: str = "A") -> DecidedItem:
    decision = Decision(outcome=outcome, scope=Scope.MACHINE, reasons=(), decided_at=at)
    return DecidedItem(code=code, pages=(), findings=(), decision=decision)


def write(out: Path, item: DecidedItem, *, closed_at: datetime = NOON) -> str:
    return write_item(
        out, "2023/A.qc.json", item, closed_at=closed_at, plan=make_plan(), say=translator("en")
    )


def test_a_report_is_written_whole_and_its_digest_passes_over_times(tmp_path: Path) -> None:
    first = write(tmp_path, decided())
    file = tmp_path / "2023" / "A.qc.json"
    document = json.loads(file.read_text(encoding="utf-8"))
    assert set(document) == {"item", "decision", "closed_at", "pages", "findings"}
    assert (document["item"], document["decision"]["outcome"]) == ("A", "accept")
    later = NOON + timedelta(hours=1)
    assert write(tmp_path, decided(at=later), closed_at=later) == first
    assert write(tmp_path, decided(Outcome.HOLD)) != first
    assert [entry.name for entry in file.parent.iterdir()] == ["A.qc.json"]


def test_a_report_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    write(tmp_path, decided())
    before = (tmp_path / "2023" / "A.qc.json").read_bytes()
    (tmp_path / "2023" / ".A.qc.json.part").mkdir()
    with pytest.raises(OSError, match="directory"):
        write(tmp_path, decided(Outcome.REJECT))
    assert (tmp_path / "2023" / "A.qc.json").read_bytes() == before


@pytest.fixture
def files(tmp_path: Path) -> dict[bytes, Path]:
    """Three files, and where they are to go."""
    (tmp_path / "in" / "A").mkdir(parents=True)
    moves = {}
    for number in range(3):
        file = tmp_path / "in" / "A" / f"{number}.tif"
        file.write_text(f"scan {number}")
        moves[os.fsencode(file)] = tmp_path / "accepted" / "A" / f"{number}.tif"
    return moves


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.rglob("*") if path.is_file()}


SCANS = {f"{number}.tif": f"scan {number}" for number in range(3)}


def test_all_files_are_moved(tmp_path: Path, files: dict[bytes, Path]) -> None:
    inodes = [os.stat(file).st_ino for file in files]  # noqa: PTH116 - bytes
    move_files(files)
    assert texts(tmp_path / "accepted") == SCANS
    assert texts(tmp_path / "in") == {}
    assert [place.stat().st_ino for place in files.values()] == inodes, "renamed, not copied"
    move_files({})


@pytest.mark.parametrize("kind", ["file", "folder", "broken link"])
def test_nothing_is_overwritten(tmp_path: Path, files: dict[bytes, Path], kind: str) -> None:
    place = tmp_path / "accepted" / "A" / "2.tif"
    place.parent.mkdir(parents=True)
    match kind:
        case "file":
            place.write_text("earlier")
        case "folder":
            place.mkdir()
        case _:
            place.symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        move_files(files)
    assert texts(tmp_path / "in") == SCANS
    assert texts(tmp_path / "accepted") == ({"2.tif": "earlier"} if kind == "file" else {})


def test_what_was_moved_comes_back_when_the_rest_cannot_be(tmp_path: Path, files: dict[bytes, Path]) -> None:
    last = list(files)[-1]
    (tmp_path / "wall").write_text("a file, no folder")
    files[last] = tmp_path / "wall" / "2.tif"
    with pytest.raises(OSError, match=r"directory|exists"):
        move_files(files)
    assert texts(tmp_path / "in") == SCANS
    assert texts(tmp_path / "accepted") == {}


def test_a_file_that_is_gone_stops_the_move(tmp_path: Path, files: dict[bytes, Path]) -> None:
    os.unlink(list(files)[1])  # noqa: PTH108 - bytes
    with pytest.raises(FileNotFoundError):
        move_files(files)
    assert set(texts(tmp_path / "in")) == {"0.tif", "2.tif"}
