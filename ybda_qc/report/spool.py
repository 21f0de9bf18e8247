"""Rows kept on disk while the pages go by, so that a million findings need no memory."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ybda_qc.model import Finding, LimitSource, Unit, Verdict
from ybda_qc.report.rows import Row


class Spool:
    """A list of rows in a temporary file without a name: append, then read any number of times.

    Parameters
    ----------
    folder
        Where the file lies: below the run folder, whose disk is meant for what a run writes.
    """

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by close()
        self.count = 0
        self._size = 0

    def append(self, row: Row) -> int:
        """Add a row at the end; returns its place for `at`."""
        line = json.dumps(_pack(row), ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
        place = self._size
        self._file.write(line)
        self._size += len(line)
        self.count += 1
        return place

    def at(self, place: int) -> Row:
        """The row that was added at that place; do not append between reads."""
        self._file.seek(place)
        return _unpack(json.loads(self._file.readline()))

    def __iter__(self) -> Iterator[Row]:
        self._file.seek(0)
        for line in self._file:
            yield _unpack(json.loads(line))
        self._file.seek(0, 2)

    def close(self) -> None:
        """Give the disk space back."""
        self._file.close()


def _pack(row: Row) -> list[Any]:
    finding = row.finding
    return [
        row.path,
        row.frame,
        row.path_hex,
        row.item,
        row.evidence,
        finding.check,
        finding.code,
        int(finding.verdict),
        finding.template,
        dict(finding.values),
        finding.value,
        finding.limit,
        finding.unit,
        finding.clause,
        finding.source,
        finding.subject,
        finding.pages,
    ]


def _unpack(packed: list[Any]) -> Row:
    path, frame, path_hex, item, evidence = packed[:5]
    check, code, verdict, template, values, value, limit, unit, clause, source, subject, pages = packed[5:]
    fields: Mapping[str, Any] = values
    return Row(
        path=path,
        frame=frame,
        path_hex=path_hex,
        item=item,
        evidence=evidence,
        finding=Finding(
            check=check,
            code=code,
            verdict=Verdict(verdict),
            template=template,
            values=fields,
            value=value,
            limit=limit,
            unit=None if unit is None else Unit(unit),
            clause=clause,
            source=None if source is None else LimitSource(source),
            subject=subject,
            pages=tuple(pages),
        ),
    )
