"""A file is renamed into another folder: over nothing, through no link, by whatever way the disk knows."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ybda_qc.watch import renaming
from ybda_qc.watch.renaming import has_both_names, rename_below

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there the system's rename does all of it")

Rename = Callable[[int, int, bytes], None]
WAYS = ["by_flag", "by_link", "by_looking"]
NAME = b"1.tif"


@pytest.fixture(params=WAYS)
def rename(request: pytest.FixtureRequest) -> Rename:
    if request.param == "by_flag" and sys.platform != "linux":
        pytest.skip("Linux alone has it")
    way: Rename = getattr(renaming, request.param)
    return way


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[tuple[int, int]]:
    """Handles of two folders, the first with a file."""
    for folder in ("in", "out"):
        (tmp_path / folder).mkdir()
    (tmp_path / "in" / "1.tif").write_text("scan")
    handles = tuple(os.open(tmp_path / folder, os.O_RDONLY) for folder in ("in", "out"))
    yield handles[0], handles[1]
    for handle in handles:
        os.close(handle)


def test_each_way_renames(rename: Rename, folders: tuple[int, int], tmp_path: Path) -> None:
    inode = (tmp_path / "in" / "1.tif").stat().st_ino
    rename(*folders, NAME)
    assert list((tmp_path / "in").iterdir()) == []
    found = (tmp_path / "out" / "1.tif").stat()
    assert (found.st_ino, found.st_nlink) == (inode, 1)


@pytest.mark.parametrize("kind", ["file", "folder", "broken link"])
def test_no_way_replaces_anything(
    rename: Rename, folders: tuple[int, int], tmp_path: Path, kind: str
) -> None:
    place = tmp_path / "out" / "1.tif"
    match kind:
        case "file":
            place.write_text("earlier")
        case "folder":
            place.mkdir()
        case _:
            place.symlink_to(tmp_path / "nowhere")
    before = place.lstat()
    with pytest.raises(FileExistsError):
        rename(*folders, NAME)
    assert place.lstat() == before
    assert (tmp_path / "in" / "1.tif").read_text() == "scan"


def test_a_file_that_is_gone_is_said(rename: Rename, folders: tuple[int, int], tmp_path: Path) -> None:
    (tmp_path / "in" / "1.tif").unlink()
    with pytest.raises(FileNotFoundError):
        rename(*folders, NAME)
    assert list((tmp_path / "out").iterdir()) == []


@pytest.fixture
def places(folders: tuple[int, int], tmp_path: Path) -> tuple[bytes, bytes]:
    """The same two folders."""
    return os.fsencode(tmp_path / "in"), os.fsencode(tmp_path / "out")


def test_a_rename_by_link_is_finished_after_a_kill(places: tuple[bytes, bytes], tmp_path: Path) -> None:
    assert not has_both_names(*places, NAME)
    os.link(tmp_path / "in" / "1.tif", tmp_path / "out" / "1.tif")
    assert has_both_names(*places, NAME)
    rename_below(*places, NAME)
    assert list((tmp_path / "in").iterdir()) == []
    assert (tmp_path / "out" / "1.tif").read_text() == "scan"
    assert not has_both_names(*places, NAME)


@pytest.mark.parametrize("is_linked", [False, True])
def test_a_folder_is_not_taken_for_another_with_the_same_file(
    places: tuple[bytes, bytes], tmp_path: Path, is_linked: bool
) -> None:
    os.link(tmp_path / "in" / "1.tif", tmp_path / "in" / "2.tif")
    inbox = same = places[0]
    if is_linked:
        (tmp_path / "same").symlink_to(tmp_path / "in")
        same = os.fsencode(tmp_path / "same")
    assert not has_both_names(inbox, same, NAME)
    with pytest.raises(FileExistsError):
        rename_below(inbox, same, NAME)
    assert (tmp_path / "in" / "1.tif").read_text() == "scan"


def test_another_file_with_two_names_is_not_taken_for_this_one(
    places: tuple[bytes, bytes], tmp_path: Path
) -> None:
    (tmp_path / "out" / "1.tif").write_text("earlier")
    for folder in ("in", "out"):
        os.link(tmp_path / folder / "1.tif", tmp_path / folder / "2.tif")
    assert not has_both_names(*places, NAME)
    with pytest.raises(FileExistsError):
        rename_below(*places, NAME)
    assert (tmp_path / "in" / "1.tif").read_text() == "scan"
    assert (tmp_path / "out" / "1.tif").read_text() == "earlier"


def test_folders_of_the_target_are_made(tmp_path: Path) -> None:
    file = tmp_path / "in" / "2023" / "A" / "1.tif"
    file.parent.mkdir(parents=True)
    file.write_text("scan")
    rename_below(os.fsencode(tmp_path / "in"), os.fsencode(tmp_path / "out"), b"2023/A/1.tif")
    assert (tmp_path / "out" / "2023" / "A" / "1.tif").read_text() == "scan"
    assert list((tmp_path / "in" / "2023" / "A").iterdir()) == []


@pytest.mark.parametrize("links", [{"in/A"}, {"in/A/1"}, {"out/A"}])
def test_no_folder_below_the_two_may_be_a_link(tmp_path: Path, links: set[str]) -> None:
    """Somebody may put it there after the file was looked at."""
    folders = [tmp_path / "in" / "A" / "1", tmp_path / "out" / "A" / "1"]
    for folder in folders:
        folder.mkdir(parents=True)
    (folders[0] / "1.tif").write_text("of a stranger")
    for link in links:
        (tmp_path / link).rename(tmp_path / "elsewhere")
        (tmp_path / link).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NotADirectoryError):
        rename_below(os.fsencode(tmp_path / "in"), os.fsencode(tmp_path / "out"), b"A/1/1.tif")
    assert (folders[0] / "1.tif").read_text() == "of a stranger"
    assert list(folders[1].iterdir()) == []


def test_the_two_folders_themselves_may_be_links(tmp_path: Path) -> None:
    for folder in ("in", "out"):
        (tmp_path / "disk" / folder).mkdir(parents=True)
        (tmp_path / folder).symlink_to(tmp_path / "disk" / folder)
    (tmp_path / "in" / "1.tif").write_text("scan")
    rename_below(os.fsencode(tmp_path / "in"), os.fsencode(tmp_path / "out"), NAME)
    assert (tmp_path / "disk" / "out" / "1.tif").read_text() == "scan"
