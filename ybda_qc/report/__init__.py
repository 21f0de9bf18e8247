"""Report files of a run, and the words they are written in."""

from ybda_qc.report.display import visible
from ybda_qc.report.labels import NOT_ACCEPTANCE, VERDICTS, next_step, outcome_title
from ybda_qc.report.translate import Lang, Translator, mark, translator
from ybda_qc.report.writers import FORMATS, Reports

__all__ = [
    "FORMATS",
    "NOT_ACCEPTANCE",
    "VERDICTS",
    "Lang",
    "Reports",
    "Translator",
    "mark",
    "next_step",
    "outcome_title",
    "translator",
    "visible",
]
