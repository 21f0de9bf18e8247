"""What became of the ink: spread, faded ribbon, carbon copy; and the thick stems of a Song typeface 宋体."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ybda_qc.synth.spec import MM_PER_INCH, Laid, Pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class InkSpread:
    """Ink that ran: strokes thicker by `width_mm` with a ragged edge."""

    width_mm: float = 0.12

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:
        """Spread the dark; part of it only, from place to place."""
        width = self.width_mm * dpi / MM_PER_INCH
        size = 2 * max(round(width), 1) + 1
        wide = cv2.erode(pixels, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
        wet = cv2.resize(
            rng.uniform(0.1, 0.9, (pixels.shape[0] // 6 + 2, pixels.shape[1] // 6 + 2)).astype(np.float32),
            pixels.shape[1::-1],
        )
        share = wet if pixels.ndim == 2 else wet[..., None]
        return Laid(pixels=(pixels * (1 - share) + wide * share).astype(np.uint8))


@dataclass(frozen=True, slots=True, kw_only=True)
class ThickStems:
    """Upright strokes thicker by `width_mm` than level ones, as in a Song typeface."""

    width_mm: float = 0.2

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Spread the dark sideways."""
        size = max(round(self.width_mm * dpi / MM_PER_INCH), 1) + 1
        return Laid(pixels=np.asarray(cv2.erode(pixels, np.ones((1, size), np.uint8)), np.uint8))


@dataclass(frozen=True, slots=True, kw_only=True)
class FadedRibbon:
    """Ink of `strength` 0..1 that comes and goes along the lines, with the weave of the ribbon in it."""

    strength: float = 0.6

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Fade the ink."""
        height, width = pixels.shape[:2]
        patch = cv2.resize(rng.uniform(0.6, 1.1, (40, 12)).astype(np.float32), (width, height))
        weave = rng.uniform(0.75, 1.1, (height, width)).astype(np.float32)
        ink = np.clip(self.strength * patch * weave, 0, 1)
        share = ink if pixels.ndim == 2 else ink[..., None]
        return Laid(pixels=(255 - (255 - pixels.astype(np.float32)) * share).astype(np.uint8))


@dataclass(frozen=True, slots=True, kw_only=True)
class CarbonCopy:
    """Copy under carbon paper 复写: soft, grey-blue writing of `strength` 0..1, and smudges."""

    strength: float = 0.7
    soft_mm: float = 0.12

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:
        """Soften, pale and smudge."""
        height, width = pixels.shape[:2]
        soft = cv2.GaussianBlur(pixels, (0, 0), max(self.soft_mm * dpi / MM_PER_INCH, 0.4)).astype(np.float32)
        pale = 255 - (255 - soft) * self.strength
        smudge = cv2.resize(rng.normal(0, 1, (14, 10)).astype(np.float32), (width, height))
        loss = 12 * np.clip(smudge, 0, 2)
        tint = np.array([1.1, 1.0, 0.7], np.float32)
        pale -= loss[..., None] * tint if pixels.ndim == 3 else loss
        return Laid(pixels=np.clip(pale, 0, 255).astype(np.uint8))
