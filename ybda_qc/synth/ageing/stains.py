"""Stains of the original: foxing 霉斑, water marks 水渍, browned edges. They are no defects of the scan."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ybda_qc.synth.ageing.fibres import shaded
from ybda_qc.synth.spec import MM_PER_INCH, Laid, Pixels

_BROWN = np.array([0.35, 0.6, 1.0], np.float32)  # how much of red, green and blue a brown stain swallows
_GREY = float(np.array([0.299, 0.587, 0.114]) @ _BROWN)


def _stained(pixels: Pixels, depth: np.ndarray) -> Pixels:
    """Darken towards brown by `depth`, (H, W) from 0 to 1."""
    share = depth.astype(np.float32)
    return shaded(pixels, 1 - (share[..., None] * _BROWN if pixels.ndim == 3 else share * _GREY))


@dataclass(frozen=True, slots=True, kw_only=True)
class Foxing:
    """Brown spots of age, soft-edged, in clusters: `count` of them, `depth` 0..1 at their middle."""

    count: int = 60
    size_mm: float = 1.5
    depth: float = 0.3

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:
        """Add the spots."""
        height, width = pixels.shape[:2]
        factor = max(round(dpi / 75), 1)
        small = np.zeros((height // factor + 1, width // factor + 1), np.float32)
        centres = rng.uniform(0, 1, (5, 2)) * (width, height)
        for _ in range(self.count):
            spot = centres[int(rng.integers(5))] + rng.normal(0, 0.15, 2) * (width, height)
            radius = self.size_mm * float(np.exp(rng.normal(-0.4, 0.6))) * dpi / MM_PER_INCH / 2
            centre = tuple(np.round(spot / factor * 16).astype(int).tolist())
            depth = self.depth * float(rng.uniform(0.3, 1))
            cv2.circle(small, centre, max(round(radius / factor * 16), 8), (depth,), -1, cv2.LINE_8, 4)
        soft = cv2.GaussianBlur(small, (0, 0), max(0.3 * self.size_mm * dpi / MM_PER_INCH / factor, 0.6))
        return Laid(pixels=_stained(pixels, cv2.resize(soft, (width, height))))


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterStain:
    """One tide mark: a cloudy patch with a darker rim, `size` as a share of the sheet's width."""

    size: float = 0.35
    depth: float = 0.12

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:
        """Add the patch."""
        height, width = pixels.shape[:2]
        angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        radii = (
            self.size * width * (1 + 0.25 * np.interp(angles, np.linspace(0, 6.3, 9), rng.normal(0, 1, 9)))
        )
        centre = rng.choice([0.05, 0.5, 0.95], 2) * (width, height)
        rim = centre + radii[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        factor = max(round(dpi / 75), 1)
        small = np.zeros((height // factor + 1, width // factor + 1), np.float32)
        points = np.round(rim / factor * 16).astype(np.int32)
        cv2.fillPoly(small, [points], (0.6,), cv2.LINE_8, 4)
        cv2.polylines(
            small, [points.reshape(-1, 1, 2)], True, (1.0,), max(round(75 / 25.4), 1), cv2.LINE_8, 4
        )
        soft = cv2.GaussianBlur(small, (0, 0), 2.0) * self.depth
        return Laid(pixels=_stained(pixels, cv2.resize(soft, (width, height))))


@dataclass(frozen=True, slots=True, kw_only=True)
class BrownedEdges:
    """Paper that browned from its edges inwards, `reach_mm` deep."""

    reach_mm: float = 15.0
    depth: float = 0.3

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:
        """Brown the edges."""
        height, width = pixels.shape[:2]
        reach = self.reach_mm * dpi / MM_PER_INCH
        x = np.minimum(np.arange(width), np.arange(width)[::-1]) / reach
        y = np.minimum(np.arange(height), np.arange(height)[::-1]) / reach
        wave = cv2.resize(rng.uniform(0.6, 1.4, (8, 6)).astype(np.float32), (width, height))
        depth = self.depth * np.maximum(np.exp(-(x**2))[None, :], np.exp(-(y**2))[:, None]) * wave
        return Laid(pixels=_stained(pixels, np.clip(depth, 0, 0.9)))
