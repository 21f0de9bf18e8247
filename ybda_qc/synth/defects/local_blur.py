"""Partial blur 局部模糊: a corner or band of the sheet stood off the glass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.synth.defects.optics import Mask, convolve, disk, mix
from ybda_qc.synth.spec import MM_PER_INCH, Box, Laid, Pixels, Scale

Where = Literal[
    "top left", "top right", "bottom right", "bottom left", "left", "top", "right", "bottom", "middle"
]
_LEVELS = 3  # of defocus from sharp to the strongest, mixed in between


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalBlur:
    """Defocus that grows from nothing to its full strength over a soft transition.

    Attributes
    ----------
    radius_mm : float
        Of the disk at full strength.
    where : str
        Corner, side or middle (a band across the page, as beside the fold of a book).
    reach : float
        Share of width and height that is touched at all.
    soft : float
        Share of the reach over which the blur grows.
    """

    scale: ClassVar[Scale] = Scale(
        "radius of the disk",
        "mm",
        (0.15, 0.3, 0.45, 0.7, 1.0),
        0.45,
        "the words in this part cannot be read with certainty",
    )
    radius_mm: float = 0.45
    where: Where = "top left"
    reach: float = 0.4
    soft: float = 0.5

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> LocalBlur:
        """Blur of this radius at a corner, side or across, over a quarter to a half of the page."""
        places: tuple[Where, ...] = (
            *("top left", "top right", "bottom right", "bottom left", "left", "top", "right", "bottom"),
            "middle",
        )
        return cls(
            radius_mm=strength,
            where=places[int(rng.integers(len(places)))],
            reach=float(rng.uniform(0.35, 0.55)),
            soft=float(rng.uniform(0.2, 0.6)),
        )

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Return the blurred picture; the box is where the blur has at least half its strength."""
        strength = self._strength(*pixels.shape[:2])
        touched = _bounds(strength > 0)
        out = pixels.copy()
        part, share = out[touched], strength[touched]
        for step in range(1, _LEVELS + 1):
            blurred = convolve(pixels, disk(self.radius_mm * step / _LEVELS * dpi / MM_PER_INCH))[touched]
            part = mix(part, blurred, np.clip(share * _LEVELS - (step - 1), 0, 1))
        out[touched] = part
        rows, columns = _bounds(strength >= 0.5)
        box = Box(columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start)
        return Laid(pixels=out, boxes=(box,))

    def _strength(self, height: int, width: int) -> Mask:
        """Share of the full blur at each pixel, (H, W)."""
        small = (max(height // 16, 2), max(width // 16, 2))
        y, x = np.meshgrid(np.linspace(0, 1, small[0]), np.linspace(0, 1, small[1]), indexing="ij")
        if self.where == "middle":
            depth = np.abs(y - 0.5) * 2
        else:
            away = []
            if "left" in self.where:
                away.append(x)
            if "right" in self.where:
                away.append(1 - x)
            if "top" in self.where:
                away.append(y)
            if "bottom" in self.where:
                away.append(1 - y)
            depth = np.hypot(*away) if len(away) == 2 else away[0]
        share = np.clip((self.reach - depth) / max(self.reach * self.soft, 1e-6), 0, 1)
        return np.asarray(cv2.resize(share.astype(np.float32), (width, height)), np.float32)


def _bounds(mask: NDArray[np.bool_]) -> tuple[slice, slice]:
    """Rows and columns between the first and the last true value."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
