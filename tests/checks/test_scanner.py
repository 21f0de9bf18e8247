"""One scanner: pages of one resolution, or of one size."""

from dataclasses import replace

import pytest

from tests.checks.batch.memory import make_page
from ybda_qc.checks._scanner import Scanner, scanner_of
from ybda_qc.model import PageResult


def page(width: int, height: int, **dpi: float) -> PageResult:
    numbers = {("resolution", f"resolution_{axis}"): value for axis, value in dpi.items()}
    return replace(make_page("a.jpg", numbers=numbers), width_px=width, height_px=height)


def test_pages_cropped_one_by_one_are_of_one_scanner_if_their_resolution_is_known() -> None:
    assert scanner_of(page(800, 900, x=300, y=300)) == scanner_of(page(810, 905, x=299.9, y=300.1))
    assert scanner_of(page(800, 900)) != scanner_of(page(810, 905))
    assert scanner_of(page(800, 900, x=300)) == scanner_of(page(800, 900))


def test_of_a_page_without_a_size_nothing_is_known() -> None:
    assert scanner_of(page(0, 0, x=300, y=300)) is None


@pytest.mark.parametrize(("down", "said"), [(False, "25.4 mm"), (True, "50.8 mm")])
def test_each_axis_has_its_own_resolution(down: bool, said: str) -> None:
    assert Scanner((200, 100)).distance(200, down=down) == said
    assert Scanner(None, (800, 900)).distance(200, down=down) == "200 px"
