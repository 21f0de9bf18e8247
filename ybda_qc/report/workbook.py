"""``report.xlsx``: the workbook for the people who mend, count and bill."""

from dataclasses import replace
from pathlib import Path

from xlsxwriter.exceptions import FileCreateError

from ybda_qc.model import Finding, Summary, Verdict
from ybda_qc.report import labels
from ybda_qc.report.against import Difference
from ybda_qc.report.book import Book
from ybda_qc.report.change_sheet import write_changes
from ybda_qc.report.check_sheets import write_checks, write_natures
from ybda_qc.report.digest import MAX_PICTURES, Digest
from ybda_qc.report.documents import plain
from ybda_qc.report.figures import rounded, unit_word
from ybda_qc.report.overview import write_overview
from ybda_qc.report.rows import Row
from ybda_qc.report.sheet import Cell, Column, Link
from ybda_qc.report.translate import Lang
from ybda_qc.report.translate import mark as _

_THUMBNAIL = (150, 108)  # pixels
_MAX_PAGES_NAMED = 12  # pages of a batch finding named in a cell; findings.csv names all
_POINTS_PER_PIXEL = 0.75
_ITEM_VERDICTS = (Verdict.PASS, Verdict.NOTE, Verdict.REVIEW, Verdict.FAIL, Verdict.ERROR)


