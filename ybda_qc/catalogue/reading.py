"""A catalogue 目录: from a file to records."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Final

from ybda_qc.catalogue.columns import CODE, Header, Headers
from ybda_qc.catalogue.rows import Row, Sheet, read_sheets
from ybda_qc.errors import InputError
from ybda_qc.model import Catalogue, CatalogueIdentity, CatalogueTable, Record

MOST_RECORDS: Final = 2_000_000
"""More is no catalogue of a delivery."""
_FIRST_ROWS: Final = 60
_TOTAL: Final = re.compile(
    r"(?:本页|本卷|全卷|全部)?(?:合计|总计|小计|共计|累计|(?:grand|sub)?totals?)[:：]?(?:共?[0-9]+[件页卷条份]?)*",
    re.IGNORECASE,
)
_SIGNATURE: Final = re.compile(
    r"(?:填表|制表|填写|编制|审核|整理|检查)(?:人|者|日期|时间|单位)(?=$|[\s:：(（0-9])"
)
_LEAST_NUMBERS: Final = 3  # of columns, that make a row of them
_NAMES_TOLD: Final = 12


def read_catalogue(path: Path, columns: Mapping[str, Sequence[str]] | None = None) -> Catalogue:
    """Read all tables of a catalogue that have a column of archival codes 档号.

    Parameters
    ----------
    path
        See `read_sheets`.
    columns
        Names of columns beside the usual ones, by field.

    Raises
    ------
    InputError
        If the file cannot be read, no table has archival codes, or it holds too much.
    """
    headers = Headers(columns)
    tables: list[CatalogueTable] = []
    records: list[Record] = []
    seen: list[str] = []
    for sheet in read_sheets(path):
        start = list(islice(sheet.rows, _FIRST_ROWS))
        header = headers.find(start)
        if header is None or CODE not in header.columns:
            seen += [name for row in start[:3] for name in row.cells if name.strip()]
            tables.append(_table(sheet, None, 0))
            continue
        before = len(records)
        records += _records(sheet, header, headers, chain(start, sheet.rows), path)
        tables.append(_table(sheet, header, len(records) - before))
    if all(table.header_row is None for table in tables):
        raise InputError(
            "the catalogue {path} has no column of archival codes 档号 (found: {names}); "
            "name it in the profile under [catalogue.columns]",
            path=str(path),
            names=", ".join(dict.fromkeys(seen[:_NAMES_TOLD])) or "-",
        )
    identity = CatalogueIdentity(path=str(path), sha256=_digest(path), tables=tuple(tables))
    return Catalogue(identity=identity, records=tuple(records))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _table(sheet: Sheet, header: Header | None, records: int) -> CatalogueTable:
    names = {} if header is None else {field: header.names[at] for field, at in header.columns.items()}
    return CatalogueTable(
        sheet=sheet.name,
        encoding=sheet.encoding,
        header_row=None if header is None else header.row,
        columns=names,
        unknown=() if header is None else header.unknown,
        records=records,
    )


def _records(
    sheet: Sheet, header: Header, headers: Headers, rows: Iterator[Row], path: Path
) -> Iterator[Record]:
    filled = _Merged(sheet.merged)
    for count, row in enumerate(rows):
        if row.number <= header.last_row or headers.is_repeated(header, row) or _is_form(row, header):
            continue
        if count > MOST_RECORDS:
            raise InputError(
                "the catalogue {path} has more than {most} rows", path=str(path), most=MOST_RECORDS
            )
        cells = filled.fill(row)
        if _is_total(cells, header.columns[CODE]):
            continue
        values = {
            field: cells[at] for field, at in header.columns.items() if at < len(cells) and cells[at].strip()
        }
        if values:
            yield Record(sheet=sheet.name, row=row.number, values=values)


def _is_total(cells: Sequence[str], code: int) -> bool:
    """Whether a row only sums up those above: it begins with the word, and no code stands behind."""
    at = next((at for at, cell in enumerate(cells) if cell.strip()), 0)
    is_code = at < code < len(cells) and bool(cells[code].strip())
    return not is_code and at < len(cells) and _TOTAL.fullmatch("".join(cells[at].split())) is not None


def _is_form(row: Row, header: Header) -> bool:
    """Whether a row belongs to the printed form: the numbers of its columns, or who filled it in."""
    cells = [cell.strip() for cell in row.cells if cell.strip()]
    at = header.columns[CODE]
    has_code = at < len(row.cells) and bool(row.cells[at].strip())
    if has_code:
        numbers = [str(number) for number in range(1, len(cells) + 1)]
        return row.number == header.last_row + 1 and len(cells) >= _LEAST_NUMBERS and cells == numbers
    return bool(cells) and _SIGNATURE.match(cells[0]) is not None


class _Merged:
    """Gives each row what stands in cells that are merged with cells above."""

    def __init__(self, rectangles: Sequence[tuple[int, int, int, int]]) -> None:
        self._waiting = sorted((one for one in rectangles if one[2] > one[0]), reverse=True)
        self._open: list[tuple[int, int, str]] = []  # last row, column, text

    def fill(self, row: Row) -> tuple[str, ...]:
        """The cells of a row; rows come in order."""
        at = row.number - 1
        cells = list(row.cells)
        self._open = [one for one in self._open if one[0] >= at]
        for _, column, text in self._open:
            cells += [""] * (column + 1 - len(cells))
            cells[column] = cells[column] or text
        while self._waiting and self._waiting[-1][0] <= at:
            top, left, bottom, _ = self._waiting.pop()
            if top == at and left < len(cells):
                self._open.append((bottom, left, cells[left]))
        return tuple(cells)
