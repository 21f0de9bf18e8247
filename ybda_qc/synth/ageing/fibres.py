"""Fibres and laid lines: the texture of rough and of hand-made paper."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ybda_qc.synth.spec import MM_PER_INCH, Laid, Pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class Fibres:
    """Short, curved fibres, darker and brighter than the paper, as in recycled and bast paper.

    `per_cm2` of them, `levels` grey levels off the paper.
    """

    per_cm2: float = 4.0
    levels: float = 25.0

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:
        """Add the fibres."""
        height, width = pixels.shape[:2]
        scale = dpi / MM_PER_INCH
        layer = np.full((height, width), 128, np.uint8)
        for _ in range(rng.poisson(self.per_cm2 * height * width / (10 * scale) ** 2)):
            steps = rng.normal(0, 0.15, (6, 2)) + rng.normal(0, 0.25, 2)
            points = rng.uniform(0, 1, 2) * (width, height) + np.cumsum(steps, axis=0) * scale
            tone = 128 - float(rng.uniform(-0.5, 1)) * self.levels
            fixed = np.round(points * 16).astype(np.int32).reshape(-1, 1, 2)
            cv2.polylines(layer, [fixed], False, (tone,), 1, cv2.LINE_AA, 4)
        return Laid(pixels=shaded(pixels, layer.astype(np.float32) / 128))


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidLines:
    """Wire marks of laid paper: fine parallel lines, and chain lines across them.

    `pitch_mm` from line to line, `chain_mm` from chain to chain, `levels` grey levels of contrast.
    """

    pitch_mm: float = 1.1
    chain_mm: float = 25.0
    levels: float = 6.0

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:
        """Add the lines."""
        height, width = pixels.shape[:2]
        scale = dpi / MM_PER_INCH
        rows = np.sin(2 * np.pi * (np.arange(height) / (self.pitch_mm * scale) + rng.random()))
        columns = (np.arange(width) / (self.chain_mm * scale) + rng.random()) % 1 * self.chain_mm
        chains = np.exp(-(((columns - self.chain_mm / 2) / 0.4) ** 2))
        light = 1 - self.levels / 255 * (0.5 * rows[:, None] + chains[None, :])
        return Laid(pixels=shaded(pixels, light.astype(np.float32)))


def shaded(pixels: Pixels, light: np.ndarray) -> Pixels:
    """Multiply the picture by `light`, (H, W) or (H, W, channels)."""
    factor = light[..., None] if pixels.ndim == 3 and light.ndim == 2 else light
    shaded_pixels: Pixels = np.clip(pixels * factor + 0.5, 0, 255).astype(np.uint8)
    return shaded_pixels
