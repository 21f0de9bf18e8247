"""Pages that stand in the batch more than once."""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from ybda_qc.checks._base import BatchView, PairCheck, about
from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.checks._copies import copy_of_files
from ybda_qc.checks._limits import Code, Flag, Limits
from ybda_qc.checks._listing import LISTED, UNLISTED, WHOLE_BATCH, first_pages, listed
from ybda_qc.checks._requires import require_looked_at
from ybda_qc.checks._sheets import (
    APART,
    DIFFERENCE,
    FINGERPRINT,
    OUTCOME,
    SIMILARITY,
    SPECTRUM,
    compare_sheets,
)
from ybda_qc.imaging.ops.neighbours import nearest
from ybda_qc.imaging.ops.page_spectrum import Fingerprints
from ybda_qc.imaging.view import PageView
from ybda_qc.model import (
    Candidates,
    CheckResult,
    Compared,
    Finding,
    Measured,
    NotApplicable,
    PagePair,
    PageResult,
    PairedPage,
    State,
    Unit,
    stored,
)


class Method(BaseMethod):
    """Which pages are compared with each other."""

    similarity: float = Field(
        default=0.6, ge=0.2, le=1, description="correlation of fingerprints from which pages are compared"
    )
    per_page: int = Field(default=8, ge=1, le=100, description="likest pages that a page may choose")
    pairs: int = Field(default=500, ge=0, description="pairs compared in any batch, the likeliest first")
    pairs_a_page: float = Field(default=0.25, ge=0, le=100, description="and so many more for each page")


class SameSheet(Flag):
    """When a pair that was compared is one sheet, and how much that weighs."""

    most_difference: float = Field(
        ge=0,
        description="differing ink in the space of a few letters, mm2 on A4, up to which it is one sheet",
    )
    least_similarity: float = Field(
        ge=0, le=1, description="mean likeness of the ink from which it may be one sheet"
    )


