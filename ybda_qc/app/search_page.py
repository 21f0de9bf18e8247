"""``search.html`` in a run folder: what a search found, with the words marked on the pages."""

import os
from pathlib import Path

from ybda_qc.app.search import Answer, MarkedHit
from ybda_qc.engine.runner import file_path
from ybda_qc.engine.tasks import FileRef
from ybda_qc.errors import InputError
from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.evidence import draw_page
from ybda_qc.imaging.source import open_source
from ybda_qc.imaging.view import PageView
from ybda_qc.report import Lang
from ybda_qc.report import mark as _
from ybda_qc.report.search_html import FoundPage, write_search_html

NAME = "search.html"
"""The file in the run folder; the next search replaces it."""

MOST_PAGES = 50
"""Pages that are drawn."""

_LONG_SIDE = 2000  # px: small print can be read


def write_search_page(query: str, answer: Answer, *, lang: Lang) -> Path:
    """Draw the pages that one run found and write them into its folder; returns the path.

    Raises
    ------
    InputError
        If the folder cannot be written to.
    """
    path = answer.run / NAME
    partial = path.with_name(f".{NAME}.{os.getpid()}.part")
    pages = [_found_page(hit, answer.batch_root) for hit in answer.hits[:MOST_PAGES]]
    try:
        write_search_html(
            partial,
            pages,
            query=query,
            batch=str(answer.batch_root),
            total=answer.total,
            is_exact=answer.is_exact,
            lang=lang,
        )
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise InputError(
            "{path} cannot be written: {reason}", path=str(path), reason=error.strerror or str(error)
        ) from error
    return path


def _found_page(marked: MarkedHit, root: Path) -> FoundPage:
    """The page with its picture, if the file is still the one that was read."""
    picture, trouble = None, ""
    hit = marked.hit
    file = FileRef(path=hit.page.path, path_hex=hit.path_hex, size_bytes=hit.size_bytes, item=hit.item)
    try:
        with open_source(file_path(root, file)) as source:
            if source.sha256() == hit.sha256:
                picture = draw_page(PageView(source, hit.page.frame), _LONG_SIDE)
            else:
                trouble = _("the file has changed since its text was read; run again")
    except ImageFault:
        trouble = _("the file cannot be opened where the batch lay when its text was read")
    except MemoryError:
        trouble = _("the page is too large to be drawn here")
    return FoundPage(
        hit=hit, snippet=marked.marked.snippet, boxes=marked.boxes, picture=picture, trouble=trouble
    )
