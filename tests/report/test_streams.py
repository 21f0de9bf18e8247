"""findings.csv."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from tests.report.delivery import HOSTILE, gap, make_summary, write
from ybda_qc.model import JudgedPage, Summary
from ybda_qc.report.streams import cell


def rows(folder: Path) -> list[dict[str, str]]:
    text = (folder / "findings.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_opens_in_excel(tmp_path: Path, summary: Summary, pages: list[JudgedPage]) -> None:
    data = (write(tmp_path / "run", summary, pages, "zh") / "findings.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfpage,")
    assert data.endswith(b"\r\n")
    assert data.count(b"\n") == data.count(b"\r\n")


def test_one_finding_a_row_batch_first(tmp_path: Path, summary: Summary, pages: list[JudgedPage]) -> None:
    found = rows(write(tmp_path / "run", summary, pages))
    expected = len(summary.findings) + sum(len(judged.findings) for judged in pages)
    assert len(found) == expected + 1  # and the fault
    assert found[0]["check"] == "sequence"
    assert found[0]["subject"]
    assert not found[0]["page"]
    fault = [row for row in found if row["check"] == "coverage"]
    assert [(row["code"], row["verdict"]) for row in fault] == [("fault", "error")]


def test_findings_beyond_pages_name_the_file_and_the_item_they_are_about(
    tmp_path: Path, summary: Summary, pages: list[JudgedPage]
) -> None:
    item = pages[0].result.item
    about_page = replace(gap(), subject=pages[0].result.page.path, pages=())
    about_file = replace(gap(), subject=f"{item}/x.exe", values={"path": f"{item}/x.exe"}, pages=())
    about_all = replace(gap(), subject="/", pages=())
    head = (about_page, about_file, gap(), about_all)
    found = rows(write(tmp_path / "run", replace(summary, findings=head), pages))
    assert [(row["path"], row["item"]) for row in found[:4]] == [
        (about_page.subject, item),
        (about_file.subject, item),
        ("", gap().subject),
        ("", ""),
    ]
    assert not any(row["page"] or row["frame"] for row in found[:4])


def test_no_cell_of_a_hostile_name_is_a_formula(tmp_path: Path, hostile_pages: list[JudgedPage]) -> None:
    folder = write(tmp_path / "run", make_summary(hostile_pages), hostile_pages)
    found = rows(folder)
    assert len(found) == 2 * len(HOSTILE)
    for row in found:
        for value in row.values():
            assert not value or value[0] not in "=+-@\t\r\n"
    names = {row["item"].removeprefix("'") for row in found}
    assert names == set(HOSTILE)  # nothing lost, line breaks and all


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "＝1", "－1"])
def test_texts_that_start_like_formulas_are_quoted(text: str) -> None:
    assert cell(text) == "'" + text


@pytest.mark.parametrize("entry", [-1.5, -3, 0, None, "a=b", "", "页"])
def test_everything_else_is_left_alone(entry: object) -> None:
    assert cell(entry) is entry
