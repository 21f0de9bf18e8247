"""report.xlsx, read back by another library."""

from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from tests.report.delivery import HOSTILE, draw_picture, gap, make_summary, page, skew_finding, write
from ybda_qc.model import Correction, JudgedPage, Summary, Verdict
from ybda_qc.report import digest as digest_module
from ybda_qc.report import sheet as sheet_module


def sheet(folder: Path, name: str) -> list[list[object]]:
    book = CalamineWorkbook.from_path(str(folder / "report.xlsx"))
    return [list(row) for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]


def cells(rows: list[list[object]]) -> set[object]:
    return {value for row in rows for value in row}


def test_sheets_speak_the_language_of_the_report(
    tmp_path: Path, summary: Summary, pages: list[JudgedPage]
) -> None:
    names = {}
    for lang in ("zh", "en"):
        folder = write(tmp_path / lang, summary, pages, lang)
        names[lang] = CalamineWorkbook.from_path(str(folder / "report.xlsx")).sheet_names
    assert names["zh"] == ["概要", "返工清单", "按件统计", "幅面统计", "检查项与限值", "提示"]
    assert names["en"][:2] == ["Summary", "Rework list"]


def test_the_summary_begins_with_the_decision(
    tmp_path: Path, summary: Summary, pages: list[JudgedPage]
) -> None:
    rows = sheet(write(tmp_path / "run", summary, pages, "zh"), "概要")
    assert rows[0][0] == "B469 第三批"
    assert rows[1][0] == "退回"
    assert any("skew/over-limit" in str(value) for value in cells(rows))


def test_the_rework_list_has_what_a_vendor_needs_and_no_notes(
    tmp_path: Path, summary: Summary, pages: list[JudgedPage]
) -> None:
    rows = sheet(write(tmp_path / "run", summary, pages, "zh"), "返工清单")
    head, body = rows[0], rows[1:]
    assert head[:7] == ["序号", "件", "文件", "页", "检查项", "严重程度", "缺陷"]
    assert len(body) == 6
    skewed = next(row for row in body if row[2] == "B469-WS·2023-Y-BGS-0001/0002.jpg")
    assert skewed[7:10] == [4.25, 3.0, "°"]
    assert skewed[5] == "不合格"
    assert not [row for row in body if row[5] == "提示"]
    assert "提示" in {row[5] for row in sheet(tmp_path / "run", "提示")[1:]}


def test_the_correction_list_has_a_row_for_each_mismatch_and_runs_no_formula(
    tmp_path: Path, pages: list[JudgedPage]
) -> None:
    correction = Correction(place="row 7 of 目录", field="code", stands="=1+2", found="A-1", proposed="+A-1")
    findings = (gap(), replace(gap(), correction=correction))
    folder = write(tmp_path / "run", make_summary(pages, findings=findings), pages, "zh")
    (row,) = sheet(folder, "更正表")[1:]
    assert row[2:8] == ["工作表“目录”第 7 行", gap().subject, "档号", "=1+2", "A-1", "+A-1"]
    with ZipFile(folder / "report.xlsx") as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>" in book.read(name) for name in sheets)


def test_the_same_correction_stands_once_with_what_was_found(tmp_path: Path, pages: list[JudgedPage]) -> None:
    look_alike = Correction(place="row 7", field="code", stands="A-1", proposed="A·1")
    corrections = (
        look_alike,
        replace(look_alike, found="A·1"),
        replace(look_alike, place="row 8"),
        replace(look_alike, place="row 9", proposed=""),
        replace(look_alike, place="row 9", proposed=""),
    )
    findings = tuple(replace(gap(), correction=one) for one in corrections)
    folder = write(tmp_path / "run", make_summary(pages, findings=findings), pages, "en")
    rows = sheet(folder, "Corrections")[1:]
    assert [(row[2], row[6] or "") for row in rows] == [
        ("row 7", "A·1"),
        ("row 8", ""),
        ("row 9", ""),
        ("row 9", ""),
    ]


def test_items_of_media_alone_are_listed(tmp_path: Path, pages: list[JudgedPage]) -> None:
    finding = replace(gap(), subject="B469-LY·2023-Y-0001/0002.flac", pages=())
    made = make_summary(pages, findings=(finding,))
    code = "B469-LY·2023-Y-0001"
    folder = write(tmp_path / "run", replace(made, media={code: 2, "B469-LX·2023-Y-0001": 1}), pages, "en")
    by_item = {row[0]: (*row[1:3], row[-1]) for row in sheet(folder, "Items")[1:]}
    assert by_item[code] == (0, "review", 2)
    assert by_item["B469-LX·2023-Y-0001"] == (0, "pass", 1)
    assert [row[1] for row in sheet(folder, "Rework list")[1:] if row[2] == finding.subject] == [code]


