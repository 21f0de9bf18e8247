"""Plain text in UTF-8: a line of the page a line, and a form feed between pages."""

from collections.abc import Iterable
from pathlib import Path

from ybda_qc.ocr.export.characters import printable_page
from ybda_qc.ocr.export.document import About, SourcePage


def write_plain(pages: Iterable[SourcePage], about: About, path: Path) -> None:
    """Write the text of pages; a page on which nothing was read stays empty.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    del about
    texts = (printable_page(source.text).text if source.text is not None else "" for source in pages)
    path.write_bytes("\f".join(f"{text}\n" if text else "" for text in texts).encode())
