"""Declarations of blanks that fit no page; that they fit one is told in ``test_judge``."""

from collections.abc import Iterator

import pytest

from ybda_qc.engine.declared import DeclaredBlanks
from ybda_qc.model import PageId

PAGES = (
    PageId(path="B469-[1]/0001.tif"),
    PageId(path="B469-[1]/0002.tif"),
    PageId(path="whole.pdf"),
    PageId(path="whole.pdf", frame=2),
)


@pytest.mark.parametrize(
    ("declared", "unmatched"),
    [
        (["B469-[1]/0002.tif", "whole.pdf#2", "whole.pdf", "*#1", "B469-*/000?.tif"], ()),
        (["whole.pdf#3", "0002.tif"], ("0002.tif", "whole.pdf#3")),
        (["*.jpg", "B469-1/*", "*.pdf"], ("*.jpg", "B469-1/*")),
        (["B469-[1]/0002.TIF"], ("B469-[1]/0002.TIF",)),
    ],
)
def test_what_fits_no_page_is_named_as_it_was_written(
    declared: list[str], unmatched: tuple[str, ...]
) -> None:
    assert DeclaredBlanks(declared).unmatched(PAGES) == unmatched


def test_without_declarations_no_page_is_read() -> None:
    def pages() -> Iterator[PageId]:
        pytest.fail("a page was read")
        yield

    assert DeclaredBlanks().unmatched(pages()) == ()
