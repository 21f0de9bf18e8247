"""Files written while the pages go by: ``pages.jsonl`` and ``findings.csv``."""

import csv
from pathlib import Path

from ybda_qc.model import JudgedPage, Scalar, Summary
from ybda_qc.report.documents import dump_line, page_document, plain
from ybda_qc.report.rows import Row, page_rows
from ybda_qc.report.translate import Translator

_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
_CSV_COLUMNS = (
    "page",
    "path",
    "frame",
    "item",
    "subject",
    "check",
    "code",
    "verdict",
    "message",
    "value",
    "limit",
    "unit",
    "clause",
    "source",
    "pages",
    "evidence",
    "path_hex",
)


class PagesJsonl:
    """``pages.jsonl``, one page a line.

    Parameters
    ----------
    path
        Where to write.
    checks
        Ids of the planned page checks.
    translate
        Language of the messages.
    """

    def __init__(self, path: Path, checks: tuple[str, ...], translate: Translator) -> None:
        self._file = path.open("wb")
        self._checks = checks
        self._translate = translate

    def page(self, judged: JudgedPage) -> None:
        """Write a line."""
        self._file.write(dump_line(page_document(judged, self._checks, self._translate)))

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


class FindingsCsv:
    """``findings.csv``: one finding a row; opens in Excel (UTF-8 with BOM, CRLF).

    The header is English whatever the language of the report: this file is for programs and pivot tables,
    and a macro written for one delivery must find its columns in the next. The workbook speaks the language
    of its readers.

    Parameters
    ----------
    path
        Where to write.
    summary
        Its findings, about items and the batch, come first.
    translate
        Language of the messages.
    """

    def __init__(self, path: Path, summary: Summary, translate: Translator) -> None:
        self._file = path.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="")
        self._writer = csv.writer(self._file)
        self._translate = translate
        self._writer.writerow(_CSV_COLUMNS)
        for finding in summary.findings:
            self._write(Row(finding=finding))

    def page(self, judged: JudgedPage) -> None:
        """Write the rows of a page."""
        for row in page_rows(judged):
            self._write(row)

    def _write(self, row: Row) -> None:
        finding = row.finding
        self._writer.writerow(
            cell(entry)
            for entry in (
                row.page,
                row.path,
                row.frame,
                row.item,
                finding.subject,
                finding.check,
                finding.code,
                finding.verdict.word,
                self._translate(finding.template, finding.values),
                plain(finding.value),
                plain(finding.limit),
                finding.unit,
                self._translate(finding.clause),
                finding.source,
                " ".join(finding.pages),
                row.evidence,
                row.path_hex,
            )
        )

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


def cell(entry: Scalar | None) -> Scalar | None:
    """A cell no spreadsheet takes for a formula: an apostrophe stands before a text that starts like one.

    Numbers stay numbers. (The file name of a page is the vendor's to choose, and the report is opened by the
    archive.)
    """
    if isinstance(entry, str) and entry.startswith(_FORMULA_STARTS):
        return "'" + entry
    return entry
