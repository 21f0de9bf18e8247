"""The main job: the same bytes and the same plan give the same report, whoever does the work and whenever."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.app.batches import (
    ITEM,
    MIXED_PAGES,
    OTHER_ITEM,
    codes,
    do_run,
    read_pages,
    read_report,
    sheet,
    write_mixed_batch,
    write_profile,
)
from ybda_qc.synth import PageSpec, draw_page, write_page

NOT_EMPTY = MIXED_PAGES - 1
"""Pages that are known again by their bytes: an empty file has none."""


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mixed_batch(tmp_path_factory.mktemp("mixed") / "batch")


@pytest.fixture(scope="module")
def first(batch: Path) -> Path:
    out = batch.parent / "serial"
    do_run(batch, out)
    return out


@contextmanager
def moved(path: Path, to: Path) -> Iterator[None]:
    """Another name for a file of the batch, for a while."""
    path.rename(to)
    try:
        yield
    finally:
        to.rename(path)


def pages_file(out: Path) -> bytes:
    return (out / "pages.jsonl").read_bytes()


def test_every_page_has_its_line_in_order(batch: Path, first: Path) -> None:
    report, pages = read_report(first), read_pages(first)
    assert len(pages) == MIXED_PAGES
    assert [(page["path"].encode(), page["frame"]) for page in pages] == sorted(
        (page["path"].encode(), page["frame"]) for page in pages
    )
    assert report["coverage"] == {
        "pages": MIXED_PAGES,
        "measured": MIXED_PAGES - 3,
        "not_run": 3,
        "faults": 0,
    }
    assert report["run"]["from_cache"] == 0
    assert report["decision"]["outcome"] == "reject"
    assert report["totals"]["files"] == sum(path.is_file() for path in batch.rglob("*"))
    damaged = {
        page["path"].rpartition("/")[2]: codes([page])
        for page in pages
        if page["checks"]["readable"] == "fail"
    }
    assert {
        name: found & {"readable/truncated", "readable/empty", "readable/unreadable"}
        for name, found in damaged.items()
    } == {
        "0005.jpg": {"readable/truncated"},
        "0006.tif": {"readable/empty"},
        "0007.jpg": {"readable/unreadable"},
    }


def test_pages_of_a_file_are_pages_of_their_own(first: Path) -> None:
    pages = {page["page"]: page for page in read_pages(first)}
    turned = [pages[f"{ITEM}/0006.tif#{frame}"]["checks"]["skew"] for frame in (1, 2, 3)]
    assert turned[0] == turned[2] == "pass"
    assert turned[1] in ("review", "fail")
    assert len({pages[f"{OTHER_ITEM}/0001.pdf#{frame}"]["sha256"] for frame in (1, 2)}) == 1


@pytest.mark.parametrize("jobs", [1, 3])
def test_worker_processes_change_nothing(batch: Path, first: Path, tmp_path: Path, jobs: int) -> None:
    do_run(batch, tmp_path / "out", executor="process", jobs=jobs)
    report = read_report(tmp_path / "out")
    assert (report["run"]["executor"], report["run"]["workers"]) == ("process", jobs)
    assert pages_file(tmp_path / "out") == pages_file(first)
    same = ("coverage", "totals", "findings")
    assert {key: report[key] for key in same} == {key: read_report(first)[key] for key in same}


def test_running_again_changes_nothing(batch: Path, first: Path, tmp_path: Path) -> None:
    shutil.copytree(first, tmp_path / "out")
    do_run(batch, tmp_path / "out")
    assert read_report(tmp_path / "out")["run"]["from_cache"] == NOT_EMPTY
    assert pages_file(tmp_path / "out") == pages_file(first)


def test_a_page_that_changes_and_comes_back(batch: Path, first: Path, tmp_path: Path) -> None:
    elsewhere = shutil.copytree(batch, tmp_path / "batch")
    page = elsewhere / ITEM / "0006.tif"
    as_it_was = page.read_bytes()
    do_run(elsewhere, tmp_path / "out")
    assert pages_file(tmp_path / "out") == pages_file(first), "a batch may lie anywhere"

    write_page(page, sheet(20), sheet(21), dpi=300)
    do_run(elsewhere, tmp_path / "out")
    assert len(read_pages(tmp_path / "out")) == MIXED_PAGES - 1
    assert read_report(tmp_path / "out")["run"]["from_cache"] == NOT_EMPTY - 3

    page.write_bytes(as_it_was)
    do_run(elsewhere, tmp_path / "out", executor="process", jobs=2)
    assert pages_file(tmp_path / "out") == pages_file(first)


def test_a_page_that_goes_is_gone(batch: Path, first: Path, tmp_path: Path) -> None:
    shutil.copytree(first, tmp_path / "out")
    with moved(batch / ITEM / "0003.png", tmp_path / "0003.png"):
        do_run(batch, tmp_path / "out")
    assert f"{ITEM}/0003.png#1" not in {page["page"] for page in read_pages(tmp_path / "out")}
    assert read_report(tmp_path / "out")["coverage"]["pages"] == MIXED_PAGES - 1


def test_a_renamed_file_is_not_measured_again(batch: Path, first: Path, tmp_path: Path) -> None:
    shutil.copytree(first, tmp_path / "out")
    with moved(batch / ITEM / "0006.tif", batch / ITEM / "0009.tif"):
        do_run(batch, tmp_path / "out")
    pages = {page["page"]: page for page in read_pages(tmp_path / "out")}
    before = {page["page"]: page for page in read_pages(first)}
    assert read_report(tmp_path / "out")["run"]["from_cache"] == NOT_EMPTY
    for frame in (1, 2, 3):
        new, old = pages[f"{ITEM}/0009.tif#{frame}"], before[f"{ITEM}/0006.tif#{frame}"]
        assert new["measurements"] == old["measurements"]
        assert new["findings"] == old["findings"]


def test_other_limits_in_the_same_folder(batch: Path, first: Path, tmp_path: Path) -> None:
    """The second run measures nothing, and still says and shows what a fresh run would."""
    strict = write_profile(
        tmp_path / "strict.toml",
        """
