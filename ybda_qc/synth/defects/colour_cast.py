"""Colour cast 偏色: the light or the balance of the channels was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ybda_qc.synth.defects.tone import LEVELS, apply_curve
from ybda_qc.synth.spec import Laid, Pixels, Scale


@dataclass(frozen=True, slots=True, kw_only=True)
class ColourCast:
    """One or two channels lose levels of white; grey pictures have none to lose.

    Attributes
    ----------
    levels : float
        Grey levels that white loses in the channels struck.
    channels : tuple of int
    """

    scale: ClassVar[Scale] = Scale(
        "levels lost",
        "grey levels",
        (8, 15, 30, 50, 80),
        50,
        "paper looks yellow, blue or green beside its neighbours",
    )
    levels: float = 50.0
    channels: tuple[int, ...] = (2,)

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> ColourCast:
        """Cast of this many levels to a colour of chance."""
        choices: tuple[tuple[int, ...], ...] = ((0,), (1,), (2,), (0, 1), (0, 2))
        return cls(levels=strength, channels=choices[int(rng.integers(len(choices)))])

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Return the tinted picture."""
        if pixels.ndim == 2:
            return Laid(pixels=pixels)
        curves = np.repeat(LEVELS[:, None], 3, axis=1)
        for channel in self.channels:
            curves[:, channel] *= 1 - self.levels / 255
        return Laid(pixels=apply_curve(pixels, curves))
