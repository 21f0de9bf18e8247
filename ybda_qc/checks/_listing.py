"""Lists that stay short however large the batch: what a report names one by one and what it counts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ybda_qc.checks._base import about
from ybda_qc.checks._limits import Code, Flag, Limits
from ybda_qc.model import Finding, PageId

LISTED: Final = 1000  # findings of a code, and pages of a finding, that are named one by one
WHOLE_BATCH: Final = "/"  # subject of findings about the batch as a whole; no item or path is called so

_RANGES = 40  # of page numbers in one message

UNLISTED: Final = Code(
    name="unlisted",
    title="more findings of a kind",
    template="{count} more findings of the kind {kind} are not named one by one",
    limits=Flag,
)


def listed(findings: Iterable[Finding], limits: Limits) -> Iterator[Finding]:
    """Pass on the first findings of each code, and say how many more there are.

    Parameters
    ----------
    findings
        Findings of one check, which declares the code `UNLISTED`.
    limits
        The limits of that check.
    """
    counts: Counter[str] = Counter()
    for finding in findings:
        counts[finding.code] += 1
        if counts[finding.code] <= LISTED:
            yield finding
    for code, count in sorted(counts.items()):
        if count > LISTED:
            yield from about(limits.flag("unlisted", count=count - LISTED, kind=code), WHOLE_BATCH)


def first_pages(paths: Iterable[str]) -> tuple[str, ...]:
    """Name the first page of each file, as ``path#1``; of the first `LISTED` files only."""
    pages = (str(PageId(path=path)) for path in paths)
    return tuple(page for page, _ in zip(pages, range(LISTED), strict=False))


def spans(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Gather numbers into runs: 7, 9, 10, 11 into (7, 7), (9, 11)."""
    runs: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def write_spans(runs: Sequence[tuple[int, int]]) -> str:
    """Write runs of numbers the way people do: ``7, 9-11``; a long list is cut off with an ellipsis."""
    words = [str(first) if first == last else f"{first}-{last}" for first, last in runs[:_RANGES]]
    return ", ".join([*words, "…"] if len(runs) > _RANGES else words)
