"""`report`: pictures of late findings, two deliveries side by side, another language."""

import csv
import hashlib
import json
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.app.batches import (
    ITEM,
    OTHER_ITEM,
    Silence,
    do_run,
    read_pages,
    read_report,
    sheet,
    write_mixed_batch,
    write_profile,
)
from tests.store.disks import nothing_can_be_written
from ybda_qc.app.rejudge import rejudge
from ybda_qc.app.report import report
from ybda_qc.cli.main import _run
from ybda_qc.errors import InputError
from ybda_qc.synth import write_page

STRICT = """
[checks.skew.over-limit]
review = 0.0
fail = 0.001
source = "project-choice"
"""
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    do_run(write_mixed_batch(folder / "batch"), folder / "out")
    return folder


@pytest.fixture
def run_folder(measured: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(measured / "out", tmp_path / "out"))


def skew_pictures(out: Path) -> dict[str, str | None]:
    """Page -> picture of its skew, of every page that is skewed."""
    return {
        page["page"]: finding["evidence"]
        for page in read_pages(out)
        for finding in page["findings"]
        if finding["check"] == "skew" and finding["code"] == "over-limit"
    }


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_pictures_of_late_findings(measured: Path, run_folder: Path, tmp_path: Path) -> None:
    profile = write_profile(tmp_path / "strict.toml", STRICT)
    first = skew_pictures(run_folder)
    rejudge(run_folder, profile=profile, lang="en")
    late = {page: name for page, name in skew_pictures(run_folder).items() if page not in first}
    assert len(late) >= 3
    assert set(late.values()) == {None}, "rejudge opens no image"

    before = digests(measured / "batch")
    report(run_folder, Silence(), lang="en")
    do_run(measured / "batch", tmp_path / "fresh", profile=profile)
    assert None not in skew_pictures(run_folder).values()
    assert (run_folder / "pages.jsonl").read_bytes() == (tmp_path / "fresh" / "pages.jsonl").read_bytes()
    fresh = digests(tmp_path / "fresh" / "evidence")
    assert fresh.items() <= digests(run_folder / "evidence").items()
    assert digests(measured / "batch") == before


def test_no_picture_of_a_file_that_has_changed(measured: Path, tmp_path: Path) -> None:
    batch, out = Path(shutil.copytree(measured / "batch", tmp_path / "batch")), tmp_path / "out"
    do_run(batch, out)
    first = skew_pictures(out)
    rejudge(out, profile=write_profile(tmp_path / "strict.toml", STRICT), lang="en")
    late = sorted(page for page in skew_pictures(out) if page not in first)
    changed, gone = late[0], late[-1]
    with (batch / changed.partition("#")[0]).open("ab") as file:
        file.write(b"\0")
    (batch / gone.partition("#")[0]).unlink()
    report(out, Silence(), lang="en")
    pictures = skew_pictures(out)
    assert pictures[changed] is None
    assert pictures[gone] is None
    others = [
        page
        for page in late
        if page.partition("#")[0] not in (changed.partition("#")[0], gone.partition("#")[0])
    ]
    assert others
    assert all(pictures[page] for page in others)


def test_without_the_batch_reports_are_still_written(
    measured: Path, run_folder: Path, tmp_path: Path
) -> None:
    rejudge(run_folder, profile=write_profile(tmp_path / "strict.toml", STRICT), lang="en")
    (run_folder / "report.html").unlink()
    (measured / "batch").rename(measured / "away")
    try:
        report(run_folder, Silence(), lang="en")
    finally:
        (measured / "away").rename(measured / "batch")
    assert (run_folder / "report.html").is_file()
    assert None in skew_pictures(run_folder).values()


def test_only_the_formats_asked_for(run_folder: Path) -> None:
    names = ("report.html", "report.xlsx", "report.json", "pages.jsonl", "findings.csv")
    for name in names:
        (run_folder / name).unlink()
    report(run_folder, Silence(), formats=("html", "csv"), lang="en")
    assert {name for name in names if (run_folder / name).exists()} == {"report.html", "findings.csv"}