class DuplicatePageCheck(PairCheck):
    """No page stands in the batch twice, neither as a copy of the file nor as a second scan of the sheet.

    Why: two scans of the same sheet always differ in some bytes. Files that are equal byte for byte are
    copies: one of them stands where another page belongs, or was put in to make the number of pages right.
    Two scans of one sheet differ in position, turn, brightness or format, and make the number of pages
    wrong. DA/T 31-2017 wants repeated pages put right. Copies of one form that are filled in differently,
    or a draft and its final, are different pages. One other word tells them apart; where no more than one
    figure may be another, or the second scan is poor, it is noted that a pair may be one sheet. Blank
    pages are alike by nature.

    Remedy: compare both with the original. Scan the page that is really meant, or remove the surplus one.
    """

    id = "duplicate_page"
    title = "Duplicate pages"
    version = 6
    method = Method
    reads = (FINGERPRINT,)
    codes = (
        Code(
            name="identical",
            title="identical files",
            template="{count} files are identical byte for byte",
            limits=Flag,
        ),
        Code(
            name="identical-blank",
            title="identical blank files",
            template="{count} files are identical byte for byte: blank bitonal pages",
            limits=Flag,
        ),
        Code(
            name="near-identical",
            title="sheets scanned twice",
            template="{one} and {other} are two scans of the same sheet",
            limits=SameSheet,
        ),
        Code(
            name="perhaps-identical",
            title="sheets perhaps scanned twice",
            template="{one} and {other} are two scans of the same sheet, or copies that differ in a figure",
            limits=SameSheet,
        ),
        Code(
            name="unsure",
            title="pairs with too little to tell",
            template="{count} pairs of pages look alike and hold too little to tell if they are one sheet",
            limits=Flag,
        ),
        Code(
            name="not-compared",
            title="pairs that could not be compared",
            template="{count} pairs of pages that look alike could not be compared; of one: {detail}",
            limits=Flag,
        ),
        Code(
            name="passed-over",
            title="pages alike by the dozen",
            template="{count} pages look like more pages than they were compared with: a form, perhaps",
            limits=Flag,
        ),
        Code(
            name="not-searched",
            title="sheets scanned twice were not looked for",
            template="sheets scanned twice were not looked for by these settings; run the batch again",
            limits=Flag,
        ),
        UNLISTED,
    )

    def candidates(self, view: BatchView, method: Method) -> Candidates:
        """Pages whose fingerprints are much alike, likest first; of each content only the first page.

        Each copy of a delivery is searched by itself: a master and its access copy are meant to be alike.

        Raises
        ------
        LookupError
            If there are pages and `fingerprint` looked at none of them.
        """
        searches: defaultdict[str, _Search] = defaultdict(_Search)
        for count, (text, copy, _) in enumerate(_fingerprints(view), start=1):
            searches[copy].add(count - 1, text)
        if not searches:
            require_looked_at(view, FINGERPRINT)
            return Candidates()
        found = [search.nearest(method) for search in searches.values()]
        rows, likeness = (np.concatenate(parts) for parts in zip(*(pair[:2] for pair in found), strict=True))
        rows = rows[np.argsort(-likeness, kind="stable")]
        crowded = np.zeros(count, np.bool_)
        for _, _, own in found:
            crowded[own] = True
        most = method.pairs + int(method.pairs_a_page * count)
        crowded[rows[most:].ravel()] = True
        rows = rows[:most]
        wanted = set(rows.ravel().tolist())
        pages = {
            row: PairedPage.of(page) for row, (_, _, page) in enumerate(_fingerprints(view)) if row in wanted
        }
        return Candidates(
            pairs=tuple(PagePair(one=pages[one], other=pages[other]) for one, other in rows.tolist()),
            passed_over=int(crowded.sum()),
        )

    def compare(self, one: PageView, other: PageView) -> Sequence[Measured] | NotApplicable:
        """Lay one page on the other and measure where their ink differs most."""
        return compare_sheets(one, other)

    def alike(self, result: CheckResult, limits: Limits) -> bool:
        """Whether both are, or may be, the same sheet."""
        return _same_code(result, limits) is not None

    def inspect(self, view: BatchView, method: Method, limits: Limits) -> Iterator[Finding]:  # noqa: ARG002
        """Find files of the same digest, and pages that are scans of the same sheet."""
        yield from _identical(view, limits)
        yield from listed(self._near_identical(view, limits), limits)

    def _near_identical(self, view: BatchView, limits: Limits) -> Iterator[Finding]:
        pairing = view.pairing(self.id)
        if pairing is None:
            yield from about(limits.flag("not-searched"), WHOLE_BATCH)
            return
        broken: list[Compared] = []
        unsure: list[Compared] = []
        copies = copy_of_files(view.batch)
        for compared in pairing.compared:
            one, other = compared.pair.one.page.path, compared.pair.other.page.path
            if copies.get(one) != copies.get(other):
                continue  # chosen when another layout was in force
            result = compared.result
            if result is None or result.state is not State.MEASURED:
                told = result is not None and result.state is State.NOT_APPLICABLE
                (unsure if told else broken).append(compared)
            elif code := _same_code(result, limits):
                yield from _same_sheet(code, compared, result, limits)
        if broken:
            first = broken[0].result
            detail = first.reason if first is not None else stored("it was not tried")
            count = len(broken)
            yield from about(
                limits.flag("not-compared", count=count, detail=detail), WHOLE_BATCH, _pages_of(broken)
            )
        if unsure:
            yield from about(limits.flag("unsure", count=len(unsure)), WHOLE_BATCH, _pages_of(unsure))
        if pairing.passed_over:
            yield from about(limits.flag("passed-over", count=pairing.passed_over), WHOLE_BATCH)


def _same_code(result: CheckResult, limits: Limits) -> str | None:
    """The code of a pair that is, or may be, one sheet."""
    difference, similarity = result.number(DIFFERENCE), result.number(SIMILARITY)
    if difference is None or similarity is None or result.text(OUTCOME) == APART:
        return None
    for code in ("near-identical", "perhaps-identical"):
        same: SameSheet = limits[code]
        if difference.value <= same.most_difference and similarity.value >= same.least_similarity:
            return code
    return None


def _same_sheet(code: str, compared: Compared, result: CheckResult, limits: Limits) -> Iterator[Finding]:
    similarity = result.number(SIMILARITY)
    one, other = str(compared.pair.one.page), str(compared.pair.other.page)
    found = limits.flag(
        code,
        value=similarity.value if similarity else None,
        unit=Unit.RATIO,
        one=one,
        other=other,
    )
    yield from about(found, compared.pair.other.page.path, (one, other), compared.picture)


