"""A label file to fill in: what a run found, and pages drawn at random."""

import csv
import random
from collections import defaultdict
from pathlib import Path
from typing import Generic, TypeVar

from ybda_qc.app.judgement import last_judgement
from ybda_qc.app.output import run_folder
from ybda_qc.errors import InputError
from ybda_qc.intake.label_file import COLUMNS, COLUMNS_ZH, EVERY_CHECK
from ybda_qc.model import Finding, Verdict
from ybda_qc.report import Lang, translator
from ybda_qc.report import mark as _
from ybda_qc.report.streams import cell
from ybda_qc.store import ledger_to_read

Entry = TypeVar("Entry")
_FINDINGS_A_CODE = 60
_RANDOM_PAGES = 300  # enough to tell false alarms of 0.5 %
_NO_DEFECT = _("drawn at random: no if the page has no defect at all, else a row for each defect")


def write_template(path: Path, folder: Path, *, lang: Lang) -> int:
    """Write a label file with empty labels, in UTF-8 with a mark that spreadsheet programs know.

    Parameters
    ----------
    path
        The file; must not be there yet.
    folder
        The run folder.
    lang
        Of the head and the remarks.

    Returns
    -------
    int
        Number of rows to label.

    Raises
    ------
    InputError
        If the file is there already or cannot be written, or there is no run.
    """
    folder = run_folder(folder)
    rows = _rows(folder, lang)
    say = translator(lang)
    head = [*(COLUMNS_ZH if lang == "zh" else COLUMNS), say(_("remark"))]
    try:
        with path.open("x", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([head, *rows])
    except FileExistsError:
        raise InputError("{path} is there already; name another file", path=str(path)) from None
    except OSError as error:
        raise InputError(
            "{path} cannot be written: {reason}", path=str(path), reason=error.strerror or str(error)
        ) from error
    return len(rows)


def _rows(folder: Path, lang: Lang) -> list[tuple[str, str, str, str]]:
    """Of each code some findings, of all pages some; drawn alike each time the same run is asked."""
    say = translator(lang)
    draw = random.Random(0)  # noqa: S311 - a sample, no secret
    found: defaultdict[str, _Sample[tuple[str, Finding]]] = defaultdict(
        lambda: _Sample(_FINDINGS_A_CODE, draw)
    )
    pages: _Sample[str] = _Sample(_RANDOM_PAGES, draw)
    with ledger_to_read(folder, "calibrate") as ledger:
        for judged in ledger.judged_pages(last_judgement(ledger, folder).id):
            page = str(judged.result.page)
            pages.offer(page)
            for finding in judged.findings:
                if finding.verdict in (Verdict.REVIEW, Verdict.FAIL):
                    found[finding.key].offer((page, finding))
    rows = [
        (str(cell(page)), key, "", str(cell(say(finding.template, finding.values))))
        for key, sample in sorted(found.items())
        for page, finding in sorted(sample.kept, key=lambda entry: entry[0])
    ]
    return rows + [(str(cell(page)), EVERY_CHECK, "", say(_NO_DEFECT)) for page in sorted(pages.kept)]


class _Sample(Generic[Entry]):
    """Some entries of a stream, an equal chance for each (Vitter 1985, algorithm R)."""

    def __init__(self, most: int, draw: random.Random) -> None:
        self.kept: list[Entry] = []
        self._most = most
        self._draw = draw
        self._seen = 0

    def offer(self, entry: Entry) -> None:
        """Take the next entry of the stream."""
        self._seen += 1
        if len(self.kept) < self._most:
            self.kept.append(entry)
        elif (place := self._draw.randrange(self._seen)) < self._most:
            self.kept[place] = entry
