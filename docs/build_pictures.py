"""Draws ``docs/images/checks/``: what the defect of each check looks like on a report's picture.

``python docs/build_pictures.py [check ...]`` draws all pictures, or those of some checks. The pages are
generated; the finding is the check's own, by the limits of the ground profile, and so is the manner of
drawing. Where a finding has no place on the page (how it is compressed), the picture shows one.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ybda_qc.app.profiles import load_plan, load_profile, registered_checks
from ybda_qc.engine.plan import Plan, PlannedPageCheck
from ybda_qc.imaging.evidence import draw_evidence, draw_pair
from ybda_qc.imaging.source import open_source
from ybda_qc.imaging.view import PageView
from ybda_qc.model import Box, CheckResult, Drawing, Facts, Finding, Verdict
from ybda_qc.synth import PageSpec, draw_page, write_page
from ybda_qc.synth.defects import (
    ColourCast,
    FoldedCorner,
    Speckle,
    Streak,
    Underexposed,
    Upsampled,
)

FOLDER = Path(__file__).parent / "images" / "checks"
LONG_SIDE = 420
_KEPT = 0.55  # of a file that ends early
Pixels = NDArray[np.uint8]

PAGE = PageSpec(
    layout="text", seed=5, paper_mm=(148.0, 210.0), dpi=300.0, mode="colour", noise=0.6, texture=0.4
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A page with the defect, and how the picture differs from the report's, if it does."""

    code: str
    draw: Callable[[], Pixels]
    boxes: Sequence[Box] = ()  # in place of the finding's own
    drawing: Drawing | None = None  # in place of the code's own
    options: Mapping[str, Any] | None = None  # of the file


def spec(**changes: Any) -> Callable[[], Pixels]:
    """Draws the page of all pictures with some changes."""
    return lambda: draw_page(replace(PAGE, **changes)).pixels


def cropped() -> Pixels:
    """The right edge goes through the last letters."""
    page = draw_page(PAGE)
    right = max(line.box.left + line.box.width for line in page.truth.lines)
    return np.ascontiguousarray(page.pixels[:, : round(right - 24)])


def half_a_page() -> Pixels:
    """What a tolerant viewer shows of a file that ends early."""
    page = spec()()
    page[round(page.shape[0] * _KEPT) :] = 128
    return page


FOLD = FoldedCorner(corner=1, legs_mm=(24.0, 20.0))
CAST = ColourCast(levels=80.0, channels=(0,))
SMALL = Box(left=300, top=520, width=60, height=60)
CASES: Mapping[str, Case] = {
    "blank_page": Case(code="nearly-blank", draw=spec(layout="blank", page_number=True)),
    "cropped_content": Case(code="cut-text", draw=cropped),
    "dark_border": Case(code="over-limit", draw=spec(bed="black", border_mm=(8.0, 0.0, 0.0, 5.0))),
    "readable": Case(
        code="truncated",
        draw=half_a_page,
        boxes=(Box(left=0, top=round(2480 * _KEPT), width=1748, height=round(2480 * (1 - _KEPT))),),
        drawing=Drawing.SHADE,
    ),
    "encoding": Case(
        code="low-jpeg-quality",
        draw=spec(),
        boxes=(SMALL,),
        drawing=Drawing.TILES,
        options={"quality": 12},
    ),
    "exposure": Case(code="too-dark", draw=spec(defects=(Underexposed(light=0.3),))),
    "folded_corner": Case(code="folded", draw=spec(defects=(FOLD,))),
    "orientation": Case(code="rotated", draw=spec(quarter_turns=1)),
    "scanner_line": Case(code="streak", draw=spec(defects=(Streak(place=0.42, width_px=3, level=70),))),
    "sharpness": Case(code="blurred", draw=spec(blur_px=3.2)),
    "show_through": Case(code="strong", draw=spec(layout="form", show_through=0.4)),
    "skew": Case(code="over-limit", draw=spec(angle_degrees=2.4)),
    "true_resolution": Case(code="upsampled", draw=spec(defects=(Upsampled(factor=2.5),))),
    "speckle": Case(code="specks", draw=spec(defects=(Speckle(per_cm2=9.0),))),
    "true_colour": Case(code="colour-cast", draw=spec(seal=True, defects=(CAST,))),
}
PAIRS: Mapping[str, tuple[Callable[[], Pixels], Callable[[], Pixels]]] = {
    "page_outlier": (spec(layout="document", seal=True), spec(paper_rgb=(190, 205, 232), exposure=0.8)),
    "scanner_health": (
        spec(seed=8, defects=(Streak(place=0.42, width_px=5, level=70),)),
        spec(seed=9, layout="table", defects=(Streak(place=0.42, width_px=5, level=70),)),
    ),
    "duplicate_page": (spec(seal=True), spec(seal=True, angle_degrees=1.6, exposure=0.93)),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the pictures."""
    wanted = list(sys.argv[1:] if arguments is None else arguments) or [*CASES, *PAIRS]
    checks = registered_checks()
    plan = load_plan(load_profile("base", checks), checks)
    FOLDER.mkdir(parents=True, exist_ok=True)
    planned = {planned.check.id: planned for planned in plan.page_checks}
    for check in wanted:
        drawn = pair(*PAIRS[check]) if check in PAIRS else picture(planned[check], CASES[check], plan)
        (FOLDER / f"{check}.jpg").write_bytes(drawn)
    return 0


def pair(left: Callable[[], Pixels], right: Callable[[], Pixels]) -> bytes:
    """Two pages side by side."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        paths = [
            write_page(Path(folder, f"{number}.png"), draw(), dpi=PAGE.dpi)
            for number, draw in enumerate((left, right))
        ]
        views = [PageView(stack.enter_context(open_source(path))) for path in paths]
        return draw_pair(views[0], views[1], LONG_SIDE)


def picture(planned: PlannedPageCheck, case: Case, plan: Plan) -> bytes:
    """The report's picture of the first finding of the case's code."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        suffix = ".png" if case.options is None else ".jpg"
        path = write_page(Path(folder, f"page{suffix}"), case.draw(), dpi=PAGE.dpi, **(case.options or {}))
        view = PageView(stack.enter_context(open_source(path)))
        finding = found(planned, view, case.code)
        if case.boxes:
            finding = replace(finding, boxes=tuple(case.boxes))
        drawing = case.drawing or plan.drawings[finding.key]
        return draw_evidence(view, finding, drawing, LONG_SIDE)


def found(planned: PlannedPageCheck, view: PageView, code: str) -> Finding:
    """The finding that the check makes; of a damaged file, which has no pixels to draw on, a bare one."""
    if planned.check.id == "readable":
        return Finding(check="readable", code=code, verdict=Verdict.FAIL, template="")
    result = CheckResult.of(planned.check.measure(view, planned.method), planned.key)
    findings = list(planned.check.judge(result, planned.limits, Facts(path="page", frame=1)))
    fitting = [finding for finding in findings if finding.code == code]
    if not fitting:
        raise SystemExit(f"{planned.check.id} does not find {code} on the page drawn for it")
    return fitting[0]


if __name__ == "__main__":
    sys.exit(main())
