"""A sheet that was scanned twice: found, shown, known again, judged again without a picture being opened."""

import shutil
from pathlib import Path

import pytest

from tests.app.batches import do_run, read_report
from ybda_qc.app.rejudge import rejudge
from ybda_qc.checks.batch.duplicate_page import DuplicatePageCheck
from ybda_qc.synth import PageSpec, draw_page, write_page


def page(seed: int, **changed: object) -> PageSpec:
    return PageSpec(**{"layout": "text", "seed": seed, "dpi": 100, "mode": "grey"} | changed)


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    folder = tmp_path / "batch"
    folder.mkdir()
    specs = (page(1), page(2), page(1, angle_degrees=1.2, exposure=0.9, quarter_turns=2), page(3))
    for number, spec in enumerate(specs, 1):
        write_page(folder / f"{number:04}.jpg", draw_page(spec).pixels, dpi=100)
    return folder


def found(out: Path) -> list[dict]:
    return [entry for entry in read_report(out)["findings"] if entry["check"] == "duplicate_page"]


def test_it_is_found_shown_and_kept(batch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    do_run(batch, out)
    (finding,) = found(out)
    assert (finding["code"], finding["pages"]) == ("near-identical", ["0001.jpg#1", "0003.jpg#1"])
    picture, pages = out / finding["evidence"], (out / "pages.jsonl").read_bytes()
    assert picture.is_file()
    assert finding["evidence"] in (out / "report.html").read_text()

    def refuse(*_: object) -> None:
        raise AssertionError("compared again")

    monkeypatch.setattr(DuplicatePageCheck, "compare", refuse)
    do_run(batch, out)
    assert found(out) == [finding]
    assert (out / "pages.jsonl").read_bytes() == pages

    moved = shutil.move(batch, tmp_path / "elsewhere")
    rejudge(out, profile=None, lang="en")
    assert found(out) == [finding]
    assert Path(moved).is_dir()


def test_a_pair_that_cannot_be_compared_holds_the_batch(
    batch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("a planted mistake")

    monkeypatch.setattr(DuplicatePageCheck, "compare", fail)
    do_run(batch, tmp_path / "out")
    (finding,) = found(tmp_path / "out")
    assert (finding["code"], finding["verdict"]) == ("not-compared", "error")
    assert "a planted mistake" in finding["message"]

    monkeypatch.undo()
    do_run(batch, tmp_path / "out")
    assert [finding["code"] for finding in found(tmp_path / "out")] == ["near-identical"]
