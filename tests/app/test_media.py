"""Recordings in a batch: items without pages, which stand outside the coverage of pages."""

from pathlib import Path

import numpy as np

from tests.app.batches import do_run, read_report, sheet, write_profile
from ybda_qc.app.rejudge import rejudge
from ybda_qc.synth import write_page

RECORDING = b"RIFF" + (36).to_bytes(4, "little") + b"WAVEfmt " + bytes(32)


def write_recordings(root: Path) -> Path:
    for item in ("B469-LY·2022-Y-0001", "B469-LY·2022-Y-0002"):
        (root / item).mkdir(parents=True)
        (root / item / "interview.wav").write_bytes(RECORDING)
    return root


def test_a_batch_of_nothing_but_recordings_is_looked_at_in_full(tmp_path: Path) -> None:
    result = do_run(write_recordings(tmp_path / "batch"), tmp_path / "out")
    report = read_report(tmp_path / "out")
    assert (report["totals"]["items"], report["totals"]["files"]) == (2, 2)
    assert report["coverage"]["pages"] == 0
    assert not [reason for reason in result.summary.decision.reasons if reason.code.startswith("coverage/")]
    again = rejudge(tmp_path / "out", profile="base", lang="zh")
    assert again.summary.decision.reasons == result.summary.decision.reasons


def test_recordings_that_another_layout_does_not_know_are_not_accepted(tmp_path: Path) -> None:
    do_run(write_recordings(tmp_path / "batch"), tmp_path / "out")
    blind = write_profile(tmp_path / "blind.toml", "[layout]\nmedia = []\n")
    decision = rejudge(tmp_path / "out", profile=blind, lang="en").summary.decision
    assert {"layout/stray-file", "coverage/missing"} <= {reason.code for reason in decision.reasons}


PHOTOGRAPHS = "B469-ZP·2022-Y-0001"


def write_photographs(root: Path) -> Path:
    """A sound photograph that no page would pass as - all but white and askew - and a damaged one."""
    folder = root / PHOTOGRAPHS
    folder.mkdir(parents=True)
    write_page(folder / "IMG_1.jpg", np.full((300, 400), 250, np.uint8), dpi=72)
    damaged = write_page(folder / "IMG_2.jpg", sheet(2, turned=6), dpi=72)
    damaged.write_bytes(damaged.read_bytes()[:-3000] + b"\xff\xd9")
    return root


def test_photographs_are_looked_at_as_files_and_no_pages(tmp_path: Path) -> None:
    tables = '[layout]\nmedia_items = ["*-ZP·*"]\n'
    profile = write_profile(tmp_path / "photographs.toml", tables)
    result = do_run(write_photographs(tmp_path / "batch"), tmp_path / "out", profile=profile)
    report = read_report(tmp_path / "out")
    assert (report["totals"]["items"], report["coverage"]["pages"]) == (1, 0)
    assert [reason.code for reason in result.summary.decision.reasons] == ["media_format/incomplete"]


def test_photographs_that_were_measured_as_pages_are_not_judged_as_such_again(tmp_path: Path) -> None:
    do_run(write_photographs(tmp_path / "batch"), tmp_path / "out")
    assert read_report(tmp_path / "out")["coverage"]["pages"] == 2
    profile = write_profile(tmp_path / "photographs.toml", '[layout]\nmedia_items = ["*-ZP·*"]\n')
    decision = rejudge(tmp_path / "out", profile=profile, lang="en").summary.decision
    assert [reason.code for reason in decision.reasons] == ["media_format/not-read"]
    assert read_report(tmp_path / "out")["coverage"]["pages"] == 0


def test_pages_beside_recordings_are_covered_as_ever(tmp_path: Path) -> None:
    batch = write_recordings(tmp_path / "batch")
    write_page(batch / "B469-LY·2022-Y-0001" / "0001.jpg", sheet(1), dpi=300)
    result = do_run(batch, tmp_path / "out")
    report = read_report(tmp_path / "out")
    assert report["coverage"]["pages"] == 1
    assert report["totals"]["items"] == 2
    assert "coverage/missing" not in {reason.code for reason in result.summary.decision.reasons}
