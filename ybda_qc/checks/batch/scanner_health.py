"""Faults of a scanner 扫描仪故障 that come back on page after page: one alarm for all of them."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ybda_qc.checks._base import BatchCheck, BatchView, Method, about
from ybda_qc.checks._copies import copy_of_files
from ybda_qc.checks._limits import Above, Code, Limits
from ybda_qc.checks._listing import LISTED, WHOLE_BATCH
from ybda_qc.checks._recurring import recurring_spots
from ybda_qc.checks._requires import require_looked_at
from ybda_qc.checks._scanner import Scanner, scanner_of
from ybda_qc.checks._spots import CHECK as SPOTS_CHECK
from ybda_qc.model import Finding, Measurement, PageResult, Unit

_PAGE_CHECK: Final = "scanner_line"
_NEAR_PX: Final = 1.5  # a sensor does not move; a printed rule moves by more from sheet to sheet
_AROUND_PX: Final = 8.0
_STILL: Final = 0.7  # share of the lines within the wider distance that lie within the narrow one
_LEAST_PAGES: Final = 3
_LEAST_WEIGHT: Final = 3.0  # sum of the confidences: three sure streaks, or eight faint ones
_PAUSE: Final = 20  # pages of the scanner without the streak that end a run
_LEAST_SHARE: Final = 0.3  # of the pages of a run; duplex scanning shows a streak on every second page

Pages = NDArray[np.int64]
Numbers = NDArray[np.float64]


class ScannerHealthCheck(BatchCheck):
    """No streak and no speck comes back at the same place over many pages.

    Why: a speck of dirt on the glass or a dead element of the sensor spoils the same column of every page
    until somebody looks. One alarm that names the column and the pages says more than a hundred findings,
    and a streak too faint to be sure of on one page is sure on twenty. On a flatbed or under a camera dirt
    leaves a speck, which is nothing on one page. The rules and dots of a printed form move by tenths of a
    millimetre and turn from sheet to sheet; a fault of the scanner does not move by a pixel.

    Remedy: clean or repair the scanner that made these pages, then scan them again from the first page
    named. Pages between them may show the streak or speck where it is hard to see.
    """

    id = "scanner_health"
    title = "Scanner health"
    version = 3
    method = Method
    reads = (_PAGE_CHECK, SPOTS_CHECK)
    codes = (
        Code(
            name="same-column",
            title="the same streak on many pages",
            template="the same streak stands {place} from the left edge on {count} pages, {first} to {last}",
            limits=Above,
        ),
        Code(
            name="same-row",
            title="the same level streak on many pages",
            template="the same streak stands {place} from the upper edge on {count} pages, {first} to {last}",
            limits=Above,
        ),
        Code(
            name="same-speck",
            title="the same speck on many pages",
            template="the same speck stands on {count} pages, {first} to {last}, at {place}",
            limits=Above,
        ),
    )

    def inspect(self, view: BatchView, method: Method, limits: Limits) -> Iterator[Finding]:  # noqa: ARG002
        """Streaks in two passes: the first remembers a few numbers a line, the second names the pages.

        Specks in one pass more, in windows of some hundred pages.

        Raises
        ------
        LookupError
            If there are pages and neither streaks nor specks were looked for on any of them.
        """
        require_looked_at(view, _PAGE_CHECK, SPOTS_CHECK)
        yield from _streaks(view, limits)
        for alarm in recurring_spots(view):
            names = alarm.names
            yield from about(
                limits.grade(
                    "same-speck",
                    float(alarm.count),
                    unit=Unit.COUNT,
                    place=alarm.places,
                    count=alarm.count,
                    first=names[0],
                    last=alarm.last_name,
                ),
                WHOLE_BATCH,
                names,
            )


def _streaks(view: BatchView, limits: Limits) -> Iterator[Finding]:
    alarms = [alarm for source, lines in _gathered(view).items() for alarm in _alarms(source, lines)]
    if not alarms:
        return
    names = _names(view, alarms)
    for alarm, pages in zip(alarms, names, strict=True):
        count = int(alarm.pages.size)
        yield from about(
            limits.grade(
                "same-column" if alarm.source.upright else "same-row",
                float(count),
                unit=Unit.COUNT,
                place=alarm.place,
                count=count,
                first=pages.first,
                last=pages.last,
            ),
            WHOLE_BATCH,
            pages.listed,
        )


@dataclass(frozen=True, slots=True)
class _Source:
    """Lines of one direction and one polarity on the pages of one scanner."""

    scanner: Scanner
    upright: bool
    bright: bool


@dataclass(slots=True)
class _Lines:
    """Place, confidence and running number of the page of each line."""

    places: "array[float]"
    weights: "array[float]"
    pages: "array[int]"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Alarm:
    source: _Source
    position: float
    pages: Pages

    @property
    def place(self) -> str:
        """Distance from the edge in mm, or in pixels where the files declare no resolution."""
        return self.source.scanner.distance(self.position, down=not self.source.upright)


@dataclass(slots=True)
class _Named:
    listed: list[str]
    first: str = ""
    last: str = ""

    def add(self, page: str) -> None:
        self.first = self.first or page
        self.last = page
        if len(self.listed) < LISTED:
            self.listed.append(page)


def _scanner(page: PageResult, copy: str) -> Scanner | None:
    """The scanner of a page on which streaks were looked for."""
    result = page.checks.get(_PAGE_CHECK)
    return scanner_of(page, copy) if result is not None and result.measured else None


def _numbered(view: BatchView) -> Iterator[tuple[PageResult, Scanner, int]]:
    """Pages with their scanner and their running number among the pages of that scanner.

    Without a resolution each size of page counts as a scanner.
    """
    counts: Counter[Scanner] = Counter()
    copies = copy_of_files(view.batch)
    for page in view.pages():
        scanner = _scanner(page, copies.get(page.page.path, ""))
        if scanner is not None:
            yield page, scanner, counts[scanner]
            counts[scanner] += 1


def _gathered(view: BatchView) -> dict[_Source, _Lines]:
    found: defaultdict[_Source, _Lines] = defaultdict(lambda: _Lines(array("d"), array("d"), array("q")))
    for page, scanner, number in _numbered(view):
        measured = {
            entry.quantity: entry
            for entry in page.checks[_PAGE_CHECK].measured
            if isinstance(entry, Measurement)
        }
        for quantity, entry in measured.items():
            contrast = measured.get(f"{quantity}_contrast")
            if contrast is None:
                continue
            source = _Source(scanner, quantity.startswith("column"), contrast.value > 0)
            lines = found[source]
            lines.places.append(entry.value)
            lines.weights.append(entry.confidence)
            lines.pages.append(number)
    return found


def _alarms(source: _Source, lines: _Lines) -> Iterator[_Alarm]:
    """Places at which many lines stand, and hardly any around them; the fullest first."""
    places, weights = np.array(lines.places), np.array(lines.weights)
    pages = np.array(lines.pages, np.int64)
    order = np.argsort(places, kind="stable")
    places, weights, pages = places[order], weights[order], pages[order]
    free = np.ones(places.size, np.bool_)
    centres = np.unique(np.round(places))
    lows, highs = _between(places, centres, _NEAR_PX)
    for index in np.argsort(lows - highs, kind="stable"):
        near = slice(lows[index], highs[index])
        if near.stop - near.start < _LEAST_PAGES:
            return
        around = slice(*(int(bound[0]) for bound in _between(places, centres[index : index + 1], _AROUND_PX)))
        count = np.count_nonzero(free[near])
        if count < max(_LEAST_PAGES, _STILL * np.count_nonzero(free[around])):
            continue
        own = free[near]
        kept = _runs(pages[near][own], weights[near][own])
        if kept.size:
            yield _Alarm(source=source, position=float(np.median(places[near][own])), pages=kept)
            free[around] = False


def _between(places: Numbers, centres: Numbers, reach: float) -> tuple[Pages, Pages]:
    """First and one past the last of the sorted places within reach of each centre."""
    return (
        np.searchsorted(places, centres - reach, "left").astype(np.int64),
        np.searchsorted(places, centres + reach, "right").astype(np.int64),
    )


def _runs(pages: Pages, weights: Numbers) -> Pages:
    """The pages that lie in dense runs; a coincidence now and then is no run."""
    order = np.argsort(pages, kind="stable")
    pages, weights = pages[order], weights[order]
    cuts = np.flatnonzero(np.diff(pages) > _PAUSE) + 1
    kept = []
    for run, weight in zip(np.split(pages, cuts), np.split(weights, cuts), strict=True):
        run_pages = np.unique(run)
        share = run_pages.size / (run_pages[-1] - run_pages[0] + 1)
        if run_pages.size >= _LEAST_PAGES and weight.sum() >= _LEAST_WEIGHT and share >= _LEAST_SHARE:
            kept.append(run_pages)
    return np.concatenate(kept) if kept else np.empty(0, np.int64)


def _names(view: BatchView, alarms: list[_Alarm]) -> list[_Named]:
    wanted: defaultdict[Scanner, list[tuple[int, set[int]]]] = defaultdict(list)
    for index, alarm in enumerate(alarms):
        wanted[alarm.source.scanner].append((index, set(alarm.pages.tolist())))
    named = [_Named([]) for _ in alarms]
    for page, scanner, number in _numbered(view):
        for index, pages in wanted.get(scanner, ()):
            if number in pages:
                named[index].add(str(page.page))
    return named
