"""The script of the HTML report, run by a real browser."""

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from tests.report.delivery import HOSTILE, make_summary, write
from ybda_qc.model import JudgedPage, Summary

pytestmark = pytest.mark.browser
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=5000",
    "--enable-logging=stderr",
)


@pytest.fixture
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no Chromium on this machine")
    return found


def show(chromium: str, folder: Path, profile: Path, fragment: str = "") -> tuple[str, str]:
    """The page as the browser has it after the script ran; and what the browser complained of."""
    done = subprocess.run(
        [
            chromium,
            *_OPTIONS,
            f"--user-data-dir={profile}",
            "--dump-dom",
            f"file://{folder}/report.html{fragment}",
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    console = "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)
    return done.stdout, console


def items(dom: str) -> str:
    return dom[dom.index('<div id="items">') : dom.index('<nav id="pager"')]


def test_shows_the_rework_grouped_by_item(
    chromium: str, tmp_path: Path, summary: Summary, pages: list[JudgedPage]
) -> None:
    dom, console = show(chromium, write(tmp_path / "run", summary, pages, "zh"), tmp_path / "p")
    assert console == ""
    assert '<html lang="zh-Hans" class="js">' in dom
    shown = items(dom)
    assert shown.count('<details class="item"') == 3
    assert "偏斜 +4.25 度" in shown
    assert "data:image/jpeg;base64," in shown
    assert "低于建议值" not in shown  # a note: shown when asked for


def test_a_filter_in_the_address_is_followed(
    chromium: str, tmp_path: Path, summary: Summary, pages: list[JudgedPage]
) -> None:
    folder = write(tmp_path / "run", summary, pages, "zh")
    dom, console = show(chromium, folder, tmp_path / "p", "#check=skew/over-limit&q=BGS-0002&lang=en")
    assert console == ""
    assert '<html lang="en"' in dom
    shown = items(dom)
    assert shown.count('<article class="finding') == 1
    assert "skew +1.50 degrees is over 1" in shown


def test_reasons_behind_the_fold_are_not_shown_before_a_click(
    chromium: str, tmp_path: Path, summary: Summary
) -> None:
    reasons = summary.decision.reasons * 10
    many = replace(summary, decision=replace(summary.decision, reasons=reasons))
    dom, console = show(chromium, write(tmp_path / "run", many, []), tmp_path / "p")
    assert console == ""
    assert '<tbody id="more-reasons" class="folded">' in dom


def test_hostile_names_run_nothing(chromium: str, tmp_path: Path, hostile_pages: list[JudgedPage]) -> None:
    folder = write(tmp_path / "run", make_summary(hostile_pages), hostile_pages)
    dom, console = show(chromium, folder, tmp_path / "p")
    assert console == ""
    assert items(dom).count('<article class="finding') >= len(HOSTILE)
    tables = dom[dom.index('id="tables">') + len('id="tables">') :]
    assert json.loads(tables[: tables.index("</script>")])["pages"]
