"""Pictures that make a finding visible at a glance: one manner of drawing a file."""

from ybda_qc.imaging.evidence.draw import draw_evidence
from ybda_qc.imaging.evidence.pair import draw_pair
from ybda_qc.imaging.evidence.whole import draw_page

__all__ = ["draw_evidence", "draw_page", "draw_pair"]
