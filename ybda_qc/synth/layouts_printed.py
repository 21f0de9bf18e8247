"""Printed matter: newspaper, halftone and mounted photographs, covers, title pages, lined letter paper."""

from __future__ import annotations

import numpy as np

from ybda_qc.synth import marks, vocabulary
from ybda_qc.synth.canvas import BLACK, BLUE_INK, RED, Canvas, Colour
from ybda_qc.synth.layouts_graphic import place_scene, scene
from ybda_qc.synth.spec import Pixels


def newspaper(canvas: Canvas) -> None:
    """Four to six narrow columns with rules between, headlines across some, a halftone picture."""
    rng, width, height = canvas.rng, canvas.width_mm, canvas.height_mm
    canvas.centred(vocabulary.pick(rng, ("农村新报", "工人生活", "县城简讯")), 26.0, 14.0, bold=True)
    canvas.rule(width * 0.05, 31.0, width * 0.95, 31.0, width_mm=0.6)
    count = int(rng.integers(4, 7))
    edges = np.linspace(width * 0.05, width * 0.95, count + 1)
    tops = np.full(count, 38.0)
    span = int(rng.integers(2, count))
    headline = vocabulary.title(rng)
    while canvas.text_width(headline, 7.5) > edges[span] - edges[0]:
        headline = headline[:-1]
    canvas.text(headline, edges[0], 43.0, 7.5, bold=True)
    tops[:span] = 49.0
    at, tall = int(rng.integers(count - 1)), float(rng.uniform(40, 70))
    picture_top = float(rng.uniform(90, height * 0.6))
    box = (float(edges[at]) + 1, picture_top, float(edges[at + 2] - edges[at]) - 2, tall)
    _halftone(canvas, *box, lines_per_mm=float(rng.uniform(2.0, 3.4)))
    size = 2.9
    for index in range(count):
        base, left, room = float(tops[index]), float(edges[index]) + 1.2, float(edges[1] - edges[0]) - 2.4
        if index:
            canvas.rule(edges[index], tops[index] - 2, edges[index], height * 0.95, width_mm=0.15)
        per_line = max(int(room / size) - 1, 2)
        while base < height * 0.95:
            if index in (at, at + 1) and picture_top - 1 < base < picture_top + tall + 4:
                base = picture_top + tall + 5
                continue
            canvas.text(vocabulary.paragraph(rng, per_line), left, base, size)
            base += size * 1.32


def _halftone(
    canvas: Canvas, left: float, top: float, width: float, height: float, *, lines_per_mm: float
) -> None:
    """Photograph of black dots on a grid that stands at 45 degrees, as in print."""
    x, y = canvas.to_pixels(left), canvas.to_pixels(top)
    target = canvas.pixels[y : y + canvas.to_pixels(height), x : x + canvas.to_pixels(width)]
    tone = screened(scene(canvas.rng, target.shape[0], target.shape[1]), canvas.scale / lines_per_mm)
    dark = np.array(canvas.tone(BLACK), np.float32)
    share = tone.astype(np.float32) / 255
    if target.ndim == 3:
        share = share[..., None]
    target[:] = np.clip(255 * share + dark * (1 - share), 0, 255).astype(np.uint8)
    canvas.record(np.array([(left, top), (left + width, top + height)]), margin_mm=0.0)


def screened(picture: Pixels, pitch_px: float) -> Pixels:
    """A grey picture as a clustered-dot screen at 45 degrees, dots `pitch_px` apart."""
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]].astype(np.float32) * (2 * np.pi / pitch_px)
    wave = (np.cos((x + y) * 0.7071) + np.cos((x - y) * 0.7071)) / 4 + 0.5
    # dots are soft by about half a pixel, or a screen drawn pixel by pixel would be jagged as none is
    dots: Pixels = np.clip((picture / 255.0 - wave) * 255 * max(pitch_px / 3, 1) + 128, 0, 255).astype(
        np.uint8
    )
    return dots


def photograph(canvas: Canvas) -> None:
    """One or two photographs of continuous tone mounted on a sheet, with captions by hand."""
    rng, width, height = canvas.rng, canvas.width_mm, canvas.height_mm
    count = int(rng.integers(1, 3))
    for index in range(count):
        top = height * (0.1 + 0.45 * index)
        left, wide, tall = width * 0.2, width * 0.6, height * float(rng.uniform(0.22, 0.32))
        place_scene(canvas, left, top, wide, tall)
        caption = f"{vocabulary.date(rng)}，{vocabulary.pick(rng, vocabulary.MATTERS)}"
        canvas.text(caption, left, top + tall + 9, 4.2, colour=BLUE_INK)


