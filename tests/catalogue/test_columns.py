"""Which column of a catalogue holds what."""

import pytest

from ybda_qc.catalogue.columns import Headers
from ybda_qc.catalogue.rows import Row


def rows(*lines: list[str], first: int = 1) -> list[Row]:
    return [Row(number=first + at, cells=tuple(cells)) for at, cells in enumerate(lines)]


def test_headers_in_chinese() -> None:
    header = Headers().find(rows(["序号", "档号", "责任者", "题名", "日期", "页数", "备注"]))

    assert header is not None
    assert header.columns["code"] == 1
    assert set(header.columns) == {"number", "code", "author", "title", "date", "pages", "remarks"}


def test_headers_in_english() -> None:
    header = Headers().find(rows(["No.", "Archival code", "Title", "Pages"]))

    assert header is not None
    assert dict(header.columns) == {"number": 0, "code": 1, "title": 2, "pages": 3}


@pytest.mark.parametrize("name", ["档 号", "档号*", "档号（必填）", "档　号：", "档号\n"])
def test_ornaments_do_not_matter(name: str) -> None:
    assert Headers().field_of(name) == "code"


def test_a_title_above_the_header() -> None:
    header = Headers().find(
        rows(["上海市对口帮扶档案目录"], ["移交单位", "日期", "2024"], ["档号", "题名", "日期"])
    )

    assert header is not None
    assert (header.row, header.last_row) == (3, 3)


def test_a_header_of_two_rows() -> None:
    header = Headers().find(
        rows(["序号", "档案", "", "日期"], ["", "档号", "题名", ""], ["1", "A182", "通知", "20230504"])
    )

    assert header is not None
    assert (header.row, header.last_row) == (1, 2)
    assert dict(header.columns) == {"number": 0, "date": 3, "code": 1, "title": 2}
    assert header.names == ("序号", "档号", "题名", "日期")


def test_the_names_of_a_profile_come_first() -> None:
    header = Headers({"title": ["事由"], "remarks": ["题名"]}).find(rows(["档号", "事由", "题名", "经办"]))

    assert header is not None
    assert dict(header.columns) == {"code": 0, "title": 1, "remarks": 2}
    assert header.unknown == ("经办",)


def test_a_header_that_is_printed_again() -> None:
    headers = Headers()
    table = rows(["档号", "题名"], ["A182", "通知"], ["档号", "题名"])
    header = headers.find(table)

    assert header is not None
    assert [headers.is_repeated(header, row) for row in table[1:]] == [False, True]


def test_a_table_without_a_header() -> None:
    assert Headers().find(rows(["1", "A182", "通知"], ["2", "A183", "报告"])) is None


def test_a_whole_page_in_a_cell_is_no_name_of_a_column() -> None:
    assert Headers().field_of("档号(" + "一" * 50 + ")") == "code"
    assert Headers().field_of("档号(" + "一" * 500 + ")") is None
    assert Headers().field_of("(" * 30_000) is None


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("档案编号", "code"),
        ("发文字号", "document_number"),
        ("文件形成时间", "date"),
        ("机构或问题", "organisation"),
        ("保存期限", "retention"),
    ],
)
def test_names_of_columns_in_use(name: str, field: str) -> None:
    assert Headers().field_of(name) == field