def test_items_are_counted(tmp_path: Path, summary: Summary, pages: list[JudgedPage]) -> None:
    rows = sheet(write(tmp_path / "run", summary, pages, "en"), "Items")
    by_item = {row[0]: row for row in rows[1:]}
    assert sum(int(str(row[1]).split(".", maxsplit=1)[0]) for row in rows[1:]) == len(pages)
    assert by_item["B469-WS·2023-Y-BGS-0001"][1:3] == [5.0, "fail"]
    assert by_item["B469-WS·2023-Y-BGS-0002"][2] == "undetermined"
    assert by_item["B469-WS·2023-Y-BGS-0002"][8] == 3.0  # the gap, the skew, the fault
    assert by_item["Files outside items"][1] == 2.0


def test_limits_stand_with_their_source(tmp_path: Path, summary: Summary, pages: list[JudgedPage]) -> None:
    rows = sheet(write(tmp_path / "run", summary, pages, "en"), "Checks and limits")
    skew = next(row for row in rows if row[4] == "over-limit")
    assert skew[6:12] == ["", 1.0, 3.0, "", "°", "project's choice"]
    missing = next(row for row in rows if row[4] == "missing")
    assert missing[6:11] == ["", "review", "", "", ""]


def test_a_flag_of_error_stands_in_its_column(
    tmp_path: Path, summary: Summary, pages: list[JudgedPage]
) -> None:
    card = summary.cards["resolution"]
    limits = tuple(replace(limit, verdict=Verdict.ERROR) for limit in card.limits)
    cards = dict(summary.cards) | {"resolution": replace(card, limits=limits)}
    rows = sheet(write(tmp_path / "run", replace(summary, cards=cards), pages, "en"), "Checks and limits")
    assert rows[0][9] == "undetermined"
    assert next(row for row in rows if row[4] == "missing")[6:10] == ["", "", "", "undetermined"]


def test_the_rework_list_goes_by_item_worst_first(tmp_path: Path) -> None:
    whole = replace(gap(), subject="/", pages=())
    made = [
        page(f"{item}/{number}.jpg", item=item, findings=(skew_finding(1.5 if number == 1 else 5),))
        for item in ("b", "a")
        for number in (1, 2, 3)
    ]
    summary = make_summary(made, findings=(replace(gap(), subject="b", pages=()), whole))
    rows = sheet(write(tmp_path / "run", summary, made, "en"), "Rework list")[1:]
    places = [(row[1], row[2], row[5]) for row in rows]
    assert places == [
        ("Whole batch", "", "review"),
        ("a", "a/2.jpg", "fail"),
        ("a", "a/3.jpg", "fail"),
        ("a", "a/1.jpg", "review"),
        ("b", "b/2.jpg", "fail"),
        ("b", "b/3.jpg", "fail"),
        ("b", "b", "review"),
        ("b", "b/1.jpg", "review"),
    ]
    assert [row[0] for row in rows] == list(range(1, 9))


def test_reasons_count_pages_or_places_and_say_whose_limit_it_is(
    tmp_path: Path, summary: Summary, pages: list[JudgedPage]
) -> None:
    rows = sheet(write(tmp_path / "run", summary, pages, "en"), "Summary")
    by_code = {str(row[2]): row for row in rows if "failed" in str(row[2])}
    skew, sequence = (next(by_code[text] for text in by_code if check in text) for check in ("Skew", "Seq"))
    assert (skew[1], skew[4]) == ("12 pages", "project's choice")
    assert sequence[1] == "1 place"


def test_no_name_becomes_a_formula_or_a_broken_file(tmp_path: Path, hostile_pages: list[JudgedPage]) -> None:
    folder = write(tmp_path / "run", make_summary(hostile_pages), hostile_pages)
    rows = sheet(folder, "Rework list")
    assert len(rows) == 1 + 2 * len(HOSTILE)
    assert any(str(row[1]).startswith("=cmd") for row in rows)
    with ZipFile(folder / "report.xlsx") as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in archive.read(name)


def test_pictures_are_capped_and_the_cap_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest_module, "MAX_PICTURES", 2)
    folder, made = tmp_path / "run", []
    for number in range(5):
        name = draw_picture(folder, f"{number}.jpg", number)
        made.append(page(f"{number}.jpg", findings=(skew_finding(5),), evidence={"skew/over-limit": name}))
    write(folder, make_summary(made), made)
    with ZipFile(folder / "report.xlsx") as archive:
        assert len([name for name in archive.namelist() if name.startswith("xl/media/")]) == 2
        links = archive.read("xl/worksheets/_rels/sheet2.xml.rels").decode()
    assert links.count("evidence\\") == 5  # as Excel itself writes them
    assert "2 of 5 pictures are in the workbook" in str(cells(sheet(folder, "Summary")))


def test_a_full_sheet_is_said(
    tmp_path: Path, summary: Summary, pages: list[JudgedPage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_module, "MAX_SHEET_ROWS", 4)
    folder = write(tmp_path / "run", summary, pages)
    assert len(sheet(folder, "Rework list")) == 4
    assert "findings.csv holds all 6 findings" in str(cells(sheet(folder, "Summary")))


def test_a_text_longer_than_a_cell_is_cut(tmp_path: Path) -> None:
    made = [page("a.jpg", item="长" * 40_000, findings=(skew_finding(5),))]
    rows = sheet(write(tmp_path / "run", make_summary(made), made), "Rework list")
    assert str(rows[1][1]).endswith(" …")
