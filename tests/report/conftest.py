"""A small delivery with every kind of trouble."""

from pathlib import Path

import pytest

from tests.report.delivery import (
    HOSTILE,
    ITEM,
    advised_finding,
    draw_picture,
    fault_page,
    gap,
    make_summary,
    page,
    resolution_finding,
    skew_finding,
    unreadable_page,
)
from ybda_qc.model import Box, JudgedPage, Summary


@pytest.fixture
def pages(tmp_path: Path) -> list[JudgedPage]:
    """A small delivery with every kind of trouble, pictures in ``tmp_path / 'run'``."""
    folder = tmp_path / "run"
    made = []
    for number in range(1, 4):
        item = ITEM.format(number)
        made += [page(f"{item}/{name:04d}.jpg", item=item) for name in range(1, 6)]
    one, two, three = (ITEM.format(number) for number in (1, 2, 3))
    picture = draw_picture(folder, "ab/abcd-1-skew-over-limit.jpg")
    made[1] = page(
        f"{one}/0002.jpg",
        item=one,
        findings=(skew_finding(4.25, (Box(left=45, top=90, width=420, height=570),)), advised_finding(240)),
        evidence={"skew/over-limit": picture},
        skew=4.25,
        dpi=240,
    )
    made[6] = page(f"{two}/0002.jpg", item=two, findings=(skew_finding(1.5),), skew=1.5)
    made[7] = fault_page(f"{two}/0003.jpg", two)
    made[11] = unreadable_page(f"{three}/0002.jpg", three)
    made[12] = page(f"{three}/0003.jpg", item=three, findings=(resolution_finding(150),), dpi=150)
    made.append(page("散页.tif", frame=1))
    made.append(page("散页.tif", frame=2, findings=(advised_finding(240),), dpi=240))
    return sorted(made, key=lambda judged: judged.result.page.sort_key)


@pytest.fixture
def summary(pages: list[JudgedPage]) -> Summary:
    return make_summary(pages, findings=(gap(),))


@pytest.fixture
def hostile_pages() -> list[JudgedPage]:
    made = [
        page(f"{name}/{name}", item=name, findings=(skew_finding(4.0), resolution_finding(72)))
        for name in HOSTILE
    ]
    return sorted(made, key=lambda judged: judged.result.page.sort_key)
