"""Generated pages: what they claim to know must be so in their pixels."""

from __future__ import annotations

import dataclasses
import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ybda_qc.synth import LAYOUTS, PageSpec, Speckle, Streak, Wording, draw_page

SMALL = {"dpi": 75.0, "paper_mm": (148.0, 210.0)}


def _grey(pixels: np.ndarray) -> np.ndarray:
    return pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
@pytest.mark.parametrize("mode", ["colour", "grey", "bitonal"])
def test_every_layout_draws_in_every_mode(layout: str, mode: str) -> None:
    page = draw_page(PageSpec(layout=layout, mode=mode, seed=3, **SMALL))
    assert page.pixels.dtype == np.uint8
    assert page.pixels.ndim == (3 if mode == "colour" else 2)
    assert page.pixels.shape[:2] == (round(210 / 25.4 * 75), round(148 / 25.4 * 75))
    if mode == "bitonal":
        assert set(np.unique(page.pixels)) <= {0, 255}


def test_an_unknown_layout_is_refused() -> None:
    with pytest.raises(ValueError, match="poster"):
        draw_page(PageSpec(layout="poster"))


def test_the_same_description_gives_the_same_pixels() -> None:
    spec = PageSpec(
        layout="document",
        mode="colour",
        seed=5,
        noise=4,
        texture=3,
        show_through=0.1,
        defects=(Speckle(),),
        **SMALL,
    )
    assert np.array_equal(draw_page(spec).pixels, draw_page(spec).pixels)
    other = dataclasses.replace(spec, seed=6)
    assert not np.array_equal(draw_page(spec).pixels, draw_page(other).pixels)


WORDING = Wording(
    letterhead="联络组文件",
    number="联办〔2023〕7号",
    title="关于修缮校舍的通知",
    addressee="各小组：",
    paragraphs=("校舍屋面渗漏，应当在雨季以前修缮完毕，" * 3 + "特此通知。", "此件公开发布。"),
    signature="联络组",
    date="2023年4月6日",
)


@pytest.mark.parametrize("paper_mm", [(105.0, 148.0), (210.0, 297.0)])
def test_given_words_stand_on_the_page_in_their_order_and_places(paper_mm: tuple[float, float]) -> None:
    page = draw_page(PageSpec(wording=WORDING, page_number="- 3 -", dpi=100.0, paper_mm=paper_mm))
    lines = [line.text for line in page.truth.lines]
    body = "".join(WORDING.paragraphs)
    expected = [WORDING.letterhead, WORDING.number, WORDING.title, WORDING.addressee]
    assert lines[:4] == expected
    assert "".join(lines[4:-3]) == body
    assert lines[-3:] == [WORDING.signature, WORDING.date, "- 3 -"]
    tops = [line.box.top for line in page.truth.lines]
    assert tops == sorted(tops)
    for _, (left, top, width, height) in page.truth.lines:
        assert 0 < left < left + width < page.pixels.shape[1]
        assert 0 < top < top + height < page.pixels.shape[0]
        assert page.pixels[round(top) : round(top + height), round(left) : round(left + width)].min() < 128


def test_no_line_of_given_words_begins_with_a_stop() -> None:
    page = draw_page(PageSpec(wording=Wording(paragraphs=("应当，" * 60,)), **SMALL))
    assert len(page.truth.lines) > 5
    assert not any(line.text.startswith("，") for line in page.truth.lines)


def test_words_that_do_not_fit_the_sheet_are_refused() -> None:
    with pytest.raises(ValueError, match="more than the sheet has"):
        draw_page(PageSpec(wording=Wording(paragraphs=("春季造林",) * 60), **SMALL))


def test_a_typist_stops_before_the_edge_of_the_sheet() -> None:
    for font_mm in (3.0, 3.9, 5.5):
        page = draw_page(PageSpec(layout="typewriter", font_mm=font_mm, seed=4, **SMALL))
        assert all(line.box.left + line.box.width < 0.95 * page.pixels.shape[1] for line in page.truth.lines)


