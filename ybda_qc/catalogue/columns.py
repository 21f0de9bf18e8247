"""Which column of a catalogue 目录 holds what: headers in Chinese and English, in any order and row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ybda_qc.catalogue.rows import Row

CODE: Final = "code"

HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("序号", "顺序号", "no", "no.", "number", "serial number"),
    CODE: ("档号", "档案号", "档案编号", "archival code", "code", "reference code", "reference"),
    "document_number": ("文号", "文件编号", "发文字号", "文件字号", "document number", "document no."),
    "author": (
        "责任者",
        "责任人",
        "作者",
        "形成者",
        "发文机关",
        "摄影者",
        "author",
        "creator",
        "responsible",
    ),
    "title": ("题名", "标题", "文件题名", "案卷题名", "正题名", "title"),
    "date": (
        "日期",
        "文件日期",
        "形成日期",
        "形成时间",
        "成文日期",
        "成文时间",
        "文件形成时间",
        "文件形成日期",
        "date",
    ),
    "security": ("密级", "文件密级", "security", "classification"),
    "pages": ("页数", "页数(页)", "总页数", "文件页数", "pages", "page count", "number of pages"),
    "remarks": ("备注", "附注", "说明", "remarks", "note", "notes"),
    "fonds": ("全宗号", "全宗", "fonds", "fonds number"),
    "category": ("门类", "档案门类", "档案门类代码", "门类代码", "类别号", "category"),
    "year": ("年度", "归档年度", "年份", "year"),
    "retention": ("保管期限", "保管期限代码", "保存期限", "retention", "retention period"),
    "organisation": (
        "机构",
        "机构(问题)",
        "机构问题",
        "机构或问题",
        "机构代码",
        "机构(问题)代码",
        "organisation",
        "organization",
    ),
    "volume": ("案卷号", "卷号", "volume", "volume number"),
    "item": ("件号", "item", "item number"),
    "file": ("电子档案名称", "电子文件名", "文件名", "文件名称", "file", "file name", "filename"),
    "blanks": ("空白页", "空白页数", "空白页号", "blank pages", "blanks"),
    "format": ("格式", "文件格式", "载体", "format"),
}
"""Fields of a record, and what their columns are called (DA/T 22-2015; 档发〔2012〕7号; common practice)."""

_SEARCHED_ROWS: Final = 40  # titles, stamps and remarks stand above the header
_LONGEST_NAME: Final = 200  # letters of a column's name that are looked at
_LEAST_KNOWN: Final = 2  # columns that make a header
_ORNAMENT: Final = re.compile(r"[\s*＊:：_﹡#·]+")
_IN_BRACKETS: Final = re.compile(r"[(\[【〔].*?[)\]】〕]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The row, or two rows, that name the columns.

    Attributes
    ----------
    row, last_row
        Where it stands, from 1.
    columns
        Column, from 0, of each field.
    names
        What stands in the header over each column.
    """

    row: int
    last_row: int
    columns: Mapping[str, int]
    names: tuple[str, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """Names of columns that hold no field."""
        known = set(self.columns.values())
        return tuple(name for at, name in enumerate(self.names) if name and at not in known)


class Headers:
    """Finds the header of a table.

    Parameters
    ----------
    own
        Names of columns that a profile adds, by field; a column so named is that field's whatever it may be
        called elsewhere.
    """

    def __init__(self, own: Mapping[str, Sequence[str]] | None = None) -> None:
        self._fields = {_folded(name): field for field, names in HEADERS.items() for name in names}
        self._fields |= {_folded(name): field for field, names in (own or {}).items() for name in names}

    def find(self, rows: Sequence[Row]) -> Header | None:
        """The row among the first that names most fields, the code 档号 among them if any does."""
        best: Header | None = None
        for at, row in enumerate(rows[:_SEARCHED_ROWS]):
            header = self._read(row.number, row.number, row.cells)
            following = rows[at + 1] if at + 1 < len(rows) else None
            if following is not None and following.number == row.number + 1:
                header = self._with_second_row(header, row, following)
            if len(header.columns) >= _LEAST_KNOWN and (best is None or _rank(header) > _rank(best)):
                best = header
        return best

    def is_repeated(self, header: Header, row: Row) -> bool:
        """Whether a row names the columns once more, as at the head of each printed sheet."""
        again = self._read(row.number, row.number, row.cells)
        return len(again.columns) >= _LEAST_KNOWN and again.columns.items() <= header.columns.items()

    def _with_second_row(self, header: Header, row: Row, following: Row) -> Header:
        """Two rows as one header, if the second names fields, nothing else, and none below a field."""
        more = self._read(following.number, following.number, following.cells)
        named = [cell for cell in following.cells if cell.strip()]
        if not header.columns or not more.columns or len(more.columns) < len(named):
            return header
        below = [
            at for at in header.columns.values() if at < len(following.cells) and following.cells[at].strip()
        ]
        if below or not more.columns.keys() - header.columns.keys():
            return header
        wide = max(len(row.cells), len(following.cells))
        names = tuple(_under(row.cells, following.cells, at) for at in range(wide))
        columns = {**header.columns, **more.columns}
        return Header(row=row.number, last_row=following.number, columns=columns, names=names)

    def _read(self, row: int, last_row: int, cells: Sequence[str]) -> Header:
        columns: dict[str, int] = {}
        for at, cell in enumerate(cells):
            field = self.field_of(cell)
            if field is not None:
                columns.setdefault(field, at)
        return Header(row=row, last_row=last_row, columns=columns, names=tuple(map(str.strip, cells)))

    def field_of(self, name: str) -> str | None:
        """The field that a column of this name holds."""
        return next((self._fields[form] for form in _forms(name) if form in self._fields), None)


def _under(first: Sequence[str], second: Sequence[str], at: int) -> str:
    own = second[at].strip() if at < len(second) else ""
    return own or (first[at].strip() if at < len(first) else "")


def _rank(header: Header) -> tuple[bool, int, int]:
    return CODE in header.columns, len(header.columns), -header.row


def _forms(name: str) -> Iterator[str]:
    """A name as it stands, and without what it says in brackets."""
    folded = _folded(name[:_LONGEST_NAME])
    if folded:
        yield folded
        yield _IN_BRACKETS.sub("", folded)


def _folded(name: str) -> str:
    return _ORNAMENT.sub("", unicodedata.normalize("NFKC", name)).casefold()
