"""Recordings in a batch: items without pages, which stand outside the coverage of pages."""

from pathlib import Path

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


def test_pages_beside_recordings_are_covered_as_ever(tmp_path: Path) -> None:
    batch = write_recordings(tmp_path / "batch")
    write_page(batch / "B469-LY·2022-Y-0001" / "0001.jpg", sheet(1), dpi=300)
    result = do_run(batch, tmp_path / "out")
    report = read_report(tmp_path / "out")
    assert report["coverage"]["pages"] == 1
    assert report["totals"]["items"] == 2
    assert "coverage/missing" not in {reason.code for reason in result.summary.decision.reasons}
