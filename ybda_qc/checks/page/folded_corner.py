"""Folded corners 折角: a corner of the sheet that is turned over, with what stands on it."""

import math
from collections.abc import Iterator, Sequence
from typing import Final

from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.checks._base import Needs, PageCheck
from ybda_qc.checks._limits import Above, Code, Limits
from ybda_qc.imaging.ops.corner import Fold, find_folds, window_px
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

_STEP_MM: Final = 0.5
_STEP_SHARE: Final = 0.001
_SURE_STEP: Final = 40.0  # levels between sheet and ground; a shadow alone makes fewer


class FoldedCornerCheck(PageCheck):
    """All four corners of the sheet lie flat and are whole.

    Why: a corner that is turned over hides what is written under it, and the scan looks complete. Looked for
    is a straight diagonal step that cuts a corner off the sheet, with even ground beyond it. A torn corner is
    not straight, a smoothed crease has the same tone on both sides, and the wedge beside a turned sheet is
    slim; these are no folds. On a lid of the same tone as the paper, with no shadow, a fold cannot be seen;
    nor can a corner that was cut off on purpose be told from a folded one.

    Remedy: look at the original. Unfold the corner, hold the sheet flat and scan again.
    """

    id = "folded_corner"
    title = "Folded corner"
    version = 5
    needs = Needs.PIXELS
    method = BaseMethod
    codes = (
        Code(
            name="folded",
            title="folded corners",
            template="a corner of {value:.0f} mm seems to be folded ({corners})",
            limits=Above,
            drawing=Drawing.SHADE,
        ),
        Code(
            name="folded-share",
            title="folded corners, size unknown",
            template="a corner of {percent:.1f} % of the page's short side seems to be folded ({corners})",
            limits=Above,
            drawing=Drawing.SHADE,
        ),
    )

    def measure(self, view: PageView, method: BaseMethod) -> Sequence[Measured] | NotApplicable:  # noqa: ARG002
        """Size of the largest folded corner in mm (or as a share of the short side), and which are folded."""
        if view.paper.is_dark:
            return NotApplicable(reason="the page itself is dark")
        if min(view.grey.pixels.shape) < window_px(view.scale):
            return NotApplicable(reason="the picture is too small to tell")
        folds = sorted(
            find_folds(view.grey.pixels, view.paper, scale=view.scale), key=lambda fold: -_size(fold)
        )
        boxes = tuple(view.grey.box(fold.left, fold.top, fold.leg_x, fold.leg_y) for fold in folds)
        size = _size(folds[0]) if folds else 0.0
        if view.dpi is None:
            quantity, unit = "folded_corner_share", Unit.RATIO
            value = stepped(size / min(view.grey.pixels.shape), _STEP_SHARE)
        else:
            quantity, unit = "folded_corner", Unit.MILLIMETRE
            value = stepped(size / view.scale, _STEP_MM)
        return [
            Measurement(
                quantity=quantity, value=value, unit=unit, confidence=_confidence(folds), boxes=boxes
            ),
            Observation(quantity="folded_corners", text=", ".join(fold.corner.value for fold in folds)),
        ]

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """The largest folded corner."""
        size, share = result.number("folded_corner"), result.number("folded_corner_share")
        corners = result.text("folded_corners") or ""
        if size is not None:
            yield from limits.grade(
                "folded", size.value, unit=Unit.MILLIMETRE, boxes=size.boxes, corners=corners
            )
        elif share is not None:
            yield from limits.grade(
                "folded-share",
                share.value,
                unit=Unit.RATIO,
                boxes=share.boxes,
                percent=100 * share.value,
                corners=corners,
            )


def _size(fold: Fold) -> float:
    """Mean length of the two edges that are missing."""
    return math.sqrt(fold.leg_x * fold.leg_y)


def _confidence(folds: Sequence[Fold]) -> float:
    if not folds:
        return 0.9  # a fold on a ground of the paper's own tone is not seen
    return round(min(0.95, 0.6 + 0.35 * folds[0].step / _SURE_STEP), 2)
