"""Every graded defect: its scale, its determinism, and that more strength shows more."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from ybda_qc.synth import DEFECTS, PageSpec, draw_page

DPI = 150
WITH_LITTLE_CHANCE = sorted(set(DEFECTS) - {"rescanned", "quarter_turned"})


@cache
def clean_page() -> np.ndarray:
    spec = PageSpec(
        layout="document", mode="colour", dpi=DPI, paper_mm=(105, 148), paper_rgb=(225, 205, 160), seed=3
    )
    return draw_page(spec).pixels


def page() -> np.ndarray:
    return clean_page().copy()


def drawn(name: str, strength: float, seed: int = 0) -> np.ndarray:
    defect = DEFECTS[name].graded(strength, np.random.default_rng(seed))
    return defect.apply(page(), dpi=DPI, rng=np.random.default_rng(seed + 1)).pixels


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_the_returnable_strength_is_a_step_with_a_reason(name: str) -> None:
    scale = DEFECTS[name].scale
    assert scale.returnable in scale.steps
    assert scale.quantity
    assert len(scale.reason) > 15


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_the_same_chance_gives_the_same_pixels(name: str) -> None:
    strength = DEFECTS[name].scale.returnable
    assert np.array_equal(drawn(name, strength), drawn(name, strength))


@pytest.mark.parametrize("name", WITH_LITTLE_CHANCE)
def test_more_strength_changes_more(name: str) -> None:
    clean, steps = page().astype(float), DEFECTS[name].scale.steps
    weak, strong = (drawn(name, step, seed=5) for step in (steps[0], steps[-1]))
    if weak.shape != strong.shape:
        assert strong.size > weak.size  # a border makes the picture grow
        return
    clean = clean[-weak.shape[0] :, -weak.shape[1] :]
    assert np.abs(weak - clean).mean() < np.abs(strong - clean).mean()


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_grey_pictures_are_taken_too(name: str) -> None:
    grey = np.ascontiguousarray(page()[..., 1])
    defect = DEFECTS[name].graded(DEFECTS[name].scale.returnable, np.random.default_rng(0))
    laid = defect.apply(grey.copy(), dpi=DPI, rng=np.random.default_rng(1))
    assert laid.pixels.dtype == np.uint8
    assert laid.pixels.ndim == (3 if name == "grey_as_colour" else 2)
