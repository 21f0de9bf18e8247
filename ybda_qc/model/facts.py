"""What judging may know beside the measurements."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Facts about a page that are not on the page: its name, its item, and what was declared of it.

    Measuring never sees these, so that a measurement can be reused whatever a file is called.

    Parameters
    ----------
    path, frame
        The page.
    item
        Code or folder of its item 件, None outside items.
    declared_blank
        Whether somebody said beforehand that the page is blank on purpose.
    """

    path: str
    frame: int
    item: str | None = None
    declared_blank: bool = False
