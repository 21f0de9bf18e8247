"""Text of pages made by hand, as an engine would hand it out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from tests.checks.batch.memory import NATIONAL, MemoryView, make_batch, make_page
from ybda_qc.model import (
    Box,
    Catalogue,
    CatalogueIdentity,
    PageId,
    PageText,
    Record,
    TextLine,
    Word,
    WritingDirection,
)

WIDTH, HEIGHT, LETTER = 1000, 1400, 20
Placed = tuple[str, float, float]


def make_line(text: str, left: int, top: int, confidence: float = 0.98, height: int = LETTER) -> TextLine:
    """A line from its upper left corner on, every character a square of its own."""

    def box(at: int, count: int) -> Box:
        return Box(left=left + at * height, top=top, width=max(1, count * height), height=height)

    words = tuple(Word(start=at, text=c, box=box(at, 1), confidence=confidence) for at, c in enumerate(text))
    return TextLine(
        text=text,
        box=box(0, len(text)),
        confidence=confidence,
        direction=WritingDirection.HORIZONTAL,
        words=words,
    )


def make_text(lines: Sequence[str], confidence: float = 0.98) -> PageText:
    """Lines below each other from the upper left corner on."""
    made = tuple(
        make_line(line, 100, 150 + 2 * LETTER * at, confidence) for at, line in enumerate(lines) if line
    )
    return PageText(width_px=WIDTH, height_px=HEIGHT, turn=0, lines=made)


def place_text(
    lines: Iterable[Placed], turn: Literal[0, 90, 180, 270] = 0, confidence: float = 0.98
) -> PageText:
    """Lines by the share of the page, across and down, at which their middle lies."""
    made = []
    for text, across, down in lines:
        left = round(across * WIDTH - len(text) * LETTER / 2)
        made.append(make_line(text, max(0, left), round(down * HEIGHT - LETTER / 2), confidence))
    return PageText(width_px=WIDTH, height_px=HEIGHT, turn=turn, lines=tuple(made))


def make_view(
    items: Mapping[str, Sequence[PageText | None]], records: Mapping[str, Mapping[str, str]] | None = None
) -> MemoryView:
    """Items with the text of their pages, by code, and the records of the catalogue, by code."""
    paths = [f"{code}/{at:04d}.tif" for code, texts in items.items() for at in range(1, len(texts) + 1)]
    batch = make_batch(paths, NATIONAL)
    texts = {
        PageId(path=f"{code}/{at:04d}.tif"): text
        for code, pages in items.items()
        for at, text in enumerate(pages, start=1)
        if text is not None
    }
    results = tuple(
        replace(make_page(file.path), item=file.item, width_px=WIDTH, height_px=HEIGHT)
        for file in batch.files
    )
    catalogue = None
    if records is not None:
        identity = CatalogueIdentity(path="目录.xlsx", sha256="0" * 64, tables=())
        entries = tuple(
            Record(sheet="目录", row=row, values={"code": code, **values})
            for row, (code, values) in enumerate(records.items(), start=2)
        )
        catalogue = Catalogue(identity=identity, records=entries)
    return MemoryView(batch, results, catalogue=catalogue, texts=texts)
