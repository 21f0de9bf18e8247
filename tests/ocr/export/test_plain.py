"""Plain text."""

from pathlib import Path

import pytest

from tests.ocr.export.made_text import horizontal, page_text
from tests.ocr.export.pages import ABOUT, save_scan, source_pages
from ybda_qc.model import PageText
from ybda_qc.ocr.export.plain import write_plain

TWO_LINES = page_text([horizontal("=一行 A", 100), horizontal("二\x00行\f", 200)])


@pytest.mark.parametrize(
    ("texts", "written"),
    [
        ((TWO_LINES,), "=一行 A\n二行 \n"),
        ((None,), ""),
        ((TWO_LINES, None, TWO_LINES), "=一行 A\n二行 \n\f\f=一行 A\n二行 \n"),
    ],
)
def test_a_line_a_line_and_a_form_feed_between_pages(
    tmp_path: Path, texts: tuple[PageText | None, ...], written: str
) -> None:
    files = [(save_scan(tmp_path / f"{number}.jpg", text), text) for number, text in enumerate(texts)]

    with source_pages(files) as pages:
        write_plain(pages, tmp_path / "out.txt", ABOUT)

    assert (tmp_path / "out.txt").read_bytes() == written.encode()
