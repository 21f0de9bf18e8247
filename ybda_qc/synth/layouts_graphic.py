"""Arrangements without proper lines of writing: pictures, drawings, handwriting, printed dots."""

from __future__ import annotations

import cv2
import numpy as np

from ybda_qc.synth import marks, vocabulary
from ybda_qc.synth.canvas import BLACK, BLUE_INK, Canvas
from ybda_qc.synth.spec import Pixels


def scene(rng: np.random.Generator, height: int, width: int) -> Pixels:
    """Photograph-like grey picture: soft light, hills, slanting edges, grain."""
    rough = rng.normal(0, 1, (max(height // 160, 3), max(width // 160, 3))).astype(np.float32)
    light = cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC)
    picture = 140 + 45 * light
    for _ in range(int(rng.integers(4, 12))):
        corners = rng.uniform(-0.1, 1.1, (int(rng.integers(3, 6)), 2)) * (width, height)
        hull = cv2.convexHull(corners.astype(np.float32)).astype(np.int32)
        shade = picture.copy()
        cv2.fillConvexPoly(shade, hull, float(rng.uniform(20, 235)), cv2.LINE_AA)
        picture = cv2.addWeighted(picture, 0.35, shade, 0.65, 0)
    # Drawn pixel by pixel: grain that were enlarged would be a picture blown up.
    grain = cv2.GaussianBlur(rng.standard_normal((height, width), dtype=np.float32), (0, 0), 0.6)
    return np.clip(np.add(picture, 8 * grain), 8, 245).astype(np.uint8)


def place_scene(canvas: Canvas, left: float, top: float, width: float, height: float) -> None:
    """Put a photograph into a box given in millimetres; whole if the box is."""
    x, y = canvas.to_pixels(left), canvas.to_pixels(top)
    target = canvas.pixels[y : y + canvas.to_pixels(height), x : x + canvas.to_pixels(width)]
    photo = scene(canvas.rng, target.shape[0], target.shape[1])
    if target.ndim == 3:
        tint = np.array([1.0, 0.96, 0.88])
        target[:] = np.clip(photo[..., None] * tint, 0, 255).astype(np.uint8)
    else:
        target[:] = photo
    canvas.record(np.array([(left, top), (left + width, top + height)]), margin_mm=0.0)


def picture(canvas: Canvas) -> None:
    """Photograph over the whole sheet, to its very edges."""
    place_scene(canvas, 0.0, 0.0, canvas.width_mm, canvas.height_mm)


def illustrated(canvas: Canvas) -> None:
    """Half a page of text below a photograph."""
    rng, width = canvas.rng, canvas.width_mm
    place_scene(canvas, width * 0.12, 30.0, width * 0.76, 110.0)
    canvas.centred(
        "图 " + str(int(rng.integers(1, 40))) + " " + vocabulary.pick(rng, vocabulary.MATTERS), 148.0, 3.6
    )
    base = 162.0
    while base < canvas.height_mm - 28:
        line = vocabulary.paragraph(rng, 34)
        while canvas.text_width(line, 4.4) > width * 0.76:
            line = line[:-1]
        canvas.text(line, width * 0.12, base, 4.4)
        base += 7.4


def drawing(canvas: Canvas) -> None:
    """Plan: walls at slanting angles, circles, dimension lines, a few words."""
    rng, width, height = canvas.rng, canvas.width_mm, canvas.height_mm
    middle = np.array([width, height]) / 2
    for _ in range(int(rng.integers(8, 18))):
        centre = middle + rng.uniform(-0.35, 0.35, 2) * (width, height)
        kind, turn = int(rng.integers(3)), float(rng.uniform(0, 180))
        if kind == 0:
            canvas.ellipse(
                centre[0], centre[1], float(rng.uniform(4, 25)), float(rng.uniform(4, 25)), turn=turn
            )
        elif kind == 1:
            angles = np.radians(turn + np.array([0, 40, 180, 220]))
            canvas.polyline(
                centre + 22 * np.stack([np.cos(angles), np.sin(angles)], axis=1), width_mm=0.5, closed=True
            )
        else:
            steps = np.cumsum(rng.normal(0, 9, (12, 2)), axis=0)
            canvas.polyline(centre + steps, width_mm=0.3)
        if rng.random() < 0.3:
            canvas.text(f"{int(rng.integers(1, 90))}", centre[0], centre[1], 3.2)


def handwriting(canvas: Canvas) -> None:
    """Page written by hand: every line drifts its own way."""
    rng, base, drift = canvas.rng, 35.0, float(canvas.rng.normal(0, 0.015))
    while base < canvas.height_mm * 0.85:
        slope = drift + float(rng.normal(0, 0.02))
        length = canvas.width_mm * float(rng.uniform(0.4, 0.72))
        marks.scribble(
            canvas, canvas.width_mm * 0.14, base, length=length, height=6.0, slope=slope, colour=BLUE_INK
        )
        base += float(rng.uniform(10.0, 13.0))


def dot_matrix(canvas: Canvas) -> None:
    """Listing of a needle printer: every letter made of dots."""
    rng, base, left = canvas.rng, 24.0, canvas.width_mm * 0.08
    pitch = 0.36  # of the needles, in millimetres
    radius = max(canvas.to_pixels(pitch * 0.5), 1)
    while base < canvas.height_mm * 0.92:
        line = "".join(vocabulary.cell(rng) + "  " for _ in range(int(rng.integers(3, 7))))
        small = np.zeros((14, 460), np.uint8)
        end, _ = cv2.putText(small, line, (0, 11), (255,), cv2.FontFace("uni"), 13, 400)
        rows, cols = np.nonzero(small > 110)
        if cols.size == 0:
            base += 7.0
            continue
        for row, col in zip(rows.tolist(), cols.tolist(), strict=True):
            spot = (round((left + col * pitch) * canvas.scale), round((base + row * pitch) * canvas.scale))
            cv2.circle(canvas.pixels, spot, radius, canvas.tone(BLACK), -1, cv2.LINE_AA)
        width = min(end[0], small.shape[1]) * pitch
        canvas.record_line(line.rstrip(), left, base - pitch / 2, width, 15 * pitch)
        base += 7.2
