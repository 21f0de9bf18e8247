"""The page of hits: upright, escaped, marked, and it opens offline."""

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.report.delivery import HOSTILE
from tests.store.text_values import page_text
from ybda_qc.model import Box, PageId, QuarterTurn, TextHit
from ybda_qc.model.snippet import Part
from ybda_qc.report.search_html import FoundPage, write_search_html

WIDTH, HEIGHT = 1000, 2000
BOX = Box(left=100, top=300, width=200, height=50)


def found(turn: QuarterTurn = 0, *, path: str = "A/1.tif", picture: bytes | None = b"jpeg") -> FoundPage:
    text = replace(page_text("国务院"), width_px=WIDTH, height_px=HEIGHT, turn=turn)
    hit = TextHit(
        page=PageId(path=path, frame=2),
        path_hex=None,
        item="A",
        size_bytes=1,
        sha256="ab" * 32,
        same=(PageId(path="B/1.tif", frame=1),),
        text=text,
        score=1.0,
    )
    return FoundPage(
        hit=hit, snippet=[Part("a<b>", False), Part("国", True)], boxes=[BOX], picture=picture, trouble="gone"
    )


def write(tmp_path: Path, *pages: FoundPage, query: str = "国", total: int = 1) -> str:
    path = tmp_path / "search.html"
    write_search_html(path, pages, query=query, batch="/scans/batch", total=total, is_exact=True, lang="zh")
    return path.read_text(encoding="utf-8")


def numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text)]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_page_stands_upright_and_a_cut_out_shows_the_mark(tmp_path: Path, turn: QuarterTurn) -> None:
    page = write(tmp_path, found(turn))
    _, _, width, height = numbers(re.search(r'viewBox="([^"]*)" role="img"', page)[1])
    a, b, c, d, e, f = numbers(re.search(r'transform="matrix\(([^"]*)\)"', page)[1])
    left, top, wide, high = numbers(re.search(r'<div class="strips".*?viewBox="([^"]*)"', page, re.DOTALL)[1])

    def turned(x: float, y: float) -> tuple[float, float]:
        return a * x + c * y + e, b * x + d * y + f

    assert (width, height) == ((WIDTH, HEIGHT) if turn in (0, 180) else (HEIGHT, WIDTH))
    corners = [turned(0, 0), turned(WIDTH, HEIGHT)]
    assert sorted([*corners[0], *corners[1]]) == sorted([0, 0, width, height])
    for x, y in (turned(BOX.left, BOX.top), turned(BOX.left + BOX.width, BOX.top + BOX.height)):
        assert left <= x <= left + wide
        assert top <= y <= top + high
    assert 0 <= left <= left + wide <= width
    assert 0 <= top <= top + high <= height
    # the top of the stored image comes to the right by a quarter turn clockwise
    assert turned(WIDTH / 2, 0) == {
        0: (WIDTH / 2, 0), 90: (HEIGHT, WIDTH / 2), 180: (WIDTH / 2, HEIGHT), 270: (0, WIDTH / 2)
    }[turn]  # fmt: skip


def test_nothing_of_a_page_or_query_is_taken_for_html(tmp_path: Path) -> None:
    pages = [found(path=name) for name in HOSTILE]

    page = write(tmp_path, *pages, query="<script>alert(1)</script>")

    assert "<script" not in page
    assert "<img" not in page
    assert "a&lt;b&gt;<mark>国</mark>" in page


def test_a_page_without_picture_says_why(tmp_path: Path) -> None:
    page = write(tmp_path, found(picture=None))

    assert "<svg" not in page
    assert ">gone<" in page


def test_no_hit_is_said(tmp_path: Path) -> None:
    assert "没有符合的页面" in write(tmp_path, total=0)


def test_nothing_is_fetched_from_elsewhere(tmp_path: Path) -> None:
    page = write(tmp_path, found())

    assert "default-src 'none'" in html.unescape(page)
    assert not re.findall(r'(?:href|src)="(?!#|data:)[^"]*"', page)
