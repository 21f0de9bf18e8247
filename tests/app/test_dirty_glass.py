"""Dirt on the glass over a real run: one alarm for all its pages, none for the rules of a printed form."""

from pathlib import Path

import cv2
import numpy as np

from tests.app.batches import do_run, read_report, write_profile
from ybda_qc.synth import PageSpec, draw_page, write_page

PAGES, WITH_STREAK = 8, (2, 3, 4, 5, 7, 8)
COLUMN = 420  # clear of the rules of the form: under one of them a streak cannot be told
FORM = PageSpec(layout="form", paper_mm=(100.0, 140.0), dpi=150, mode="grey", noise=1.5, form_seed=3)


def scanned(form: np.ndarray, number: int) -> np.ndarray:
    """The same form, laid on the glass a few tenths of a millimetre from where it lay before."""
    page = form.copy()
    rng = np.random.default_rng(number)
    dx, dy = rng.uniform(-6, 6, 2)
    cv2.line(page, (200, 0), (200, page.shape[0]), 60, 2)  # a printed rule over the whole sheet
    moved = cv2.warpAffine(
        page, np.array([[1, 0, dx], [0, 1, dy]]), page.shape[::-1], borderMode=cv2.BORDER_REPLICATE
    )
    grain = rng.integers(-2, 3, page.shape)
    return np.clip(moved.astype(np.int16) + grain, 0, 255).astype(np.uint8)


def test_one_alarm_names_the_column_and_the_pages(tmp_path: Path) -> None:
    folder = tmp_path / "batch"
    folder.mkdir()
    form = draw_page(FORM).pixels
    for number in range(1, PAGES + 1):
        page = scanned(form, number)
        if number in WITH_STREAK:
            page[:, COLUMN : COLUMN + 2] = np.maximum(page[:, COLUMN : COLUMN + 2], 60) - 50
        write_page(folder / f"{number:04}.png", page, dpi=150)

    # The sheets are much alike, and whether they are the same is not asked here.
    profile = write_profile(tmp_path / "glass.toml", "[checks.duplicate_page]\nenabled = false\n")
    do_run(folder, tmp_path / "out", profile=profile)

    findings = [
        entry for entry in read_report(tmp_path / "out")["findings"] if entry["check"] == "scanner_health"
    ]
    (finding,) = findings
    assert finding["code"] == "same-column"
    assert finding["pages"] == [f"{number:04}.png#1" for number in WITH_STREAK]
    assert "71.3 mm" in finding["message"]
