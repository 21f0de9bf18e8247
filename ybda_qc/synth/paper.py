"""The sheet itself: colour, grain, the other side shining through, punch holes."""

from __future__ import annotations

import cv2
import numpy as np

from ybda_qc.synth.spec import PageSpec, Pixels

LUMA = np.array([0.299, 0.587, 0.114])
HOLE_RADIUS_MM = 2.75
HOLE_FROM_EDGE_MM = 12.0
HOLE_PITCH_MM = 80.0


def paper_tone(spec: PageSpec) -> tuple[float, ...]:
    """Colour of the paper in the channels of the picture."""
    if spec.mode == "colour":
        return tuple(float(part) for part in spec.paper_rgb)
    return (float(LUMA @ np.array(spec.paper_rgb)),)


def lay_on_paper(drawn: Pixels, behind: Pixels | None, spec: PageSpec, rng: np.random.Generator) -> Pixels:
    """Turn ink on white into ink on this sheet of paper.

    Parameters
    ----------
    drawn : uint8, (H, W) or (H, W, 3)
        What stands on this side; not changed.
    behind : uint8 of the same shape, or None
        What stands on the other side, as seen from there.
    """
    height, width = drawn.shape[:2]
    light = np.ones((height, width), np.float32)
    if spec.texture:
        light += _grain(rng, height, width) * np.float32(spec.texture / 255.0)
    if spec.shading:
        light *= np.linspace(1.0 - spec.shading, 1.0, width, dtype=np.float32) ** 0.7
    if behind is not None:
        grey = behind if behind.ndim == 2 else cv2.cvtColor(behind, cv2.COLOR_RGB2GRAY)
        soft = cv2.GaussianBlur(grey[:, ::-1], (0, 0), max(spec.pixels_per_mm * 0.12, 0.5))
        light *= 1.0 - np.float32(spec.show_through) * (255 - soft.astype(np.float32)) / 255.0
    tone = np.array(paper_tone(spec), np.float32) / 255.0
    sheet = light if drawn.ndim == 2 else light[..., None]
    return np.clip(drawn * sheet * tone, 0, 255).astype(np.uint8)


def _grain(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Cloudy unevenness of paper, about unit strength, coarse and fine."""
    total = np.zeros((height, width), np.float32)
    for cells, weight in ((12, 0.6), (90, 0.5), (400, 0.4)):
        rows = max(round(cells * height / max(width, 1)), 2)
        rough = rng.standard_normal((rows, cells), dtype=np.float32)
        total += weight * cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC)
    return total


def punch(sheet: Pixels, spec: PageSpec, bed: tuple[float, ...]) -> None:
    """Punch holes along the left edge, in place; the bed shows through them."""
    height = sheet.shape[0]
    for index in range(spec.punch_holes):
        offset = (index - (spec.punch_holes - 1) / 2) * HOLE_PITCH_MM * spec.pixels_per_mm
        centre = (round(HOLE_FROM_EDGE_MM * spec.pixels_per_mm), round(height / 2 + offset))
        radius = max(round(HOLE_RADIUS_MM * spec.pixels_per_mm), 1)
        cv2.circle(sheet, centre, radius, bed, -1, cv2.LINE_AA)
