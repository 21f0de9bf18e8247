"""Drawn pages as views of real files, and how far a text is from the truth."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.source import open_source
from ybda_qc.imaging.view import PageView
from ybda_qc.model import Box
from ybda_qc.synth import Box as DrawnBox
from ybda_qc.synth import PageTruth, write_page


@contextmanager
def view_of(pixels: NDArray[np.uint8], dpi: float | None) -> Iterator[PageView]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "0001.png"
        write_page(path, pixels, dpi=dpi)
        with open_source(path) as source:
            yield PageView(source)


def bare(text: str) -> str:
    """Without blanks and without the stops that networks see now as full, now as half width."""
    return "".join(one for one in text if one.isalnum())


def written(truth: PageTruth) -> str:
    return bare("".join(line.text for line in truth.lines))


def overlap(box: Box, drawn: DrawnBox) -> float:
    """Share of what either covers that both cover."""
    width = min(box.left + box.width, drawn.left + drawn.width) - max(box.left, drawn.left)
    height = min(box.top + box.height, drawn.top + drawn.height) - max(box.top, drawn.top)
    common = max(0.0, width) * max(0.0, height)
    return common / (box.width * box.height + drawn.width * drawn.height - common)
