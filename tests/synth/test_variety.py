"""Sound pages of chance, printed forms, near twins."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from ybda_qc.synth import LAYOUTS, PageSpec, draw_page, sound_page

SMALL = {"dpi": 75.0, "paper_mm": (148.0, 210.0)}


def test_sound_pages_are_of_many_kinds_and_keep_the_rules() -> None:
    pages = [sound_page(seed) for seed in range(400)]
    assert {page.layout for page in pages} == set(LAYOUTS) - {"blank"}
    assert {page.mode for page in pages} == {"colour", "grey", "bitonal"}
    assert {page.dpi for page in pages} == {200.0, 300.0, 600.0}
    for page in pages:
        assert abs(page.angle_degrees) <= 0.5
        wedge = page.paper_mm[1] * np.sin(np.radians(abs(page.angle_degrees)))
        assert page.bed == "paper" or max(page.border_mm) + wedge < 3.0


def test_a_sound_page_takes_what_is_given() -> None:
    page = sound_page(3, layout="table", mode="grey", dpi=200.0)
    assert (page.layout, page.mode, page.dpi) == ("table", "grey", 200.0)
    assert page == sound_page(3, layout="table", mode="grey", dpi=200.0)


@pytest.mark.parametrize("seed", range(4))
def test_a_sound_page_draws(seed: int) -> None:
    spec = dataclasses.replace(sound_page(seed), **SMALL)
    assert np.array_equal(draw_page(spec).pixels, draw_page(spec).pixels)


def test_the_same_form_is_filled_in_differently() -> None:
    first, second = (draw_page(PageSpec(layout="form", seed=seed, form_seed=5, **SMALL)) for seed in (1, 2))
    other = draw_page(PageSpec(layout="form", seed=1, form_seed=6, **SMALL))
    labels = [{line.text for line in page.truth.lines} for page in (first, second, other)]
    assert labels[0] != labels[1]
    assert first.truth.lines[0].text == second.truth.lines[0].text
    rules = [
        {tuple(box) for box in page.truth.ink_boxes} - {tuple(line.box) for line in page.truth.lines}
        for page in (first, second, other)
    ]
    assert rules[0] == rules[1]
    assert rules[0] != rules[2]


def test_a_near_twin_differs_in_few_characters_and_in_no_place() -> None:
    page, twin = (draw_page(PageSpec(layout="text", seed=4, changed_lines=n, **SMALL)) for n in (0, 2))
    pairs = list(zip(page.truth.lines, twin.truth.lines, strict=True))
    changed = [(one.text, other.text) for one, other in pairs if one.text != other.text]
    assert 1 <= len(changed) <= 2
    for one, other in changed:
        assert len(one) == len(other)
        assert sum(a != b for a, b in zip(one, other, strict=True)) < len(one) / 2
