"""``search.html``: the pages that a search found, with the words marked on their pictures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from markupsafe import Markup

from ybda_qc.model import Box, TextHit, join_boxes
from ybda_qc.model.snippet import Part
from ybda_qc.report.display import batch_name
from ybda_qc.report.html_data import data_uri
from ybda_qc.report.page_html import environment, policy, resource
from ybda_qc.report.translate import Lang

_MOST_CUT_OUTS = 3
_CUT_OUT_ASPECT = 5  # width to height
_LINES = 3.2  # heights of a mark that a cut-out is high


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPage:
    """A page that a search found, as it is shown.

    Parameters
    ----------
    hit
        The page.
    snippet
        Some of its text.
    boxes
        Where the words stand, in pixels of the stored image.
    picture
        The stored image as a JPEG file of any size; None where it could not be made.
    trouble
        Why there is no picture.
    """

    hit: TextHit
    snippet: Sequence[Part]
    boxes: Sequence[Box]
    picture: bytes | None
    trouble: str = ""


def write_search_html(
    path: Path, pages: Sequence[FoundPage], *, query: str, batch: str, total: int, is_exact: bool, lang: Lang
) -> None:
    """Write the page.

    Parameters
    ----------
    path
        Where to write.
    pages
        What was found, best first.
    query
        What was searched for, as it was written.
    batch
        Path of the batch.
    total, is_exact
        How many pages there are; more than that where not exact.
    lang
        The language it opens in; the other is one click away.
    """
    style = resource("report.css") + resource("search.css")
    template = environment().get_template("search.html.j2")
    stream = template.stream(
        lang=lang,
        policy=policy(style),
        style=Markup(style),  # noqa: S704 - our own files
        query=query,
        batch=batch,
        batch_name=batch_name(batch),
        total=total,
        is_exact=is_exact,
        pages=[_shown(number, page) for number, page in enumerate(pages, 1)],
    )
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        file.writelines(stream)


def _shown(number: int, page: FoundPage) -> dict[str, Any]:
    """What the template draws: everything in pixels of the stored image, then turned upright."""
    text = page.hit.text
    upright = [_turned(box, page) for box in page.boxes]
    width, height = _turned_size(page)
    return {
        "number": number,
        "page": page,
        "picture": None if page.picture is None else data_uri(page.picture),
        "matrix": _MATRICES[text.turn].format(width=text.width_px, height=text.height_px),
        "width": width,
        "height": height,
        "cut_outs": list(islice(_cut_outs(upright, width, height), _MOST_CUT_OUTS)),
    }


# What is done to (x, y) of the stored image to turn it clockwise, as SVG writes it.
_MATRICES = {
    0: "matrix(1 0 0 1 0 0)",
    90: "matrix(0 1 -1 0 {height} 0)",
    180: "matrix(-1 0 0 -1 {width} {height})",
    270: "matrix(0 -1 1 0 0 {width})",
}


def _turned_size(page: FoundPage) -> tuple[int, int]:
    text = page.hit.text
    size = text.width_px, text.height_px
    return size if text.turn in (0, 180) else size[::-1]


def _turned(box: Box, page: FoundPage) -> Box:
    """A box on the upright page."""
    text = page.hit.text
    right, bottom = text.width_px - box.left - box.width, text.height_px - box.top - box.height
    match text.turn:
        case 90:
            return Box(left=bottom, top=box.left, width=box.height, height=box.width)
        case 180:
            return Box(left=right, top=bottom, width=box.width, height=box.height)
        case 270:
            return Box(left=box.top, top=right, width=box.height, height=box.width)
    return box


def _cut_outs(boxes: Sequence[Box], width: int, height: int) -> Iterator[Box]:
    """Strips that show every mark, one after the other."""
    shown: list[Box] = []
    for box in boxes:
        if not any(join_boxes([box, strip]) == strip for strip in shown):
            shown.append(_cut_out(box, width, height))
            yield shown[-1]


def _cut_out(box: Box, width: int, height: int) -> Box:
    """A strip of the upright page around a mark."""
    wide = min(width, round(max(min(box.width, box.height) * _LINES * _CUT_OUT_ASPECT, 1.3 * box.width)))
    high = min(height, round(max(wide / _CUT_OUT_ASPECT, 2 * box.height)))
    left = min(max(0, box.left + (box.width - wide) // 2), width - wide)
    top = min(max(0, box.top + (box.height - high) // 2), height - high)
    return Box(left=left, top=top, width=wide, height=high)
