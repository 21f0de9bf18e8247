"""Blank pages 空白页, and pages with so little on them that a person should look."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from pydantic import Field

from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.checks._base import Needs, PageCheck
from ybda_qc.checks._limits import Code, Flag, Limits
from ybda_qc.imaging.ops.colour import lab_of
from ybda_qc.imaging.ops.emptiness import Sorted, crispness, sort_marks
from ybda_qc.imaging.ops.flat import flatten_colour
from ybda_qc.imaging.ops.letters import count_letters
from ybda_qc.imaging.ops.marks import Mark, find_marks
from ybda_qc.imaging.ops.pyramid import halved
from ybda_qc.imaging.ops.tone import tonal_range
from ybda_qc.imaging.ops.traces import Group, Trace, group_marks, is_seal, name_groups
from ybda_qc.imaging.view import PageView, Pixels
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
    stepped,
)

WRITTEN: Final = "written"
LITTLE: Final = "little"
NOTHING: Final = "nothing"
"""Values of the observation ``content``."""
CONTENT: Final = "writing or pictures"

_STEP: Final = 1e-5  # ratio
_LEAST_INSIDE: Final = 64  # pixels of paper below which nothing can be said
_INK_LEVEL: Final = 0.65  # of the paper: darker pixels that stand out are ink beyond doubt
_SOME_ROWS: Final = 3  # every so many
_HOLE_TINGE: Final = 40  # levels between the channels: a coloured disc is no hole
_CRISP_DEPTH: Final = 0.08
_TONES: Final = 0.2  # of the paper's level: stains and light on bare paper vary less
_DARK_TONES: Final = 20.0  # levels, on dark pages
_GRAIN: Final = 16.0  # levels: the noise of no paper and no scanner is as strong at 150 dpi
_BED_SHARE: Final = 0.2  # of the picture: so much black is perhaps no bed
_SOFT_PRINT: Final = 8  # so many soft marks are the print of the other side
_CLUSTER_MM: Final = 5.0
_SEAL_SHARE: Final = 0.03  # of the paper under ink, more is no seal alone
_TINT_STRIDE: Final = 8  # pixels
_TINT_LIGHTNESS: Final = 80.0  # CIE L*, less is grey or dark paper
_TINT_CHROMA: Final = 9.0  # of CIE a*, b*
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
    named and marked. A page that was declared blank and is not is another page than was meant. Nothing is
    ever dropped.

    Remedy: look at the original. Keep the image if the contract keeps blank sides, and declare it under
    [blanks] in the profile; otherwise take it out of the batch and count again. If the original is
    written on, scan it again.
    """

    id = "blank_page"
    title = "Blank page"
    version = 3
    needs = Needs.PIXELS
    method = Method
    codes = (
        Code(name="blank", title="blank pages", template="the page is blank: {appearance}", limits=Flag),
        Code(
            name="nearly-blank",
            title="nearly blank pages",
            template="the page is nearly blank: {appearance} (marks found: {marks})",
            limits=Flag,
        ),
        Code(
            name="declared-blank",
            title="blank pages, as declared",
            template="the page is blank, as declared: {appearance}",
            limits=Flag,
        ),
        Code(
            name="not-blank",
            title="declared blanks that are not",
            template="declared blank, but something is on the page: {appearance}",
            limits=Flag,
        ),
    )

    def measure(self, view: PageView, method: Method) -> Sequence[Measured] | NotApplicable:
        """Share of the paper under ink, what the page holds, and boxes round what little there is."""
        paper, ink = view.paper, view.ink
        area = ink.area
        if area < _LEAST_INSIDE:
            return NotApplicable(reason="the picture is too small to tell")
        if not paper.is_dark:
            share = ink.count / area
            if _holds_ink(view, method.written_share * area) and (
                share > _SEAL_SHARE or not view.is_colour or not _may_be_seal(view)
            ):
                return _result(share, WRITTEN, "", ())
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
        if seen[0].is_written and page.is_seal_alone(seen[0]):
            return _little_or_nothing(view, seen[:1])
        if seen[-1].is_written or seen[0].is_written:
            return _result(max(one.share for one in seen), WRITTEN, "", ())
        if page.is_full_of_faint_writing():
            return _result(view.ink.count / area, WRITTEN, "", ())
        if view.is_colour and not any(one.found.written for one in seen):
            seen.append(page.see_tinges())
            if seen[-1].is_written:
                return _result(seen[-1].share, WRITTEN, "", ())
        return _little_or_nothing(view, seen)

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:
        """Blank, nearly blank or neither; and whether that is what was declared of the page."""
        content, ink = result.text("content"), result.number("ink")
        if content is None or ink is None:
            return
        marks = result.number("marks")
        appearance = result.text("appearance") or ""
        if facts.declared_blank:
            code = "declared-blank" if content == NOTHING else "not-blank"
            yield from limits.flag(code, boxes=ink.boxes, appearance=appearance or CONTENT)
        elif content == NOTHING:
            yield from limits.flag("blank", boxes=ink.boxes, appearance=appearance)
        elif content == LITTLE:
            count = int(marks.value) if marks else 0
            yield from limits.flag("nearly-blank", boxes=ink.boxes, marks=count, appearance=appearance)


