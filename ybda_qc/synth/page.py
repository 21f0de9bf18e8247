"""Draws a page from its description: ink, paper, bed, light."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ybda_qc.synth import marks, scanner
from ybda_qc.synth.canvas import Canvas
from ybda_qc.synth.layouts import LAYOUTS, Style, worded
from ybda_qc.synth.paper import lay_on_paper, punch
from ybda_qc.synth.placing import Placing, bed_tone
from ybda_qc.synth.spec import Box, DrawnPage, Laid, PageSpec, PageTruth, Pixels, TextLine


def draw_page(spec: PageSpec) -> DrawnPage:
    """Draw a page; the same description gives the same pixels.

    Content is turned by one cubic affine warp, so the angle is exact. Noise, defects and the
    bitonal cut come after it, as in a scanner.

    Parameters
    ----------
    spec : PageSpec

    Returns
    -------
    DrawnPage
        uint8 (H, W), or RGB (H, W, 3) for mode "colour"; bitonal pages hold 0 and 255 only.

    Raises
    ------
    ValueError
        The layout is unknown, or the wording does not fit the sheet.
    """
    if spec.layout not in LAYOUTS:
        raise ValueError(f"unknown layout {spec.layout!r}, known are {', '.join(LAYOUTS)}")
    canvas = _draw_ink(spec)
    behind = _draw_other_side(spec) if spec.show_through > 0 else None
    # chance of words, of paper and of the scanner are apart: changing one leaves the others
    paper_rng, light_rng, defect_rng, ageing_rng = (
        np.random.default_rng([spec.seed, n]) for n in (2, 3, 4, 6)
    )
    for mark in spec.printing:
        canvas.pixels = mark.apply(canvas.pixels, dpi=spec.dpi, rng=ageing_rng).pixels
    sheet = lay_on_paper(canvas.pixels, behind, spec, paper_rng)
    for mark in spec.ageing:
        sheet = mark.apply(sheet, dpi=spec.dpi, rng=ageing_rng).pixels
    punch(sheet, spec, bed_tone(spec))
    placing = Placing(spec, (sheet.shape[1], sheet.shape[0]))
    pixels = scanner.expose(scanner.soften(placing.draw(sheet), spec), spec)
    if spec.quarter_turns % 4:
        pixels = np.ascontiguousarray(np.rot90(pixels, -spec.quarter_turns))
    pixels = scanner.add_noise(pixels, spec, light_rng)
    truth = _truth(spec, canvas, placing)
    for defect in spec.defects:
        laid = defect.apply(pixels, dpi=spec.dpi, rng=defect_rng)
        pixels, truth = laid.pixels, truth_after(truth, laid)
    return DrawnPage(pixels=scanner.cut(pixels, spec), truth=truth)


def truth_after(truth: PageTruth, laid: Laid) -> PageTruth:
    """What is known of a page after something was laid over it: everything moves along, and one box more."""
    if laid.matrix is None:
        return replace(truth, defect_boxes=(*truth.defect_boxes, laid.boxes))
    height, width = laid.pixels.shape[:2]
    limit = np.array([width, height], np.float64)

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        assert laid.matrix is not None
        return points @ laid.matrix[:, :2].T + laid.matrix[:, 2]

    def box_after(box: Box) -> Box | None:
        left, top, wide, high = box
        corners = np.array([(left, top), (left + wide, top), (left + wide, top + high), (left, top + high)])
        moved = np.clip(move(corners), 0, limit)
        (x0, y0), (x1, y1) = moved.min(axis=0), moved.max(axis=0)
        return (
            Box(float(x0), float(y0), float(x1 - x0), float(y1 - y0)) if min(x1 - x0, y1 - y0) > 0 else None
        )

    def boxes_after(boxes: Iterable[Box]) -> tuple[Box, ...]:
        return tuple(moved for moved in map(box_after, boxes) if moved is not None)

    lines = ((line.text, box_after(line.box)) for line in truth.lines)
    return replace(
        truth,
        ink_boxes=boxes_after(truth.ink_boxes),
        lines=tuple(TextLine(text, box) for text, box in lines if box is not None),
        page_corners=tuple((float(x), float(y)) for x, y in move(np.array(truth.page_corners))),
        defect_boxes=(*(boxes_after(boxes) for boxes in truth.defect_boxes), laid.boxes),
    )


def _draw_ink(spec: PageSpec) -> Canvas:
    rng = np.random.default_rng([spec.seed, 1])
    canvas = Canvas(
        spec.paper_mm,
        spec.pixels_per_mm,
        colour=spec.mode == "colour",
        rng=rng,
        ink=spec.ink,
        typeface=spec.typeface,
        changed_lines=spec.changed_lines,
    )
    style = Style(language=spec.language, font_mm=spec.font_mm, form_seed=spec.form_seed)
    if spec.wording is None:
        LAYOUTS[spec.layout].draw(canvas, style)
    else:
        worded(canvas, style, spec.wording)
    if isinstance(spec.page_number, str):
        marks.given_page_number(canvas, spec.page_number)
    elif spec.page_number:
        marks.page_number(canvas)
    if spec.pencil_line:
        marks.pencil_line(canvas)
    if spec.seal:
        x, y = canvas.width_mm * rng.uniform(0.3, 0.7), canvas.height_mm * rng.uniform(0.3, 0.7)
        marks.seal(canvas, float(x), float(y), strength=spec.seal_strength)
    return canvas


def _draw_other_side(spec: PageSpec) -> Pixels:
    rng = np.random.default_rng([spec.seed, 5])
    canvas = Canvas(spec.paper_mm, spec.pixels_per_mm, colour=spec.mode == "colour", rng=rng, ink=1.0)
    LAYOUTS["text"].draw(canvas, Style(language=spec.language))
    return canvas.pixels


def _truth(spec: PageSpec, canvas: Canvas, placing: Placing) -> PageTruth:
    lines = ((line.text, placing.box(line.box)) for line in canvas.lines)
    return PageTruth(
        angle_degrees=spec.angle_degrees,
        upright_turn=(-90 * spec.quarter_turns) % 360,
        blank=spec.is_blank,
        has_text_lines=spec.wording is not None or LAYOUTS[spec.layout].has_text_lines,
        ink_boxes=placing.boxes(canvas.boxes),
        lines=tuple(TextLine(text, box) for text, box in lines if box is not None),
        border_mm=placing.dark_border_mm(),
        page_corners=placing.corners(),
    )
