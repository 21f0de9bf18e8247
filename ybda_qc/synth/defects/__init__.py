"""Faults of a scan, each with a strength of physical meaning; see `spec.GradedDefect`.

`DEFECTS` names those that are drawn at graded strengths. Each lays itself over any finished picture, a
generated or a real one, and says what it touched.
"""

from collections.abc import Mapping
from types import MappingProxyType

from ybda_qc.synth.defects.bright_streak import BrightStreak
from ybda_qc.synth.defects.clipped import Clipped
from ybda_qc.synth.defects.colour_cast import ColourCast
from ybda_qc.synth.defects.cropped import Cropped
from ybda_qc.synth.defects.dark_band import DarkBand
from ybda_qc.synth.defects.dead_channel import DeadChannel
from ybda_qc.synth.defects.dead_element import DeadElement
from ybda_qc.synth.defects.defocus import Defocus
from ybda_qc.synth.defects.folded_corner import FoldedCorner
from ybda_qc.synth.defects.gaussian_blur import GaussianBlur
from ybda_qc.synth.defects.grey_as_colour import GreyAsColour
from ybda_qc.synth.defects.local_blur import LocalBlur
from ybda_qc.synth.defects.low_contrast import LowContrast
from ybda_qc.synth.defects.motion_blur import MotionBlur
from ybda_qc.synth.defects.overexposed import Overexposed
from ybda_qc.synth.defects.quarter_turned import QuarterTurned
from ybda_qc.synth.defects.recompressed import Recompressed
from ybda_qc.synth.defects.rescanned import Rescanned
from ybda_qc.synth.defects.sensor_noise import SensorNoise
from ybda_qc.synth.defects.show_through import ShowThrough
from ybda_qc.synth.defects.speckle import Speckle
from ybda_qc.synth.defects.streak import Streak
from ybda_qc.synth.defects.turned import Turned
from ybda_qc.synth.defects.underexposed import Underexposed
from ybda_qc.synth.defects.uneven_light import UnevenLight
from ybda_qc.synth.defects.upsampled import Upsampled
from ybda_qc.synth.spec import GradedDefect

DEFECTS: Mapping[str, type[GradedDefect]] = MappingProxyType(
    {
        "turned": Turned,
        "quarter_turned": QuarterTurned,
        "dark_band": DarkBand,
        "folded_corner": FoldedCorner,
        "defocus": Defocus,
        "gaussian_blur": GaussianBlur,
        "motion_blur": MotionBlur,
        "local_blur": LocalBlur,
        "upsampled": Upsampled,
        "streak": Streak,
        "bright_streak": BrightStreak,
        "dead_element": DeadElement,
        "speckle": Speckle,
        "show_through": ShowThrough,
        "underexposed": Underexposed,
        "overexposed": Overexposed,
        "low_contrast": LowContrast,
        "clipped": Clipped,
        "colour_cast": ColourCast,
        "dead_channel": DeadChannel,
        "grey_as_colour": GreyAsColour,
        "recompressed": Recompressed,
        "rescanned": Rescanned,
        "sensor_noise": SensorNoise,
        "uneven_light": UnevenLight,
    }
)
"""Graded defects by name. `Cropped` is apart: where it has to cut depends on what stands on the page."""

__all__ = [
    "DEFECTS",
    "BrightStreak",
    "Clipped",
    "ColourCast",
    "Cropped",
    "DarkBand",
    "DeadChannel",
    "DeadElement",
    "Defocus",
    "FoldedCorner",
    "GaussianBlur",
    "GreyAsColour",
    "LocalBlur",
    "LowContrast",
    "MotionBlur",
    "Overexposed",
    "QuarterTurned",
    "Recompressed",
    "Rescanned",
    "SensorNoise",
    "ShowThrough",
    "Speckle",
    "Streak",
    "Turned",
    "Underexposed",
    "UnevenLight",
    "Upsampled",
]
