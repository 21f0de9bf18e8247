"""Generated pages whose truth is known exactly.

Tests, benchmarks, sample scans and the canary draw their pages here. A page is described by a
`PageSpec` and drawn by `draw_page`; the same description always gives the same pixels. Nothing
here is a picture of a real document: the words are invented.
"""

from ybda_qc.synth.defects import DEFECTS, Speckle, Streak
from ybda_qc.synth.files import write_page
from ybda_qc.synth.layouts import LAYOUTS
from ybda_qc.synth.page import draw_page
from ybda_qc.synth.spec import (
    Box,
    Defect,
    DrawnPage,
    GradedDefect,
    Laid,
    PageSpec,
    PageTruth,
    Scale,
    TextLine,
    Wording,
)
from ybda_qc.synth.variety import sound_page

__all__ = [
    "DEFECTS",
    "LAYOUTS",
    "Box",
    "Defect",
    "DrawnPage",
    "GradedDefect",
    "Laid",
    "PageSpec",
    "PageTruth",
    "Scale",
    "Speckle",
    "Streak",
    "TextLine",
    "Wording",
    "draw_page",
    "sound_page",
    "write_page",
]
