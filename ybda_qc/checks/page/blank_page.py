"""Blank pages 空白页, and pages with so little on them that a person should look."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from pydantic import Field

from ybda_qc.checks._base import Code, Flag, Limits, Needs, PageCheck
from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.imaging.ops.emptiness import Kind, Sorted, crispness, sort_marks
from ybda_qc.imaging.ops.flat import flatten_colour
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
_TONES: Final = 0.2  # of the paper's level: stains and light on bare paper vary less
_DARK_TONES: Final = 20.0  # levels, on dark pages
_SOFT_PRINT: Final = 8  # so many soft marks are the print of the other side
_CLUSTER_MM: Final = 5.0
_CLUSTER_STEP: Final = 4  # pixels
_HALF: Final = 2
_MAX_BOXES: Final = 12
_FULL_SNR: Final = 8.0


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
    faint_letters: int = Field(
        default=100, gt=0, description="sharp letters in lines from which a page of faint writing is written"
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
        flats = [view.dark_flat]
        if view.paper.is_dark:
            # Too dark a scan has darker writing, a cover or a negative has brighter: either is content.
            flats.append(view.bright_flat)
            strong = max(flat.strong_share(area) for flat in flats)
            if strong > method.written_share:
                return _result(strong, WRITTEN, "", ())
        page = _Page(view=view, method=method, area=area)
        seen = [page.see(view.dark_marks)]
        if view.paper.is_dark and not seen[0].is_written:
            seen.append(page.see(view.bright_marks))
        if seen[-1].is_written or seen[0].is_written:
            return _result(max(one.share for one in seen), WRITTEN, "", ())
        if page.is_full_of_faint_writing():
            return _result(cv2.countNonZero(view.ink.mask) / area, WRITTEN, "", ())
        if view.is_colour and not any(one.found.written for one in seen):
            seen.append(page.see_tinges())
            if seen[-1].is_written:
                return _result(seen[-1].share, WRITTEN, "", ())
        return _little_or_nothing(view, seen)

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """Blank, nearly blank or neither."""
        content, ink = result.text("content"), result.number("ink")
        if content == NOTHING:
            yield from limits.flag("blank")
        elif content == LITTLE and ink is not None:
            marks = result.number("marks")
            count = int(marks.value) if marks else 0
            yield from limits.flag("nearly-blank", boxes=ink.boxes, marks=count)


def _little_or_nothing(view: PageView, seen: Sequence["_Seen"]) -> Sequence[Measured]:
    count = sum(len(one.found.written) for one in seen)
    if count:
        boxes = [box for one in seen for box in _clusters(one, view.grey, _CLUSTER_MM * view.scale)]
        return _result(sum(one.share for one in seen), LITTLE, "", tuple(boxes[:_MAX_BOXES]), count)
    tones = tonal_range(view.grey.pixels, view.ink.inside)
    if tones > max(_TONES * view.paper.level, _DARK_TONES):  # a picture, perhaps, without any stroke
        return _result(0.0, LITTLE, "broad tones", (), 0)
    return _result(0.0, NOTHING, _appearance(view, seen[0].found), ())


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """Marks of one plane, and whether they make a written page."""

    found: Sorted
    is_written: bool
    share: float
    factor: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    view: PageView
    method: Method
    area: int

    def see(self, marks: Sequence[Mark]) -> _Seen:
        """What the marks of the grey plane are."""
        colour = self.view.colour.pixels if self.view.is_colour else None
        return self._sort(marks, lambda mark: colour is None or _is_grey(colour, mark), factor=1)

    def see_tinges(self) -> _Seen:
        """Marks of coloured ink too pale for the grey plane, on the plane of half the size."""
        view = self.view
        marks = find_marks(flatten_colour(view.colour.pixels, view.paper, view.ink.inside))
        known = view.bright_marks + view.dark_marks if view.paper.is_dark else view.dark_marks
        fresh = [mark for mark in marks if not any(_overlap(mark, other) for other in known)]
        return self._sort(fresh, lambda _: False, factor=_HALF)

    def is_full_of_faint_writing(self) -> bool:
        """Whether there are many letters fainter than the swing that they give to the paper."""
        view = self.view
        if self._is_lettered(view.full_marks):
            return True
        return view.paper.is_dark and self._is_lettered(view.dim_marks)

    def _is_lettered(self, marks: Sequence[Mark]) -> bool:
        clear = [
            mark
            for mark in marks
            if mark.depth >= _CRISP_DEPTH and mark.snr >= _FULL_SNR and mark.sharpness >= self._crisp()
        ]
        return count_letters(clear, scale=self.view.scale) >= self.method.faint_letters

    def _sort(self, marks: Sequence[Mark], hole_like: Callable[[Mark], bool], *, factor: int) -> _Seen:
        view, method = self.view, self.method
        inside = halved(view.ink.inside, factor - 1)
        scale = view.scale / factor
        found = sort_marks(marks, inside, scale=scale, hole_like=hole_like)
        clear = [
            mark
            for mark in found.written
            if mark.depth >= method.clear_depth
            or (mark.depth >= _CRISP_DEPTH and mark.sharpness >= self._crisp())
        ]
        share = sum(mark.area for mark in clear) * factor**2 / self.area
        is_written = share > method.written_share or (
            count_letters(clear, scale=scale) >= method.written_marks
        )
        share = sum(mark.area for mark in found.written) * factor**2 / self.area
        return _Seen(found=found, is_written=is_written, share=share, factor=factor)

    def _crisp(self) -> float:
        return crispness(self.method.crisp, self.view.scale)


def _is_grey(colour: Pixels, mark: Mark) -> bool:
    patch = colour[mark.top : mark.top + mark.height, mark.left : mark.left + mark.width]
    pixels = patch.reshape(-1, 3)
    luma = pixels.sum(axis=1, dtype=np.int32)
    # The core of the mark alone: its rim has the tint of the paper.
    channels = np.median(pixels[luma <= np.percentile(luma, 30)], axis=0)
    return float(channels.max() - channels.min()) < _HOLE_TINGE


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


def _clusters(seen: _Seen, plane: Plane, reach: float) -> tuple[Box, ...]:
    """Boxes round marks that lie close together, the darkest and largest first."""
    marks = seen.found.written
    if not marks:
        return ()
    step = _CLUSTER_STEP
    height, width = plane.pixels.shape
    boxes = np.array([(m.left, m.top, m.left + m.width, m.top + m.height) for m in marks]) * seen.factor
    weights = np.array([mark.area * mark.depth for mark in marks])
    # Marks that touch once each is grown by half the reach belong together.
    near = np.zeros((height // step + 1, width // step + 1), np.uint8)
    grown = np.maximum(boxes + np.array([-1, -1, 1, 1]) * reach / 2, 0) / step
    for left, top, right, bottom in grown.astype(int).tolist():
        near[top : bottom + 1, left : right + 1] = 1
    labels = np.asarray(cv2.connectedComponents(near, connectivity=8)[1], dtype=np.int32)
    label = labels[boxes[:, 1] // step, boxes[:, 0] // step]
    found = []
    for one in np.unique(label).tolist():
        own = boxes[label == one]
        (left, top), (right, bottom) = own[:, :2].min(axis=0).tolist(), own[:, 2:].max(axis=0).tolist()
        box = plane.box(left, top, right - left, bottom - top)
        found.append((-float(weights[label == one].sum()), box))
    found.sort(key=lambda pair: pair[0])
    return tuple(box for _, box in found[:_MAX_BOXES])
