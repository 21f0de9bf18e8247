"""The workbook as its sheets see it: language, styles, and what all of them need."""

from pathlib import Path

import xlsxwriter

from ybda_qc.model import Summary, Verdict
from ybda_qc.report import labels
from ybda_qc.report.display import batch_name
from ybda_qc.report.sheet import Column, Sheet, Styles, Word
from ybda_qc.report.translate import Lang, Translator, translator
from ybda_qc.report.translate import mark as _


class Book:
    """A workbook under way.

    Parameters
    ----------
    path
        Where to write.
    scratch
        Folder for what does not fit into memory.
    summary
        Head of the report.
    lang
        The language.

    Attributes
    ----------
    remarks
        What readers must know of the workbook itself: what it leaves out.
    """

    def __init__(self, path: Path, scratch: Path, summary: Summary, lang: Lang) -> None:
        self.summary = summary
        self.say: Translator = translator(lang)
        self.file = xlsxwriter.Workbook(
            str(path), {"constant_memory": True, "tmpdir": str(scratch), "in_memory": False}
        )
        self.styles = Styles(self.file)
        self.remarks: list[str] = []

    def sheet(self, name: str, columns: list[Column], frozen: int = 1) -> Sheet:
        """A sheet of that name; it is begun with its columns and ends with `finish`."""
        footer = f"{name} · {batch_name(self.summary.run.batch)}"
        return Sheet(self.file, self.styles, name, columns, footer=footer, frozen=frozen)

    def stop(self, sheet: Sheet, total: int) -> bool:
        """Whether a sheet is full; if so the remarks say how much it leaves out."""
        if sheet.is_full:
            template = _(
                "A sheet of Excel is full after {rows} rows; findings.csv holds all {total} findings."
            )
            self.remarks.append(self.say(template, {"rows": sheet.row, "total": total}))
        return sheet.is_full

    def column(self, title: str, width: float, *, wrap: bool = False, right: bool = False) -> Column:
        """A column under a translated title."""
        return Column(title=self.say(title), width=width, wrap=wrap, right=right)

    def word(self, verdict: Verdict) -> Word:
        """A verdict as a coloured word."""
        return Word(verdict=verdict, text=self.say(labels.VERDICTS[verdict]))

    def title(self, check: str) -> str:
        """The title of a check, not translated."""
        if check == labels.COVERAGE_CARD.id:
            return labels.COVERAGE_CARD.title
        card = self.summary.cards.get(check)
        return card.title if card is not None else check

    def remedy(self, check: str) -> str:
        """How a defect that a check finds is mended."""
        if check == labels.COVERAGE_CARD.id:
            return labels.COVERAGE_CARD.remedy
        card = self.summary.cards.get(check)
        return card.remedy if card is not None else ""
