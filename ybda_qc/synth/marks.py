"""Marks that may stand on any sheet: seal 公章, page number, pencilled line."""

from __future__ import annotations

import math

import cv2
import numpy as np

from ybda_qc.synth import vocabulary
from ybda_qc.synth.canvas import BLACK, PENCIL, RED, Canvas


def seal(
    canvas: Canvas, x: float, y: float, *, radius: float = 20.0, strength: float = 0.9, office: str = ""
) -> None:
    """Round red seal with a star and an office's name along the rim, set down slightly turned.

    Parameters
    ----------
    x, y, radius : float
        Centre and radius in millimetres.
    strength : float
        0..1, how much colour the pad gave.
    office : str
        Whose seal; empty leaves it to chance.
    """
    turn = float(canvas.rng.uniform(-25, 25))
    office = office or vocabulary.pick(canvas.rng, vocabulary.OFFICES)

    def draw(layer: Canvas) -> None:
        layer.ellipse(x, y, radius, radius, width_mm=1.1, colour=RED)
        angles = np.radians(turn - 90 + 36 * np.arange(10))
        reach = np.where(np.arange(10) % 2 == 0, 0.3, 0.12) * radius
        star = np.stack([x + reach * np.cos(angles), y + reach * np.sin(angles)], axis=1)
        fixed = np.round(star * layer.scale).astype(np.int32)
        cv2.fillPoly(layer.pixels, [fixed], layer.tone(RED), cv2.LINE_AA)
        step = 250.0 / len(office)
        for place, character in enumerate(office):
            angle = turn - 90 + (place - (len(office) - 1) / 2) * step
            _stamp_character(layer, character, (x, y), radius, angle)

    canvas.overlay(draw, strength)


def _stamp_character(
    canvas: Canvas, character: str, centre: tuple[float, float], radius: float, angle: float
) -> None:
    """Write one character along the rim of a seal, its foot towards the centre."""
    (x, y), reach, size = centre, 0.76 * radius, 0.32 * radius
    side = canvas.to_pixels(size * 2)
    patch = Canvas((2 * size, 2 * size), canvas.scale, colour=False, rng=canvas.rng, ink=1.0)
    patch.text(character, size / 2, 1.38 * size, size, colour=(0, 0, 0))
    middle = patch.pixels.shape[1] / 2
    centre_x = (x + reach * math.cos(math.radians(angle))) * canvas.scale
    centre_y = (y + reach * math.sin(math.radians(angle))) * canvas.scale
    left, top = int(centre_x - middle), int(centre_y - middle)
    matrix = cv2.getRotationMatrix2D((middle, middle), -(angle + 90), 1.0)
    glyph = cv2.warpAffine(patch.pixels, matrix, (side, side), flags=cv2.INTER_LINEAR, borderValue=255)
    target = canvas.pixels[max(top, 0) : top + side, max(left, 0) : left + side]
    glyph = glyph[max(-top, 0) :, max(-left, 0) :][: target.shape[0], : target.shape[1]]
    share = (255 - glyph.astype(np.float32)) / 255.0
    tone = np.array(canvas.tone(RED), np.float32)
    if target.ndim == 3:
        share = share[..., None]
    target[:] = np.round(target * (1 - share) + tone * share).astype(np.uint8)


def page_number(canvas: Canvas) -> None:
    """Print a small page number below, in the middle."""
    canvas.centred(f"- {int(canvas.rng.integers(1, 400))} -", canvas.height_mm - 14.0, 4.0)


def given_page_number(canvas: Canvas, text: str) -> None:
    """Print a page number below, in the middle, in the lower margin of sheets of any size."""
    canvas.centred(text, canvas.height_mm * 0.96, min(4.0, canvas.height_mm * 0.018))


def pencil_line(canvas: Canvas) -> None:
    """Write one pale, short note by hand, as an archivist does."""
    x, y = (
        canvas.width_mm * float(canvas.rng.uniform(0.5, 0.7)),
        canvas.height_mm * float(canvas.rng.uniform(0.05, 0.85)),
    )
    scribble(canvas, x, y, length=30.0, height=4.0, colour=PENCIL, width_mm=0.35)


def scribble(
    canvas: Canvas,
    x: float,
    y: float,
    *,
    length: float,
    height: float,
    slope: float = 0.0,
    colour: tuple[int, int, int] = BLACK,
    width_mm: float = 0.4,
) -> None:
    """Draw a row of hand-written looking strokes from (x, y) to the right, in millimetres; slope is dy/dx."""
    rng = canvas.rng
    place, boxes = 0.0, []
    while place < length:
        wide = height * float(rng.uniform(0.6, 1.0))
        for _ in range(int(rng.integers(3, 7))):
            start = rng.uniform(0, 1, 2) * (wide, height)
            bend, end = start + rng.normal(0, 0.25, 2) * height, rng.uniform(0, 1, 2) * (wide, height)
            step = np.linspace(0, 1, 7)[:, None]
            curve = (1 - step) ** 2 * start + 2 * step * (1 - step) * bend + step**2 * end
            curve += (x + place, y - height + slope * place)
            canvas.polyline(curve, width_mm=width_mm, colour=colour, record=False)
            boxes.append(curve)
        place += wide * float(rng.uniform(1.05, 1.3))
    canvas.record(np.concatenate(boxes), margin_mm=width_mm / 2)
