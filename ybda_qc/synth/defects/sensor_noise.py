"""Noise 噪声 of the sensor: counted light, read-out, and columns that differ a little."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from ybda_qc.synth.spec import Laid, Pixels, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorNoise:
    """Noise as a scanner of this quality makes it; every scan has some.

    Attributes
    ----------
    photon : float
        Standard deviation on white, in grey levels; it falls with the root of the light.
    read : float
        Standard deviation everywhere.
    banding : float
        Standard deviation of the offsets of single columns.
    grain_px : float
        Width over which neighbouring pixels share their noise, as after demosaicing; 0 for none.
    """

    scale: ClassVar[Scale] = Scale(
        "standard deviation on white", "grey levels", (2, 5, 10, 20, 35), 20, "paper looks like sand"
    )
    photon: float = 1.5
    read: float = 0.8
    banding: float = 0.2
    grain_px: float = 0.0

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> SensorNoise:
        """So much noise on white, some of it in columns."""
        return cls(
            photon=strength,
            read=0.4 * strength,
            banding=0.08 * strength * float(rng.random()),
            grain_px=float(rng.choice([0.0, 0.0, 0.7])),
        )

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Return the noisy picture."""
        out = np.empty_like(pixels)
        columns = rng.standard_normal(pixels.shape[1:], dtype=np.float32) * np.float32(self.banding)
        for top in range(0, pixels.shape[0], 512):  # strips keep memory small
            strip = pixels[top : top + 512].astype(np.float32)
            grain = rng.standard_normal(strip.shape, dtype=np.float32)
            if self.grain_px:
                soft = cv2.GaussianBlur(grain, (0, 0), self.grain_px)
                grain = np.asarray(soft / max(float(soft.std()), 1e-6), np.float32)
            spread = np.sqrt(self.photon**2 * strip / 255 + self.read**2)
            out[top : top + 512] = np.clip(strip + grain * spread + columns + 0.5, 0, 255)
        return Laid(pixels=out)
