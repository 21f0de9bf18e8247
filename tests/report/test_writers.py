"""All files appear together or not at all; memory and sizes stay bounded."""

import json
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.report.delivery import draw_picture, gap, make_summary, page, stream, write
from ybda_qc.model import JudgedPage, Summary
from ybda_qc.report import Reports
from ybda_qc.report import digest as digest_module

NAMES = {"report.json", "pages.jsonl", "findings.csv", "report.html", "report.xlsx"}


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()}


def test_writes_all_files_and_leaves_nothing_else(
    tmp_path: Path, summary: Summary, pages: list[JudgedPage]
) -> None:
    assert files(write(tmp_path / "run", summary, pages)) == NAMES


def test_an_error_in_between_leaves_the_former_report_whole(
    tmp_path: Path, summary: Summary, pages: list[JudgedPage]
) -> None:
    folder = write(tmp_path / "run", summary, pages)
    before = {name: (folder / name).read_bytes() for name in NAMES}
    with pytest.raises(RuntimeError, match="disk"), Reports(folder, summary=summary, lang="zh") as reports:
        reports.page(pages[0])
        raise RuntimeError("disk")
    assert files(folder) == NAMES
    assert {name: (folder / name).read_bytes() for name in NAMES} == before


def test_nothing_is_in_place_before_the_end(
    tmp_path: Path, summary: Summary, pages: list[JudgedPage]
) -> None:
    with Reports(tmp_path / "new", summary=summary, lang="zh") as reports:
        for judged in pages:
            reports.page(judged)
        assert not files(tmp_path / "new") & NAMES
    assert files(tmp_path / "new") == NAMES


def test_only_the_formats_asked_for(tmp_path: Path, summary: Summary, pages: list[JudgedPage]) -> None:
    assert files(write(tmp_path / "run", summary, pages, formats=("csv",))) == {"findings.csv"}


def test_an_empty_batch_has_a_report(tmp_path: Path) -> None:
    assert files(write(tmp_path / "run", make_summary([]), [])) == NAMES


def test_an_unknown_format_is_refused(tmp_path: Path, summary: Summary) -> None:
    with pytest.raises(ValueError, match="docx"):
        Reports(tmp_path, summary=summary, lang="zh", formats=("docx",))


def test_the_page_grows_by_a_bounded_piece_a_page(tmp_path: Path) -> None:
    sizes = []
    for count in (600, 1200, 2400):
        folder = tmp_path / str(count)
        with Reports(folder, summary=make_summary(), formats=("html",), lang="zh") as reports:
            for judged in stream(count):
                reports.page(judged)
        sizes.append((folder / "report.html").stat().st_size)
    first, second = sizes[1] - sizes[0], sizes[2] - sizes[1]
    assert second <= 2.2 * first
    assert second < 1200 * 150  # 1,200 pages with 800 findings


def test_the_digest_keeps_no_more_than_the_worst(tmp_path: Path) -> None:
    keeper = digest_module.Worst(10)
    for judged in stream(500, bad_every=1):
        for row in digest_module.page_rows(judged):
            keeper.offer(row)
    kept = keeper.worst_first()
    assert len(kept) == 10
    verdicts = [row.finding.verdict for row in kept]
    assert verdicts == sorted(verdicts, reverse=True)


def test_a_rare_defect_is_not_hidden_by_a_common_one(tmp_path: Path) -> None:
    from tests.report.delivery import resolution_finding, skew_finding

    keeper = digest_module.Worst(5)
    for number in range(1000):
        finding = resolution_finding(72) if number == 700 else skew_finding(5)
        for row in digest_module.page_rows(page(f"{number:04d}.jpg", findings=(finding,))):
            keeper.offer(row)
    kept = {row.finding.check for row in keeper.worst_first()}
    assert kept == {"skew", "resolution"}
    order = [row.path for row in keeper.in_order()]
    assert order == sorted(order)


def test_a_finding_beyond_pages_shows_its_picture_in_every_report(
    tmp_path: Path, pages: list[JudgedPage]
) -> None:
    picture = draw_picture(tmp_path / "run", "pair.jpg")
    pair = replace(gap(), evidence=picture)
    folder = write(tmp_path / "run", make_summary(pages, findings=(pair,)), pages)
    assert json.loads((folder / "report.json").read_text("utf-8"))["findings"][0]["evidence"] == picture
    assert f",{picture}," in (folder / "findings.csv").read_text("utf-8-sig").splitlines()[1]
    assert f'data-evidence="{picture}"' in (folder / "report.html").read_text("utf-8")
    with ZipFile(folder / "report.xlsx") as book:
        assert any("pair.jpg" in book.read(name).decode() for name in book.namelist() if "_rels/" in name)