def test_noise_and_angle_do_not_change_the_words() -> None:
    plain = PageSpec(layout="text", seed=8, **SMALL)
    words = [line.text for line in draw_page(plain).truth.lines]
    turned = dataclasses.replace(plain, angle_degrees=2.0, noise=9.0, border_mm=(5, 5, 5, 5), expand=True)
    assert [line.text for line in draw_page(turned).truth.lines] == words
    assert len(words) > 5


@pytest.mark.parametrize("angle", [-12.0, -1.0, 0.4, 7.0])
def test_a_rule_lies_at_the_angle_asked_for(angle: float) -> None:
    # a sheet turned on a black bed: its upper edge is a straight line whose slope can be fitted
    spec = PageSpec(
        layout="blank", angle_degrees=angle, bed="black", border_mm=(20,) * 4, dpi=100, expand=True
    )
    page = draw_page(spec)
    middle = slice(page.pixels.shape[1] * 2 // 5, page.pixels.shape[1] * 3 // 5)
    columns = np.arange(page.pixels.shape[1])[middle]
    edge = (page.pixels[: page.pixels.shape[0] // 2, middle] < 128).sum(axis=0)
    slope = np.polyfit(columns, edge, 1)[0]
    # y grows downwards: a sheet turned clockwise has an edge that falls to the right
    assert math.degrees(math.atan(slope)) == pytest.approx(angle, abs=0.1)


@settings(max_examples=25, deadline=None)
@given(
    angle=st.floats(-15, 15),
    turns=st.integers(0, 3),
    layout=st.sampled_from(["text", "document", "form", "vertical"]),
    border=st.floats(0, 10),
)
def test_the_boxes_hold_all_ink(angle: float, turns: int, layout: str, border: float) -> None:
    spec = PageSpec(
        layout=layout,
        angle_degrees=angle,
        quarter_turns=turns,
        border_mm=(border, 0, 0, border),
        paper_rgb=(255, 255, 255),
        **SMALL,
    )
    page = draw_page(spec)
    outside = page.pixels < 200
    for left, top, width, height in page.truth.ink_boxes:
        rows = slice(max(math.floor(top) - 2, 0), math.ceil(top + height) + 2)
        outside[rows, max(math.floor(left) - 2, 0) : math.ceil(left + width) + 2] = False
    assert not outside.any()


def test_boxes_of_lines_are_tight() -> None:
    page = draw_page(PageSpec(layout="text", seed=2, paper_rgb=(255, 255, 255), dpi=150))
    for _text, (left, top, width, height) in page.truth.lines:
        inside = page.pixels[int(top) : math.ceil(top + height), int(left) : math.ceil(left + width)]
        rows = np.flatnonzero((inside < 128).any(axis=1))
        assert rows[-1] - rows[0] > 0.6 * height


def test_quarter_turns_turn_clockwise() -> None:
    upright = PageSpec(layout="document", seed=4, **SMALL)
    lying = dataclasses.replace(upright, quarter_turns=1)
    assert np.array_equal(np.rot90(draw_page(upright).pixels, -1), draw_page(lying).pixels)
    assert draw_page(lying).truth.upright_turn == 270
    assert draw_page(upright).truth.upright_turn == 0


def test_the_dark_border_is_as_deep_as_said() -> None:
    sides = (2.0, 6.0, 10.0, 0.0)
    page = draw_page(PageSpec(layout="text", bed="black", border_mm=sides, dpi=150))
    dark = page.pixels < 60
    scale = 150 / 25.4
    height, width = dark.shape
    measured = (
        np.argmin(dark[height // 2]) / scale,
        np.argmin(dark[:, width // 2]) / scale,
        np.argmin(dark[height // 2, ::-1]) / scale,
        np.argmin(dark[::-1, width // 2]) / scale,
    )
    assert page.truth.border_mm == pytest.approx(sides, abs=0.1)
    assert measured == pytest.approx(sides, abs=0.2)


def test_borders_follow_quarter_turns() -> None:
    for turning in (True, False):
        spec = PageSpec(layout="blank", bed="black", border_mm=(1, 2, 3, 4), border_turns=turning, **SMALL)
        lying = dataclasses.replace(spec, quarter_turns=1, angle_degrees=0.0)
        assert draw_page(lying).truth.border_mm == pytest.approx((4, 1, 2, 3), abs=0.2)


def test_a_turned_sheet_shows_the_dark_bed_that_the_truth_says() -> None:
    spec = PageSpec(layout="blank", bed="black", border_mm=(3, 3, 3, 3), angle_degrees=4.0, dpi=100)
    page = draw_page(spec)
    dark_left = (np.cumprod(page.pixels < 60, axis=1).sum(axis=1)).astype(float)
    dark_left[dark_left == page.pixels.shape[1]] = np.nan
    assert np.nanmean(dark_left) / (100 / 25.4) == pytest.approx(page.truth.border_mm[0], abs=0.2)


def test_a_straight_border_stays_straight_when_the_printing_is_turned() -> None:
    spec = PageSpec(
        layout="text", bed="black", border_mm=(8, 0, 0, 0), border_turns=False, angle_degrees=5.0, dpi=100
    )
    page = draw_page(spec)
    depth = round(8 / 25.4 * 100)
    assert (page.pixels[:, :depth] < 60).all()
    assert page.truth.border_mm == (8, 0, 0, 0)


@pytest.mark.parametrize("mark", ["page_number", "seal", "pencil_line"])
def test_a_sheet_with_one_mark_is_not_blank(mark: str) -> None:
    empty = PageSpec(layout="blank", paper_rgb=(255, 255, 255), dpi=150)
    marked = dataclasses.replace(empty, **{mark: True})
    assert draw_page(empty).truth.blank
    assert not draw_page(empty).truth.ink_boxes
    page = draw_page(marked)
    assert not page.truth.blank
    assert page.truth.ink_boxes
    assert (page.pixels < 250).any()
    assert (draw_page(empty).pixels == 255).all()


def test_a_seal_is_red() -> None:
    page = draw_page(PageSpec(layout="blank", seal=True, mode="colour", dpi=100))
    red = (page.pixels[..., 0].astype(int) - page.pixels[..., 1]) > 80
    assert red.sum() > 200


def test_faint_ink_is_fainter_and_low_contrast_is_flatter() -> None:
    spec = PageSpec(layout="text", **SMALL)
    darkest = draw_page(spec).pixels.min()
    assert draw_page(dataclasses.replace(spec, ink=0.3)).pixels.min() > darkest + 80
    flat = draw_page(dataclasses.replace(spec, contrast=0.4)).pixels
    assert int(flat.max()) - int(flat.min()) < 110


def test_blur_and_optical_resolution_take_detail_away() -> None:
    spec = PageSpec(layout="text", dpi=150, paper_mm=(148, 210))
    sharp = cv2.Laplacian(draw_page(spec).pixels, cv2.CV_64F).var()
    for change in ({"blur_px": 1.5}, {"optical_dpi": 75.0}):
        assert (
            cv2.Laplacian(draw_page(dataclasses.replace(spec, **change)).pixels, cv2.CV_64F).var() < sharp / 2
        )


def test_show_through_is_weaker_than_ink() -> None:
    spec = PageSpec(layout="blank", show_through=0.2, paper_rgb=(255, 255, 255), **SMALL)
    page = draw_page(spec)
    assert page.truth.blank
    assert 190 < page.pixels.min() < 245


def test_punch_holes_show_the_bed() -> None:
    page = draw_page(PageSpec(layout="blank", punch_holes=2, bed="black", dpi=100))
    count, _ = cv2.connectedComponents((page.pixels < 60).astype(np.uint8))
    assert count - 1 == 2


def test_a_streak_runs_over_the_whole_picture() -> None:
    page = draw_page(
        PageSpec(layout="text", angle_degrees=3, defects=(Streak(place=0.25, level=77),), **SMALL)
    )
    assert (page.pixels[:, int(0.25 * page.pixels.shape[1])] == 77).all()


def test_speckle_adds_specks() -> None:
    clean = PageSpec(layout="blank", dpi=150)
    dusty = draw_page(dataclasses.replace(clean, defects=(Speckle(per_cm2=0.5),)))
    count, _ = cv2.connectedComponents((dusty.pixels < 128).astype(np.uint8))
    assert 200 < count < 450  # 624 square centimetres