[checks.skew.over-limit]
review = 0.0
fail = 0.001
source = "project-choice"
[checks.resolution.below-minimum]
review = "off"
fail = 301
source = "project-choice"
""",
    )
    shutil.copytree(first, tmp_path / "twice")
    do_run(batch, tmp_path / "twice", profile=strict)
    do_run(batch, tmp_path / "fresh", profile=strict)
    assert read_report(tmp_path / "twice")["run"]["from_cache"] == NOT_EMPTY
    assert pages_file(tmp_path / "twice") == pages_file(tmp_path / "fresh")
    failed = [page for page in read_pages(tmp_path / "fresh") if page["checks"]["skew"] == "fail"]
    assert failed
    assert all(
        finding["evidence"] for page in failed for finding in page["findings"] if finding["check"] == "skew"
    )


def test_a_copy_of_a_page_whose_text_is_known_is_judged_by_that_text(tmp_path: Path) -> None:
    profile = write_profile(tmp_path / "reading.toml", '[ocr]\nengine = "tesseract"')
    batch, out = tmp_path / "batch", tmp_path / "out"
    batch.mkdir()
    spec = PageSpec(layout="text", paper_mm=(130.0, 120.0), dpi=150.0)
    page = write_page(batch / "0001.tif", draw_page(spec).pixels, dpi=150)
    do_run(batch, out, profile=profile)
    shutil.copyfile(page, batch / "0002.tif")
    do_run(batch, out, profile=profile)
    first, second = (line["checks"]["text_confidence"] for line in read_pages(out))
    assert first == second == "pass"
    assert not {"coverage/not-run", "coverage/text-not-read"} & {
        reason["code"] for reason in read_report(out)["decision"]["reasons"]
    }
