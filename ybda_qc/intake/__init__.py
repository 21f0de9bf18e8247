"""What is in a batch: walk the folder, group pages into items 件 by a layout, find strays."""

from ybda_qc.intake.layout import LayoutOptions
from ybda_qc.intake.walk import walk

__all__ = ["LayoutOptions", "walk"]
