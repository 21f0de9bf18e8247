"""Blank pages 空白页, and pages with so little on them that a person should look."""

from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np
from pydantic import Field

from ybda_qc.checks._base import Code, Flag, Limits, Needs, PageCheck
from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.imaging.ops.emptiness import Kind, Sorted, softness, sort_marks
from ybda_qc.imaging.ops.flat import flatten, flatten_colour
from ybda_qc.imaging.ops.letters import count_letters
from ybda_qc.imaging.ops.marks import Mark, find_marks
from ybda_qc.imaging.ops.pyramid import halved
from ybda_qc.imaging.ops.tone import tonal_range
from ybda_qc.imaging.view import PageView, Pixels, Plane
from ybda_qc.model import (
    Box,
    CheckResult,
    Facts,
    Finding,
    Measured,
    Measurement,
    NotApplicable,
    Observation,
    Unit,
)

WRITTEN: Final = "written"
LITTLE: Final = "little"
NOTHING: Final = "nothing"
"""Values of the observation ``content``."""

_STEP: Final = 1e-5  # ratio
_LEAST_INSIDE: Final = 64  # pixels of paper below which nothing can be said
_INK_LEVEL: Final = 0.65  # of the paper: darker pixels that stand out are ink beyond doubt
_HOLE_TINGE: Final = 40  # levels between the channels: a coloured disc is no hole
_CRISP_DEPTH: Final = 0.08
_USUAL_SCALE: Final = 150 / 25.4  # pixels a millimetre
_TONES: Final = 0.2  # of the paper's level: stains and light on bare paper vary less
_DARK_TONES: Final = 20.0  # levels, on dark pages
_SOFT_PRINT: Final = 8  # so many soft marks are the print of the other side
_CLUSTER_MM: Final = 5.0
_MAX_BOXES: Final = 12


class Method(BaseMethod):
    """How much makes a written page."""

    written_share: float = Field(
        default=0.008,
        gt=0,
        lt=1,
        description="share of the paper under dark ink from which a page is written",
    )
    written_marks: int = Field(
        default=12, gt=0, description="clear marks of the size of letters from which a page is written"
    )
    crisp: float = Field(
        default=0.46,
        gt=0,
        lt=1,
        description="sharpness (0.5 is a clean edge) from which a faint mark is clear, too",
    )
    clear_depth: float = Field(
        default=0.3,
        gt=0,
        lt=1,
        description="darkness, as share of the paper's level, from which a mark is clear",
    )


class BlankPageCheck(PageCheck):
    """A page shows writing, print or a picture; a page without any is pointed out to a person.

    Why: DA/T 31-2017 counts pages with text or pictures, so that a blank image is often a surplus one,
    and a page scanned with the wrong side up is a missing one. Pages with a page number, a faint seal or
    one line in pencil only look blank to averages; they are called nearly blank, with what is there
    marked. Nothing is ever dropped.

    Remedy: look at the original. Keep the image if the contract keeps blank sides; otherwise take it out
    of the batch and count again. If the original is written on, scan it again.
    """

    id = "blank_page"
    title = "Blank page"
    version = 1
    needs = Needs.PIXELS
    method = Method
    codes = (
        Code(name="blank", title="blank pages", template="the page is blank", limits=Flag),
        Code(
            name="nearly-blank",
            title="nearly blank pages",
            template="the page is nearly blank: {marks} marks found",
            limits=Flag,
        ),
    )

    def measure(self, view: PageView, method: Method) -> Sequence[Measured] | NotApplicable:
        """Share of the paper under ink, what the page holds, and boxes round what little there is."""
        paper, ink, grey = view.paper, view.ink, view.grey
        area = cv2.countNonZero(ink.inside)
        if area < _LEAST_INSIDE:
            return NotApplicable(reason="the picture is too small to tell")
        if not paper.is_dark:
            dark = cv2.threshold(grey.pixels, _INK_LEVEL * paper.level, 255, cv2.THRESH_BINARY_INV)[1]
            if cv2.countNonZero(cv2.bitwise_and(dark, ink.mask)) > method.written_share * area:
                return _result(cv2.countNonZero(ink.mask) / area, WRITTEN, "", ())
        return self._look_closely(view, method, area)

    @staticmethod
    def _look_closely(view: PageView, method: Method, area: int) -> Sequence[Measured]:
        paper, inside, scale = view.paper, view.ink.inside, view.scale
        marks = find_marks(flatten(view.grey.pixels, paper, inside))
        colour = view.colour.pixels if view.colour.pixels.ndim == 3 else None
        found = sort_marks(
            marks, inside, scale=scale, hole_like=[colour is None or _is_grey(colour, mark) for mark in marks]
        )
        written, factor = found.written, 1
        if not written and colour is not None:
            written, factor = _tinged(view, colour, marks), 2
        share = sum(mark.area for mark in written) * factor**2 / area
        if not written:
            tones = tonal_range(view.grey.pixels, inside)
            if tones > max(_TONES * paper.level, _DARK_TONES):  # a picture, perhaps, without any stroke
                return _result(0.0, LITTLE, "broad tones", (), 0)
            return _result(0.0, NOTHING, _appearance(view, found), ())
        crisp = method.crisp + softness(scale) - softness(_USUAL_SCALE)
        clear = [
            mark
            for mark in written
            if mark.depth >= method.clear_depth or (mark.depth >= _CRISP_DEPTH and mark.sharpness >= crisp)
        ]
        clear_share = sum(mark.area for mark in clear) * factor**2 / area
        if (
            count_letters(clear, scale=scale / factor) >= method.written_marks
            or clear_share > method.written_share
        ):
            return _result(share, WRITTEN, "", ())
        boxes = _clusters(written, view.grey, factor, _CLUSTER_MM * scale / factor)
        return _result(share, LITTLE, "", boxes, len(written))

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """Blank, nearly blank or neither."""
        content, ink = result.text("content"), result.number("ink")
        if content == NOTHING:
            yield from limits.flag("blank")
        elif content == LITTLE and ink is not None:
            marks = result.number("marks")
            count = int(marks.value) if marks else 0
            yield from limits.flag("nearly-blank", boxes=ink.boxes, marks=count)


