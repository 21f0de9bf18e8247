"""One sheet of the workbook, written row by row in constant memory."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from ybda_qc.model import Outcome, Verdict
from ybda_qc.report.display import columns_wide, visible

MAX_SHEET_ROWS = 1_048_576
"""Rows a sheet can have in Excel."""

_LINE_HEIGHT = 14.4  # points
_MAX_ROW_HEIGHT = 409  # points; Excel's limit
_MAX_CELL = 32_000  # characters; Excel ends at 32,767
_MAX_LINKS = 60_000  # hyperlinks a sheet; Excel ends at 65,530
_COLOURS = {
    Verdict.ERROR: ("#5A3A86", "#EFEAF6"),
    Verdict.FAIL: ("#A32A20", "#F9E9E7"),
    Verdict.REVIEW: ("#855600", "#FBF1DC"),
    Verdict.NOTE: ("#35597F", "#E8EEF5"),
    Verdict.PASS: ("#1D6547", "#E6F1EB"),
}
_OUTCOME_COLOURS = {Outcome.ACCEPT: "#1D6547", Outcome.HOLD: "#855600", Outcome.REJECT: "#A32A20"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A text that opens a file beside the workbook."""

    target: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A verdict with its word; coloured, and never by colour alone."""

    verdict: Verdict
    text: str


Cell = str | int | float | Link | Word | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Heading and width (in characters) of a column; ``right`` sets the heading over numbers."""

    title: str
    width: float
    wrap: bool = False
    right: bool = False


