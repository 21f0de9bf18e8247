"""Where the sheet lies on the picture: dark bed, white lid, dark pages."""

import cv2
import numpy as np
import pytest

from ybda_qc.imaging.ops.paper import COARSE, locate_paper, margin_of, scale_of
from ybda_qc.imaging.ops.pyramid import halved

SCALE = 150 / 25.4


def on_bed(bed: int, sheet: int, angle: float = 0.0) -> np.ndarray:
    picture = np.full((1400, 1000), sheet, np.uint8)
    matrix = cv2.getRotationMatrix2D((500, 700), angle, 0.9)
    return cv2.warpAffine(picture, matrix, (1000, 1400), borderMode=cv2.BORDER_CONSTANT, borderValue=bed)


@pytest.mark.parametrize("angle", [0.0, 2.0, -7.0])
def test_a_dark_bed_is_told_from_the_sheet(angle: float) -> None:
    paper = locate_paper(on_bed(20, 230, angle), scale=SCALE)

    assert paper.bed_share == pytest.approx(0.19, abs=0.02)
    inside = paper.mask((1400, 1000), 10) > 0
    assert inside[700, 500]
    assert not inside[5:20].any()
    assert np.mean(inside) == pytest.approx(0.78, abs=0.03)


def test_a_white_lid_is_no_paper_but_a_margin_with_a_number_is() -> None:
    lid = locate_paper(on_bed(252, 215), scale=SCALE)
    assert lid.bed_share == 0
    assert lid.mask((1400, 1000), 10)[20, 500] == 0

    numbered = on_bed(252, 215)
    cv2.putText(numbered, "17", (480, 50), 0, 1.0, 30, 2, cv2.LINE_AA)  # on the bright rim: it is paper
    assert locate_paper(numbered, scale=SCALE).mask((1400, 1000), 10)[40, 490] == 255


def test_tables_that_touch_the_edge_are_no_bed() -> None:
    page = np.full((1400, 1000), 240, np.uint8)
    page[::40] = 0
    page[:, ::90] = 0

    assert locate_paper(page, scale=SCALE).coarse is None


@pytest.mark.parametrize("level", [0, 30, 70])
def test_a_dark_page_is_said_to_be_dark(level: int) -> None:
    paper = locate_paper(np.full((900, 700), level, np.uint8), scale=SCALE)

    assert paper.is_dark
    assert paper.level == level


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (7, 7), (40, 9000)])
def test_pictures_of_any_shape_have_a_mask_of_that_shape(shape: tuple[int, int]) -> None:
    paper = locate_paper(np.full(shape, 250, np.uint8), scale=SCALE)

    assert paper.mask(shape, margin_of(shape, SCALE)).shape == shape


def test_a_false_tag_does_not_change_the_scale_without_bounds() -> None:
    assert scale_of(None) == pytest.approx(SCALE)
    assert scale_of(1.0) == 3
    assert scale_of(10_000.0) == 8


@pytest.mark.parametrize("level", [20, 230])
def test_the_reduced_picture_is_kept_and_nobody_writes_on_it(level: int) -> None:
    grey = on_bed(20, level)

    reduced = locate_paper(grey, scale=SCALE).coarse_grey

    assert (reduced == halved(grey, COARSE.bit_length() - 1)).all()
    assert not reduced.flags.writeable
