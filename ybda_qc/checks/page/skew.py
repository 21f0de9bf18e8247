"""Skew 偏斜 of the content against the edges of the picture."""

from collections.abc import Iterator, Sequence
from typing import Final

import cv2

from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.checks._base import Needs, PageCheck
from ybda_qc.checks._limits import Above, Code, Flag, Limits
from ybda_qc.imaging.ops.skew import Segment
from ybda_qc.imaging.view import PageView, Plane
from ybda_qc.model import (
    Box,
    CheckResult,
    Drawing,
    Facts,
    Finding,
    Measured,
    Measurement,
    NotApplicable,
    Observation,
    Unit,
    stepped,
)

UNSURE: Final = "unsure"
_STEP: Final = 0.01  # degrees
_LEAST_INK: Final = 5e-4  # share of the paper: less is dirt
_MAX_BOXES: Final = 8


class SkewCheck(PageCheck):
    """Lines of writing, columns and rules of a page run parallel to the edges of the picture.

    Why: DA/T 31-2017 asks that a page is straightened until no skew is noticeable to the eye, and gives
    no angle; local rules and contracts allow 1 to 3 degrees. Text recognition suffers from larger angles.
    The angle is that of the writing, not of the sheet, and is not given where the page shows no lines to
    measure it by.

    Remedy: scan again with the sheet against the stop, or straighten the image from the original scan. Do not
    straighten an image a second time: each turn blurs it.
    """

    id = "skew"
    title = "Skew"
    version = 4
    needs = Needs.PIXELS
    method = BaseMethod
    codes = (
        Code(
            name="over-limit",
            title="skewed pages",
            template="skew {angle:+.2f} degrees is over {limit:g}",
            limits=Above,
            drawing=Drawing.ANGLE,
        ),
        Code(
            name="unsure",
            title="skew could not be told",
            template="the skew cannot be told: no clear lines on the page",
            limits=Flag,
        ),
    )

    def measure(self, view: PageView, method: BaseMethod) -> Sequence[Measured] | NotApplicable:  # noqa: ARG002
        """Angle in degrees, positive where the content is turned clockwise on screen; some lines."""
        estimate = view.skew
        if estimate is None:
            return NotApplicable(reason="nothing on the page has lines")
        if not estimate.is_sure:
            ink = view.ink
            if cv2.countNonZero(ink.mask) < _LEAST_INK * max(1, cv2.countNonZero(ink.inside)):
                return NotApplicable(reason="nothing on the page has lines")
            return (Observation(quantity="estimate", text=UNSURE),)
        boxes = tuple(_box(view.grey, line) for line in estimate.lines[:_MAX_BOXES])
        return (
            Measurement(
                quantity="skew",
                value=stepped(estimate.angle_degrees, _STEP),
                unit=Unit.DEGREE,
                confidence=min(1.0, max(0.0, estimate.confidence)),
                boxes=boxes,
            ),
            Observation(quantity="lines", text="vertical" if estimate.vertical else "horizontal"),
        )

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """The angle either way, or that it could not be told."""
        skew = result.number("skew")
        if skew is None:
            yield from limits.flag("unsure")
            return
        size = abs(skew.value)
        yield from limits.grade("over-limit", size, unit=Unit.DEGREE, boxes=skew.boxes, angle=skew.value)


def _box(plane: Plane, line: Segment) -> Box:
    (x0, y0), (x1, y1) = line
    return plane.box(max(0.0, min(x0, x1)), max(0.0, min(y0, y1)), abs(x1 - x0), abs(y1 - y0))
