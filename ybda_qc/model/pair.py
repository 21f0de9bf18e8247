"""Pairs of pages that are compared with each other."""

from dataclasses import dataclass
from typing import NamedTuple, Self

from ybda_qc.model.page import PageId
from ybda_qc.model.result import CheckResult, PageResult


class PageContent(NamedTuple):
    """One frame of one content, whatever the file is called."""

    sha256: str
    frame: int


class PairKey(NamedTuple):
    """Two contents, the smaller first; made by `of`."""

    first: PageContent
    second: PageContent

    @classmethod
    def of(cls, one: PageContent, other: PageContent) -> Self:
        """The key of a pair, whichever page comes first."""
        return cls(min(one, other), max(one, other))


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedPage:
    """A page of a pair, as much of it as is needed to open it again."""

    page: PageId
    path_hex: str | None
    size_bytes: int
    sha256: str

    @classmethod
    def of(cls, result: PageResult) -> Self:
        """A page whose content is known."""
        assert result.sha256 is not None, "a page that could not be read is compared with nothing"
        return cls(
            page=result.page,
            path_hex=result.path_hex,
            size_bytes=result.size_bytes,
            sha256=result.sha256,
        )

    @property
    def content(self) -> PageContent:
        """What is compared."""
        return PageContent(self.sha256, self.page.frame)


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePair:
    """Two pages of a batch whose contents may show the same; `one` comes first in the batch."""

    one: PairedPage
    other: PairedPage

    @property
    def key(self) -> PairKey:
        """Under which the result of comparing the contents is kept."""
        return PairKey.of(self.one.content, self.other.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Pairs of pages worth comparing, likeliest first.

    ``key`` names the method by which they were chosen. ``passed_over`` counts the pages that look like more
    pages than they are compared with. ``fault`` says how the check broke, if it did, while it chose.
    """

    key: str = ""
    fault: str = ""
    pairs: tuple[PagePair, ...] = ()
    passed_over: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What comparing a pair gave, and the path below the run folder where its picture lies if there is one.

    The result is None where the pair was not compared; that of a pair on which this program failed is a
    fault, whose ``reason`` says what happened.
    """

    pair: PagePair
    result: CheckResult | None
    picture: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """The pairs of a batch that a check asked for, and how many pages were passed over."""

    compared: tuple[Compared, ...] = ()
    passed_over: int = 0
