"""Rows from the files in which catalogues come."""

import datetime as dt
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from ybda_qc.catalogue.rows import Row, Sheet, read_sheets, text_of
from ybda_qc.errors import InputError

HEADER = ("序号", "档号", "题名", "页数")
FIRST = ("1", "B469-WS·2023-Y-BGS-0001", "关于对口帮扶工作的通知", "12")


def only_sheet(path: Path) -> tuple[Sheet, list[Row]]:
    (sheet,) = read_sheets(path)
    return sheet, list(sheet.rows)


def write_book(path: Path, rows: list[list[object]], *, sheet: str = "目录") -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet(sheet)
        for number, cells in enumerate(rows):
            page.write_row(number, 0, cells)
    return path


def test_a_workbook(tmp_path: Path) -> None:
    sheet, rows = only_sheet(write_book(tmp_path / "a.xlsx", [list(HEADER), [1, *FIRST[1:3], 12.0]]))

    assert (sheet.name, sheet.encoding) == ("目录", "")
    assert rows == [Row(number=1, cells=HEADER), Row(number=2, cells=FIRST)]


def test_rows_keep_their_number_below_empty_ones(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        page = book.add_worksheet()
        page.write(4, 2, "档号")
        page.write(9, 2, "A182")
    _, rows = only_sheet(tmp_path / "a.xlsx")

    assert [(row.number, [cell for cell in row.cells if cell]) for row in rows] == [
        (5, ["档号"]),
        (10, ["A182"]),
    ]


def test_a_million_empty_rows_are_none(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx", {"constant_memory": True}) as book:
        page, bold = book.add_worksheet(), book.add_format({"bold": True})
        page.write(0, 0, "档号")
        page.write(1, 0, "A182")
        for number in range(2, 200_000):
            page.write_blank(number, 0, None, bold)
    _, rows = only_sheet(tmp_path / "a.xlsx")

    assert len(rows) == 2


def test_merged_cells_are_told(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet().merge_range(0, 0, 0, 3, "归档文件目录")
    sheet, _ = only_sheet(tmp_path / "a.xlsx")

    assert sheet.merged == ((0, 0, 0, 3),)


def test_a_formula_is_what_was_stored_with_it(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        page = book.add_worksheet()
        page.write_formula(0, 0, '=HYPERLINK("http://example.invalid","x")', None, "x")
        page.write_string(0, 1, "=cmd|' /C calc'!A0")
    _, rows = only_sheet(tmp_path / "a.xlsx")

    assert rows[0].cells == ("x", "=cmd|' /C calc'!A0")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (12.0, "12"),
        (1.5, "1.5"),
        (True, "TRUE"),
        (dt.date(2023, 5, 4), "20230504"),
        (dt.datetime(2023, 5, 4, tzinfo=dt.UTC), "20230504"),
        (dt.datetime(2023, 5, 4, 13, 30, tzinfo=dt.UTC), "20230504 13:30:00"),
        (" 0012 ", " 0012 "),
    ],
)
def test_cells_read_as_a_person_reads_them(cell: object, text: str) -> None:
    assert text_of(cell) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_in_any_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(delimiter.join(cells) for cells in (HEADER, FIRST)) + "\n", encoding=encoding)
    sheet, rows = only_sheet(path)

    assert sheet.encoding == encoding
    assert [row.cells for row in rows] == [HEADER, FIRST]


def test_a_cell_may_hold_a_delimiter_and_a_line_break(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('档号,题名\nA182,"甲, 乙\n丙"\n', encoding="utf-8")
    _, rows = only_sheet(path)

    assert rows[1].cells == ("A182", "甲, 乙\n丙")


XML = """<?xml version="1.0" encoding="{encoding}"?>
<文件目录><说明>移交</说明>
<条目><顺序号>1</顺序号><档号>A182-WS·2022-Y-0001</档号><题名>通知 &amp; 附件</题名></条目>
<条目><顺序号>2</顺序号><档号>A182-WS·2022-Y-0002</档号><备注>缺页</备注></条目>
</文件目录>"""


@pytest.mark.parametrize("encoding", ["UTF-8", "GB18030", "GB2312"])
def test_the_xml_of_a_hand_over(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "文件目录.XML"
    path.write_bytes(XML.format(encoding=encoding).encode("gb18030" if encoding == "GB2312" else encoding))
    _, rows = only_sheet(path)

    assert [row.cells for row in rows] == [
        ("顺序号", "档号", "题名", "备注"),
        ("1", "A182-WS·2022-Y-0001", "通知 & 附件", ""),
        ("2", "A182-WS·2022-Y-0002", "", "缺页"),
    ]


def test_entries_in_attributes(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text('<list><e code="1" title="a"/><e code="2" title="b"/></list>', encoding="utf-8")
    _, rows = only_sheet(path)

    assert [row.cells for row in rows] == [("code", "title"), ("1", "a"), ("2", "b")]


BOMB = """<?xml version="1.0"?>
<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><a><e><t>&b;</t></e></a>"""


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (BOMB.encode(), "defines entities"),
        (b"<a><b></a>", "no sound XML"),
        (b"<?xml version='1.0' encoding='nonsense'?><a/>", "cannot be read"),
        (b"PK\x03\x04 broken", "cannot be read"),
        (bytes(range(256)) * 4, "neither UTF-8 nor GB18030"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "cannot be read"),
        (b"<!DOCTYPE html><table><tr><td>1</td></tr></table>", "is a web page"),
        ("<html><meta charset='gb2312'>档号</html>".encode("gb18030"), "is a web page"),
        (
            b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>",
            "XML table",
        ),
        ('档号,题名\nA1,"甲\nA2,乙\nA3,丙\n'.encode(), "row 2 of the catalogue"),
        ('档号,题名\nA1,甲\nA2,"'.encode() + b"x" * 500_000, "row 3 of the catalogue"),
    ],
)
def test_what_is_no_catalogue(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)

    with pytest.raises(InputError) as caught:
        only_sheet(path)
    assert says in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        only_sheet(tmp_path / "none.xlsx")


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "a.csv")

    with pytest.raises(InputError, match="is no file"):
        only_sheet(tmp_path / "a.csv")


def test_a_cell_in_no_column_that_exists_is_no_crash(tmp_path: Path) -> None:
    """The library that reads spreadsheets panics over it."""
    sound = write_book(tmp_path / "sound.xlsx", [list(HEADER), list(FIRST)])
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'r="B2"', b'r="ZZZZZZZZ99999999999"'))

    with pytest.raises(InputError, match="cannot be read"):
        only_sheet(tmp_path / "a.xlsx")


def test_lines_may_end_as_on_old_machines(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("档号,题名\rA1,甲\r".encode())
    _, rows = only_sheet(tmp_path / "a.csv")

    assert [row.cells for row in rows] == [("档号", "题名"), ("A1", "甲")]


def test_one_wide_row_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("档号,题名\nA1," + "x" * 30_000 + "," * 300_000 + "\nA2,乙\n", "utf-8")
    _, rows = only_sheet(tmp_path / "a.csv")

    assert [row.cells[0] for row in rows] == ["档号", "A1", "A2"]


def test_a_catalogue_with_a_password_is_refused_in_words() -> None:
    """The file holds one invented record under the password ``secret``."""
    with pytest.raises(InputError, match="protected by a password"):
        list(read_sheets(Path(__file__).with_name("protected.xlsx")))
