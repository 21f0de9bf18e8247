"""Files written while the pages go by: ``pages.jsonl`` and ``findings.csv``."""

import csv
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from ybda_qc.model import Finding, JudgedPage, Scalar, Summary
from ybda_qc.report.documents import dump_line, page_document, plain
from ybda_qc.report.rows import Row, item_of, page_rows
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

    def finish(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Close the file."""
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
        # the rows of the pages wait: which page or item the first ones speak of is known after the last page
        self._pages = tempfile.TemporaryFile(  # noqa: SIM115 - closed by close()
            "w+", dir=path.parent, encoding="utf-8", errors="backslashreplace", newline=""
        )
        self._writer = csv.writer(self._pages)
        self._translate = translate
        self._findings = summary.findings
        self._subjects = {finding.subject for finding in summary.findings}
        self._paths: dict[str, str | None] = {}
        self._items: set[str | None] = set()

    def page(self, judged: JudgedPage) -> None:
        """Take in the rows of a page."""
        result = judged.result
        self._items.add(result.item)
        if result.page.path in self._subjects:
            self._paths[result.page.path] = result.item
        for row in page_rows(judged):
            self._write(self._writer, row)

    def _batch_row(self, finding: Finding) -> Row:
        """The row of a finding about an item or the batch, with the file and the item it is about."""
        row = Row(finding=finding, evidence=finding.evidence)
        subject = finding.subject
        is_file = subject in self._paths or (subject is not None and subject == finding.values.get("path"))
        item = self._paths.get(subject or "") or item_of(row, self._items)
        return replace(row, item=item, path=subject if is_file else None)

    def _write(self, writer: Any, row: Row) -> None:
        finding = row.finding
        writer.writerow(
            cell(entry)
            for entry in (
                row.page if row.frame is not None else None,
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

    def finish(self) -> None:
        """Write what was taken in, the findings about items and the batch first."""
        writer = csv.writer(self._file)
        writer.writerow(_CSV_COLUMNS)
        for finding in self._findings:
            self._write(writer, self._batch_row(finding))
        self._pages.seek(0)
        shutil.copyfileobj(self._pages, self._file)

    def close(self) -> None:
        """Close the files."""
        self._pages.close()
        self._file.close()


def cell(entry: Scalar | None) -> Scalar | None:
    """A cell no spreadsheet takes for a formula: an apostrophe stands before a text that starts like one.

    Numbers stay numbers. (The file name of a page is the vendor's to choose, and the report is opened by the
    archive.)
    """
    if isinstance(entry, str) and entry.startswith(_FORMULA_STARTS):
        return "'" + entry
    return entry
