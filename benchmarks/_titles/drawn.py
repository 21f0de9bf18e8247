"""Papers drawn as pages and read by the real engine."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from benchmarks._titles.papers import Paper
from ybda_qc.imaging.source import open_source
from ybda_qc.imaging.view import PageView
from ybda_qc.model import PageId, PageText
from ybda_qc.ocr.choice import choose_engine, open_reader
from ybda_qc.synth.canvas import Canvas
from ybda_qc.synth.files import write_page
from ybda_qc.synth.spec import Pixels

_DPI = 150.0
_MM_PER_INCH = 25.4
_SIZE_MM = 5.0


def read_drawn(papers: Sequence[Paper], seed: int) -> Iterator[tuple[PageId, PageText]]:
    """Draw the pages of the papers, somewhat blurred and noisy, and read them."""
    rng = np.random.default_rng(seed)
    reader = open_reader(choose_engine("rapidocr", ("chi_sim", "eng")))
    with tempfile.TemporaryDirectory() as folder:
        for paper in papers:
            for at, lines in enumerate(paper.pages):
                path = write_page(Path(folder, "page.png"), _draw(lines, rng), dpi=_DPI)
                with open_source(path) as source:
                    text = reader.read(PageView(source))
                if text.lines:
                    yield PageId(path=f"{paper.code}/{at + 1:04d}.tif"), text


def _draw(lines: Sequence[str], rng: np.random.Generator) -> Pixels:
    canvas = Canvas(
        (210.0, 297.0), _DPI / _MM_PER_INCH, colour=False, rng=rng, ink=float(rng.uniform(0.4, 1.0))
    )
    for at, line in enumerate(lines):
        canvas.text(line, 25.0, 30.0 + 1.3 * _SIZE_MM * at, _SIZE_MM)
    soft = cv2.GaussianBlur(canvas.pixels, (0, 0), float(rng.uniform(0.5, 1.6)))
    noisy = soft + rng.normal(0.0, 6.0, soft.shape)
    return np.asarray(np.clip(noisy, 0, 255), dtype=np.uint8)
