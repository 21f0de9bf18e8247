"""Rows of cells, as text, from the files in which catalogues 目录 come.

What a file is, is told by its content. Formulas are never evaluated: the value that was stored with one is
read, or nothing. Numbers and dates of spreadsheets become the text that a person reads in the cell.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

import python_calamine as calamine

from ybda_qc.catalogue.xml_rows import xml_rows
from ybda_qc.errors import InputError

MOST_COLUMNS: Final = 200
"""Columns of a row that are read; catalogues have about ten."""
_LONGEST_CELL: Final = 32_767  # letters, as in Excel
_SNIFFED_ROWS: Final = 20
_ENCODINGS: Final = ("utf-8", "gb18030")
_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_NO_CATALOGUE_XML: Final = re.compile(
    rb"<html[\s>]|<!doctype html|urn:schemas-microsoft-com:office:spreadsheet"
)
_END: Final = "\0end"  # after the last row: what does not come back as a row stands in an open quotation
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row as it stands in the file.

    Attributes
    ----------
    number
        From 1, as a spreadsheet counts.
    cells
        As text; empty cells are empty texts.
    """

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table of a file.

    Attributes
    ----------
    name
        As the spreadsheet names it; empty for text files.
    encoding
        Of text files; empty for spreadsheets.
    merged
        Rectangles of cells that are one: first row, first column, last row, last column, from 0.
    rows
        Rows that are not empty, read as they are asked for.
    """

    name: str
    encoding: str
    merged: tuple[tuple[int, int, int, int], ...]
    rows: Iterator[Row]


def read_sheets(path: Path) -> Iterator[Sheet]:
    """The tables of a catalogue file, in order; hidden sheets too.

    Parameters
    ----------
    path
        XLSX, XLS, ODS, CSV (UTF-8, UTF-16 with a mark, GB18030) or the XML of a hand-over.

    Raises
    ------
    InputError
        If the file cannot be read, is protected by a password, or is none of these.
    """
    start = _start_of(path)
    if start.startswith((_ZIP, _OLE)):
        yield from _spreadsheet(path)
    elif _looks_like_xml(start):
        encoding, rows = xml_rows(path)
        numbered = (Row(number=number, cells=cells) for number, cells in enumerate(rows, 1))
        yield Sheet(name="", encoding=encoding, merged=(), rows=numbered)
    else:
        yield _text(path)


def _start_of(path: Path) -> bytes:
    """The first bytes of a file that a catalogue may be."""
    if path.exists() and not path.is_file():  # a pipe would be waited for, a device may never end
        raise InputError("the catalogue {path} is no file, but a folder, a pipe or a device", path=str(path))
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    if not start:
        raise InputError("the catalogue {path} is empty", path=str(path))
    if _NO_CATALOGUE_XML.search(start.lower()):
        raise InputError(
            "the catalogue {path} is a web page or an XML table, though spreadsheet programs open it; "
            "save it from there as XLSX",
            path=str(path),
        )
    return start


def _looks_like_xml(start: bytes) -> bool:
    for encoding in ("utf-8-sig", "utf-16"):
        if start.decode(encoding, errors="ignore").lstrip().startswith("<"):
            return True
    return False


def _unreadable(path: Path, reason: str) -> InputError:
    return InputError("the catalogue {path} cannot be read: {reason}", path=str(path), reason=reason)


# --- spreadsheets -------------------------------------------------------------------------------------------


def _spreadsheet(path: Path) -> Iterator[Sheet]:
    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            yield Sheet(name=name, encoding="", merged=_merged(sheet), rows=_sheet_rows(sheet))
    except calamine.PasswordError:
        raise InputError(
            "the catalogue {path} is protected by a password; save it without one", path=str(path)
        ) from None
    except (calamine.CalamineError, OSError) as error:
        raise _unreadable(path, str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # that of the library in Rust, which cannot be imported
            raise
        raise _unreadable(path, str(error)) from None


def _merged(sheet: calamine.CalamineSheet) -> tuple[tuple[int, int, int, int], ...]:
    ranges = sheet.merged_cell_ranges or []
    return tuple((top, left, bottom, right) for (top, left), (bottom, right) in ranges)


def _sheet_rows(sheet: calamine.CalamineSheet) -> Iterator[Row]:
    for number, cells in enumerate(sheet.iter_rows(), 1):
        row = _row(number, cells[:MOST_COLUMNS])
        if row is not None:
            yield row


def _row(number: int, cells: Sequence[Any]) -> Row | None:
    texts = tuple(map(text_of, cells))
    return Row(number=number, cells=texts) if any(texts) else None


def text_of(cell: Any) -> str:
    """A cell as a person reads it: whole numbers without a point, dates as eight digits."""
    text = "" if cell is None else str(cell)
    if isinstance(cell, bool):
        text = text.upper()
    elif isinstance(cell, float) and cell.is_integer():
        text = str(int(cell))
    elif isinstance(cell, dt.datetime) and cell.time() != dt.time():
        text = f"{cell:%Y%m%d %H:%M:%S}"
    elif isinstance(cell, dt.date):
        text = f"{cell:%Y%m%d}"
    return text[:_LONGEST_CELL]


# --- text ---------------------------------------------------------------------------------------------------


def _text(path: Path) -> Sheet:
    encoding = _encoding(path)
    if encoding is None:
        raise InputError(
            "the catalogue {path} is no spreadsheet, and neither UTF-8 nor GB18030 text; save it as XLSX",
            path=str(path),
        )
    return Sheet(name="", encoding=encoding, merged=(), rows=_text_rows(path, encoding))


def _encoding(path: Path) -> str | None:
    """The first encoding in which the whole file makes sense."""
    with path.open("rb") as file:
        start = file.read(4)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    return next((encoding for encoding in _ENCODINGS if _is_text(path, encoding)), None)


def _is_text(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as file:
            return all("\0" not in part for part in iter(lambda: file.read(1 << 20), ""))
    except UnicodeDecodeError:
        return False


def _text_rows(path: Path, encoding: str) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST_CELL * 4)
    number, cells = 1, [""]
    try:
        with path.open(encoding=encoding) as file:
            head = [line[:_LONGEST_CELL] for line, _ in zip(file, range(_SNIFFED_ROWS), strict=False)]
        with path.open(encoding=encoding) as file:
            reader = csv.reader(chain(file, ("\n", _END)), delimiter=_delimiter(head))
            for number, cells in enumerate(reader, 1):
                row = _row(number, cells[:MOST_COLUMNS]) if _END not in cells[-1:] else None
                if row is not None:
                    yield row
    except (OSError, UnicodeError) as error:
        raise _unreadable(path, str(error)) from error
    except csv.Error:
        raise _open_quotation(path, number + 1) from None
    if cells != [_END]:
        raise _open_quotation(path, number)


def _open_quotation(path: Path, row: int) -> InputError:
    return InputError(
        "row {row} of the catalogue {path} has no end: a quotation mark in it is never closed, "
        "or a cell is far too long",
        path=str(path),
        row=row,
    )


def _delimiter(lines: Sequence[str]) -> str:
    """What parts the cells: of the usual characters the one by which most rows are as long as each other."""

    def score(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(io.StringIO("".join(lines)), delimiter=delimiter)]
        wide = [width for width in widths if width > 1]
        common = max(wide, key=wide.count, default=1)
        return wide.count(common), common

    return max((",", "\t", ";", "|"), key=score)
