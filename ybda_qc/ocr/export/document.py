"""What all writers of derived copies take."""

from dataclasses import dataclass

from ybda_qc.imaging.view import PageView
from ybda_qc.model import PageId, PageText


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePage:
    """A page to be copied.

    Parameters
    ----------
    page
        Which one.
    view
        The opened original; it may be closed when the writer asks for the next page.
    text
        What was read on it; None where nothing was: the page is blank, or could not be read.
    """

    page: PageId
    view: PageView
    text: PageText | None


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a derived copy says of itself: the page or item it shows, and how the text was read."""

    title: str
    reading: str
