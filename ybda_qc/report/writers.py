"""All files of a report from one pass over the pages."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from ybda_qc.model import JudgedPage, Summary
from ybda_qc.report.against import Comparison, Difference
from ybda_qc.report.digest import Digest
from ybda_qc.report.documents import dump_pretty, report_document
from ybda_qc.report.files import PartFiles
from ybda_qc.report.page_html import write_html
from ybda_qc.report.streams import FindingsCsv, PagesJsonl
from ybda_qc.report.translate import Lang, translator
from ybda_qc.report.workbook import write_workbook

FORMATS = ("json", "jsonl", "csv", "html", "xlsx")
FILE_NAMES = {
    "json": "report.json",
    "jsonl": "pages.jsonl",
    "csv": "findings.csv",
    "html": "report.html",
    "xlsx": "report.xlsx",
}
DIFFERENCE_NAME = "difference.csv"


class Reports:
    """Writes the report files of a run; a context manager.

    Every file is written beside its final name and all are put in place together on leaving the context, so
    that a kill or an error in between leaves the former report whole.

    Parameters
    ----------
    folder
        The run folder.
    summary
        Run, decision, coverage, totals, findings beyond single pages.
    formats
        Which files to write; names of `FORMATS`.
    lang
        Language of the messages, except in ``pages.jsonl``, which depends on the batch and the plan alone; of
        the workbook and of the HTML report as it opens.
    against
        Folder of an older run to compare with; its ``report.json`` and ``pages.jsonl`` are read.

    Raises
    ------
    InputError
        If `against` holds no report of this program.
    """

    def __init__(
        self,
        folder: Path,
        *,
        summary: Summary,
        formats: Sequence[str] = FORMATS,
        lang: Lang,
        against: Path | None = None,
    ) -> None:
        unknown = set(formats) - set(FORMATS)
        if unknown:
            raise ValueError(f"unknown formats: {sorted(unknown)}")
        self._folder = folder
        self._summary = summary
        self._formats = frozenset(formats)
        self._lang: Lang = lang
        self._against = against
        self.difference: Difference | None = None  # known on leaving the context

    def __enter__(self) -> Self:
        translate = translator(self._lang)
        self._files = PartFiles(self._folder)
        self._digest: Digest | None = None
        self._comparison: Comparison | None = None
        self._streams: list[PagesJsonl | FindingsCsv] = []
        with ExitStack() as undo:
            undo.callback(self._discard)
            if self._against is not None:
                self._comparison = Comparison(
                    self._against,
                    summary=self._summary,
                    output=self._files.path(DIFFERENCE_NAME),
                    translate=translate,
                )
            if "jsonl" in self._formats:
                path = self._files.path(FILE_NAMES["jsonl"])
                self._streams.append(PagesJsonl(path, self._summary.run.page_checks, translator("en")))
            if "csv" in self._formats:
                path = self._files.path(FILE_NAMES["csv"])
                self._streams.append(FindingsCsv(path, self._summary, translate))
            if self._formats & {"html", "xlsx"}:
                self._digest = Digest(self._folder, self._files.scratch, self._summary)
            undo.pop_all()
        return self

    def page(self, judged: JudgedPage) -> None:
        """Take in the next page; pages come sorted by path as UTF-8 bytes, then frame."""
        for stream in self._streams:
            stream.page(judged)
        if self._digest is not None:
            self._digest.add(judged)
        if self._comparison is not None:
            self._comparison.page(judged)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
                self._files.publish()
        finally:
            self._discard()

    def _finish(self) -> None:
        difference = self._comparison.finish() if self._comparison is not None else None
        self.difference = difference
        for stream in self._streams:
            stream.finish()
            stream.close()
        if "json" in self._formats:
            if difference is None:
                self._files.drop(DIFFERENCE_NAME)  # of an earlier comparison, which no report names any more
            document = report_document(
                self._summary,
                translator(self._lang),
                None if difference is None else difference.document(),
            )
            self._files.path(FILE_NAMES["json"]).write_bytes(dump_pretty(document))
        if self._digest is None:
            return
        self._digest.finish()
        if "html" in self._formats:
            path = self._files.path(FILE_NAMES["html"])
            write_html(
                path, summary=self._summary, digest=self._digest, lang=self._lang, difference=difference
            )
        if "xlsx" in self._formats:
            path = self._files.path(FILE_NAMES["xlsx"])
            write_workbook(
                path, summary=self._summary, digest=self._digest, lang=self._lang, difference=difference
            )

    def _discard(self) -> None:
        for stream in self._streams:
            stream.close()
        if self._digest is not None:
            self._digest.close()
        if self._comparison is not None:
            self._comparison.close()
        self._files.discard()
