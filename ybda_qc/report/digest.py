"""What the HTML report and the workbook need of all pages, gathered in one pass and bounded memory."""

import heapq
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ybda_qc.model import JudgedPage, Summary, Verdict
from ybda_qc.report.rows import Row, item_of, page_rows
from ybda_qc.report.spool import Spool

MAX_PICTURES = 300
"""Pictures embedded in one report file."""

MAX_PICTURE_BYTES = 24_000_000
"""Bytes of pictures embedded in one report file."""

MAX_LISTED = 300
"""Findings listed in the part of the page that needs no JavaScript and is printed."""

Group = tuple[str | None, bool]
"""Item code and True; ``(None, True)`` are files outside items, ``(None, False)`` is the batch."""

_OFFSET_BITS = 56
_OFFSET = (1 << _OFFSET_BITS) - 1


def group_order(group: Group) -> tuple[bool, bytes]:
    """Order of the groups in lists: the batch, files outside items, then items by code."""
    return group[1], (group[0] or "").encode("utf-8", "surrogatepass")


@dataclass(slots=True, kw_only=True)
class ItemTally:
    """Counts of one item; pages outside items are gathered under None."""

    code: str | None
    pages: int = 0
    media: int = 0
    worst: Verdict = Verdict.NOT_APPLICABLE
    by_verdict: list[int] = field(default_factory=lambda: [0] * len(Verdict))
    rework: int = 0
    notes: int = 0

    def add(self, row: Row) -> None:
        """Count a finding."""
        if row.is_rework:
            self.rework += 1
        else:
            self.notes += 1
        self.worst = max(self.worst, row.finding.verdict)


class Worst:
    """The worst rows of a stream, in a heap of fixed size.

    Among equals each kind of defect comes first with its first example, then with its second, and so on, so
    that ten thousand pages of one defect do not hide the single page of another.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._seen: Counter[str] = Counter()
        self._heap: list[tuple[tuple[int, int, int], Row]] = []
        self._order = 0

    def offer(self, row: Row) -> None:
        """Keep the row if it is among the worst so far."""
        kind = f"{row.finding.verdict}/{row.finding.key}"
        self._seen[kind] += 1
        self._order += 1
        rank = (int(row.finding.verdict), -self._seen[kind], -self._order)
        if len(self._heap) < self._size:
            heapq.heappush(self._heap, (rank, row))
        elif rank > self._heap[0][0]:
            heapq.heapreplace(self._heap, (rank, row))

    def worst_first(self) -> list[Row]:
        """The rows kept, worst first."""
        return [row for _, row in sorted(self._heap, key=lambda pair: pair[0], reverse=True)]

    def in_order(self) -> list[Row]:
        """The rows kept, in the order they were offered."""
        return [row for _, row in sorted(self._heap, key=lambda pair: pair[0][2], reverse=True)]


class Digest:
    """One pass over a run: items, rework, notes, the worst rows and the worst pictures.

    Parameters
    ----------
    folder
        The run folder.
    scratch
        Folder for temporary files.
    summary
        Head of the report; its findings come before those of the pages.
    """

    def __init__(self, folder: Path, scratch: Path, summary: Summary) -> None:
        self.folder = folder
        self.scratch = scratch
        self.items: dict[str | None, ItemTally] = {}
        self.rework = Spool(scratch)
        self.notes = Spool(scratch)
        self._worst = Worst(MAX_LISTED)
        self._pictured = Worst(MAX_PICTURES)
        self._pictures: dict[str, bytes] | None = None
        self.damaged = 0
        self._evidence: set[int] = set()
        self._places: dict[Group, array[int]] = {}
        batch_rows = [Row(finding=finding, evidence=finding.evidence) for finding in summary.findings]
        self._media = summary.media
        self._batch_rows = [(row, self._keep(row)) for row in batch_rows]

    @property
    def evidence(self) -> int:
        """How many pictures there are; pages of the same content share theirs."""
        return len(self._evidence)

    def add(self, judged: JudgedPage) -> None:
        """Take in a page."""
        item = judged.result.item
        tally = self.items.get(item)
        if tally is None:
            tally = self.items[item] = ItemTally(code=item)
        tally.pages += 1
        verdict = judged.verdict
        tally.by_verdict[verdict] += 1
        tally.worst = max(tally.worst, verdict)
        skipped = judged.result.fault is None and Verdict.NOT_RUN in judged.verdicts.values()
        self.damaged += skipped and judged.is_damaged
        for row in page_rows(judged):
            tally.add(row)
            self._place((item, True), row, self._keep(row))

    def _keep(self, row: Row) -> int:
        """Store a row; returns where."""
        offset = (self.rework if row.is_rework else self.notes).append(row)
        if row.is_rework:
            self._worst.offer(row)
        if row.evidence is not None and hash(row.evidence) not in self._evidence:
            self._evidence.add(hash(row.evidence))
            self._pictured.offer(row)
        return offset

    def _place(self, group: Group, row: Row, offset: int) -> None:
        """Note where a rework row stands, so that sorting these numbers puts the worst first."""
        if row.is_rework:
            places = self._places.setdefault(group, array("Q"))
            places.append(((len(Verdict) - int(row.finding.verdict)) << _OFFSET_BITS) | offset)

    def finish(self) -> None:
        """Take in items without pages and credit findings about items; call once, after the last page."""
        for item, count in self._media.items():
            tally = self.items.setdefault(item, ItemTally(code=item))
            tally.media = count
            tally.worst = max(tally.worst, Verdict.PASS)
        for row, offset in self._batch_rows:
            code = self.item_of(row)
            self._place((code, code is not None), row, offset)
            if code is not None:
                self.items[code].add(row)

    def listed(self) -> list[tuple[Group, list[Row]]]:
        """The rework rows of the printed list, ordered like `rework_by_item`."""
        groups: dict[Group, list[Row]] = {}
        for row in self._worst.in_order():
            code = self.item_of(row)
            groups.setdefault((code, row.path is not None or code is not None), []).append(row)
        return [
            (group, sorted(groups[group], key=lambda row: -int(row.finding.verdict)))
            for group in sorted(groups, key=group_order)
        ]

    def item_of(self, row: Row) -> str | None:
        """The item a row stands under; None for what belongs to the batch as a whole."""
        return item_of(row, self.items)

    def rework_by_item(self) -> Iterator[Row]:
        """The rework rows: the batch first, then item by item; worst first, then in page order."""
        for group in sorted(self._places, key=group_order):
            for place in sorted(self._places[group]):
                yield self.rework.at(place & _OFFSET)

    def rows(self) -> Iterator[Row]:
        """All rows: rework first, then notes; each in page order, after those of the batch."""
        yield from self.rework
        yield from self.notes

    def pictures(self) -> dict[str, bytes]:
        """The pictures to embed, by path below the run folder; worst first until a cap is reached.

        Pictures that are gone from the disk are left out.
        """
        if self._pictures is None:
            self._pictures = {}
            size = 0
            for row in self._pictured.worst_first():
                assert row.evidence is not None
                if row.evidence in self._pictures:
                    continue
                try:
                    picture = (self.folder / row.evidence).read_bytes()
                except OSError:
                    continue
                if not picture or size + len(picture) > MAX_PICTURE_BYTES:
                    continue
                size += len(picture)
                self._pictures[row.evidence] = picture
        return self._pictures

    def close(self) -> None:
        """Remove the temporary files."""
        self.rework.close()
        self.notes.close()
