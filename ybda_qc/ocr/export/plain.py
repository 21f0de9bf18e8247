"""Plain text in UTF-8: a line of the page a line, and a form feed between pages."""

from pathlib import Path

from ybda_qc.ocr.export.characters import printable_page
from ybda_qc.ocr.export.document import About, NamedViews


def write_plain(pages: NamedViews, path: Path, about: About) -> None:
    """Write the text of pages; a page on which nothing was read stays empty.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    del about
    texts = ("" if view.text is None else printable_page(view.text).text for _, view in pages)
    path.write_bytes("\f".join(f"{text}\n" if text else "" for text in texts).encode())
