"""The machine's decision on one item, before the rest of the batch is there."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tests.app.batches import ITEM, OTHER_ITEM, do_run, sheet, write_profile
from tests.app.test_catalogue import write_catalogue
from ybda_qc.app.item_decision import DecidedItem, decide_item
from ybda_qc.app.profiles import load_plan, load_profile, registered_checks
from ybda_qc.catalogue.reading import read_catalogue
from ybda_qc.engine.pictures import with_pictures
from ybda_qc.engine.plan import Plan
from ybda_qc.intake.layout import Layout
from ybda_qc.intake.walk import walk
from ybda_qc.model import Outcome
from ybda_qc.profile import Profile
from ybda_qc.store import open_ledger
from ybda_qc.synth import write_page

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
QUIET = """
[layout.parts]
item = "[A-Z0-9]+-WS·[0-9]{4}-Y-BGS-[0-9]{4}"
[[layout.patterns]]
title = "a folder for each item"
path = "{folders}{item}/{number}"
examples = ["B469-WS·2023-Y-BGS-0001/0001"]
"""
"""What the layout must tell for numbers and codes to be judged."""

Decide = Callable[..., DecidedItem]


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    root = tmp_path / "batch"
    for number in (1, 2):
        scan(root / ITEM / f"{number:04d}.jpg", number)
        scan(root / OTHER_ITEM / f"{number:04d}.jpg", 10 + number)
    return root


def scan(path: Path, seed: int, *, turned: float = 0.0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_page(path, sheet(seed, turned=turned), dpi=300)


@pytest.fixture
def decide(batch: Path, tmp_path: Path) -> Decide:
    """Measures the batch and decides on one of its items."""

    def do(
        code: str = ITEM, *, tables: str = QUIET, catalogue: Path | None = None, reading_key: str = ""
    ) -> DecidedItem:
        name = write_profile(tmp_path / "station.toml", tables)
        do_run(batch, tmp_path / "out", profile=name)
        if reading_key:
            name = write_profile(tmp_path / "station.toml", tables + '[ocr]\nengine = "auto"\n')
        profile, plan = _plan(name, reading_key)
        files = [file for file in walk(batch, profile.layout).files if file.item == code]
        paths = {file.path for file in files}
        with open_ledger(tmp_path / "out") as ledger:
            last = ledger.latest_run()
            assert last is not None
            return decide_item(
                code,
                files,
                tuple(page for page in ledger.pages(last.id) if page.page.path in paths),
                profile=profile,
                layout=Layout(profile.layout),
                plan=plan,
                catalogue=read_catalogue(catalogue) if catalogue else None,
                ledger=ledger,
                run=last.id,
                at=NOON,
            )

    return do


def _plan(name: str, reading_key: str) -> tuple[Profile, Plan]:
    checks = registered_checks()
    profile = load_profile(name, checks)
    return profile, load_plan(profile, checks, reading_key=reading_key)


def codes(item: DecidedItem) -> set[str]:
    return {reason.code for reason in item.decision.reasons}


def test_an_item_whose_pages_pass_is_accepted(decide: Decide) -> None:
    item = decide()
    assert item.decision.outcome is Outcome.ACCEPT
    assert item.decision.decided_at == NOON
    assert [page.result.page.path for page in item.pages] == [f"{ITEM}/0001.jpg", f"{ITEM}/0002.jpg"]
    assert item.findings == ()


def test_a_page_to_be_looked_at_holds_the_item_and_no_other(decide: Decide, batch: Path) -> None:
    scan(batch / ITEM / "0002.jpg", 2, turned=2.0)
    item = decide()
    assert item.decision.outcome is Outcome.HOLD
    assert codes(item) == {"skew/over-limit"}
    assert decide(OTHER_ITEM).decision.outcome is Outcome.ACCEPT


def test_a_page_that_fails_rejects_the_item(decide: Decide, batch: Path, tmp_path: Path) -> None:
    cut = batch / ITEM / "0002.jpg"
    cut.write_bytes(cut.read_bytes()[:-4000])
    item = decide()
    assert item.decision.outcome is Outcome.REJECT
    bad = item.pages[1]
    assert bad.result.page.path == f"{ITEM}/0002.jpg"
    assert "readable" in {finding.check for finding in bad.findings}
    _, plan = _plan(str(tmp_path / "station.toml"), "")
    pictured = [with_pictures(page, plan, tmp_path / "out") for page in item.pages]
    assert [page.result for page in pictured] == [page.result for page in item.pages]
    for page in pictured:
        assert all((tmp_path / "out" / name).is_file() for name in page.evidence.values())


def test_a_number_that_is_missing_is_a_finding_of_the_item(decide: Decide, batch: Path) -> None:
    scan(batch / ITEM / "0004.jpg", 4)
    item = decide()
    assert {finding.check for finding in item.findings} == {"sequence"}
    assert item.decision.outcome is not Outcome.ACCEPT
    assert any(code.startswith("sequence/") for code in codes(item))
    assert decide(OTHER_ITEM).findings == ()


def test_the_catalogue_is_asked_about_the_item_alone(decide: Decide, tmp_path: Path) -> None:
    rows = (
        (1, ITEM, "关于支援工作的通知", "20230105", 3, ""),
        (2, OTHER_ITEM, "会议纪要", "20230214", 2, ""),
    )
    catalogue = write_catalogue(tmp_path / "目录.xlsx", rows)
    item = decide(catalogue=catalogue)
    assert "page_count" in {finding.check for finding in item.findings}
    assert all(OTHER_ITEM not in str(finding.values) for finding in item.findings)
    other = decide(OTHER_ITEM, catalogue=catalogue)
    assert "page_count" not in {finding.check for finding in other.findings}


def test_an_item_without_a_record(decide: Decide, tmp_path: Path) -> None:
    rows = ((2, OTHER_ITEM, "会议纪要", "20230214", 2, ""),)
    catalogue = write_catalogue(tmp_path / "目录.xlsx", rows)
    item = decide(catalogue=catalogue)
    assert "catalogue_link" in {finding.check for finding in item.findings}
    assert item.decision.outcome is not Outcome.ACCEPT
    linked = decide(OTHER_ITEM, catalogue=catalogue)
    assert "catalogue_link" not in {finding.check for finding in linked.findings}


def test_text_that_is_still_to_be_read_holds_the_item(decide: Decide) -> None:
    item = decide(reading_key="1-an-engine")
    assert item.decision.outcome is Outcome.HOLD
    assert "coverage/text-not-read" in codes(item)


def test_blank_pages_that_the_catalogue_declares(decide: Decide, batch: Path, tmp_path: Path) -> None:
    blank = batch / ITEM / "0002.jpg"
    write_page(blank, np.full((700, 500), 240, np.uint8), dpi=300)
    assert blanks(decide()) == {"blank"}
    rows = ((1, ITEM, "关于支援工作的通知", "20230105", 2, "0002, 7"),)
    item = decide(catalogue=write_catalogue(tmp_path / "目录.xlsx", rows))
    assert blanks(item) == {"declared-blank"}


def blanks(item: DecidedItem) -> set[str]:
    findings = (finding for page in item.pages for finding in page.findings)
    return {finding.code for finding in findings if finding.check == "blank_page"}
