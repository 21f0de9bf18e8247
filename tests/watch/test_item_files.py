"""Reports of items, and the moving of items: names, all or nothing, nothing overwritten."""

import json
import os
from collections.abc import Iterator
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


NAMES = (b"A/0.tif", b"A/1.tif", b"B/2.tif")
SCANS = {os.fsdecode(name): f"scan {os.fsdecode(name)}" for name in NAMES}


@pytest.fixture
def files(tmp_path: Path) -> list[tuple[bytes, bytes]]:
    """Three files, each with the folder that it lies below."""
    for name, text in SCANS.items():
        file = tmp_path / "in" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return [(os.fsencode(tmp_path / "in"), name) for name in NAMES]


@pytest.fixture
def target(tmp_path: Path) -> bytes:
    return os.fsencode(tmp_path / "accepted")


def texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()
    }


def inodes(folder: Path) -> dict[str, int]:
    return {name: (folder / name).stat().st_ino for name in SCANS}


def test_all_files_are_moved(tmp_path: Path, files: list[tuple[bytes, bytes]], target: bytes) -> None:
    before = inodes(tmp_path / "in")
    move_files(files, target)
    assert texts(tmp_path / "accepted") == SCANS
    assert texts(tmp_path / "in") == {}
    assert inodes(tmp_path / "accepted") == before, "renamed, not copied"
    move_files((), target)


@pytest.mark.parametrize("kind", ["file", "folder", "broken link"])
def test_nothing_is_overwritten(
    tmp_path: Path, files: list[tuple[bytes, bytes]], target: bytes, kind: str
) -> None:
    place = tmp_path / "accepted" / "B" / "2.tif"
    place.parent.mkdir(parents=True)
    match kind:
        case "file":
            place.write_text("earlier")
        case "folder":
            place.mkdir()
        case _:
            place.symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        move_files(files, target)
    assert texts(tmp_path / "in") == SCANS
    assert texts(tmp_path / "accepted") == ({"B/2.tif": "earlier"} if kind == "file" else {})


@pytest.mark.skipif(os.name == "nt", reason="no file gets a second name there")
@pytest.mark.parametrize("is_in_the_way", [False, True])
def test_a_file_that_has_both_names_loses_the_old_one_if_all_can_be_moved(
    tmp_path: Path, files: list[tuple[bytes, bytes]], target: bytes, is_in_the_way: bool
) -> None:
    before = inodes(tmp_path / "in")
    (tmp_path / "accepted" / "A").mkdir(parents=True)
    os.link(tmp_path / "in" / "A" / "1.tif", tmp_path / "accepted" / "A" / "1.tif")
    if is_in_the_way:
        (tmp_path / "accepted" / "B").mkdir()
        (tmp_path / "accepted" / "B" / "2.tif").write_text("earlier")
        with pytest.raises(FileExistsError):
            move_files(files, target)
        assert texts(tmp_path / "in") == SCANS
        (tmp_path / "accepted" / "B" / "2.tif").unlink()
    move_files(files, target)
    assert texts(tmp_path / "in") == {}
    assert inodes(tmp_path / "accepted") == before


def test_a_file_that_comes_after_the_look_is_not_overwritten(
    tmp_path: Path, files: list[tuple[bytes, bytes]], target: bytes
) -> None:
    class Late(tuple[tuple[bytes, bytes], ...]):
        """Files; when they are gone through to be moved, another program writes a file to the target."""

        __slots__ = ()

        def __iter__(self) -> Iterator[tuple[bytes, bytes]]:
            yield from super().__iter__()
            late.parent.mkdir(parents=True, exist_ok=True)
            late.write_text("of somebody else")

    late = tmp_path / "accepted" / "B" / "2.tif"
    with pytest.raises(FileExistsError):
        move_files(Late(files), target)
    assert texts(tmp_path / "in") == SCANS
    assert texts(tmp_path / "accepted") == {"B/2.tif": "of somebody else"}


def test_what_was_moved_comes_back_when_the_rest_cannot_be(
    tmp_path: Path, files: list[tuple[bytes, bytes]], target: bytes
) -> None:
    (tmp_path / "accepted").mkdir()
    (tmp_path / "accepted" / "B").write_text("a file, no folder")
    with pytest.raises(OSError, match=r"directory|exists"):
        move_files(files, target)
    assert texts(tmp_path / "in") == SCANS
    assert texts(tmp_path / "accepted") == {"B": "a file, no folder"}


def test_a_file_that_is_gone_stops_the_move(
    tmp_path: Path, files: list[tuple[bytes, bytes]], target: bytes
) -> None:
    (tmp_path / "in" / "A" / "1.tif").unlink()
    with pytest.raises(FileNotFoundError):
        move_files(files, target)
    assert set(texts(tmp_path / "in")) == {"A/0.tif", "B/2.tif"}
