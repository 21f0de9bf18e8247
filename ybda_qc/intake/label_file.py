"""Label files: what people say of pages of a batch, as a table that any spreadsheet program can save."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ybda_qc.errors import InputError

EVERY_CHECK = "*"
"""In the column of checks: the page has no defect at all."""

COLUMNS = ("page", "check", "label")
COLUMNS_ZH = ("页面", "检查项", "标注")
_NAMES = {
    "page": {"page", "path", "file", "页面", "页", "文件", "路径"},
    "check": {"check", "code", "defect", "check/code", "检查项", "检查", "缺陷", "代码"},
    "label": {"label", "answer", "defective", "标注", "标签", "结论", "是否有缺陷"},
}
_WORDS = {
    **dict.fromkeys(("yes", "y", "true", "1", "是", "有", "对"), True),
    **dict.fromkeys(("no", "n", "false", "0", "否", "无", "没有", "错"), False),
}
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # xlsx and ods; xls
_QUOTED = re.compile(r"^'(?=[=+\-@])")  # how a spreadsheet keeps a name from being a formula
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What somebody says of a page.

    Parameters
    ----------
    row
        Line of the table, from 1, for messages.
    page
        Path of the page, or ``path#frame``.
    target
        Id of a check, ``check/code``, or `EVERY_CHECK`.
    is_defective
        Whether a person would send the page back for this defect.
    """

    row: int
    page: str
    target: str
    is_defective: bool


def read_labels(path: Path) -> tuple[Label, ...]:
    """Read a label file: CSV with commas, semicolons or tabs, in UTF-8, UTF-16 or GB 18030.

    Rows without a label are left out: nobody has looked at these pages yet.

    Raises
    ------
    InputError
        If the file cannot be read, lacks a column, or a row of it cannot be understood or stands twice.
    """
    text = _text(path)
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    rows = _rows(text, delimiter, path)
    if not rows:
        raise InputError(
            "{path} is empty; `ybda-qc calibrate --template` writes one to fill in", path=str(path)
        )
    places = _columns(rows[0], path)
    labels = tuple(_labels(rows[1:], places, path))
    require_once(labels, path)
    return labels


def require_once(labels: Iterable[Label], path: Path) -> None:
    """Refuse labels of which two speak of the same defect on the same page.

    Raises
    ------
    InputError
        Naming both rows.
    """
    seen: dict[tuple[str, str], int] = {}
    for label in labels:
        first = seen.setdefault((label.page, label.target), label.row)
        if first != label.row:
            raise InputError(
                "{path}: rows {first} and {second} both speak of {target} on {page}; keep one of them",
                path=str(path),
                first=first,
                second=label.row,
                target=label.target,
                page=label.page,
            )


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            "{path} cannot be read: {reason}", path=str(path), reason=error.strerror or str(error)
        ) from error
    if data.startswith(_SPREADSHEETS):
        raise InputError("{path} is a spreadsheet; save it as CSV (UTF-8) and give that file", path=str(path))
    encodings = ("utf-16",) if data.startswith(_UTF16) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:  # else UTF-32, or UTF-16 without its mark
            return text
    raise InputError("{path} is neither UTF-8 nor GB 18030 text; save it as CSV (UTF-8)", path=str(path))


def _rows(text: str, delimiter: str, path: Path) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return list(reader)
    except csv.Error as error:  # a quotation mark never closed, which would swallow the rows after it
        raise InputError(
            "{path}, line {row} is no row of a table; look for a quotation mark that is not closed",
            path=str(path),
            row=reader.line_num,
        ) from error


def _columns(head: Sequence[str], path: Path) -> dict[str, int]:
    names = [_folded(name) for name in head]
    places = {}
    for column, known in _NAMES.items():
        found = [place for place, name in enumerate(names) if name in known]
        if len(found) != 1:
            raise InputError(
                "{path}: its first row must name the columns page, check and label (页面, 检查项, 标注) once "
                "each; it names: {names}",
                path=str(path),
                names=", ".join(head),
            )
        places[column] = found[0]
    return places


def _labels(rows: Sequence[Sequence[str]], places: dict[str, int], path: Path) -> Iterator[Label]:
    for number, row in enumerate(rows, start=2):
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in places.items()}
        if not cells["label"]:
            continue
        word = _WORDS.get(_folded(cells["label"]))
        if word is None or not cells["page"] or not cells["check"]:
            raise InputError(
                "{path}, row {row}: page, check and a label yes or no (是, 否) are wanted, not: {cells}",
                path=str(path),
                row=number,
                cells=", ".join(cells.values()),
            )
        target = cells["check"]
        if target == EVERY_CHECK and word:
            raise InputError(
                "{path}, row {row}: yes for every check tells nothing; name the defect in column check",
                path=str(path),
                row=number,
            )
        page = unicodedata.normalize("NFC", _QUOTED.sub("", cells["page"]).replace("\\", "/"))
        yield Label(row=number, page=page, target=target, is_defective=word)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()
