"""What a search in the text of pages finds."""

from dataclasses import dataclass

from ybda_qc.model.page import PageId
from ybda_qc.model.text import PageText


@dataclass(frozen=True, slots=True, kw_only=True)
class TextHit:
    """A page whose text answers a query.

    Parameters
    ----------
    page, path_hex, item, size_bytes, sha256
        The page and its file, as much as is needed to open it again.
    same
        Other pages of the run with the same content.
    text
        All that was read on it.
    score
        How well it answers, from 0; comparable within one search of one run.
    """

    page: PageId
    path_hex: str | None
    item: str | None
    size_bytes: int
    sha256: str
    same: tuple[PageId, ...]
    text: PageText
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer to a query.

    Parameters
    ----------
    total
        Pages that answer it, pages of one content counted once.
    is_exact
        Whether that are all; otherwise there are more.
    hits
        The best of them, best first.
    """

    total: int
    is_exact: bool
    hits: tuple[TextHit, ...]