def halftone_page(canvas: Canvas) -> None:
    """Printed picture over most of the sheet, screened, with a caption."""
    width, height = canvas.width_mm, canvas.height_mm
    _halftone(
        canvas,
        width * 0.1,
        height * 0.1,
        width * 0.8,
        height * 0.68,
        lines_per_mm=float(canvas.rng.uniform(2.4, 6.0)),
    )
    canvas.centred(vocabulary.pick(canvas.rng, vocabulary.MATTERS) + "现场", height * 0.83, 4.2)


def cover(canvas: Canvas) -> None:
    """Cover of a volume 案卷封面: fonds, title, a frame of fields to fill in."""
    rng, width = canvas.rng, canvas.width_mm
    canvas.centred(vocabulary.pick(rng, vocabulary.OFFICES), 48.0, 9.0, bold=True)
    canvas.centred("案 卷", 72.0, 13.0, bold=True)
    canvas.centred(vocabulary.title(rng), 105.0, 7.0, colour=BLUE_INK)
    left, right, top = width * 0.2, width * 0.8, 150.0
    for index, label in enumerate(("全宗号", "目录号", "案卷号", "保管期限", "起止日期")):
        low = top + 14.0 * index
        corners = np.array([(left, low), (right, low), (right, low + 14), (left, low + 14)])
        canvas.polyline(corners, width_mm=0.4, closed=True)
        canvas.text(label, left + 3, low + 9.5, 5.0)
        if rng.random() < 0.8:
            canvas.text(str(int(rng.integers(1, 400))), left + 45, low + 9.5, 5.5, colour=BLUE_INK)
    canvas.rule(left + 40, top, left + 40, top + 70, width_mm=0.4)


def title_page(canvas: Canvas) -> None:
    """Title page of a printed book or report: few centred lines of different size."""
    rng, height = canvas.rng, canvas.height_mm
    canvas.centred(vocabulary.title(rng), height * 0.3, 9.5, bold=True)
    canvas.centred(f"（{vocabulary.pick(rng, vocabulary.PAPERS)}汇编）", height * 0.36, 5.5)
    canvas.centred(vocabulary.pick(rng, vocabulary.OFFICES) + "编印", height * 0.8, 5.5)
    canvas.centred(vocabulary.date(rng), height * 0.84, 4.5)


def letter(canvas: Canvas) -> None:
    """Letter by hand on paper with printed coloured lines 信纸, strokes standing on the lines."""
    rng, width, height = canvas.rng, canvas.width_mm, canvas.height_mm
    colour: Colour = RED if rng.random() < 0.6 else (40, 130, 80)
    left, right, base = width * 0.12, width * 0.88, 45.0
    canvas.centred(vocabulary.pick(rng, vocabulary.OFFICES), 32.0, 7.5, colour=colour)
    pen: Colour = BLUE_INK if rng.random() < 0.6 else BLACK
    last = height * float(rng.uniform(0.45, 0.88))
    while base < height * 0.9:
        canvas.rule(left, base, right, base, width_mm=0.2, colour=colour)
        if base < last:
            length = (right - left) * float(rng.choice([1.0, 1.0, 0.6])) - 6
            marks.scribble(
                canvas,
                left + 2,
                base - 1.4,
                length=length,
                height=5.0,
                slope=float(rng.normal(0, 0.004)),
                colour=pen,
            )
        base += 9.5


def ledger(canvas: Canvas) -> None:
    """Account book 账页: coloured rules from edge to edge of the sheet, both ways, and sums in some rows."""
    rng, width, height = canvas.rng, canvas.width_mm, canvas.height_mm
    colour: Colour = RED if rng.random() < 0.5 else (70, 100, 170)
    top, row = height * 0.16, float(rng.uniform(6.5, 9.0))
    rows = int((height * 0.97 - top) / row)
    shares = np.cumsum(rng.uniform(0.7, 1.6, int(rng.integers(4, 8))))
    edges = width * (0.12 + 0.78 * np.concatenate([[0.0], shares / shares[-1]]))
    gap = float(rng.choice([0.0, 0.0, 3.0]))  # to the edge of the sheet: most account books are ruled to it
    for index in range(rows + 1):
        canvas.rule(gap, top + index * row, width - gap, top + index * row, width_mm=0.15, colour=colour)
    for edge in edges:
        canvas.rule(edge, gap, edge, height - gap, width_mm=float(rng.choice([0.2, 0.4])), colour=colour)
    canvas.text(vocabulary.pick(rng, vocabulary.MATTERS) + "明细账", width * 0.35, height * 0.08, 6.5)
    for index in range(int(rows * rng.uniform(0.2, 0.9))):
        base = top + (index + 0.75) * row
        canvas.text(vocabulary.pick(rng, vocabulary.MATTERS), float(edges[0]) + 1, base, 3.8, colour=BLUE_INK)
        for edge in edges[1:]:
            if rng.random() < 0.6:
                canvas.text(f"{rng.random() * 900:.2f}", float(edge) + 1, base, 3.4, colour=BLUE_INK)