def _little_or_nothing(view: PageView, seen: Sequence["_Seen"]) -> Sequence[Measured]:
    count = sum(len(one.found.written) for one in seen)
    if count:
        words: list[str] = []
        boxes: list[Box] = []
        for one in seen:
            groups = one.groups(one.found.written, view)
            words += name_groups(groups, one.plane(view), scale=view.scale / one.factor)
            boxes += [one.box(group, view) for group in groups]
        share = sum(one.share for one in seen)
        return _result(share, LITTLE, _listed(words), tuple(boxes[:_MAX_BOXES]), count)
    if _has_tones(view):  # a picture, perhaps, without any stroke
        return _result(0.0, LITTLE, "broad tones", (), 0)
    words, boxes = _appearance(view, seen[0])
    return _result(0.0, NOTHING, _listed(words), tuple(boxes[:_MAX_BOXES]))


def _has_tones(view: PageView) -> bool:
    """Whether the sheet varies more than bare paper does: by broad tones, by grain, or by a black half."""
    if view.paper.bed_share > _BED_SHARE or float(np.median(view.dark_flat.sigma)) > _GRAIN:
        return True
    tones = tonal_range(view.grey.pixels, view.ink.inside)
    return tones > max(_TONES * view.paper.level, _DARK_TONES)


def _holds_ink(view: PageView, least: float) -> bool:
    """Whether more pixels than that are ink beyond doubt; on most pages some of the rows hold enough."""
    for rows in (slice(None, None, _SOME_ROWS), slice(None)):
        grey, mask = view.grey.pixels[rows], view.ink.mask[rows]
        dark = cv2.threshold(grey, _INK_LEVEL * view.paper.level, 255, cv2.THRESH_BINARY_INV)[1]
        if cv2.countNonZero(cv2.bitwise_and(dark, mask)) > least:
            return True
    return False


def _may_be_seal(view: PageView) -> bool:
    """Whether all ink lies within the size of a seal; coarse, so that specks do not count."""
    coarse = cv2.threshold(halved(view.ink.mask, 2), 127, 255, cv2.THRESH_BINARY)[1]
    _, _, width, height = cv2.boundingRect(coarse)
    return is_seal(4 * width / view.scale, 4 * height / view.scale)


def _listed(words: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(words))


def _appearance(view: PageView, seen: "_Seen") -> tuple[list[str], list[Box]]:
    """What a blank page looks like, and where what is no content lies; hints for the person, no verdict."""
    if view.paper.is_dark:
        return ["all-dark"], []
    words: list[str] = []
    boxes: list[Box] = []
    if _is_tinted(view):
        words.append("tinted paper")
    if len(seen.found.soft) >= _SOFT_PRINT:
        words.append("show-through or stains")
        boxes += [seen.box(group, view) for group in seen.groups(seen.found.soft, view)]
    if seen.found.holes:
        words.append("holes")
        boxes = [seen.box(group, view) for group in seen.groups(seen.found.holes, view)] + boxes
    return words or ["bare"], boxes


def _is_tinted(view: PageView) -> bool:
    """Whether the paper is of a colour that anybody would name, or grey."""
    pixels = view.colour.pixels[_TINT_STRIDE // 2 :: _TINT_STRIDE, _TINT_STRIDE // 2 :: _TINT_STRIDE]
    inside = view.ink.inside[_TINT_STRIDE // 2 :: _TINT_STRIDE, _TINT_STRIDE // 2 :: _TINT_STRIDE] > 0
    if not inside.any():
        return False
    colour = np.median(pixels[inside], axis=0).astype(np.float32)
    lightness, a, b = lab_of(colour if colour.ndim else np.full(3, colour, np.float32))
    return lightness < _TINT_LIGHTNESS or float(np.hypot(a, b)) >= _TINT_CHROMA


def _result(
    share: float, content: str, appearance: str, boxes: tuple[Box, ...], marks: int | None = None
) -> Sequence[Measured]:
    measured: list[Measured] = [
        Measurement(quantity="ink", value=stepped(share, _STEP), unit=Unit.RATIO, boxes=boxes),
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

    def plane(self, view: PageView) -> Pixels:
        """The plane of the page on which the marks lie, in its colours."""
        return halved(view.colour.pixels, self.factor - 1)

    def groups(self, marks: Sequence[Mark], view: PageView) -> list[Group]:
        """Marks that lie close together, the darkest and largest first."""
        shape = [side // self.factor + 1 for side in view.grey.pixels.shape]
        return group_marks(marks, tuple(shape), _CLUSTER_MM * view.scale / self.factor)

    def box(self, group: Group, view: PageView) -> Box:
        """The rectangle of a group on the stored pixels."""
        left, top, width, height = (
            self.factor * side for side in (group.left, group.top, group.width, group.height)
        )
        return view.grey.box(left, top, width, height)


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

    def is_seal_alone(self, seen: _Seen) -> bool:
        """Whether all that is written is one red seal."""
        marks, scale = seen.found.written, self.view.scale
        if not self.view.is_colour or seen.share > _SEAL_SHARE or not marks:
            return False
        width = max(mark.left + mark.width for mark in marks) - min(mark.left for mark in marks)
        height = max(mark.top + mark.height for mark in marks) - min(mark.top for mark in marks)
        if not is_seal(width / scale, height / scale):
            return False
        groups = seen.groups(marks, self.view)
        return name_groups(groups[:1], seen.plane(self.view), scale=scale) == [Trace.SEAL]

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
