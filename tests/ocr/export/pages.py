"""Pages of images on the disk, handed to the writers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image

from ybda_qc.imaging.source import open_source
from ybda_qc.imaging.view import PageView
from ybda_qc.model import PageId, PageText
from ybda_qc.ocr.export.document import About

ABOUT = About(title="B469-WS·2020-001", reading="by hand")


def save_scan(
    path: Path, text: PageText | None = None, *, dpi: tuple[float, float] | None = (150, 150)
) -> Path:
    """A JPEG of the size of a text, with dark places where its words stand."""
    width, height = (text.width_px, text.height_px) if text else (620, 877)
    page = np.full((height, width), 245, np.uint8)
    for box in (word.box for line in (text.lines if text else ()) for word in line.words):
        page[box.top : box.top + box.height, box.left : box.left + box.width] = 30
    options = {"dpi": dpi} if dpi else {}
    Image.fromarray(page).save(path, "JPEG", **options)
    return path


@contextmanager
def source_pages(
    files: Sequence[tuple[Path, PageText | None]], *, frame: int = 1
) -> Iterator[Iterator[tuple[PageId, PageView]]]:
    """Files with their text, each opened when it is asked for."""

    def opened() -> Iterator[tuple[PageId, PageView]]:
        for path, text in files:
            with open_source(path) as source:
                view = PageView(source, frame)
                view.text = text
                yield PageId(path=f"item/{path.name}", frame=frame), view

    pages = opened()
    yield pages
    pages.close()
