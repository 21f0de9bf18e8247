"""Sound files of every kind decode to what was written; a sound file is never accused."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from tests.imaging import made_files, made_pdfs
from tests.imaging.made_files import Made
from tests.imaging.reading import fault_of, read

GROUPS: tuple[Callable[[], Iterator[Made]], ...] = (
    made_files.jpegs,
    made_files.tiffs,
    made_files.pngs,
    made_files.bmps,
    made_files.jp2s,
    made_pdfs.pdfs,
)
FORMATS = ("JPEG", "TIFF", "PNG", "BMP", "JPEG2000", "PDF")
CASES = [
    pytest.param(name, made, id=f"{name}-{made.name}")
    for name, group in zip(FORMATS, GROUPS, strict=True)
    for made in group()
]


@pytest.mark.parametrize(("format_name", "made"), CASES)
def test_pixels_are_those_that_were_written(format_name: str, made: Made) -> None:
    header, decoded = read(made.data, made.frame)
    assert header.format == format_name
    assert decoded.pixels.dtype == np.uint8
    assert decoded.pixels.shape == made.pixels.shape
    assert decoded.pixels.shape[:2] == (header.height_px, header.width_px)
    difference = np.abs(decoded.pixels.astype(int) - made.pixels.astype(int)).mean()
    assert difference <= made.tolerance
    assert not decoded.pixels.flags.writeable


@pytest.mark.parametrize(("format_name", "made"), CASES)
def test_header_agrees_with_pixels_about_colour(format_name: str, made: Made) -> None:
    header, decoded = read(made.data, made.frame)
    if header.colour_mode in ("grey", "bitonal", "grey-alpha"):
        assert decoded.pixels.ndim == 2
    elif header.colour_mode != "palette":
        assert decoded.pixels.ndim == 3
    if header.colour_mode == "bitonal":
        assert set(np.unique(decoded.pixels)) <= {0, 255}


@pytest.mark.parametrize(("format_name", "made"), CASES)
def test_same_bytes_give_same_answer(format_name: str, made: Made) -> None:
    first, second = read(made.data, made.frame), read(made.data, made.frame)
    assert first[0] == second[0]
    assert (first[1].pixels == second[1].pixels).all()
    assert first[1].warnings == second[1].warnings


@pytest.mark.parametrize(
    "name",
    ["trailing-bytes", "filled-before-end", "odd-jfif-revision"],
)
def test_oddity_is_noted_and_tolerated(name: str) -> None:
    made = next(made for made in made_files.jpegs() if made.name == name)
    assert read(made.data)[1].warnings


def test_every_group_has_no_fault_without_limits_near() -> None:
    faults = {m.name: fault_of(m.data, m.frame) for group in GROUPS for m in group()}
    assert {name: fault for name, fault in faults.items() if fault is not None} == {}
