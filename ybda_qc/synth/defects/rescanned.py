"""Second scan 重复扫描 of the same sheet: nearly, but never exactly, the same picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from ybda_qc.synth.defects.optics import add_noise, paper_level
from ybda_qc.synth.defects.tone import LEVELS, apply_curve
from ybda_qc.synth.defects.turned import Turned
from ybda_qc.synth.spec import MM_PER_INCH, Laid, Pixels, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescanned:
    """The sheet was put on the glass again: moved, turned, in other light, with other noise.

    Attributes
    ----------
    shift_mm : tuple of float
        To the right and down.
    angle_degrees : float
        Clockwise.
    gain, gamma : float
        Of the light.
    noise : float
        Standard deviation in grey levels.
    """

    scale: ClassVar[Scale] = Scale(
        "turn, with as many times 2 mm of shift",
        "degrees",
        (0.0, 0.5, 1.0, 2.0),
        2.0,
        "the same page twice is one page too many, whatever little differs",
    )
    shift_mm: tuple[float, float] = (2.0, 1.0)
    angle_degrees: float = 1.0
    gain: float = 0.95
    gamma: float = 1.0
    noise: float = 2.0

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> Rescanned:
        """Turned by this angle, moved by up to twice as many millimetres, in other light."""
        reach = 2 * strength + 0.2
        return cls(
            shift_mm=(float(rng.uniform(-reach, reach)), float(rng.uniform(-reach, reach))),
            angle_degrees=strength if rng.random() < 0.5 else -strength,
            gain=float(rng.uniform(0.9, 1.05)),
            gamma=float(rng.uniform(0.85, 1.2)),
            noise=float(rng.uniform(0.5, 3)),
        )

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:
        """Return the second picture, of the same size."""
        height, width = pixels.shape[:2]
        turned = Turned(angle_degrees=self.angle_degrees).apply(pixels, dpi=dpi, rng=rng)
        right, down = (part * dpi / MM_PER_INCH for part in self.shift_mm)
        fill = tuple(float(level) for level in paper_level(pixels))
        move = np.array([[1.0, 0, right], [0, 1.0, down]])
        moved = cv2.warpAffine(
            turned.pixels,
            move,
            (width, height),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=fill,
        )
        lit = apply_curve(np.asarray(moved, np.uint8), 255 * (LEVELS / 255) ** self.gamma * self.gain)
        assert turned.matrix is not None
        matrix = turned.matrix + np.array([[0, 0, right], [0, 0, down]])
        return Laid(pixels=add_noise(lit, self.noise, rng), matrix=matrix)
