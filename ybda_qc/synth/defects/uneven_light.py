"""Uneven light 光照不均: the page is darker towards one side or the corners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import cv2
import numpy as np

from ybda_qc.synth.spec import Laid, Pixels, Scale

Kind = Literal["side", "corners", "gutter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnevenLight:
    """Light that falls off.

    Attributes
    ----------
    loss : float
        Share of the light that is missing at the darkest place.
    kind : {"side", "corners", "gutter"}
        Towards one side, towards the corners as through a lens, or steeply at the left, in the fold
        of a book.
    angle_degrees : float
        Of the fall-off to one side.
    """

    scale: ClassVar[Scale] = Scale(
        "light lost", "", (0.05, 0.15, 0.3, 0.5, 0.7), 0.5, "half of the page looks dirty"
    )
    loss: float = 0.15
    kind: Kind = "side"
    angle_degrees: float = 0.0

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> UnevenLight:
        """So much light lost in a way of chance."""
        kinds: tuple[Kind, ...] = ("side", "corners", "gutter")
        return cls(loss=strength, kind=kinds[int(rng.integers(3))], angle_degrees=float(rng.uniform(0, 360)))

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Return the picture in this light."""
        height, width = pixels.shape[:2]
        y, x = np.meshgrid(np.linspace(-1, 1, 64), np.linspace(-1, 1, 64), indexing="ij")
        if self.kind == "corners":
            dark = (x**2 + y**2) / 2
        elif self.kind == "gutter":
            dark = np.exp(-(x + 1) / 0.12)
        else:
            turn = np.radians(self.angle_degrees)
            dark = (x * np.cos(turn) + y * np.sin(turn)) / 2.83 + 0.5
        light = cv2.resize((1 - self.loss * dark).astype(np.float32), (width, height))
        if pixels.ndim == 3:
            light = light[..., None]
        return Laid(pixels=np.clip(pixels * light + 0.5, 0, 255).astype(np.uint8))
