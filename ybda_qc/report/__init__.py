"""Report files of a run, and the words they are written in."""

from ybda_qc.report.labels import VERDICTS, outcome_title
from ybda_qc.report.translate import Lang, Translator, mark, translator
from ybda_qc.report.writers import FORMATS, Reports

__all__ = ["FORMATS", "VERDICTS", "Lang", "Reports", "Translator", "mark", "outcome_title", "translator"]
