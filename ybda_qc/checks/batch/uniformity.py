"""One batch, one manner of scanning: storage format 存储格式, resolution and colour mode over all pages."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from ybda_qc.checks._base import BatchCheck, BatchView, Method, about
from ybda_qc.checks._copies import copy_of_files
from ybda_qc.checks._limits import Code, Flag, Limits
from ybda_qc.checks._listing import LISTED, WHOLE_BATCH
from ybda_qc.model import Finding, PageResult, Unit

_SHOWN = 8  # values in a message


class UniformityCheck(BatchCheck):
    """All pages of a batch are stored in one format; resolution and colour mode change only for a reason.

    Why: DA/T 31-2017 9.5 asks for one storage format a batch: pages of another one come from another
    machine, another setting or another delivery. Mixed resolutions and colour modes are allowed - drawings
    and photographs need their own - but often show that a scanner was left on a wrong setting. Copies that
    the profile tells apart, as masters and access copies, are looked at one by one.

    Remedy: look at the pages of the smaller part. Scan or export again those that were not meant to be
    different.
    """

    id = "uniformity"
    title = "Uniformity"
    version = 1
    method = Method
    codes = (
        Code(
            name="mixed-format",
            title="more than one storage format",
            template="the batch uses more than one storage format: {counts}; pages not in {usual}: {count}",
            limits=Flag,
        ),
        Code(
            name="mixed-dpi",
            title="more than one resolution",
            template="the batch has more than one resolution (dpi): {counts}; pages not at {usual}: {count}",
            limits=Flag,
        ),
        Code(
            name="mixed-colour",
            title="more than one colour mode",
            template="the batch has more than one colour mode: {counts}; pages not in {usual}: {count}",
            limits=Flag,
        ),
    )

    def inspect(self, view: BatchView, method: Method, limits: Limits) -> Iterator[Finding]:  # noqa: ARG002
        """Count formats, resolutions and colour modes in one pass; pages that declare none do not count.

        Each copy of a delivery is counted by itself.
        """
        tallies: defaultdict[tuple[str, str], _Tally] = defaultdict(_Tally)
        copies = copy_of_files(view.batch)
        for page in view.pages():
            copy = copies.get(page.page.path, "")
            for code, value_of in _VALUE_OF.items():
                value = value_of(page)
                if value is not None:
                    tallies[code, copy].add(value, str(page.page))
        titles = {copy.name: copy.title for copy in view.batch.copies}
        for code, copy in sorted(tallies, key=lambda key: (list(_VALUE_OF).index(key[0]), key[1])):
            found = tallies[code, copy].findings(code, limits)
            yield from (_of_copy(finding, titles[copy]) for finding in found) if copy else found


def _of_copy(finding: Finding, title: str) -> Finding:
    return replace(
        finding,
        template="{copy} is not uniform: {counts}; pages other than {usual}: {count}",
        values={**finding.values, "copy": title},
    )


def _format(page: PageResult) -> str | None:
    return page.text("file_format", "format")


def _resolution(page: PageResult) -> str | None:
    x = page.number("resolution", "resolution_x")
    y = page.number("resolution", "resolution_y")
    if x is None or y is None:
        return None
    # Whole numbers: what programs make of 300 on the way through metres or inches is not another setting.
    across, down = f"{x:.0f}", f"{y:.0f}"
    return across if across == down else f"{across} × {down}"


def _colour(page: PageResult) -> str | None:
    return page.text("colour_mode", "mode")


_VALUE_OF: Mapping[str, Callable[[PageResult], str | None]] = {
    "mixed-format": _format,
    "mixed-dpi": _resolution,
    "mixed-colour": _colour,
}


class _Tally:
    """Counts of values, and enough pages to name the first `LISTED` of the smaller part.

    Which value is the usual one is known only at the end. Of each value at most `LISTED` pages are kept,
    of all together twice as many: however many of these turn out to be usual, enough others are left.
    """

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._kept: list[tuple[str, str]] = []

    def add(self, value: str, page: str) -> None:
        self._counts[value] += 1
        if self._counts[value] <= LISTED and len(self._kept) < 2 * LISTED:
            self._kept.append((value, page))

    def findings(self, code: str, limits: Limits) -> Iterator[Finding]:
        if len(self._counts) < 2:
            return
        ranking = sorted(self._counts.items(), key=lambda entry: (-entry[1], entry[0]))
        usual = ranking[0][0]
        others = self._counts.total() - self._counts[usual]
        counts = ", ".join(f"{value}: {count}" for value, count in ranking[:_SHOWN])
        pages = [page for value, page in self._kept if value != usual][:LISTED]
        yield from about(
            limits.flag(
                code,
                counts=counts + (", …" if len(ranking) > _SHOWN else ""),
                usual=usual,
                count=others,
                value=float(others),
                unit=Unit.COUNT,
            ),
            WHOLE_BATCH,
            pages,
        )
