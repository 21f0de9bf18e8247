"""Content cut off 内容裁切: letters that the edge of the picture cuts through."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.checks._base import Needs, PageCheck
from ybda_qc.checks._limits import Above, Code, Limits
from ybda_qc.imaging.ops.cut import find_cut_letters, one_sided
from ybda_qc.imaging.ops.cut_seal import CutSeal, find_cut_seals
from ybda_qc.imaging.ops.sides import Side, turned_back
from ybda_qc.imaging.view import PageView
from ybda_qc.model import (
    Box,
    CheckResult,
    Drawing,
    Facts,
    Finding,
    Measured,
    Measurement,
    NotApplicable,
    Unit,
    Verdict,
    stepped,
)

_MAX_BOXES: Final = 40
_SURE_LETTERS: Final = 6  # so many cut letters on one side are no accident
_DOUBT: Final = 0.7
_STEP_SHARE: Final = 0.01


class CroppedContentCheck(PageCheck):
    """The picture shows the whole page; its edge cuts through no text.

    Why: a sheet laid askew, a paper guide set too tight or an automatic crop loses the ends of lines,
    and nobody sees it without reading. Letters count that meet the edge of the picture with full
    contrast and have neighbours in their line. Rules, frames, pictures and tints that run off the
    sheet, the shadow or the bed at its edge, and dirt are no cut text; a picture that is cut cannot be
    told from one that is printed to the edge. Of round and oval seals 公章 in red, blue or violet the
    share that is visible counts: a riding seal 骑缝章 lies across the edge by intention and shows half of
    itself or less, so only a seal that shows more is held; pages without colour tell of no seals. A
    narrow strip of text apart from the rest, mostly of the facing page of a book, is reported by
    itself. A deep cut may fall between two letters: lines that end within a millimetre of the edge on
    one side and not on the opposite one tell of it, as do rules that run off on one side.

    Remedy: look at the original. Scan again with room on that side if the letters are whole there; DA/T
    31-2017 has a crop leave 2 to 3 mm outside the edge of the sheet.
    """

    id = "cropped_content"
    title = "Content cut off"
    version = 6
    needs = Needs.PIXELS
    method = BaseMethod
    codes = (
        Code(
            name="cut-text",
            title="text cut off at the edge",
            template="the edge cuts through {value:g} letters ({sides})",
            limits=Above,
            drawing=Drawing.EDGE,
        ),
        Code(
            name="cut-strip",
            title="strip of other text at the edge",
            template="a strip of text at the edge is cut ({sides}), perhaps of the facing page",
            limits=Above,
            drawing=Drawing.EDGE,
        ),
        Code(
            name="cut-seal",
            title="seal cut off at the edge",
            template="the edge cuts through a seal ({sides}), of which {value:.0%} is visible",
            limits=Above,
            drawing=Drawing.EDGE,
        ),
        Code(
            name="no-margin",
            title="no margin beside the text",
            template="{value:g} lines end at the edge ({sides}); look whether they are whole",
            limits=Above,
            drawing=Drawing.EDGE,
        ),
        Code(
            name="cut-table",
            title="table runs off on one side",
            template="{value:g} rules run off on one side only ({sides}); look whether the table is whole",
            limits=Above,
            drawing=Drawing.EDGE,
        ),
    )

    def measure(self, view: PageView, method: BaseMethod) -> Sequence[Measured] | NotApplicable:  # noqa: ARG002
        """Letters that each side cuts through, those in strips apart from the page, and their sums."""
        if view.paper.is_dark:
            return NotApplicable(reason="the page itself is dark")
        found = find_cut_letters(view.grey.pixels, view.paper, view.ink, scale=view.scale)
        return [
            *(_count(view, f"cut_letters_{side.value}", {side: found[side].letters}) for side in Side),
            *(_count(view, f"cut_strip_{side.value}", {side: found[side].strip}) for side in _FACING),
            _count(view, "cut_letters", {side: cut.letters for side, cut in found.items()}),
            _count(view, "cut_strip", {side: cut.strip for side, cut in found.items()}),
            *_one_sided(view, "close_lines", one_sided(found, "lines")),
            *_one_sided(view, "cut_rules", one_sided(found, "rules")),
            *_seals(view),
        ]

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """Cut letters, strips of other text; lines and rules at the edge where no letter is cut."""
        is_cut = False
        for code, quantity in _QUANTITIES:
            number = result.number(quantity)
            if number is None or (is_cut and code in _WEAKER):
                continue
            for finding in limits.grade(
                code, number.value, unit=number.unit, boxes=number.boxes, sides=_sides(result, quantity)
            ):
                is_cut |= code == "cut-text" and finding.verdict >= Verdict.REVIEW
                yield finding


_QUANTITIES: Final = (
    ("cut-text", "cut_letters"),
    ("cut-strip", "cut_strip"),
    ("cut-seal", "cut_seal"),
    ("no-margin", "close_lines"),
    ("cut-table", "cut_rules"),
)
_WEAKER: Final = ("no-margin", "cut-table")
_FACING: Final = (Side.LEFT, Side.RIGHT)


def _count(view: PageView, quantity: str, pieces: dict[Side, NDArray[np.int32]]) -> Measurement:
    most = max((len(rows) for rows in pieces.values()), default=0)
    boxes = [_box(view, side, row) for side, rows in pieces.items() for row in rows[:_MAX_BOXES].tolist()]
    return Measurement(
        quantity=quantity,
        value=float(sum(len(rows) for rows in pieces.values())),
        unit=Unit.COUNT,
        confidence=1.0 if most == 0 or most >= _SURE_LETTERS else _DOUBT,
        boxes=tuple(boxes[:_MAX_BOXES]),
    )


def _one_sided(view: PageView, quantity: str, rows: dict[Side, NDArray[np.int32]]) -> list[Measurement]:
    """The most on a side, and what each has."""
    most = max(rows, key=lambda side: len(rows[side]))
    sides = [_count(view, f"{quantity}_{side.value}", {side: rows[side]}) for side in Side if len(rows[side])]
    return [*sides, _count(view, quantity, {most: rows[most]})]


def _seals(view: PageView) -> Iterator[Measurement]:
    """The largest share that is visible of a cut seal, 0 where none is; by side, too."""
    if not view.is_colour:
        return
    seals = find_cut_seals(view.colour.pixels, view.paper.level, scale=view.scale)
    for side in Side:
        if any(seal.side is side for seal in seals):
            yield _seal(view, f"cut_seal_{side.value}", [seal for seal in seals if seal.side is side])
    yield _seal(view, "cut_seal", seals)


def _seal(view: PageView, quantity: str, seals: Sequence[CutSeal]) -> Measurement:
    most = max((seal.visible for seal in seals), default=0.0)
    places = [
        turned_back(
            seal.side,
            view.grey.pixels.shape,
            across=0,
            along=max(seal.along, 0),
            depth=seal.depth,
            length=seal.length + min(seal.along, 0),
        )
        for seal in seals[:_MAX_BOXES]
    ]
    return Measurement(
        quantity=quantity,
        value=stepped(most, _STEP_SHARE),
        unit=Unit.RATIO,
        confidence=_DOUBT if seals else 1.0,
        boxes=tuple(view.grey.box(*place) for place in places),
    )


def _box(view: PageView, side: Side, row: list[int]) -> Box:
    along, length, depth = row
    place = turned_back(side, view.grey.pixels.shape, across=0, along=along, depth=depth, length=length)
    return view.grey.box(*place)


def _sides(result: CheckResult, quantity: str) -> str:
    """The sides concerned, those with most letters first, as words of a message."""
    found = [(side, result.number(f"{quantity}_{side.value}")) for side in Side]
    hit = sorted(((number.value, side) for side, number in found if number and number.value), reverse=True)
    return ", ".join(side.value for _, side in hit)
