"""Draws a page from its description: ink, paper, bed, light."""

from __future__ import annotations

import numpy as np

from ybda_qc.synth import marks, scanner
from ybda_qc.synth.canvas import Canvas
from ybda_qc.synth.layouts import LAYOUTS, Style
from ybda_qc.synth.paper import lay_on_paper, punch
from ybda_qc.synth.placing import Placing, bed_tone
from ybda_qc.synth.spec import DrawnPage, PageSpec, PageTruth, Pixels, TextLine


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
        The layout is unknown.
    """
    if spec.layout not in LAYOUTS:
        raise ValueError(f"unknown layout {spec.layout!r}, known are {', '.join(LAYOUTS)}")
    canvas = _draw_ink(spec)
    behind = _draw_other_side(spec) if spec.show_through > 0 else None
    # chance of words, of paper and of the scanner are apart: changing one leaves the others
    paper_rng, light_rng, defect_rng = (np.random.default_rng([spec.seed, part]) for part in (2, 3, 4))
    sheet = lay_on_paper(canvas.pixels, behind, spec, paper_rng)
    punch(sheet, spec, bed_tone(spec))
    placing = Placing(spec, (sheet.shape[1], sheet.shape[0]))
    pixels = scanner.expose(scanner.soften(placing.draw(sheet), spec), spec)
    if spec.quarter_turns % 4:
        pixels = np.ascontiguousarray(np.rot90(pixels, -spec.quarter_turns))
    pixels = scanner.add_noise(pixels, spec, light_rng)
    for defect in spec.defects:
        pixels = defect.apply(pixels, dpi=spec.dpi, rng=defect_rng)
    return DrawnPage(pixels=scanner.cut(pixels, spec), truth=_truth(spec, canvas, placing))


def _draw_ink(spec: PageSpec) -> Canvas:
    rng = np.random.default_rng([spec.seed, 1])
    canvas = Canvas(spec.paper_mm, spec.pixels_per_mm, colour=spec.mode == "colour", rng=rng, ink=spec.ink)
    LAYOUTS[spec.layout].draw(canvas, Style(language=spec.language, font_mm=spec.font_mm))
    if spec.page_number:
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
        has_text_lines=LAYOUTS[spec.layout].has_text_lines,
        ink_boxes=placing.boxes(canvas.boxes),
        lines=tuple(TextLine(text, box) for text, box in lines if box is not None),
        border_mm=placing.dark_border_mm(),
        page_corners=placing.corners(),
    )