class Styles:
    """The cell formats of a workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        base: dict[str, Any] = {"valign": "top", "font_size": 10}
        line = base | {"bottom": 1, "bottom_color": "#DDD8CD"}
        self.title = book.add_format({"font_size": 18, "bold": True, "valign": "vcenter"})
        self.section = book.add_format(
            {"font_size": 12, "bold": True, "bottom": 1, "bottom_color": "#22262B"}
        )
        self.label = book.add_format(base | {"font_color": "#595F66"})
        self.text = book.add_format(base | {"text_wrap": True})
        self.plain = book.add_format(base)
        self.strong = book.add_format(base | {"bold": True, "text_wrap": True})
        head = {
            "bold": True,
            "font_size": 10,
            "font_color": "#FFFFFF",
            "bg_color": "#3B4148",
            "valign": "vcenter",
            "text_wrap": True,
        }
        self.head = book.add_format(head)
        self.head_right = book.add_format(head | {"align": "right", "indent": 1})
        self.cell = book.add_format(line)
        self.wrapped = book.add_format(line | {"text_wrap": True})
        self.count = book.add_format(base | {"num_format": "#,##0", "align": "right", "indent": 1})
        self.emphasis = book.add_format(line | {"bold": True, "text_wrap": True})
        self.amount = book.add_format(line | {"align": "right", "indent": 1})
        self.integer = book.add_format(line | {"num_format": "#,##0_)"})
        self.number = book.add_format(line | {"num_format": "#,##0.####_)"})
        self.link = book.add_format(line | {"font_color": "#35597F", "underline": 1})
        self.verdicts = {
            verdict: book.add_format(line | {"bold": True, "font_color": ink, "bg_color": ground})
            for verdict, (ink, ground) in _COLOURS.items()
        }
        self.outcomes = {
            outcome: book.add_format(
                {
                    "font_size": 26,
                    "bold": True,
                    "font_color": "#FFFFFF",
                    "bg_color": colour,
                    "valign": "vcenter",
                    "indent": 1,
                }
            )
            for outcome, colour in _OUTCOME_COLOURS.items()
        }


class Sheet:
    """A table with frozen heading, filter and print setup; rows are appended.

    Parameters
    ----------
    book
        The workbook.
    styles
        Its formats.
    name
        Name of the sheet.
    columns
        Its columns.
    footer
        Left part of the printed footer.
    frozen
        Columns frozen at the left.
    """

    def __init__(
        self,
        book: xlsxwriter.Workbook,
        styles: Styles,
        name: str,
        columns: Sequence[Column],
        *,
        footer: str,
        frozen: int = 1,
    ) -> None:
        self._styles = styles
        self._columns = columns
        self._sheet = book.add_worksheet(name)
        self._links = 0
        self.row = 0
        set_up_print(self._sheet, footer)
        self._sheet.repeat_rows(0)
        self._sheet.freeze_panes(1, frozen)
        heights = [text_height(column.title, column.width - 3) for column in columns]  # the filter's arrow
        self._sheet.set_row(0, max(26.0, *heights))
        for place, column in enumerate(columns):
            self._sheet.set_column(place, place, column.width)
            self._sheet.write_string(
                0, place, column.title, styles.head_right if column.right else styles.head
            )

    @property
    def is_full(self) -> bool:
        """Whether the last row that Excel can hold is written."""
        return self.row + 1 >= MAX_SHEET_ROWS

    def append(self, cells: Sequence[Cell], *, height: float | None = None) -> int:
        """Write the next row; returns its number from 0. Texts are never taken for formulas."""
        self.row += 1
        self._sheet.set_row(self.row, max(height or 0, self._text_height(cells)))
        for place, entry in enumerate(cells):
            self._write(place, entry)
        return self.row

    def _text_height(self, cells: Sequence[Cell]) -> float:
        """Height for the wrapped texts, in points; not every program finds it by itself."""
        return max(
            (
                text_height(entry, column.width)
                for column, entry in zip(self._columns, cells, strict=False)
                if column.wrap and isinstance(entry, str)
            ),
            default=text_height("", 1),
        )

    def _write(self, place: int, entry: Cell) -> None:
        styles, sheet, row = self._styles, self._sheet, self.row
        match entry:
            case None | "":
                sheet.write_blank(row, place, None, styles.cell)
            case Word(verdict=verdict, text=text):
                sheet.write_string(row, place, text, styles.verdicts.get(verdict, styles.cell))
            case Link(target=target, text=text) if self._links < _MAX_LINKS:
                self._links += 1
                sheet.write_url(row, place, f"external:{target}", styles.link, string=text)
            case Link(target=target):
                sheet.write_string(row, place, target, styles.cell)
            case int():
                sheet.write_number(row, place, entry, styles.integer)
            case float():
                sheet.write_number(row, place, entry, styles.number)
            case str():
                wrap = self._columns[place].wrap
                sheet.write_string(row, place, as_text(entry), styles.wrapped if wrap else styles.cell)

    def picture(self, path: Path, column: int, *, width: float, height: float) -> None:
        """Put a picture into the last row, fitted into `width` x `height` pixels."""
        image = xlsxwriter.image.Image(path)
        if image.width <= 0 or image.height <= 0:
            return
        scale = min(width / image.width, height / image.height)
        # the declared resolution would scale the picture once more
        x_scale, y_scale = scale * image.x_dpi / 96, scale * image.y_dpi / 96
        self._sheet.insert_image(
            self.row,
            column,
            image,
            {"x_scale": x_scale, "y_scale": y_scale, "x_offset": 3, "y_offset": 3, "object_position": 1},
        )

    def finish(self) -> None:
        """Set the filter over all rows."""
        self._sheet.autofilter(0, 0, max(self.row, 1), len(self._columns) - 1)


def set_up_print(sheet: Any, footer: str) -> None:
    """A4 landscape, one page wide, page numbers."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer(f"&L&8{footer[:120].replace('&', '&&')}&R&8&P / &N")
    sheet.hide_gridlines(2)


def text_height(text: str, width: float) -> float:
    """Height in points of a row that shows `text` wrapped in a column of `width` characters."""
    room = max(width - 2, 1)
    lines = sum(max(1, math.ceil(columns_wide(part) / room)) for part in text.split("\n"))
    return min(lines * _LINE_HEIGHT + 3, _MAX_ROW_HEIGHT)


def as_text(text: str) -> str:
    """A text that a cell can hold, with invisible characters made visible."""
    shown = visible(text)
    return shown if len(shown) <= _MAX_CELL else shown[:_MAX_CELL] + " …"
