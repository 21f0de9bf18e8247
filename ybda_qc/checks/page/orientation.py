"""Orientation 方向 of the writing: which way up the page is stored."""

from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np

from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.checks._base import Needs, PageCheck
from ybda_qc.checks._limits import Code, Flag, Limits
from ybda_qc.imaging.direction import read_direction
from ybda_qc.imaging.view import PageView
from ybda_qc.model import (
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
_STEP: Final = 0.01  # of the confidence
_MAX_BOXES: Final = 8


class OrientationCheck(PageCheck):
    """The writing on a page stands upright as the pixels are stored.

    Why: DA/T 31-2017 asks that pages are turned to be read upright (旋转). The direction is that of the
    characters, Chinese or Latin, in horizontal lines or in columns; an orientation tag in the file does not
    count, because not every program obeys it. Of a PDF page it is the direction as displayed. A page
    without writing has no direction, and where the characters disagree none is given.

    Remedy: turn the image by the angle given, without compressing it a second time, or scan again. Look at
    tables and drawings that were bound sideways: whether these are turned is for the contract to say.
    """

    id = "orientation"
    title = "Orientation"
    version = 2
    needs = Needs.PIXELS
    method = BaseMethod
    codes = (
        Code(
            name="rotated",
            title="rotated pages",
            template="rotated: a clockwise turn by {value:g} degrees would make the writing upright",
            limits=Flag,
            drawing=Drawing.TURN,
        ),
        Code(
            name="unsure",
            title="orientation could not be told",
            template="the orientation cannot be told: the characters do not agree on one",
            limits=Flag,
        ),
    )

    def measure(self, view: PageView, method: BaseMethod) -> Sequence[Measured] | NotApplicable:  # noqa: ARG002
        """Clockwise turn in degrees that makes the stored pixels upright: 0, 90, 180 or 270."""
        plane = view.grey.pixels
        if view.paper.is_dark:  # bright writing
            plane = np.asarray(cv2.bitwise_not(plane), dtype=np.uint8)
        direction = read_direction(plane, view.ink.mask)
        if direction is None:
            return NotApplicable(reason="no writing on the page, or too little, to tell its orientation by")
        if not direction.is_sure:
            return (Observation(quantity="estimate", text=UNSURE),)
        return (
            Measurement(
                quantity="orientation",
                value=float(direction.turn_degrees),
                unit=Unit.DEGREE,
                confidence=stepped(direction.confidence, _STEP),
                boxes=tuple(view.grey.box(*box) for box in direction.boxes[:_MAX_BOXES]),
            ),
        )

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """Any turn but none, or that it could not be told."""
        orientation = result.number("orientation")
        if orientation is None:
            yield from limits.flag("unsure")
        elif orientation.value:
            yield from limits.flag(
                "rotated", value=orientation.value, unit=Unit.DEGREE, boxes=orientation.boxes
            )
