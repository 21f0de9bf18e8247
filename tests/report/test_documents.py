"""report.json and pages.jsonl: the contract with other programs."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from tests.report.delivery import fault_page, make_summary, page, write
from ybda_qc.model import JudgedPage, PageId, Summary, Verdict
from ybda_qc.report.documents import dump_line, page_document, plain
from ybda_qc.report.schemas import schema
from ybda_qc.report.translate import translator

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize("name", ["report.json", "pages.jsonl", "findings.csv"])
def test_golden_files(name: str, tmp_path: Path, summary: Summary, pages: list[JudgedPage]) -> None:
    folder = write(tmp_path / "run", summary, pages)
    assert (folder / name).read_bytes() == (GOLDEN / "report" / name).read_bytes()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_document_keeps_its_schema(
    lang: str, tmp_path: Path, pages: list[JudgedPage], hostile_pages: list[JudgedPage]
) -> None:
    everything = sorted([*pages, *hostile_pages], key=lambda judged: judged.result.page.sort_key)
    folder = write(tmp_path / "run", make_summary(everything), everything, lang)
    jsonschema.Draft202012Validator.check_schema(schema("report"))
    jsonschema.validate(json.loads((folder / "report.json").read_bytes()), schema("report"))
    validator = jsonschema.Draft202012Validator(schema("pages"))
    lines = (folder / "pages.jsonl").read_bytes().split(b"\n")
    assert lines.pop() == b""
    assert len(lines) == len(everything)
    for line in lines:
        validator.validate(json.loads(line))


def test_the_same_pages_give_the_same_bytes_whatever_the_clock_says(
    tmp_path: Path, summary: Summary, pages: list[JudgedPage]
) -> None:
    later = replace(
        summary,
        run=replace(summary.run, id=9, started_at=summary.run.started_at.replace(year=2031), from_cache=17),
    )
    one = write(tmp_path / "one", summary, pages)
    two = write(tmp_path / "two", later, pages)
    assert (one / "pages.jsonl").read_bytes() == (two / "pages.jsonl").read_bytes()
    assert (one / "report.json").read_bytes() != (two / "report.json").read_bytes()


def test_a_planned_check_without_a_verdict_is_not_run_and_never_missing() -> None:
    judged = page("a/0001.jpg")
    document = page_document(
        replace(judged, verdicts={"readable": Verdict.PASS}), ("readable", "skew"), translator("en")
    )
    assert document["checks"] == {"readable": "pass", "skew": "not_run"}


def test_a_fault_of_ours_makes_the_page_an_error_and_is_told() -> None:
    document = page_document(fault_page("a/1.jpg", "a"), ("readable", "skew"), translator("en"))
    assert document["verdict"] == "error"
    assert document["fault"] == {
        "cause": "exception",
        "stage": "measure",
        "detail": "ValueError: bad <shape>",
    }


def test_a_name_that_is_not_utf8_stands_in_hex_beside_its_escaped_form() -> None:
    judged = page("a/\\xff.jpg")
    judged = replace(judged, result=replace(judged.result, path_hex="612fff2e6a7067"))
    document = page_document(judged, (), translator("en"))
    assert list(document)[:3] == ["page", "path", "path_hex"]
    assert document["path_hex"] == "612fff2e6a7067"
    assert "path_hex" not in page_document(page("a/1.jpg"), (), translator("en"))


def test_the_second_page_of_a_file_is_named_by_its_frame() -> None:
    judged = page("a.tif", frame=2)
    assert judged.result.page == PageId(path="a.tif", frame=2)
    assert page_document(judged, (), translator("en"))["page"] == "a.tif#2"


@pytest.mark.parametrize(
    ("value", "text"), [(300.0, "300"), (-0.0, "0"), (4.25, "4.25"), (0.1 + 0.2, "0.30000000000000004")]
)
def test_whole_numbers_have_no_fraction(value: float, text: str) -> None:
    assert json.dumps(plain(value)) == text


def test_a_line_is_one_line_whatever_the_name() -> None:
    line = dump_line(page_document(page("two\nlines\u2028.jpg\x00"), ("skew",), translator("zh")))
    assert line.count(b"\n") == 1
    assert json.loads(line)["path"] == "two\nlines\u2028.jpg\x00"


def test_messages_speak_the_language_of_the_report(
    tmp_path: Path, summary: Summary, pages: list[JudgedPage]
) -> None:
    chinese = json.loads((write(tmp_path / "run", summary, pages, "zh") / "report.json").read_bytes())
    assert chinese["findings"][0]["message"] != "missing page numbers (2): 7, 9"
    assert "7、9" in chinese["findings"][0]["message"]