def _pages_of(pairs: Sequence[Compared]) -> tuple[str, ...]:
    """Both pages of each pair, of so many pairs as a report lists."""
    pages = (str(page.page) for entry in pairs for page in (entry.pair.one, entry.pair.other))
    return tuple(dict.fromkeys(page for page, _ in zip(pages, range(LISTED), strict=False)))


class _Search:
    """Fingerprints of the pages of one copy, each with its running number among those of all copies."""

    def __init__(self) -> None:
        self._fingerprints = Fingerprints()
        self._numbers = array("q")

    def add(self, number: int, text: str) -> None:
        self._numbers.append(number)
        self._fingerprints.append(text)

    def nearest(self, method: Method) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.int64]]:
        """Pairs of running numbers, their likeness, and the running numbers of pages like too many others."""
        numbers = np.array(self._numbers, np.int64)
        rows, likeness, crowded = nearest(
            self._fingerprints, similarity=method.similarity, most=method.per_page
        )
        return numbers[rows], likeness, numbers[crowded]


def _fingerprints(view: BatchView) -> Iterator[tuple[str, str, PageResult]]:
    """Fingerprint, copy and page, in order, of the first page of each content that has one in its copy."""
    copies = copy_of_files(view.batch)
    seen: set[tuple[str, bytes]] = set()
    for page in view.pages():
        text = page.text(FINGERPRINT, SPECTRUM)
        if text is None or page.sha256 is None:
            continue
        content = bytes.fromhex(page.sha256[:32]) + page.page.frame.to_bytes(4)  # half a digest is plenty
        copy = copies.get(page.page.path, "")
        if (copy, content) not in seen:
            seen.add((copy, content))
            yield text, copy, page


@dataclass(slots=True, kw_only=True)
class _File:
    """A file of one or more pages; ``blank`` if all of them are blank and bitonal."""

    path: str
    copy: str
    sha256: str
    blank: bool


@dataclass(slots=True, kw_only=True)
class _Copies:
    """Files of one digest: how many, whether all are blank, and as many as a report lists."""

    count: int = 0
    blank: bool = True
    paths: list[str] = field(default_factory=list)

    def add(self, file: _File) -> None:
        self.count += 1
        self.blank = self.blank and file.blank
        if len(self.paths) < LISTED:
            self.paths.append(file.path)


def _identical(view: BatchView, limits: Limits) -> Iterator[Finding]:
    """Find files of the same digest in a copy of the delivery; a file of several pages is one file.

    Two passes: the first remembers a few bytes a file, the second the files that are not alone.
    """
    repeated = _repeated(view)
    if not repeated:
        return
    groups: defaultdict[tuple[str, str], _Copies] = defaultdict(_Copies)
    for file in _files(view):
        if _short(file.sha256) in repeated:
            groups[file.copy, file.sha256].add(file)
    for copies in groups.values():
        if copies.count > 1:
            code = "identical-blank" if copies.blank else "identical"
            yield from about(
                limits.flag(code, count=copies.count, value=float(copies.count), unit=Unit.COUNT),
                copies.paths[0],
                first_pages(copies.paths),
            )


def _files(view: BatchView) -> Iterator[_File]:
    """Gather the pages of each file; empty files and files that could not be read are left out."""
    copies = copy_of_files(view.batch)
    file: _File | None = None
    for page in view.pages():
        if page.sha256 is None or not page.size_bytes:
            continue
        if file is not None and file.path == page.page.path:
            file.blank = file.blank and _is_blank_bitonal(page)
            continue
        if file is not None:
            yield file
        file = _File(
            path=page.page.path,
            copy=copies.get(page.page.path, ""),
            sha256=page.sha256,
            blank=_is_blank_bitonal(page),
        )
    if file is not None:
        yield file


def _repeated(view: BatchView) -> set[int]:
    digests, counts = np.unique(
        np.fromiter((_short(file.sha256) for file in _files(view)), np.uint64), return_counts=True
    )
    return set(digests[counts > 1].tolist())


def _short(sha256: str) -> int:
    """Eight bytes of the digest: enough to leave out nearly all files that are alone."""
    return int(sha256[:16], 16)


def _is_blank_bitonal(page: PageResult) -> bool:
    return page.text("blank_page", "content") == "nothing" and page.text("colour_mode", "mode") == "bitonal"