def _result(
    share: float, content: str, appearance: str, boxes: tuple[Box, ...], marks: int | None = None
) -> Sequence[Measured]:
    measured: list[Measured] = [
        Measurement(
            quantity="ink", value=round(round(share / _STEP) * _STEP, 5), unit=Unit.RATIO, boxes=boxes
        ),
        Observation(quantity="content", text=content),
    ]
    if appearance:
        measured.append(Observation(quantity="appearance", text=appearance))
    if marks is not None:
        measured.append(Measurement(quantity="marks", value=marks, unit=Unit.COUNT))
    return measured


def _is_grey(colour: Pixels, mark: Mark) -> bool:
    patch = colour[mark.top : mark.top + mark.height, mark.left : mark.left + mark.width]
    pixels = patch.reshape(-1, 3)
    luma = pixels.sum(axis=1, dtype=np.int32)
    # The core of the mark alone: its rim has the tint of the paper.
    channels = np.median(pixels[luma <= np.percentile(luma, 30)], axis=0)
    return float(channels.max() - channels.min()) < _HOLE_TINGE


def _tinged(view: PageView, colour: Pixels, grey_marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Marks of coloured ink too pale for the grey plane, on the plane of half the size."""
    marks = find_marks(flatten_colour(colour, view.paper, view.ink.inside))
    inside = halved(view.ink.inside, 1)
    fresh = [mark for mark in marks if not any(_overlap(mark, known) for known in grey_marks)]
    return sort_marks(fresh, inside, scale=view.scale / 2, hole_like=[False] * len(fresh)).written


def _overlap(half: Mark, mark: Mark) -> bool:
    return (
        2 * half.left < mark.left + mark.width
        and mark.left < 2 * (half.left + half.width)
        and 2 * half.top < mark.top + mark.height
        and mark.top < 2 * (half.top + half.height)
    )


def _appearance(view: PageView, found: Sorted) -> str:
    """What a blank page looks like; a hint for the person, not a verdict."""
    if view.paper.is_dark:
        return "all-dark"
    if found.kinds.get(Kind.SOFT, 0) >= _SOFT_PRINT:
        return "show-through or stains"
    return "bare"


def _clusters(marks: Sequence[Mark], plane: Plane, factor: int, reach: float) -> tuple[Box, ...]:
    """Boxes round marks that lie close together, the darkest and largest first."""
    boxes = [[m.left, m.top, m.left + m.width, m.top + m.height, m.area * m.depth] for m in marks]
    merged = True
    while merged:
        merged = False
        for one in boxes:
            for other in boxes:
                if other is not one and _near(one, other, reach):
                    one[:] = [
                        min(one[0], other[0]),
                        min(one[1], other[1]),
                        max(one[2], other[2]),
                        max(one[3], other[3]),
                        one[4] + other[4],
                    ]
                    boxes.remove(other)
                    merged = True
                    break
            if merged:
                break
    boxes.sort(key=lambda box: -box[4])
    return tuple(
        plane.box(left * factor, top * factor, (right - left) * factor, (bottom - top) * factor)
        for left, top, right, bottom, _ in boxes[:_MAX_BOXES]
    )


def _near(one: list[float], other: list[float], reach: float) -> bool:
    return (
        one[0] - reach < other[2]
        and other[0] - reach < one[2]
        and one[1] - reach < other[3]
        and other[1] - reach < one[3]
    )
