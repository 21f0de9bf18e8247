"""Declarations of blanks that fit no page; that they fit one is told in ``test_judge``."""

from collections.abc import Iterator

import pytest

from ybda_qc.engine.declared import DeclaredBlanks, blanks_of_records
from ybda_qc.intake.grouping import group
from ybda_qc.intake.layout import Layout, LayoutOptions
from ybda_qc.model import Batch, BatchFile, Catalogue, CatalogueIdentity, FileRole, PageId, Record

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


def _named_blank(blanks: str) -> set[str]:
    paths = ["one/0001.tif", "one/0002.tif", "one/0003.tif", "two/whole.pdf"]
    files = [BatchFile(path=path, size_bytes=1, role=FileRole.PAGE) for path in paths]
    ordered, items = group(files, Layout(LayoutOptions()))
    records = (
        Record(sheet="", row=row, values={"code": code, "blanks": blanks})
        for row, code in enumerate(("one", "two"))
    )
    identity = CatalogueIdentity(path="c", sha256="0" * 64, tables=())
    catalogue = Catalogue(identity=identity, records=tuple(records))
    batch = Batch(root="/", files=ordered, items=items, strays=())
    return {str(page) for page in blanks_of_records(batch, catalogue)}


@pytest.mark.parametrize(
    ("blanks", "pages"),
    [
        ("2、3", {"one/0002.tif#1", "one/0003.tif#1", "two/whole.pdf#2", "two/whole.pdf#3"}),
        ("第2-3页", {"one/0002.tif#1", "one/0003.tif#1", "two/whole.pdf#2", "two/whole.pdf#3"}),
        ("2", set()),  # how many, or which?
        ("反面", set()),
    ],
)
def test_pages_that_records_name_are_declared_also_in_files_of_many_pages(
    blanks: str, pages: set[str]
) -> None:
    assert _named_blank(blanks) == pages


def test_pages_named_one_by_one_are_no_patterns() -> None:
    declared = DeclaredBlanks(["*.jpg"]).with_pages([PAGES[1]])
    assert PAGES[1] in declared
    assert PAGES[0] not in declared
    assert declared.unmatched(PAGES) == ("*.jpg",)
