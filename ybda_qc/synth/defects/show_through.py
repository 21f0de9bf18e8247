"""Show-through 透字: what stands on the other side of the sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from ybda_qc.synth.defects.optics import paper_level
from ybda_qc.synth.spec import MM_PER_INCH, Laid, Pixels, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowThrough:
    """The picture mirrored, moved, softened and mixed in: the other side carries the like of this one.

    Attributes
    ----------
    strength : float
        Darkness of the other side's ink, as a share of this side's.
    soft_mm : float
        Standard deviation of the blur in the paper.
    shift : tuple of float
        How the other side is set off, as a share of width and height.
    """

    scale: ClassVar[Scale] = Scale(
        "darkness, as a share of the ink",
        "",
        (0.05, 0.1, 0.2, 0.35, 0.5),
        0.35,
        "the other side competes with the text when it is read",
    )
    strength: float = 0.35
    soft_mm: float = 0.2
    shift: tuple[float, float] = (0.03, 0.02)

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> ShowThrough:
        """Show-through of this darkness, blurred by a tenth to a third of a millimetre."""
        return cls(
            strength=strength,
            soft_mm=float(rng.uniform(0.1, 0.35)),
            shift=(float(rng.uniform(-0.06, 0.06)), float(rng.uniform(-0.06, 0.06))),
        )

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Return the picture with the other side in it."""
        height, width = pixels.shape[:2]
        grey = pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
        paper = float(paper_level(grey)[0])
        move = np.array([[-1.0, 0, width - 1 + self.shift[0] * width], [0, 1.0, self.shift[1] * height]])
        other = cv2.warpAffine(grey, move, (width, height), flags=cv2.INTER_LINEAR, borderValue=(paper,))
        soft = cv2.GaussianBlur(other, (0, 0), max(self.soft_mm * dpi / MM_PER_INCH, 0.3)).astype(np.float32)
        light = 1 - self.strength * np.clip((paper - soft) / max(paper, 1), 0, 1)
        if pixels.ndim == 3:
            light = light[..., None]
        return Laid(pixels=np.clip(pixels * light + 0.5, 0, 255).astype(np.uint8))
