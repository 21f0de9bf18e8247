"""A profile that asks for a sample holds, in every judgement and in every report."""

import json
import re
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.app.batches import ITEM, sheet, write_profile
from ybda_qc.cli.main import _run
from ybda_qc.synth import write_page

OUTSTANDING = "people have yet to inspect a sample of the batch"
LENIENT = '[checks.skew.over-limit]\nreview = 90\nfail = 90\nsource = "project-choice"\n'
ASKS = LENIENT + '[acceptance]\nsample = "required"\nsource = "rule"\nclause = "the rule, 12"\n'


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    folder = tmp_path / "batch" / ITEM
    folder.mkdir(parents=True)
    write_page(folder / "0001.tif", sheet(1, turned=0.4), dpi=300)
    return folder.parent


def assert_held(out: Path, printed: str) -> None:
    decision = json.loads((out / "report.json").read_text(encoding="utf-8"))["decision"]
    assert (decision["outcome"], decision["scope"]) == ("hold", "machine")
    [reason] = decision["reasons"]
    assert (reason["code"], reason["clause"]) == ("coverage/sample-outstanding", "the rule, 12")
    assert reason["text"].startswith(OUTSTANDING)
    [printed_line] = [line for line in printed.splitlines() if OUTSTANDING in line]
    assert printed_line.endswith("decide yet  (the rule, 12)")
    rows = CalamineWorkbook.from_path(str(out / "report.xlsx")).get_sheet_by_index(0).to_python()
    [row] = [row for row in rows if any(OUTSTANDING in str(cell) for cell in row)]
    assert row[:2] == ["holds", "whole batch"]
    page = re.sub("<script.*?</script>", "", (out / "report.html").read_text(encoding="utf-8"), flags=re.S)
    assert OUTSTANDING in page
    assert "machine part passed" not in page


def test_it_is_held_however_often_it_is_judged(
    batch: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, own = tmp_path / "out", write_profile(tmp_path / "own.toml", LENIENT)
    asks = write_profile(tmp_path / "asks.toml", ASKS)
    run = ["run", str(batch), "-o", str(out), "--executor", "serial", "--lang", "en", "-p"]
    english = ["--lang", "en"]
    assert _run([*run, own]) == 0
    for again in (
        ["rejudge", str(out), "--profile", asks, *english],
        ["rejudge", str(out), *english],
        ["report", str(out), *english],
        [*run, asks],
    ):
        capsys.readouterr()
        _run(again)
        assert_held(out, capsys.readouterr().out)
    assert _run(["rejudge", str(out), "--profile", own, *english]) == 0


def test_the_shipped_profile_holds_back_a_batch_without_catalogue_and_sample(
    batch: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    profile = "da-t-31-2017-acceptance"
    assert _run(["run", str(batch), "-o", str(out), "-p", profile, "--executor", "serial", "--lang", "zh"])
    decision = json.loads((out / "report.json").read_text(encoding="utf-8"))["decision"]
    codes = [reason["code"] for reason in decision["reasons"]]
    assert {"coverage/no-catalogue", "coverage/sample-outstanding"} <= set(codes)
    assert "人工抽检尚未完成" in capsys.readouterr().out
