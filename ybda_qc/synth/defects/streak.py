"""Streak 条纹: dirt on the glass or a sensor element that answers wrongly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ybda_qc.synth.spec import MM_PER_INCH, Box, Laid, Pixels, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """Line along the whole picture, or a part of it, from a dirty or dead sensor element.

    Attributes
    ----------
    place : float
        0..1 across the picture.
    width_px : int
    level : int
        Grey value that a dead element leaves; used where `depth` is None.
    depth : float or None
        Grey levels that dirt takes away (negative: adds); the picture goes on beneath.
    across : bool
        True if the line lies horizontally.
    channel : int or None
        The one channel of a colour picture that is struck; None strikes all.
    start, end : float
        0..1 along the picture.
    gap_mm : float
        Mean length of the stretches in which the dirt is gone; 0 for none. As many stretches stay.
    """

    scale: ClassVar[Scale] = Scale(
        "contrast",
        "grey levels",
        (8, 15, 30, 60, 120),
        60,
        "a line a quarter of the way to black, through the whole page, is seen at once at 100 %",
    )
    place: float = 0.4
    width_px: int = 1
    level: int = 90
    depth: float | None = None
    across: bool = False
    channel: int | None = None
    start: float = 0.0
    end: float = 1.0
    gap_mm: float = 0.0

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> Streak:
        """Dark streak of this contrast, 1 to 5 pixels wide: whole, broken, part of the way, one channel."""
        start, end, gap, channel = 0.0, 1.0, 0.0, None
        kind = rng.choice(["whole", "broken", "part", "channel"], p=[0.5, 0.2, 0.15, 0.15])
        if kind == "broken":
            gap = float(rng.uniform(4, 20))
        elif kind == "part":
            start, end = (
                (0.0, float(rng.uniform(0.5, 0.9)))
                if rng.random() < 0.5
                else (float(rng.uniform(0.1, 0.5)), 1.0)
            )
        elif kind == "channel":
            channel = int(rng.integers(3))
        return cls(
            place=float(rng.uniform(0.06, 0.94)),
            width_px=int(rng.choice([1, 1, 2, 2, 3, 5])),
            depth=strength,
            across=bool(rng.random() < 0.15),
            channel=channel,
            start=start,
            end=end,
            gap_mm=gap,
        )

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:
        """Draw the line in place."""
        view = pixels.swapaxes(0, 1) if self.across else pixels
        length, width = view.shape[:2]
        left = min(int(self.place * width), width - 1)
        top, bottom = (
            round(self.start * length),
            max(round(self.end * length), round(self.start * length) + 1),
        )
        band = view[top:bottom, left : left + self.width_px]
        if self.channel is not None and band.ndim == 3:
            band = band[..., self.channel]
        if self.depth is None:
            band[:] = self.level
        else:
            along = self._along(bottom - top, dpi, rng)
            along = along.reshape(-1, *([1] * (band.ndim - 1)))
            band[:] = np.clip(band - self.depth * along + 0.5, 0, 255).astype(np.uint8)
        box = Box(left, top, min(self.width_px, width - left), bottom - top)
        return Laid(
            pixels=pixels, boxes=(Box(box.top, box.left, box.height, box.width) if self.across else box,)
        )

    def _along(self, length: int, dpi: float, rng: np.random.Generator) -> NDArray[np.float32]:
        """How much of the dirt there is, row by row: it wavers a little, and may be gone for a while."""
        along = 1 + 0.1 * np.interp(np.arange(length), np.linspace(0, length, 30), rng.standard_normal(30))
        place, there = 0, bool(rng.random() < 0.5)
        mean = self.gap_mm * dpi / MM_PER_INCH
        while mean > 0 and place < length:
            stretch = max(int(rng.exponential(mean)), 1)
            if not there:
                along[place : place + stretch] = 0
            place, there = place + stretch, not there
        return along.astype(np.float32)
