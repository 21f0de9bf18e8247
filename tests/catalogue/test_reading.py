"""From a catalogue file to records."""

from pathlib import Path

import pytest
import xlsxwriter

from tests.catalogue.test_rows import write_book
from ybda_qc.catalogue.reading import read_catalogue
from ybda_qc.errors import InputError


def test_records_with_their_place(tmp_path: Path) -> None:
    path = write_book(
        tmp_path / "a.xlsx",
        [["目录"], ["序号", "档号", "题名", "经办"], [1, "A182 ", "通知"], [], [2, "A183", "报告", "甲"]],
    )
    found = read_catalogue(path)

    assert [(one.place, one.code, dict(one.values)) for one in found.records] == [
        ("row 3 of 目录", "A182", {"number": "1", "code": "A182 ", "title": "通知"}),
        ("row 5 of 目录", "A183", {"number": "2", "code": "A183", "title": "报告"}),
    ]
    (table,) = found.identity.tables
    assert (table.header_row, table.unknown, table.records) == (2, ("经办",), 2)
    assert table.columns == {"number": "序号", "code": "档号", "title": "题名"}


def test_cells_that_are_merged_downwards_hold_for_all_their_rows(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["全宗号", "档号"])
        page.merge_range(1, 0, 3, 0, "B469")
        page.write_column(1, 1, ["1", "2", "3", "4"])
    found = read_catalogue(tmp_path / "a.xlsx")

    assert [one.values.get("fonds") for one in found.records] == ["B469", "B469", "B469", None]


def test_several_tables_and_one_that_is_none(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        for name, code in (("文书", "A1"), ("照片", "A2")):
            page = book.add_worksheet(name)
            page.write_row(0, 0, ["档号", "题名"])
            page.write_row(1, 0, [code, "x"])
        book.add_worksheet("说明").write(0, 0, "第一批")
    found = read_catalogue(tmp_path / "a.xlsx")

    assert [one.place for one in found.records] == ["row 2 of 文书", "row 2 of 照片"]
    assert [table.header_row for table in found.identity.tables] == [1, 1, None]


def test_a_header_on_every_printed_sheet_is_no_record(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", [["档号", "题名"], ["A1", "x"], ["档号", "题名"], ["A2", "y"]])

    assert [one.code for one in read_catalogue(path).records] == ["A1", "A2"]


@pytest.mark.parametrize(
    "total", [["合计", "", 9], ["", "合 计：2件", 9], ["本页小计", "", ""], ["Total", "", 9]]
)
def test_a_row_that_sums_up_is_no_record(tmp_path: Path, total: list[object]) -> None:
    path = write_book(tmp_path / "a.xlsx", [["序号", "档号", "页数"], [1, "A1", 4], total])

    assert [one.code for one in read_catalogue(path).records] == ["A1"]


@pytest.mark.parametrize("row", [["合计", "A2", 5], ["", "合计工作总结", 5], ["2", "", 5]])
def test_a_row_that_only_looks_like_a_sum_is_a_record(tmp_path: Path, row: list[object]) -> None:
    path = write_book(tmp_path / "a.xlsx", [["序号", "档号", "页数"], [1, "A1", 4], row])

    assert len(read_catalogue(path).records) == 2


def test_numbers_of_columns_totals_and_signatures_of_a_printed_form_are_no_records(tmp_path: Path) -> None:
    rows = [
        ["序号", "档号", "题名", "页数"],
        ["1", "2", "3", "4"],
        [1, "A1", "通知", 2],
        [2, "", "总计划", 3],
        ["合计", "", "", 5],
        ["填表人：张三", "", "审核人：李四"],
    ]
    found = read_catalogue(write_book(tmp_path / "a.xlsx", rows))
    assert [(one.row, one.values["title"]) for one in found.records] == [(3, "通知"), (4, "总计划")]


def test_a_first_record_of_numbers_is_a_record(tmp_path: Path) -> None:
    rows = [["序号", "档号", "题名", "页数"], ["1", "2", "3", "5"], ["2", "3", "4", "5"]]
    assert len(read_catalogue(write_book(tmp_path / "a.xlsx", rows)).records) == 2


def test_a_title_that_begins_like_a_total_is_a_record(tmp_path: Path) -> None:
    rows = [["题名", "档号"], ["总计划书", ""], ["审核人员名单", ""], ["合计", "A3"]]
    found = read_catalogue(write_book(tmp_path / "a.xlsx", rows))
    assert [one.values["title"] for one in found.records] == ["总计划书", "审核人员名单", "合计"]


def test_what_has_no_archival_codes_names_what_it_has(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", [["编号", "题名", "日期"], ["1", "x", "20230101"]])

    with pytest.raises(InputError, match="no column of archival codes") as caught:
        read_catalogue(path)
    assert "编号" in str(caught.value)
    assert [one.code for one in read_catalogue(path, {"code": ["编号"]}).records] == ["1"]


def test_a_hundred_thousand_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="gb18030") as file:
        file.write("档号,题名,页数\n")
        file.writelines(
            f"A182-WS·2022-Y-{number:06d},关于第{number}号的通知,3\n" for number in range(100_000)
        )
    found = read_catalogue(path)

    assert len(found.records) == 100_000
    assert found.identity.tables[0].encoding == "gb18030"
