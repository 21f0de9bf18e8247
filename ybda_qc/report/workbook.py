"""``report.xlsx``: the workbook for the people who mend, count and bill."""

from collections.abc import Iterable
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from ybda_qc.model import Finding, LimitCard, Summary, Verdict
from ybda_qc.report import labels
from ybda_qc.report.against import CHANGES, MAX_LISTED_CHANGES, NOTHING_IN_COMMON, Change, Difference
from ybda_qc.report.digest import MAX_PICTURES, Digest
from ybda_qc.report.display import batch_name, local_text, meaning
from ybda_qc.report.documents import plain
from ybda_qc.report.figures import LIMIT_UNITS, rounded, scaled, unit_word
from ybda_qc.report.natures import natures_of
from ybda_qc.report.overview import write_overview
from ybda_qc.report.rows import Row
from ybda_qc.report.sheet import Cell, Column, Link, Sheet, Styles, Word
from ybda_qc.report.translate import Lang, Translator, translator
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
        self._summary = summary
        self._digest = digest
        self._difference = difference
        self._say: Translator = translator(lang)
        self._book = xlsxwriter.Workbook(
            str(path), {"constant_memory": True, "tmpdir": str(digest.scratch), "in_memory": False}
        )
        self._styles = Styles(self._book)
        self._truncated: list[str] = []

    def write(self) -> None:
        """Write all sheets and close the file."""
        say = self._say
        with self._book:
            overview = self._book.add_worksheet(say(_("Summary")))
            self._rework()
            self._corrections()
            self._items()
            self._papers()
            self._natures()
            self._checks()
            self._notes()
            if self._difference is not None:
                self._changes(self._difference)
            remarks = [*self._cap_notes(), *self._truncated]
            write_overview(overview, self._styles, self._summary, say, remarks, damaged=self._digest.damaged)
            title = say(labels.outcome_title(self._summary.decision))
            self._book.set_properties({"title": title, "comments": "ybda-qc"})

    def _sheet(self, name: str, columns: list[Column], frozen: int = 1) -> Sheet:
        footer = f"{name} · {batch_name(self._summary.run.batch)}"
        return Sheet(self._book, self._styles, name, columns, footer=footer, frozen=frozen)

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
        sheet = self._sheet(
            self._say(_("Rework list")),
            [
                *self._finding_columns(),
                self._column(_("Thumbnail"), 22),
                self._column(_("Result of rework"), 16, wrap=True),  # for the vendor to fill in
            ],
            4,
        )
        pictures = set(self._digest.pictures())
        for number, row in enumerate(self._digest.rework_by_item(), start=1):
            if self._stop(sheet, self._digest.rework.count):
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
        found = [finding for finding in self._summary.findings if finding.correction is not None]
        if not found:
            return
        columns = [
            self._column(_("No."), 6, right=True),
            self._column(_("Check"), 14, wrap=True),
            self._column(_("Place in the catalogue"), 18, wrap=True),
            self._column(_("Item or record"), 28, wrap=True),
            self._column(_("Field"), 12),
            self._column(_("In the catalogue"), 28, wrap=True),
            self._column(_("Found"), 28, wrap=True),
            self._column(_("Proposed"), 28, wrap=True),
            self._column(_("Defect"), 60, wrap=True),
        ]
        sheet = self._sheet(self._say(_("Corrections")), columns)
        for number, finding in enumerate(found, start=1):
            if self._stop(sheet, len(found)):
                break
            sheet.append([number, *self._correction_cells(finding)])
        sheet.finish()

    def _correction_cells(self, finding: Finding) -> list[Cell]:
        correction, say = finding.correction, self._say
        assert correction is not None
        return [
            say(self._title(finding.check)),
            correction.place,
            (finding.subject or "").removeprefix("/"),
            self._say(labels.FIELDS.get(correction.field, correction.field)),
            correction.stands,
            correction.found,
            correction.proposed,
            say(finding.template, finding.values),
        ]

    def _notes(self) -> None:
        """What is worth knowing and holds nothing."""
        sheet = self._sheet(self._say(_("Notes")), self._finding_columns(), 4)
        for number, row in enumerate(self._digest.notes, start=1):
            if self._stop(sheet, self._digest.notes.count):
                break
            sheet.append([number, *self._finding_cells(row)])
        sheet.finish()

    def _stop(self, sheet: Sheet, total: int) -> bool:
        if sheet.is_full:
            template = _(
                "A sheet of Excel is full after {rows} rows; findings.csv holds all {total} findings."
            )
            self._truncated.append(self._say(template, {"rows": sheet.row, "total": total}))
        return sheet.is_full

    def _column(self, title: str, width: float, *, wrap: bool = False, right: bool = False) -> Column:
        return Column(title=self._say(title), width=width, wrap=wrap, right=right)

    def _finding_columns(self) -> list[Column]:
        return [
            self._column(_("No."), 6, right=True),
            self._column(_("Item"), 20, wrap=True),
            self._column(_("File"), 26, wrap=True),
            self._column(_("Page"), 6, right=True),
            self._column(_("Check"), 11, wrap=True),
            self._column(_("Severity"), 12),
            self._column(_("Defect"), 30, wrap=True),
            self._column(_("Measured"), 10, right=True),
            self._column(_("Limit"), 9, right=True),
            self._column(_("Unit"), 8, wrap=True),
            self._column(_("Clause"), 24, wrap=True),
            self._column(_("Source"), 10, wrap=True),
            self._column(_("Remedy"), 28, wrap=True),
            self._column(_("Picture"), 8),
        ]

    def _finding_cells(self, row: Row) -> list[Cell]:
        finding, say = row.finding, self._say
        return [
            self._item_name(row),
            row.path if row.path is not None else (finding.subject or "").removeprefix("/"),
            row.frame,
            say(self._title(finding.check)),
            self._word(finding.verdict),
            say(finding.template, finding.values) + self._pages(finding),
            plain(rounded(finding, "value")),
            plain(rounded(finding, "limit")),
            None if finding.value is None else unit_word(finding.unit, finding.template, say),
            say(finding.clause),
            say(labels.SOURCES[finding.source]) if finding.source is not None else None,
            say(self._remedy(finding.check)),
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

    def _word(self, verdict: Verdict) -> Word:
        return Word(verdict=verdict, text=self._say(labels.VERDICTS[verdict]))

    def _title(self, check: str) -> str:
        if check == labels.COVERAGE_CARD.id:
            return labels.COVERAGE_CARD.title
        card = self._summary.cards.get(check)
        return card.title if card is not None else check

    def _remedy(self, check: str) -> str:
        if check == labels.COVERAGE_CARD.id:
            return labels.COVERAGE_CARD.remedy
        card = self._summary.cards.get(check)
        return card.remedy if card is not None else ""

    def _items(self) -> None:
        """Every item with its pages, counts and worst verdict."""
        counts = [self._say(labels.VERDICTS[verdict]) for verdict in _ITEM_VERDICTS]
        pages = _("pages: {verdict}")
        columns = [
            self._column(_("Item"), 42, wrap=True),
            self._column(_("Pages"), 9, right=True),
            self._column(_("Worst verdict"), 14),
            *(Column(title=self._say(pages, {"verdict": word}), width=13, right=True) for word in counts),
            self._column(_("Findings to act on"), 13, right=True),
            self._column(_("Notes"), 9, right=True),
        ]
        sheet = self._sheet(self._say(_("Items")), columns)
        for tally in self._digest.items.values():
            if self._stop(sheet, len(self._digest.items)):
                break
            name = tally.code if tally.code is not None else self._say(_("Files outside items"))
            by_verdict = [tally.by_verdict[verdict] for verdict in _ITEM_VERDICTS]
            sheet.append([name, tally.pages, self._word(tally.worst), *by_verdict, tally.rework, tally.notes])
        sheet.finish()

    def _papers(self) -> None:
        """Pages by paper size: vendors bill by it."""
        columns = [
            self._column(_("Paper size"), 36),
            self._column(_("Pages"), 12, right=True),
            self._column(_("Share, %"), 12, right=True),
        ]
        sheet = self._sheet(self._say(_("Paper sizes")), columns)
        sizes = self._summary.totals.paper_sizes
        total = sum(sizes.values())
        for name, count in sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0])):
            sheet.append([self._say(name), count, round(100 * count / total, 2)])
        if sizes:
            sheet.append([self._say(_("Total")), total, 100])
        sheet.finish()

    def _natures(self) -> None:
        """The checks arranged by the four natures, with the number of their findings."""
        if not self._summary.natures:
            return
        columns = [
            self._column(_("Nature"), 24, wrap=True),
            self._column(_("Check"), 20, wrap=True),
            self._column(_("Id"), 17),
            self._column(_("Findings"), 10, right=True),
        ]
        sheet = self._sheet(self._say(_("The four natures 四性")), columns)
        for nature in natures_of(self._summary):
            for card, count in nature.checks:
                sheet.append([self._say(nature.title), self._say(card.title), card.id, count])
        sheet.finish()

    def _checks(self) -> None:
        """All planned checks with their limits and where these come from."""
        columns = [
            self._column(_("Check"), 16, wrap=True),
            self._column(_("Id"), 17),
            self._column(_("Requirement"), 46, wrap=True),
            self._column(_("Findings"), 10, right=True),
            self._column(_("Defect code"), 18),
            self._column(_("Meaning"), 38, wrap=True),
            self._column(_("note"), 10, right=True),
            self._column(_("review"), 10, right=True),
            self._column(_("fail"), 10, right=True),
            self._column(_("undetermined"), 13, right=True),
            self._column(_("Unit"), 9),
            self._column(_("Source"), 14),
            self._column(_("Clause"), 40, wrap=True),
        ]
        sheet = self._sheet(self._say(_("Checks and limits")), columns, 2)
        run, say = self._summary.run, self._say
        for check in (*run.page_checks, *run.batch_checks):
            card = self._summary.cards.get(check)
            head: list[Cell] = [
                say(self._title(check)),
                check,
                say(card.requirement) if card is not None else None,
                self._summary.totals.findings_by_check.get(check, 0),
            ]
            limits: Iterable[LimitCard | None] = (card.limits if card is not None else ()) or (None,)
            for limit in limits:
                sheet.append([*head, *(self._limit_cells(check, limit) if limit is not None else [])])
        sheet.finish()

    def _limit_cells(self, check: str, limit: LimitCard) -> list[Cell]:
        say = self._say
        steps = (limit.note, limit.review, limit.fail)
        unit = LIMIT_UNITS.get(f"{check}/{limit.code}")
        graded: list[Cell] = [
            None if step is None else plain(scaled(step, unit, limit.template)) for step in steps
        ]
        graded.append(None)  # a number is never undetermined by a limit
        if limit.verdict is not None:
            flagged = (Verdict.NOTE, Verdict.REVIEW, Verdict.FAIL, Verdict.ERROR)
            graded = [self._word(verdict) if verdict is limit.verdict else None for verdict in flagged]
        elif steps == (None, None, None):
            graded = [say(_("off"))] * 3 + [None]
        return [
            limit.code,
            meaning(say(limit.template)),
            *graded,
            None if unit is None else unit_word(unit, limit.template, say),
            say(labels.SOURCES[limit.source]),
            say(limit.clause),
        ]

    def _changes(self, difference: Difference) -> None:
        """What became of the findings of the earlier delivery."""
        columns = [
            self._column(_("State"), 14),
            self._column(_("Item"), 24, wrap=True),
            self._column(_("Page or subject"), 40, wrap=True),
            self._column(_("Check"), 16),
            self._column(_("Before"), 11),
            self._column(_("Now"), 11),
            self._column(_("Defect"), 60, wrap=True),
        ]
        sheet = self._sheet(self._say(_("Difference")), columns)
        for entry in difference.listed:
            sheet.append(
                [
                    self._say(CHANGES[entry.change]),
                    entry.item,
                    entry.page or entry.subject,
                    self._say(self._title(entry.check)),
                    self._word(entry.old_verdict) if entry.old_verdict is not None else None,
                    self._word(entry.new_verdict) if entry.new_verdict is not None else None,
                    entry.message,
                ]
            )
        sheet.finish()
        self._truncated += self._difference_notes(difference)

    def _difference_notes(self, difference: Difference) -> list[str]:
        counts = ", ".join(f"{self._say(CHANGES[change])} {difference.counts[change]:,}" for change in Change)
        notes = [
            self._say(_("Compared with the earlier delivery"))
            + f" ({local_text(difference.older.finished_at)}): {counts}"
        ]
        if difference.pages.are_disjoint:
            notes.append(self._say(NOTHING_IN_COMMON))
        if not difference.same_limits:
            template = _(
                "The two runs were judged by different limits; part of the difference may come from that."
            )
            notes.append(self._say(template))
        if any(count > MAX_LISTED_CHANGES for count in difference.counts.values()):
            template = _("Sheet Difference lists {count} changes of each state; difference.csv holds all.")
            notes.append(self._say(template, {"count": MAX_LISTED_CHANGES}))
        return notes


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
