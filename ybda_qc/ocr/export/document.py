"""What all writers of derived copies take."""

from collections.abc import Iterable
from dataclasses import dataclass

from ybda_qc.imaging.view import PageView
from ybda_qc.model import PageId

NamedViews = Iterable[tuple[PageId, PageView]]
"""Pages in order, with the text that was read on them; a view may be closed when the next is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a derived copy says of itself: the page or item it shows, and how the text was read."""

    title: str
    reading: str
