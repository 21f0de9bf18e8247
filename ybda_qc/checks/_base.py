"""What a check is: it measures pixels or headers, and judges the numbers by limits from the profile.

Measuring and judging are apart: new limits judge stored measurements again without opening an image.
"""

import inspect
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from pydantic import BaseModel, ConfigDict

from ybda_qc.checks._limits import Code, Limits
from ybda_qc.imaging.view import PageView
from ybda_qc.model import (
    Batch,
    Candidates,
    Catalogue,
    CheckCard,
    CheckResult,
    CodeReading,
    Correction,
    Facts,
    FileFacts,
    FileRole,
    Finding,
    Measured,
    NotApplicable,
    PageId,
    PageResult,
    PageText,
    Pairing,
)


class Needs(StrEnum):
    """What a page check looks at; decides whether damage leaves it ``not_run``."""

    FILE = "file"  # the bytes: runs whatever the damage
    HEADER = "header"
    PIXELS_IF_ANY = "pixels-if-any"  # the header; the pixels too, where `PageView.has_pixels`
    PIXELS = "pixels"
    TEXT = "text"  # `PageView.text`: measured once that has been read; not planned where none is


class Method(BaseModel):
    """How a check measures; part of the key under which measurements are kept. Subclasses add settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Check(ABC):
    """What page checks and batch checks share.

    The docstring of a subclass is its manual and the text of reports. It has three paragraphs: the
    requirement as one sentence; one that starts with ``Why:``; one that starts with ``Remedy:``.
    """

    id: ClassVar[str]
    title: ClassVar[str]  # two or three words for tables, for example "Skew"
    version: ClassVar[int]  # raised whenever the same pixels can give another number
    codes: ClassVar[tuple[Code, ...]]
    method: ClassVar[type[Method]] = Method

    @classmethod
    def card(cls) -> CheckCard:
        """The check's docstring in parts."""
        paragraphs = [" ".join(p.split()) for p in inspect.cleandoc(cls.__doc__ or "").split("\n\n")]
        parts = {
            word: p[len(word) + 1 :].strip()
            for p in paragraphs
            for word in ("Why", "Remedy")
            if p.startswith(word + ":")
        }
        return CheckCard(
            id=cls.id,
            title=cls.title,
            requirement=paragraphs[0],
            why=parts.get("Why", ""),
            remedy=parts.get("Remedy", ""),
        )


class PageCheck(Check):
    """A check of single pages."""

    needs: ClassVar[Needs]

    @abstractmethod
    def measure(self, view: PageView, method: Any) -> Sequence[Measured] | NotApplicable:
        """Measure a page.

        Parameters
        ----------
        view
            The page; only what `needs` declares may be touched.
        method
            An instance of the check's ``method`` model.
        """

    @abstractmethod
    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterable[Finding]:
        """Judge what `measure` returned; pure, no pixels, no clock. Called only for measured results."""


class BatchView(Protocol):
    """A measured batch as batch checks see it; pages are streamed, never held."""

    @property
    def batch(self) -> Batch:
        """Files, items and strays."""

    def pages(self) -> Iterator[PageResult]:
        """All pages, sorted by path bytes and frame; may be called more than once."""

    def pairing(self, check: str) -> Pairing | None:
        """The pairs that a check asked for, as they were compared; None: it was not asked by this method."""

    def unmatched_blanks(self) -> Sequence[str]:
        """Declared blanks that fit no page of the batch, sorted, as they were written."""

    def is_declared_blank(self, page: PageId) -> bool:
        """Whether the profile or the catalogue says beforehand that the page is blank."""

    @property
    def reads_text(self) -> bool:
        """Whether the text of pages is read."""

    def text_of(self, page: PageResult) -> PageText | None:
        """The text of a page; None where it was not read, as that of a blank page."""

    @property
    def catalogue(self) -> Catalogue | None:
        """The catalogue 目录 of the delivery; None where there is none."""

    def read_code(self, text: str) -> CodeReading | None:
        """Read an archival code 档号 by the structures of the profile; None where it describes none."""

    def file_facts(self, path: str) -> FileFacts | None:
        """What was read of a file that is no page, or that a checksum list names; None: it was not read."""


class BatchCheck(Check):
    """A check of what only the whole batch can tell."""

    reads: ClassVar[tuple[str, ...]] = ()  # checks of pages that it goes by: one is on, or it is off
    reads_files: ClassVar[frozenset[FileRole]] = frozenset()  # beside the pages: see `BatchView.file_facts`
    judges_items: ClassVar[bool] = False  # whether it can tell of one item without the others

    @abstractmethod
    def inspect(self, view: BatchView, method: Any, limits: Limits) -> Iterable[Finding] | NotApplicable:
        """Findings about items or the batch, each with `subject` (and `pages`) set by `about`."""


class PairCheck(BatchCheck):
    """A batch check that has pairs of pages compared, by their pixels, before it judges.

    The engine asks for the `candidates`, has workers `compare` those that are not known yet, keeps the
    results under both contents, and has those that are `alike` drawn side by side. When the check then
    inspects the batch it finds what became of its candidates by `BatchView.pairing`.
    """

    @abstractmethod
    def candidates(self, view: BatchView, method: Any) -> Candidates:
        """Choose pairs from stored measurements: no pixels, no files."""

    @abstractmethod
    def compare(self, one: PageView, other: PageView) -> Sequence[Measured] | NotApplicable:
        """Measure how two pages differ; settings of the method play no part in it.

        Parameters
        ----------
        one, other
            The reduced planes of the pages, in the order of their contents' digests, whatever the files are
            called; their stored pixels have been let go.
        """

    @abstractmethod
    def alike(self, result: CheckResult, limits: Limits) -> bool:
        """Whether a compared pair deserves a picture by these limits."""


def about(
    findings: Iterable[Finding],
    subject: str,
    pages: Iterable[str] = (),
    evidence: str | None = None,
    correction: Correction | None = None,
) -> Iterator[Finding]:
    """The same findings with what they are about, the pages concerned, a picture, and what is proposed."""
    pages = tuple(pages)
    for finding in findings:
        yield replace(finding, subject=subject, pages=pages, evidence=evidence, correction=correction)
