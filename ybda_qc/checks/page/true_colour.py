"""What colour a page really holds, whatever the file declares: none, some, or the wrong one."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np
from pydantic import Field

from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.checks._base import Needs, PageCheck
from ybda_qc.checks._limits import Above, Code, Flag, Limits
from ybda_qc.imaging.ops.channels import Channels, compare_channels, dead_channels
from ybda_qc.imaging.ops.colour import (
    REDUCED,
    Region,
    Sheet,
    beyond_paper,
    find_colour,
    lab_of,
    reduce_colour,
)
from ybda_qc.imaging.view import PageView
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

COLOUR: Final = "colour"
GREY: Final = "grey"
BITONAL: Final = "bitonal"
"""Values of the observation ``content``."""
NONE: Final = "none"

_LEAST_INSIDE: Final = 64  # pixels of the reduced plane, 30 mm2
_LIKELY: Final = 0.3  # share of bare paper from which its tint is that of the page
_TINT_STEP: Final = 0.5
_SHARE_STEP: Final = 1e-4
_MAX_BOXES: Final = 8


class Method(BaseMethod):
    """How grey and dead channels are told from colour."""

    grey_spread: int = Field(
        default=3, ge=0, description="levels by which the channels of untinted grey may differ"
    )
    grey_offset: int = Field(default=12, ge=0, description="levels of a uniform tint of paper and ink")
    bitonal_middle: float = Field(
        default=0.003, ge=0, lt=1, description="share of middle tones up to which such a page is bitonal"
    )
    picture_range: int = Field(
        default=60, gt=0, le=255, description="levels between the ends of a channel that holds a picture"
    )


class TrueColourCheck(PageCheck):
    """A colour file holds colour 彩色, all of its channels, and the tint of its paper is that of paper.

    Why: a grey scan stored as colour is three times as large and looks like compliance; whether red seals
    公章, red letterheads 红头 and coloured ink were kept can no longer be told. A cast over the whole page
    comes from a wrong white balance or a failing lamp, a missing channel from a failing sensor or a wrong
    conversion; colour that was lost cannot be won back. Coloured paper looks like a cast, so a person
    decides.

    Remedy: look at the original. Where it has colour, scan it again in colour, with the white balance set
    by the scanner's target. Where it has none, and the contract allows grey, store it as grey.
    """

    id = "true_colour"
    title = "True colour"
    version = 3
    needs = Needs.PIXELS
    method = Method
    codes = (
        Code(
            name="grey-as-colour",
            title="grey stored as colour",
            template="stored in colour, but the content is only {content}",
            limits=Flag,
        ),
        Code(
            name="colour-cast",
            title="colour cast",
            template="the paper is {tint}, {value:g} beyond the tints of paper (limit {limit:g}; CIE a*, b*)",
            limits=Above,
        ),
        Code(
            name="channel-missing",
            title="colour channel missing",
            template="a channel of the picture is empty: {channel}",
            limits=Flag,
        ),
    )

    def measure(self, view: PageView, method: Method) -> Sequence[Measured] | NotApplicable:
        """Content, tint of the bare paper, and what is coloured apart from it."""
        if not view.is_colour:
            return NotApplicable(reason="stored without colour")
        plane = reduce_colour(view.colour.pixels)
        middle = REDUCED // 2
        inside = view.ink.inside[middle::REDUCED, middle::REDUCED][: plane.shape[0], : plane.shape[1]]
        too_thin = min(view.colour.pixels.shape[:2]) < REDUCED or plane.shape[:2] != inside.shape
        if too_thin or cv2.countNonZero(np.ascontiguousarray(inside)) < _LEAST_INSIDE:
            return NotApplicable(reason="the picture is too small to tell")
        sheet = Sheet.of(plane, view.colour.pixels, np.ascontiguousarray(inside), view.paper.level)
        channels = compare_channels(view.pixels)
        dead = dead_channels(channels, sheet.white, least_range=method.picture_range)
        regions = () if dead else find_colour(sheet)
        content = _content(channels, regions, method) if not dead else COLOUR
        measured: list[Measured] = []
        if view.header.compression != "vector":  # what is drawn is stored in no colour mode
            measured.append(Observation(quantity="content", text=content))
        if dead:
            return [*measured, Observation(quantity="missing_channel", text=", ".join(dead))]
        if not view.paper.is_dark and sheet.bare > 0:
            measured += _tint(sheet)
        return measured + _coloured(regions, sheet, view)

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """A dead channel, grey in a colour file, a tint that no paper has."""
        missing, content = result.text("missing_channel"), result.text("content")
        cast, tint = result.number("cast"), result.text("tint")
        if missing:
            yield from limits.flag("channel-missing", channel=missing)
        if content in (GREY, BITONAL):
            yield from limits.flag("grey-as-colour", content=content)
        if cast is not None and tint:
            yield from limits.grade("colour-cast", cast.value, unit=Unit.SCORE, tint=tint)


def _content(channels: Channels, regions: Sequence[Region], method: Method) -> str:
    """Grey where the channels go together all over the page; a tint must be one of paper and ink alike."""
    inked = max(channels.ranges) >= method.picture_range
    if channels.offset <= 1:
        together = channels.spread <= method.grey_spread
    else:  # paper has less of its tint where it is inked or dark
        together = inked and channels.spread <= 1 and channels.offset <= method.grey_offset
    if regions or not together:
        return COLOUR
    return BITONAL if inked and channels.middle <= method.bitonal_middle else GREY


def _tint(sheet: Sheet) -> list[Measured]:
    """CIE a* and b* of the bare paper; a cast only where most of the page is bare paper."""
    _, a, b = lab_of(sheet.white)
    sure = 1.0 if sheet.bare >= _LIKELY else 0.5
    measured: list[Measured] = [
        Measurement(quantity="paper_a", value=stepped(a, _TINT_STEP), unit=Unit.SCORE, confidence=sure),
        Measurement(quantity="paper_b", value=stepped(b, _TINT_STEP), unit=Unit.SCORE, confidence=sure),
    ]
    cast, tint = beyond_paper(a, b)
    if sheet.bare >= _LIKELY:
        measured.append(Measurement(quantity="cast", value=stepped(cast, _TINT_STEP), unit=Unit.SCORE))
        if tint:
            measured.append(Observation(quantity="tint", text=tint))
    return measured


def _coloured(regions: Sequence[Region], sheet: Sheet, view: PageView) -> list[Measured]:
    """Hues present, strongest first, and the share of the sheet that each takes."""
    areas: dict[str, float] = defaultdict(float)
    for region in regions:
        areas[region.hue] += region.area
    hues = sorted(areas, key=lambda hue: -areas[hue])
    inside = cv2.countNonZero(sheet.inside)
    boxes = tuple(_box(region, view) for region in regions[:_MAX_BOXES])
    measured: list[Measured] = [
        Observation(quantity="colour_content", text=", ".join(hues) or NONE, boxes=boxes),
        Measurement(
            quantity="colour_share",
            value=stepped(min(1.0, sum(areas.values()) / inside), _SHARE_STEP),
            unit=Unit.RATIO,
            boxes=boxes,
        ),
    ]
    for hue in hues:
        share = stepped(min(1.0, areas[hue] / inside), _SHARE_STEP)
        measured.append(Measurement(quantity=f"{hue}_share", value=share, unit=Unit.RATIO))
    return measured


def _box(region: Region, view: PageView) -> Box:
    sides = (region.left, region.top, region.width, region.height)
    left, top, width, height = (REDUCED * side for side in sides)
    return view.colour.box(left, top, width, height)