def test_another_language(run_folder: Path) -> None:
    before = (run_folder / "pages.jsonl").read_bytes()
    report(run_folder, Silence(), lang="zh")
    assert (run_folder / "pages.jsonl").read_bytes() == before, "pages.jsonl depends on batch and plan alone"
    with (run_folder / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        messages = [row["message"] for row in csv.DictReader(file)]
    assert sum(bool(CHINESE.search(message)) for message in messages) > len(messages) / 2
    assert CHINESE.search(json.dumps(read_report(run_folder)["decision"]["reasons"], ensure_ascii=False))
    html = (run_folder / "report.html").read_text(encoding="utf-8")
    assert re.search(r'<html[^>]* lang="zh', html)


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A delivery with three skewed pages, and a second one: one mended, one left, one gone, one new."""
    folder = tmp_path_factory.mktemp("deliveries")
    outs = []
    for name, turned in (
        ("first", {"0001": 0.0, "0002": 6.0, "0003": 6.0, "0004": 6.0}),
        ("second", {"0001": 6.0, "0002": 0.0, "0003": 6.0}),
    ):
        (folder / name / ITEM).mkdir(parents=True)
        for number, (page, degrees) in enumerate(turned.items()):
            write_page(folder / name / ITEM / f"{page}.jpg", sheet(number, turned=degrees), dpi=300)
        do_run(folder / name, folder / f"{name}-qc")
        outs.append(folder / f"{name}-qc")
    return outs[0], outs[1]


def test_two_deliveries(deliveries: tuple[Path, Path]) -> None:
    first, second = deliveries
    report(second, Silence(), lang="en", against=first)
    difference = read_report(second)["difference"]
    assert difference["pages"] == {"older": 4, "newer": 3, "added": 0, "removed": 1, "replaced": 2}
    skew = difference["findings_by_defect"]["skew/over-limit"]
    assert skew == {"mended": 1, "remaining": 1, "new": 1, "unclear": 0, "removed": 1}
    assert difference["same_limits"] is True
    rows = (second / "difference.csv").read_text(encoding="utf-8-sig").splitlines()
    assert sum("over-limit" in row for row in rows) == 4


def test_the_terminal_counts_pages_that_are_gone(
    deliveries: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = deliveries
    assert _run(["report", str(second), "--against", str(first), "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    assert re.search(r"[1-9] on removed pages", printed)
    assert "pages: 1 gone, 0 new" in printed
    assert "no page in common" not in printed


def test_deliveries_without_a_common_page_are_hardly_meant(
    deliveries: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other" / OTHER_ITEM).mkdir(parents=True)
    write_page(tmp_path / "other" / OTHER_ITEM / "0001.jpg", sheet(9), dpi=300)
    do_run(tmp_path / "other", tmp_path / "other-qc")
    assert _run(["report", str(tmp_path / "other-qc"), "--against", str(deliveries[0]), "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    assert "pages: 4 gone, 1 new" in printed
    assert "no page in common" in printed
    assert "no page in common" in (tmp_path / "other-qc" / "report.html").read_text(encoding="utf-8")


def test_against_itself_nothing_is_new(deliveries: tuple[Path, Path], tmp_path: Path) -> None:
    first, _ = deliveries
    twin = Path(shutil.copytree(first, tmp_path / "twin"))
    report(twin, Silence(), lang="en", against=first)
    difference = read_report(twin)["difference"]
    assert difference["findings"]["remaining"] > 0
    assert sum(count for word, count in difference["findings"].items() if word != "remaining") == 0


def test_against_what_is_no_run(deliveries: tuple[Path, Path], tmp_path: Path) -> None:
    before = digests(deliveries[1])
    with pytest.raises(InputError):
        report(deliveries[1], Silence(), lang="en", against=tmp_path)
    after = digests(deliveries[1])
    assert {name: after[name] for name in ("report.json", "report.html")} == {
        name: before[name] for name in ("report.json", "report.html")
    }
    assert OTHER_ITEM not in "".join(after)


def test_reports_and_their_pictures_in_another_folder(run_folder: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in run_folder.iterdir() if path.is_file()}
    aside = tmp_path / "new" / "aside"

    result = report(run_folder, Silence(), lang="en", out=aside)

    assert result.folder == aside
    assert {name: (run_folder / name).read_bytes() for name in before} == before
    assert (aside / "pages.jsonl").read_bytes() == (run_folder / "pages.jsonl").read_bytes()
    assert read_report(aside)["decision"] == read_report(run_folder)["decision"]
    pictures = [name for name in skew_pictures(aside).values() if name]
    assert pictures
    assert all((aside / name).read_bytes() == (run_folder / name).read_bytes() for name in pictures)


def test_reports_are_not_put_among_the_originals_nor_over_another_run(
    measured: Path, run_folder: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(run_folder, tmp_path / "other"))
    for out, words in ((measured / "batch" / "reports", "lies inside the batch"), (other, "another run")):
        with pytest.raises(InputError, match=words):
            report(run_folder, Silence(), lang="en", out=out)
    assert not (measured / "batch" / "reports").exists()


def test_a_run_of_an_earlier_version_is_reported_where_it_lies(run_folder: Path) -> None:
    with closing(sqlite3.connect(run_folder / "ledger.sqlite3")) as ledger:
        ledger.execute("DROP INDEX ix_event_about_item")
        ledger.execute("UPDATE alembic_version SET version_num = '0009'")
        ledger.commit()
    before = (run_folder / "pages.jsonl").read_bytes()

    report(run_folder, Silence(), lang="en")

    assert (run_folder / "pages.jsonl").read_bytes() == before


def test_reports_of_a_run_where_nothing_can_be_written(run_folder: Path, tmp_path: Path) -> None:
    with nothing_can_be_written(run_folder):
        with pytest.raises(InputError, match="cannot be written to or locked"):
            report(run_folder, Silence(), lang="en")
        report(run_folder, Silence(), lang="en", out=tmp_path / "aside")
    assert (tmp_path / "aside" / "pages.jsonl").read_bytes() == (run_folder / "pages.jsonl").read_bytes()
