"""Marks of age on the original: each is seen, none moves anything, the same chance gives the same marks."""

from __future__ import annotations

import numpy as np
import pytest

from ybda_qc.synth import PageSpec, ageing, draw_page
from ybda_qc.synth.spec import Defect

SMALL = {"dpi": 100.0, "paper_mm": (105.0, 148.0), "paper_rgb": (230, 215, 180)}
SHEET: list[Defect] = [
    ageing.Fibres(),
    ageing.LaidLines(),
    ageing.Foxing(),
    ageing.WaterStain(),
    ageing.BrownedEdges(),
    ageing.Crease(),
]
INK: list[Defect] = [ageing.ThickStems(), ageing.InkSpread(), ageing.FadedRibbon(), ageing.CarbonCopy()]


@pytest.mark.parametrize("mark", SHEET, ids=lambda mark: type(mark).__name__)
@pytest.mark.parametrize("mode", ["colour", "grey"])
def test_a_mark_shows_on_an_empty_sheet_which_stays_blank(mark: Defect, mode: str) -> None:
    plain = draw_page(PageSpec(layout="blank", mode=mode, **SMALL))
    aged = draw_page(PageSpec(layout="blank", mode=mode, ageing=(mark,), **SMALL))
    assert aged.pixels.shape == plain.pixels.shape
    assert aged.truth == plain.truth
    assert np.abs(aged.pixels.astype(int) - plain.pixels).max() > 2
    again = draw_page(PageSpec(layout="blank", mode=mode, ageing=(mark,), **SMALL))
    assert np.array_equal(again.pixels, aged.pixels)


@pytest.mark.parametrize("mark", INK, ids=lambda mark: type(mark).__name__)
def test_the_ink_changes_and_its_place_does_not(mark: Defect) -> None:
    plain = draw_page(PageSpec(layout="text", seed=2, **SMALL))
    used = draw_page(PageSpec(layout="text", seed=2, printing=(mark,), **SMALL))
    assert used.truth == plain.truth
    difference = used.pixels.astype(int).mean() - plain.pixels.mean()
    thicker = isinstance(mark, ageing.ThickStems | ageing.InkSpread)
    assert difference < -0.5 if thicker else difference > -12
    assert not np.array_equal(used.pixels, plain.pixels)


def test_stems_thicken_sideways_only() -> None:
    before = np.full((60, 60), 255, np.uint8)
    before[20:40, 30] = 0
    before[10, 10:50] = 0
    after = ageing.ThickStems(width_mm=0.5).apply(before, dpi=100, rng=np.random.default_rng(0)).pixels
    assert (after[30] == 0).sum() == 3
    assert (after[:, 40] == 0).sum() == 1
