"""`rejudge` needs the numbers only: the batch may be gone, and the verdicts are those of a fresh run."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.app.batches import (
    ITEM,
    MIXED_PAGES,
    do_run,
    query,
    read_pages,
    read_report,
    sheet,
    without_pictures,
    write_mixed_batch,
    write_profile,
)
from tests.app.text_runs import write_run
from ybda_qc.app.rejudge import rejudge
from ybda_qc.errors import InputError
from ybda_qc.intake.layout import LayoutOptions
from ybda_qc.intake.walk import walk
from ybda_qc.model import Outcome
from ybda_qc.store import open_ledger
from ybda_qc.synth import PageSpec, draw_page, write_page

STRICT = """
[checks.skew.over-limit]
review = 0.0
fail = 0.001
source = "project-choice"
[checks.sequence.gap]
verdict = "fail"
source = "project-choice"
"""
LENIENT = """
[checks.readable.truncated]
verdict = "note"
source = "project-choice"
[checks.readable.empty]
verdict = "note"
source = "project-choice"
[checks.readable.unreadable]
verdict = "note"
source = "project-choice"
"""


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rejudge")
    do_run(write_mixed_batch(folder / "batch"), folder / "out")
    return folder


@pytest.fixture
def run_folder(measured: Path, tmp_path: Path) -> Path:
    """A run whose batch lies nowhere any more."""
    return Path(shutil.copytree(measured / "out", tmp_path / "out"))


@pytest.fixture
def no_batch(measured: Path) -> object:
    (measured / "batch").rename(measured / "away")
    yield
    (measured / "away").rename(measured / "batch")


@pytest.mark.parametrize("tables", [STRICT, LENIENT], ids=["strict", "lenient"])
def test_as_a_fresh_run_would_judge(measured: Path, run_folder: Path, tmp_path: Path, tables: str) -> None:
    profile = write_profile(tmp_path / "other.toml", tables)
    before = read_pages(run_folder)
    do_run(measured / "batch", tmp_path / "fresh", profile=profile)
    (measured / "batch").rename(measured / "away")
    try:
        result = rejudge(run_folder, profile=profile, lang="en")
    finally:
        (measured / "away").rename(measured / "batch")
    again, fresh = read_report(run_folder), read_report(tmp_path / "fresh")
    pages = without_pictures(read_pages(run_folder))
    assert pages == without_pictures(read_pages(tmp_path / "fresh"))
    assert [page["verdict"] for page in pages] != [page["verdict"] for page in before]
    for part in ("coverage", "totals", "findings"):
        assert again[part] == fresh[part]
    assert again["decision"]["reasons"] == fresh["decision"]["reasons"]
    assert again["run"]["profile"] == fresh["run"]["profile"]
    assert result.summary.decision.outcome.value == fresh["decision"]["outcome"]


def test_without_a_profile_it_is_the_run_s_own(run_folder: Path, no_batch: object) -> None:
    pages = (run_folder / "pages.jsonl").read_bytes()
    rejudge(run_folder, profile=None, lang="en")
    assert (run_folder / "pages.jsonl").read_bytes() == pages


def test_there_and_back(run_folder: Path, tmp_path: Path, no_batch: object) -> None:
    pages = (run_folder / "pages.jsonl").read_bytes()
    rejudge(run_folder, profile=write_profile(tmp_path / "strict.toml", STRICT), lang="en")
    assert (run_folder / "pages.jsonl").read_bytes() != pages
    rejudge(run_folder, profile=None, lang="en")
    assert read_report(run_folder)["run"]["profile"]["id"] == "strict", "the judgement that stands"
    rejudge(run_folder, profile="base", lang="en")
    assert (run_folder / "pages.jsonl").read_bytes() == pages
    assert len(query(run_folder, "SELECT id FROM decision")) == 4, "decisions are appended"


def test_what_was_measured_another_way_is_not_judged(run_folder: Path, tmp_path: Path) -> None:
    profile = write_profile(tmp_path / "method.toml", "[checks.blank_page.method]\nwritten_share = 0.02\n")
    result = rejudge(run_folder, profile=profile, lang="en")
    readable = [page for page in read_pages(run_folder) if page["checks"]["readable"] == "pass"]
    assert {page["checks"]["blank_page"] for page in readable} == {"not_run"}
    assert {page["checks"]["skew"] for page in readable} != {"not_run"}
    assert "coverage/not-run" in {reason.code for reason in result.summary.decision.reasons}
    assert result.summary.decision.outcome is not Outcome.ACCEPT


def test_a_run_that_never_ended(run_folder: Path) -> None:
    """Killed before its decision: there is nothing to judge yet, and the message says what to do."""
    with sqlite3.connect(run_folder / "ledger.sqlite3") as ledger:
        ledger.execute("DELETE FROM decision")
    ledger.close()
    with pytest.raises(InputError, match="run it again"):
        rejudge(run_folder, profile=None, lang="en")


def test_the_mixed_batch_is_what_it_says(run_folder: Path) -> None:
    assert len(read_pages(run_folder)) == MIXED_PAGES
    assert any(json.dumps(page, ensure_ascii=False).count(ITEM) for page in read_pages(run_folder))


def test_names_are_read_again_by_the_layout_of_the_new_profile(tmp_path: Path) -> None:
    batch = tmp_path / "batch"
    drawn = draw_page(PageSpec(layout="text", paper_mm=(105.0, 148.0), dpi=150)).pixels
    for name in ("B469-WS·2023-Y-BGS-0001/0001.jpg", "B469-WS·2023-Y-BGS-0001/IMG_1.jpg"):
        path = batch / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_page(path, drawn, dpi=300)
    by_base, fresh = tmp_path / "base", tmp_path / "fresh"
    named = tmp_path / "named.toml"
    head = 'profile = { id = "named", title = "named", extends = ["da-t-31-2017"] }'
    named.write_text(f'{head}\n[ocr]\nengine = "off"\n', encoding="utf-8")
    do_run(batch, by_base)
    do_run(batch, fresh, profile=str(named))
    batch.rename(tmp_path / "away")
    rejudge(by_base, profile=str(named), lang="en")
    again = json.loads((by_base / "report.json").read_text(encoding="utf-8"))
    wanted = json.loads((fresh / "report.json").read_text(encoding="utf-8"))
    assert again["findings"] == wanted["findings"]
    assert any(finding["code"] == "no-match" for finding in again["findings"])
    assert (by_base / "pages.jsonl").read_bytes() == (fresh / "pages.jsonl").read_bytes()


def test_blanks_may_be_declared_afterwards(tmp_path: Path) -> None:
    batch = tmp_path / "batch" / ITEM
    batch.mkdir(parents=True)
    blank = draw_page(PageSpec(layout="blank", paper_mm=(105.0, 148.0), dpi=200, noise=1.0)).pixels
    for name, page in (("0001.png", sheet(1)), ("0002.png", blank), ("0003.png", sheet(2))):
        write_page(batch / name, page, dpi=200)
    do_run(batch.parent, tmp_path / "out")
    batch.parent.rename(tmp_path / "away")

    profile = write_profile(
        tmp_path / "declared.toml",
        f"[blanks]\ndeclared = ['*/0002.png', '{ITEM}/0003.png#1', '{ITEM}/0002.tif']\n",
    )
    rejudge(tmp_path / "out", profile=profile, lang="en")

    found = [
        [finding["code"] for finding in page["findings"] if finding["check"] == "blank_page"]
        for page in read_pages(tmp_path / "out")
    ]
    assert found == [[], ["declared-blank"], ["not-blank"]]
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    (missing,) = [finding for finding in report["findings"] if finding["check"] == "declared_blank"]
    assert missing["verdict"] == "note"
    assert f"{ITEM}/0002.tif" in missing["message"]


def test_measurements_of_another_version_hold_the_batch(tmp_path: Path) -> None:
    """``readable`` was switched off while measuring; a profile that asks for it accepts nothing."""
    batch = tmp_path / "batch"
    batch.mkdir()
    page = draw_page(PageSpec(layout="text", paper_mm=(105.0, 148.0), dpi=300, mode="colour")).pixels
    write_page(batch / "0001.jpg", page, dpi=300, quality=95)
    profile = tmp_path / "blind.toml"
    profile.write_text(
        'profile = { id = "blind", title = "blind", extends = ["base"] }\n'
        "[checks.readable]\nenabled = false\n",
        encoding="utf-8",
    )
    do_run(batch, tmp_path / "out", profile=str(profile))
    result = rejudge(tmp_path / "out", profile="base", lang="en")
    assert result.summary.decision.outcome is Outcome.HOLD
    assert "coverage/not-run" in {reason.code for reason in result.summary.decision.reasons}


@pytest.mark.parametrize(("last", "unread"), [(None, [1]), ("正文", [])])
def test_a_run_that_ended_before_all_text_was_read_holds(
    tmp_path: Path, last: str | None, unread: list[int]
) -> None:
    folder = write_run(tmp_path, {"1/0001.jpg": "题名", "1/0002.jpg": last})
    with open_ledger(folder) as ledger:
        ledger.record_batch(1, walk(tmp_path / "batch", LayoutOptions()))
    profile = write_profile(tmp_path / "reading.toml", '[ocr]\nengine = "rapidocr"')

    decision = rejudge(folder, profile=profile, lang="en").summary.decision

    counts = [reason.count for reason in decision.reasons if reason.code == "coverage/text-not-read"]
    assert counts == unread
