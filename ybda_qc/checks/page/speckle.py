"""Specks 噪点: dust on the glass, and the pepper that a bad threshold leaves on bitonal pages."""

from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.checks._base import Needs, PageCheck
from ybda_qc.checks._limits import Above, Code, Limits
from ybda_qc.checks._spots import MOST, PLACES, write_places
from ybda_qc.imaging.ops.ink import Ink
from ybda_qc.imaging.ops.specks import Specks, count_specks, find_specks, sampled_rows
from ybda_qc.imaging.ops.spots import DARKER, find_spots, mark_cells
from ybda_qc.imaging.view import PageView, Pixels
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

_BITONAL: Final = "bitonal"
_SPARE: Final = 0.6  # of the least that a black pixel darkens one of the plane
_DENSE: Final = 3.0  # specks a cm2
_LEAST_BARE: Final = 0.15  # of the paper
_STEP: Final = 0.1
_MM2_PER_CM2: Final = 100.0
_MM_PER_INCH: Final = 25.4
_A4_MM: Final = 297.0
_SCALES: Final = (2.0, 30.0)  # pixels a millimetre; a false tag must not turn letters into specks
_LEAST_PX: Final = 64
_MAX_BOXES: Final = 12


class Method(BaseMethod):
    """What counts as noise all over the page."""

    least_bare_cm2: float = Field(default=5.0, gt=0, description="bare paper below which no density is told")
    least_spread: float = Field(
        default=0.6,
        gt=0,
        le=1,
        description="share of the bare tiles that must hold specks; less is a drawing, a screen or a stain",
    )


class SpeckleCheck(PageCheck):
    """The bare paper is free of specks that scanning brought in.

    Why: a threshold set too high turns the grain of the paper into black pepper on bitonal pages, and dust
    on the glass leaves specks on all; both swell the file, upset text recognition and look dirty. DA/T
    31-2017 has dots caused by scanning removed and forbids removing the original's own spots: these two
    cannot be told apart on one page, so only pepper all over a bitonal page waits for a person. Dots of
    letters, leaders, screens, drawings and dotted paper do not count. Where a file declares no resolution
    a sheet of A4 is assumed.

    Remedy: clean the glass; for pepper scan again with a lower threshold or in grey. Do not clean away the
    age spots of the original.
    """

    id = "speckle"
    title = "Specks"
    version = 4
    needs = Needs.PIXELS
    method = Method
    codes = (
        Code(
            name="pepper",
            title="pepper noise on bitonal pages",
            template="pepper noise: {value:.1f} specks a cm2 of bare paper",
            limits=Above,
            drawing=Drawing.CIRCLES,
        ),
        Code(
            name="specks",
            title="many specks",
            template="{value:.1f} specks a cm2 of bare paper",
            limits=Above,
            drawing=Drawing.CIRCLES,
        ),
    )

    def measure(self, view: PageView, method: Method) -> Sequence[Measured] | NotApplicable:
        """Specks a cm2 of bare paper, if they lie all over it; else 0."""
        if view.paper.is_dark:
            return NotApplicable(reason="the page itself is dark")
        if min(view.grey.pixels.shape) < _LEAST_PX:
            return NotApplicable(reason="the picture is too small to tell")
        bitonal = view.header.colour_mode == _BITONAL
        scale = min(max(_scale(view), _SCALES[0]), _SCALES[1])
        darker = _least_depth(view.factor) if bitonal else DARKER
        marks = mark_cells(view.grey.pixels, view.ink, darker=darker)
        specks = count_specks(marks, view.ink.inside, scale=scale)
        rows = np.arange(view.grey.pixels.shape[0])
        if _is_dense(specks, view.ink, scale):
            rows = sampled_rows(view.grey.pixels.shape[0], scale)
            inside = view.ink.inside[rows]
            specks = find_specks(_dark(view, rows, inside, darker=darker), inside, scale=scale)
        bare_cm2 = specks.bare_mm2 / _MM2_PER_CM2
        if bare_cm2 < method.least_bare_cm2:
            return NotApplicable(reason="too little bare paper to look for specks")
        noisy = specks.spread >= method.least_spread and not specks.is_grid
        density = specks.x.size / bare_cm2 if noisy else 0.0
        return [
            Measurement(
                quantity="density",
                value=stepped(density, _STEP),
                unit=Unit.PER_CM2,
                confidence=0.5 if view.dpi else 0.2,
                boxes=_boxes(view, specks, rows) if density else (),
            ),
            Measurement(quantity="specks", value=int(specks.x.size), unit=Unit.COUNT),
            Observation(quantity="kind", text=_BITONAL if bitonal else "tones"),
            Observation(
                quantity=PLACES,
                text=write_places(find_spots(view.grey.pixels, view.ink, marks, most=MOST), view.factor),
            ),
        ]

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """The density of specks, by a limit of its own for bitonal pages."""
        density = result.number("density")
        if density is not None:
            code = "pepper" if result.text("kind") == _BITONAL else "specks"
            yield from limits.grade(code, density.value, unit=Unit.PER_CM2, boxes=density.boxes)


def _scale(view: PageView) -> float:
    """Pixels a millimetre of the plane; without a resolution those of a sheet of A4: near enough."""
    if view.dpi is None:
        return float(max(view.grey.pixels.shape)) / _A4_MM
    return view.dpi / view.factor / _MM_PER_INCH


def _least_depth(factor: int) -> float:
    """By how much a black pixel darkens that of the plane in which it stands, with something to spare."""
    return float(min(DARKER, _SPARE / factor**2))


def _is_dense(specks: Specks, ink: Ink, scale: float) -> bool:
    """Whether specks run together, so that single ones have to be told."""
    paper_mm2 = ink.area / scale**2
    if specks.bare_mm2 < _LEAST_BARE * paper_mm2:
        return True
    return specks.x.size > _DENSE * specks.bare_mm2 / _MM2_PER_CM2


def _dark(view: PageView, rows: NDArray[np.intp], inside: Pixels, *, darker: float) -> Pixels:
    level = (1 - darker) * view.paper.level
    dark = cv2.threshold(view.grey.pixels[rows], level, 255, cv2.THRESH_BINARY_INV)[1]
    return np.asarray(cv2.bitwise_and(dark, inside), dtype=np.uint8)


def _boxes(view: PageView, specks: Specks, rows: NDArray[np.intp]) -> tuple[Box, ...]:
    """The tiles with the most specks."""
    columns = specks.density.shape[1]
    height, width = view.grey.pixels.shape
    found = []
    for index in np.argsort(-specks.density, axis=None, kind="stable")[:_MAX_BOXES].tolist():
        row, column = divmod(index, columns)
        if specks.density[row, column] <= 0:
            break
        left, top = column * specks.tile, int(rows[row * specks.tile])
        found.append(view.grey.box(left, top, min(specks.tile, width - left), min(specks.tile, height - top)))
    return tuple(found)
