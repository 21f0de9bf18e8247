"""What a second delivery mended, what is new, what remains."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from tests.report.delivery import (
    fault_page,
    gap,
    make_summary,
    page,
    resolution_finding,
    skew_finding,
    write,
)
from ybda_qc.errors import InputError
from ybda_qc.model import JudgedPage, Summary
from ybda_qc.report.schemas import schema


def compare(
    tmp_path: Path,
    old: list[JudgedPage],
    new: list[JudgedPage],
    old_findings: tuple = (),
    new_findings: tuple = (),
    **more: object,
) -> tuple[dict, list[dict[str, str]]]:
    write(tmp_path / "old", make_summary(old, findings=old_findings), old)
    summary = make_summary(new, findings=new_findings, **more)
    folder = write(tmp_path / "new", summary, new, against=tmp_path / "old")
    document = json.loads((folder / "report.json").read_bytes())
    jsonschema.validate(document, schema("report"))
    text = (folder / "difference.csv").read_bytes().decode("utf-8-sig")
    return document["difference"], list(csv.DictReader(io.StringIO(text)))


def test_a_run_compared_with_itself_only_remains(
    tmp_path: Path, summary: Summary, pages: list[JudgedPage]
) -> None:
    difference, rows = compare(tmp_path, pages, pages, (gap(),), (gap(),))
    assert difference["findings"] == {"mended": 0, "remaining": 5, "new": 1, "unclear": 0, "removed": 0}
    # the one that is new is the fault of the program, which is no finding of a page
    assert {row["state"] for row in rows if row["check"] != "coverage"} == {"remaining"}
    assert difference["pages"] == {
        "older": len(pages),
        "newer": len(pages),
        "added": 0,
        "removed": 0,
        "replaced": 0,
    }
    assert difference["same_limits"]


def test_each_state(tmp_path: Path) -> None:
    bad, good = (skew_finding(5),), ()
    old = [page(f"{name}.jpg", findings=bad if name in "abe" else good) for name in "abcde"]
    new = [page(f"{name}.jpg", findings=bad if name in "bdf" else good) for name in "abcdf"]
    difference, rows = compare(tmp_path, old, new)
    assert {(row["page"], row["state"]) for row in rows} == {
        ("a.jpg#1", "mended"),
        ("b.jpg#1", "remaining"),
        ("d.jpg#1", "new"),
        ("e.jpg#1", "removed"),
        ("f.jpg#1", "new"),
    }
    assert difference["pages"] == {"older": 5, "newer": 5, "added": 1, "removed": 1, "replaced": 0}
    assert difference["findings_by_defect"]["skew/over-limit"]["new"] == 2


def test_a_check_that_did_not_look_again_mends_nothing(tmp_path: Path) -> None:
    difference, rows = compare(
        tmp_path, [page("a/1.jpg", item="a", findings=(skew_finding(5),))], [fault_page("a/1.jpg", "a")]
    )
    assert difference["findings"]["mended"] == 0
    assert [row["state"] for row in rows if row["check"] == "skew"] == ["unclear"]


def test_another_defect_of_the_same_check_is_new(tmp_path: Path) -> None:
    difference, _ = compare(
        tmp_path,
        [page("a.jpg", findings=(skew_finding(5),))],
        [page("a.jpg", findings=(replace(skew_finding(5), code="unsure"),))],
    )
    assert difference["findings"] == {"mended": 1, "remaining": 0, "new": 1, "unclear": 0, "removed": 0}


def test_a_failure_that_became_a_review_remains_with_both_verdicts(tmp_path: Path) -> None:
    _, rows = compare(
        tmp_path,
        [page("a.jpg", findings=(skew_finding(5),))],
        [page("a.jpg", findings=(skew_finding(2),))],
    )
    assert [(row["state"], row["old_verdict"], row["new_verdict"]) for row in rows] == [
        ("remaining", "fail", "review")
    ]


def test_findings_about_items_are_compared_by_subject(tmp_path: Path) -> None:
    difference, rows = compare(tmp_path, [], [], (gap("x"), gap("y")), (gap("y"), gap("z")))
    assert {(row["subject"], row["state"]) for row in rows} == {
        ("x", "mended"),
        ("y", "remaining"),
        ("z", "new"),
    }
    assert difference["findings"]["remaining"] == 1


def test_replaced_pages_and_other_limits_are_said(tmp_path: Path) -> None:
    old = page("a.jpg", findings=(resolution_finding(150),))
    new = replace(old, result=replace(old.result, sha256="f" * 64))
    summary = make_summary([new])
    other = replace(summary.run, profile=replace(summary.run.profile, digest="0" * 64))
    difference, _ = compare(tmp_path, [old], [new], run=other)
    assert difference["pages"]["replaced"] == 1
    assert not difference["same_limits"]
    text = (tmp_path / "new" / "report.html").read_text(encoding="utf-8")
    assert "judged by different limits" in text


def test_order_is_by_bytes_and_frame(tmp_path: Path) -> None:
    names = sorted(["a/b.jpg", "a-b.jpg", "a.jpg", "B.jpg", "页.jpg", "é.jpg", "𠮷.jpg"], key=str.encode)
    old = [page(name, frame=frame, findings=(skew_finding(5),)) for name in names for frame in (1, 2, 10)]
    difference, _ = compare(tmp_path, old, old)
    assert difference["findings"] == {
        "mended": 0,
        "remaining": len(old),
        "new": 0,
        "unclear": 0,
        "removed": 0,
    }


def test_the_report_of_the_same_folder_can_be_compared_and_replaced(tmp_path: Path) -> None:
    old = [page("a.jpg", findings=(skew_finding(5),))]
    write(tmp_path / "run", make_summary(old), old)
    new = [page("a.jpg")]
    write(tmp_path / "run", make_summary(new), new, against=tmp_path / "run")
    document = json.loads((tmp_path / "run" / "report.json").read_bytes())
    assert document["difference"]["findings"]["mended"] == 1


def test_the_list_of_changes_goes_with_the_report_that_names_it(tmp_path: Path) -> None:
    old = [page("a.jpg", findings=(skew_finding(5),))]
    folder = write(
        tmp_path / "run", make_summary(old), old, against=write(tmp_path / "old", make_summary(old), old)
    )
    assert (folder / "difference.csv").exists()
    write(folder, make_summary(old), old, formats=("csv",))
    assert (folder / "difference.csv").exists()
    write(folder, make_summary(old), old)
    assert not (folder / "difference.csv").exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("report.json", None),
        ("report.json", b"{}"),
        ("report.json", b"not json"),
        ("report.json", b'{"schema": "other/1"}'),
        ("pages.jsonl", None),
        ("pages.jsonl", b"\xff\n"),
        ("pages.jsonl", b'{"path": "a"}\n'),
    ],
)
def test_a_folder_without_a_report_is_refused(name: str, data: bytes | None, tmp_path: Path) -> None:
    old = [page("a.jpg")]
    write(tmp_path / "old", make_summary(old), old)
    path = tmp_path / "old" / name
    path.unlink()
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(InputError, match="no report"):
        write(tmp_path / "new", make_summary(old), old, against=tmp_path / "old")
    assert not list((tmp_path / "new").glob("*"))


def test_pages_out_of_order_are_refused(tmp_path: Path) -> None:
    old = [page("a.jpg"), page("b.jpg")]
    write(tmp_path / "old", make_summary(old), old)
    path = tmp_path / "old" / "pages.jsonl"
    path.write_bytes(b"".join(reversed(path.read_bytes().splitlines(keepends=True))))
    with pytest.raises(InputError, match="not sorted"):
        write(tmp_path / "new", make_summary(old), old, against=tmp_path / "old")
