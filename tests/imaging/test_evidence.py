"""Pictures of findings: what they show, that they stay small, and that no page is too odd for one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest

from ybda_qc.imaging.evidence import draw_evidence, draw_pair
from ybda_qc.imaging.evidence.canvas import MARK
from ybda_qc.imaging.source import open_source
from ybda_qc.imaging.view import PageView
from ybda_qc.model import Box, Drawing, Finding, Scalar, Unit, Verdict
from ybda_qc.synth import PageSpec, draw_page, write_page

TEXT = draw_page(PageSpec(layout="text", paper_mm=(148.0, 210.0), dpi=200.0, noise=1.0)).pixels


@contextmanager
def view_of(folder: Path, pixels: np.ndarray) -> Iterator[PageView]:
    path = write_page(folder / f"{pixels.shape}.png", pixels, dpi=200, effort=1)
    with open_source(path) as source:
        yield PageView(source)


def decoded(picture: bytes) -> np.ndarray:
    image = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    return np.asarray(image, dtype=np.uint8)


@pytest.mark.parametrize("other", [TEXT[:, ::-1], TEXT[:300], np.zeros((1, 1), np.uint8)])
def test_a_pair_stands_side_by_side(tmp_path: Path, other: np.ndarray) -> None:
    box = (Box(left=100, top=100, width=400, height=300),)
    with view_of(tmp_path, TEXT) as left, view_of(tmp_path, np.ascontiguousarray(other)) as right:
        plain = decoded(draw_pair(left, right, 480))
        framed = decoded(draw_pair(left, right, 480, left_boxes=box))
        assert left.decodes == right.decodes == 1
    assert plain.shape == framed.shape
    assert plain.shape[0] >= 480
    assert np.abs(plain.astype(int) - framed).max() > 100


def finding(*boxes: Box, value: float | None = 3.0, **values: Scalar) -> Finding:
    return Finding(
        check="any",
        code="defect",
        verdict=Verdict.REVIEW,
        template="",
        values=values,
        value=value,
        unit=Unit.MILLIMETRE,
        boxes=boxes,
    )


def small(left: int, top: int) -> Box:
    return Box(left=left, top=top, width=12, height=9)


@pytest.mark.parametrize("drawing", Drawing)
def test_every_drawing_marks_the_defect_in_a_small_picture_without_another_decode(
    tmp_path: Path, drawing: Drawing
) -> None:
    found = finding(small(300, 500), small(800, 900), angle=-1.5, turn=90)
    with view_of(tmp_path, TEXT) as view:
        picture = draw_evidence(view, found, drawing, 480)
        assert view.decodes == 1
    assert len(picture) < 80_000
    height, width = decoded(picture).shape[:2]
    assert 300 < height < 620
    assert 300 < width < 800
    assert (np.abs(decoded(picture).astype(int) - MARK[::-1]).max(axis=2) < 40).sum() > 200


@pytest.mark.parametrize("drawing", Drawing)
@pytest.mark.parametrize("shape", [(1, 1), (1, 4000), (4000, 1), (37, 53, 3)])
@pytest.mark.parametrize("boxes", [(), (Box(left=0, top=0, width=1, height=1),), (small(-30, 9000),)])
def test_no_page_and_no_box_is_too_odd(
    tmp_path: Path, drawing: Drawing, shape: tuple[int, ...], boxes: tuple[Box, ...]
) -> None:
    with view_of(tmp_path, np.full(shape, 200, np.uint8)) as view:
        for value in (None, -1e9):
            assert decoded(draw_evidence(view, finding(*boxes, value=value), drawing, 480)).size


def test_a_small_defect_is_magnified_beside_the_page_and_a_large_one_is_not(tmp_path: Path) -> None:
    height, width = TEXT.shape[:2]
    with view_of(tmp_path, TEXT) as view:
        speck = decoded(draw_evidence(view, finding(small(500, 700)), Drawing.BOXES, 480))
        whole = finding(Box(left=0, top=0, width=width, height=height))
        page = decoded(draw_evidence(view, whole, Drawing.BOXES, 480))
    assert speck.shape[1] > page.shape[1] + 300


def test_what_lies_beyond_the_edge_is_shown_only_where_the_edge_cuts(tmp_path: Path) -> None:
    with view_of(tmp_path, TEXT) as view:
        edge, plain = (
            decoded(draw_evidence(view, finding(small(0, 700)), drawing, 480))[:, -310:-290]
            for drawing in (Drawing.EDGE, Drawing.BOXES)
        )
    assert edge.mean() < plain.mean() - 10  # the hatch of what is outside


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_stands_upright_beside_itself(tmp_path: Path, turn: int) -> None:
    lying = np.ascontiguousarray(np.rot90(TEXT, turn // 90))
    with view_of(tmp_path, lying) as view, view_of(tmp_path, TEXT) as upright:
        picture = decoded(draw_evidence(view, finding(turn=turn), Drawing.TURN, 480))
        as_it_should = upright.grey.pixels
    height = round(480 * 0.62)
    width = round(height * as_it_should.shape[1] / as_it_should.shape[0])
    top = (picture.shape[0] - height) // 2
    shown = cv2.cvtColor(picture[top : top + height, -14 - width : -14], cv2.COLOR_BGR2GRAY)
    wanted = cv2.resize(as_it_should, (width, height), interpolation=cv2.INTER_AREA)
    assert np.corrcoef(shown[30:-5, 5:-5].ravel(), wanted[30:-5, 5:-5].ravel())[0, 1] > 0.9


@pytest.mark.parametrize("angle", [-3.0, 3.0])
def test_the_line_of_an_angle_leans_as_the_writing_does(tmp_path: Path, angle: float) -> None:
    with view_of(tmp_path, np.full_like(TEXT, 255)) as view:
        picture = decoded(draw_evidence(view, finding(angle=angle), Drawing.ANGLE, 480)).astype(int)
    ys, xs = np.nonzero(np.abs(picture - MARK[::-1]).max(axis=2) < 60)
    near, far = ys[xs < 60].mean(), ys[(xs > 150) & (xs < 200)].mean()
    assert np.sign(far - near) == np.sign(angle)  # downwards on screen is clockwise