class Workbook:
    """Writes the sheets in the language of the report.

    Parameters
    ----------
    path
        Where to write.
    summary, digest, difference
        What to write.
    lang
        The language.
    """

    def __init__(
        self, path: Path, summary: Summary, digest: Digest, lang: Lang, difference: Difference | None
    ) -> None:
        self._book = Book(path, digest.scratch, summary, lang)
        self._say = self._book.say
        self._summary = summary
        self._digest = digest
        self._difference = difference

    def write(self) -> None:
        """Write all sheets and close the file."""
        say = self._say
        with self._book.file:
            overview = self._book.file.add_worksheet(say(_("Summary")))
            self._rework()
            self._corrections()
            self._items()
            self._papers()
            write_natures(self._book)
            write_checks(self._book)
            self._notes()
            if self._difference is not None:
                write_changes(self._book, self._difference)
            remarks = [*self._cap_notes(), *self._book.remarks]
            write_overview(
                overview, self._book.styles, self._summary, say, remarks, damaged=self._digest.damaged
            )
            title = say(labels.outcome_title(self._summary.decision))
            self._book.file.set_properties({"title": title, "comments": "ybda-qc"})

    def _cap_notes(self) -> list[str]:
        embedded, total = len(self._digest.pictures()), self._digest.evidence
        if total <= embedded:
            return []
        template = _(
            "{embedded} of {total} pictures are in the workbook (at most {cap}, the worst first); the links "
            "in the column beside open the others from the folder evidence."
        )
        return [self._say(template, {"embedded": embedded, "total": total, "cap": MAX_PICTURES})]

    def _rework(self) -> None:
        """The list of what somebody has to act on."""
        sheet = self._book.sheet(
            self._say(_("Rework list")),
            [
                *self._finding_columns(),
                self._book.column(_("Thumbnail"), 22),
                self._book.column(_("Result of rework"), 16, wrap=True),  # for the vendor to fill in
            ],
            4,
        )
        pictures = set(self._digest.pictures())
        for number, row in enumerate(self._digest.rework_by_item(), start=1):
            if self._book.stop(sheet, self._digest.rework.count):
                break
            has_picture = row.evidence in pictures
            height = (_THUMBNAIL[1] + 6) * _POINTS_PER_PIXEL if has_picture else None
            sheet.append([number, *self._finding_cells(row), None, None], height=height)
            if has_picture and row.evidence is not None:
                pictures.discard(row.evidence)
                path = self._digest.folder / row.evidence
                sheet.picture(path, len(self._finding_columns()), width=_THUMBNAIL[0], height=_THUMBNAIL[1])
        sheet.finish()

    def _corrections(self) -> None:
        """The correction list: where catalogue and batch differ, and what is proposed; only if they do."""
        found = self._corrected()
        if not found:
            return
        columns = [
            self._book.column(_("No."), 6, right=True),
            self._book.column(_("Check"), 14, wrap=True),
            self._book.column(_("Place in the catalogue"), 18, wrap=True),
            self._book.column(_("Item or record"), 28, wrap=True),
            self._book.column(_("Field"), 12),
            self._book.column(_("In the catalogue"), 28, wrap=True),
            self._book.column(_("Found"), 28, wrap=True),
            self._book.column(_("Proposed"), 28, wrap=True),
            self._book.column(_("Defect"), 60, wrap=True),
        ]
        sheet = self._book.sheet(self._say(_("Corrections")), columns)
        for number, finding in enumerate(found, start=1):
            if self._book.stop(sheet, len(found)):
                break
            sheet.append([number, *self._correction_cells(finding)])
        sheet.finish()

    def _corrected(self) -> list[Finding]:
        """The findings with a correction; where several propose the same, the one that found something."""
        rows: dict[object, Finding] = {}
        for number, finding in enumerate(self._summary.findings):
            correction = finding.correction
            if correction is not None:
                key = replace(correction, found="") if correction.place and correction.proposed else number
                former = rows.get(key)
                if former is None or (former.correction and not former.correction.found):
                    rows[key] = finding
        return list(rows.values())

    def _correction_cells(self, finding: Finding) -> list[Cell]:
        correction, say = finding.correction, self._say
        assert correction is not None
        return [
            say(self._book.title(finding.check)),
            say.place(correction.place),
            say.place((finding.subject or "").removeprefix("/")),
            self._say(labels.FIELDS.get(correction.field, correction.field)),
            correction.stands,
            correction.found,
            correction.proposed,
            say(finding.template, finding.values),
        ]

    def _notes(self) -> None:
        """What is worth knowing and holds nothing."""
        sheet = self._book.sheet(self._say(_("Notes")), self._finding_columns(), 4)
        for number, row in enumerate(self._digest.notes, start=1):
            if self._book.stop(sheet, self._digest.notes.count):
                break
            sheet.append([number, *self._finding_cells(row)])
        sheet.finish()

    def _finding_columns(self) -> list[Column]:
        return [
            self._book.column(_("No."), 6, right=True),
            self._book.column(_("Item"), 20, wrap=True),
            self._book.column(_("File"), 26, wrap=True),
            self._book.column(_("Page"), 6, right=True),
            self._book.column(_("Check"), 11, wrap=True),
            self._book.column(_("Severity"), 12),
            self._book.column(_("Defect"), 30, wrap=True),
            self._book.column(_("Measured"), 10, right=True),
            self._book.column(_("Limit"), 9, right=True),
            self._book.column(_("Unit"), 8, wrap=True),
            self._book.column(_("Clause"), 24, wrap=True),
            self._book.column(_("Source"), 10, wrap=True),
            self._book.column(_("Remedy"), 28, wrap=True),
            self._book.column(_("Picture"), 8),
        ]

    def _finding_cells(self, row: Row) -> list[Cell]:
        finding, say = row.finding, self._say
        return [
            self._item_name(row),
            row.path if row.path is not None else say.place((finding.subject or "").removeprefix("/")),
            row.frame,
            say(self._book.title(finding.check)),
            self._book.word(finding.verdict),
            say(finding.template, finding.values) + self._pages(finding),
            plain(rounded(finding, "value")),
            plain(rounded(finding, "limit")),
            None if finding.value is None else unit_word(finding.unit, finding.template, say),
            say(finding.clause),
            say(labels.SOURCES[finding.source]) if finding.source is not None else None,
            say(self._book.remedy(finding.check)),
            Link(target=row.evidence, text=say(_("open"))) if row.evidence is not None else None,
        ]

    def _item_name(self, row: Row) -> str:
        code = self._digest.item_of(row)
        if code is not None:
            return code
        return self._say(_("Files outside items") if row.path is not None else _("Whole batch"))

    def _pages(self, finding: Finding) -> str:
        if not finding.pages:
            return ""
        more = len(finding.pages) - _MAX_PAGES_NAMED
        rest = " " + self._say(_("and {n} more pages"), {"n": more}) if more > 0 else ""
        return " [" + ", ".join(finding.pages[:_MAX_PAGES_NAMED]) + rest + "]"

    def _items(self) -> None:
        """Every item with its pages, counts and worst verdict."""
        verdicts = [self._say(labels.VERDICTS[verdict]) for verdict in _ITEM_VERDICTS]
        pages = _("pages: {verdict}")
        columns = [
            self._book.column(_("Item"), 42, wrap=True),
            self._book.column(_("Pages"), 9, right=True),
            self._book.column(_("Worst verdict"), 14),
            *(Column(title=self._say(pages, {"verdict": word}), width=13, right=True) for word in verdicts),
            self._book.column(_("Findings to act on"), 13, right=True),
            self._book.column(_("Notes"), 9, right=True),
            self._book.column(_("Media files"), 10, right=True),
        ]
        sheet = self._book.sheet(self._say(_("Items")), columns)
        for tally in self._digest.items.values():
            if self._book.stop(sheet, len(self._digest.items)):
                break
            name = tally.code if tally.code is not None else self._say(_("Files outside items"))
            by_verdict = [tally.by_verdict[verdict] for verdict in _ITEM_VERDICTS]
            counts = [*by_verdict, tally.rework, tally.notes, tally.media]
            sheet.append([name, tally.pages, self._book.word(tally.worst), *counts])
        sheet.finish()

    def _papers(self) -> None:
        """Pages by paper size: vendors bill by it."""
        columns = [
            self._book.column(_("Paper size"), 36),
            self._book.column(_("Pages"), 12, right=True),
            self._book.column(_("Share, %"), 12, right=True),
        ]
        sheet = self._book.sheet(self._say(_("Paper sizes")), columns)
        sizes = self._summary.totals.paper_sizes
        total = sum(sizes.values())
        for name, count in sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0])):
            sheet.append([self._say(name), count, round(100 * count / total, 2)])
        if sizes:
            sheet.append([self._say(_("Total")), total, 100])
        sheet.finish()


def write_workbook(
    path: Path, *, summary: Summary, digest: Digest, lang: Lang, difference: Difference | None = None
) -> None:
    """Write the workbook.

    Parameters
    ----------
    path
        Where to write.
    summary
        Head of the report.
    digest
        All pages in brief, finished.
    lang
        Language of sheets and messages.
    difference
        Difference to an older run, if one was compared.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    try:
        Workbook(path, summary, digest, lang, difference).write()
    except FileCreateError as error:
        cause = error.args[0] if error.args else None
        raise (cause if isinstance(cause, OSError) else OSError(str(error))) from error
