"""What judging may know beside the measurements."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Facts about a page that are not on the page: its name and its item.

    Measuring never sees these, so that a measurement can be reused whatever a file is called.
    """

    path: str
    frame: int
    item: str | None = None
