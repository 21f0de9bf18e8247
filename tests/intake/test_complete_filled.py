"""Files that are given their size first and their content later, in any order."""

import os
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile

from tests.intake import made_wholes as made
from tests.intake.made_wholes import Whole
from ybda_qc.intake.complete import Wholeness, completeness

# In a file of less than two pieces there is nothing to fill in any order.
LARGE = [whole for whole in made.pages() if len(whole.data) > 64 * 1024]
BLOCK = 16 * 1024


def _only_longer(handle: int, size: int) -> None:
    os.truncate(handle, size)


def _reserved(handle: int, size: int) -> None:
    os.posix_fallocate(handle, 0, size)


def _zeros(handle: int, size: int) -> None:
    os.pwrite(handle, bytes(size), 0)


_FIRST: dict[str, Callable[[int, int], None]] = {
    "only made longer": _only_longer,
    "reserved": _reserved,
    "zeros written": _zeros,
}
_ORDERS: dict[str, Callable[[list[int]], list[int]]] = {
    "forwards": lambda places: places,
    "backwards": lambda places: places[::-1],
    "at random": lambda places: random.Random(5).sample(places, len(places)),
    "both ends first": lambda places: [places[0], places[-1], *places[1:-1]],
}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="room is reserved in the way of Unix")


def fill(
    path: Path,
    data: bytes,
    order: str,
    first: Callable[[int, int], None],
    block: int = BLOCK,
) -> Iterator[Wholeness]:
    """Give a file its size, then its content piece by piece; what is thought of it after each step."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT)
    try:
        first(handle, len(data))
        yield completeness(path).state
        for place in _ORDERS[order](list(range(0, len(data), block))):
            os.pwrite(handle, data[place : place + block], place)
            yield completeness(path).state
    finally:
        os.close(handle)


@pytest.mark.parametrize("order", _ORDERS)
@pytest.mark.parametrize("first", _FIRST)
@pytest.mark.parametrize("whole", LARGE, ids=[whole.name for whole in LARGE])
def test_complete_with_the_last_piece_only(whole: Whole, first: str, order: str, tmp_path: Path) -> None:
    *before, last = fill(tmp_path / f"page{whole.suffix}", whole.data, order, _FIRST[first])

    assert last is Wholeness.COMPLETE
    assert Wholeness.COMPLETE not in before


@pytest.mark.parametrize("order", _ORDERS)
def test_a_large_file_in_pieces_of_a_megabyte(order: str, tmp_path: Path) -> None:
    noise = np.random.default_rng(2).integers(1, 255, (5000, 6000), np.uint8)
    tifffile.imwrite(tmp_path / "whole.tif", noise)
    data = (tmp_path / "whole.tif").read_bytes()

    *before, last = fill(tmp_path / "page.tif", data, order, _zeros, 1 << 20)

    assert last is Wholeness.COMPLETE
    assert Wholeness.COMPLETE not in before


def test_a_reserved_file_is_seen_through_however_often_it_is_looked_at(tmp_path: Path) -> None:
    """What was read of a reserved part counts as written for the file system afterwards."""
    whole = next(whole.data for whole in LARGE if whole.name == "TIFF directory first")
    path = tmp_path / "page.tif"
    for state in fill(path, whole, "both ends first", _reserved):
        again = {completeness(path).state for _ in range(3)}
        assert again == {state}


def test_black_pixels_stored_as_they_are_look_like_a_part_that_is_not_filled(tmp_path: Path) -> None:
    """The limit of what can be told: such a page is whole, and has to wait a little longer."""
    page = np.full((600, 800), 200, np.uint8)
    page[-40:] = 0
    tifffile.imwrite(tmp_path / "black.tif", page)
    assert completeness(tmp_path / "black.tif").state is Wholeness.DOUBTFUL

    cv2.imwrite(str(tmp_path / "packed.tif"), page)
    assert completeness(tmp_path / "packed.tif").state is Wholeness.COMPLETE


def test_a_short_part_within_uncompressed_pixels_is_not_seen(tmp_path: Path) -> None:
    """The limit of what can be told: less than a block of 4 KiB that the file system thinks was written."""
    whole = bytearray(next(whole.data for whole in LARGE if whole.name == "TIFF directory first"))
    whole[300_000:303_000] = bytes(3000)
    (tmp_path / "page.tif").write_bytes(whole)
    assert completeness(tmp_path / "page.tif").state is Wholeness.COMPLETE
