"""Pages that an engine reads, sound and not, and searchable PDF of them with right and wrong layers."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pikepdf

from ybda_qc.imaging.source import open_source
from ybda_qc.imaging.view import PageView
from ybda_qc.model import PageId, PageText
from ybda_qc.ocr.choice import choose_engine, open_reader
from ybda_qc.ocr.export.document import About
from ybda_qc.ocr.export.pdf import write_pdf
from ybda_qc.synth import draw_page, sound_page, write_page
from ybda_qc.synth.defects import Defocus
from ybda_qc.synth.spec import Pixels

_DPI = 200.0
_LAYOUTS = ("text", "document", "letter", "typewriter")  # of the letter only the head is print
_POINTS_AN_INCH, _MM_PER_INCH = 72.0, 25.4
_MOVED_MM = 25.0

PAGES: Mapping[str, bool] = {
    "sound": False,
    "out of focus, disk of 0.45 mm": True,
    "out of focus, disk of 0.7 mm": True,
    "mirrored": True,
}
"""Kinds of pages, and whether their writing reads badly."""

LAYERS: Mapping[str, bool] = {
    "own export": False,
    "made by ocrmypdf": False,
    "no layer": True,
    "layer of another page": True,
    "layer moved by 25 mm": True,
}
"""Kinds of searchable PDF, and whether something is wrong with their layers."""


class Pages:
    """Draws and reads pages; all files go to a folder."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._seed = seed
        self._reader = open_reader(choose_engine("rapidocr", ("chi_sim", "eng")))

    def read(self, path: Path) -> PageText:
        """What the engine reads of a page."""
        with open_source(path) as source:
            return self._reader.read(PageView(source))

    def draw(self, number: int, kind: str) -> Path:
        """A page of a kind of `PAGES`."""
        spec = sound_page(10_000 * self._seed + number, layout=_LAYOUTS[number % len(_LAYOUTS)], mode="grey")
        radius = {"out of focus, disk of 0.45 mm": 0.45, "out of focus, disk of 0.7 mm": 0.7}.get(kind)
        defects = (*spec.defects, Defocus(radius_mm=radius)) if radius else spec.defects
        pixels: Pixels = draw_page(replace(spec, dpi=_DPI, defects=defects)).pixels
        if kind == "mirrored":
            pixels = np.ascontiguousarray(cv2.flip(pixels, 1))
        return write_page(self._folder / f"{number:04d}.png", pixels, dpi=_DPI)

    def layered(self, count: int) -> Iterator[tuple[str, Path, PageText]]:
        """Searchable PDF of each kind of `LAYERS` of so many pages, each with a fresh reading."""
        images = [self.draw(number, "sound") for number in range(count)]
        texts = [self.read(image) for image in images]
        for number, image in enumerate(images):
            for kind in LAYERS:
                path = self._folder / "layered.pdf"
                if self._make(kind, image, path, texts[number], texts[(number + 1) % count]):
                    yield kind, path, self.read(path)

    def _make(self, kind: str, image: Path, path: Path, own: PageText, other: PageText) -> bool:
        if kind == "made by ocrmypdf":
            return _by_ocrmypdf(image, path)
        with open_source(image) as source:
            view = PageView(source)
            view.text = None if kind == "no layer" else other if kind == "layer of another page" else own
            write_pdf([(PageId(path=image.name), view)], path, About(title="page", reading=""))
        if kind == "layer moved by 25 mm":
            _move_layer(path)
        return True


def _by_ocrmypdf(image: Path, path: Path) -> bool:
    beside = Path(sys.executable).with_name("ocrmypdf")
    program = str(beside) if beside.exists() else shutil.which("ocrmypdf")
    if program is None:
        return False
    command = [
        program,
        "-l",
        "chi_sim",
        "--image-dpi",
        f"{_DPI:g}",
        "--output-type",
        "pdf",
        str(image),
        str(path),
    ]
    subprocess.run(command, capture_output=True, check=True)
    return True


def _move_layer(path: Path) -> None:
    """Move the text of a page, and nothing else."""
    by = _MOVED_MM / _MM_PER_INCH * _POINTS_AN_INCH
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0]
        moved: list[Any] = []
        for step in pikepdf.parse_content_stream(page):
            if str(step.operator) == "BT":
                moved.append(([], pikepdf.Operator("q")))
                moved.append(([1, 0, 0, 1, 0, -by], pikepdf.Operator("cm")))
            moved.append(step)
            if str(step.operator) == "ET":
                moved.append(([], pikepdf.Operator("Q")))
        page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(moved))
        pdf.save(path)
