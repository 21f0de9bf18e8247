"""What time and use did to the original: paper, stains, folds, ink. None of it is a defect of the scan.

The classes serve `PageSpec.ageing` (laid over the sheet) and `PageSpec.printing` (done to the ink).
"""

from ybda_qc.synth.ageing.crease import Crease
from ybda_qc.synth.ageing.fibres import Fibres, LaidLines
from ybda_qc.synth.ageing.ink import CarbonCopy, FadedRibbon, InkSpread, ThickStems
from ybda_qc.synth.ageing.stains import BrownedEdges, Foxing, WaterStain

__all__ = [
    "BrownedEdges",
    "CarbonCopy",
    "Crease",
    "FadedRibbon",
    "Fibres",
    "Foxing",
    "InkSpread",
    "LaidLines",
    "ThickStems",
    "WaterStain",
]
