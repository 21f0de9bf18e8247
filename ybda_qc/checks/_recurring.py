"""Spots that come back at the same place on many pages of a scanner, found while the pages go by."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

import numpy as np

from ybda_qc.checks._base import BatchView
from ybda_qc.checks._copies import copy_of_files
from ybda_qc.checks._listing import LISTED
from ybda_qc.checks._scanner import Scanner, scanner_of
from ybda_qc.checks._spots import CHECK, PLACES, parse_places
from ybda_qc.imaging.ops.recurring import LEAST_PAGES, PAUSE, find_recurring

_WINDOW: Final = 400  # pages searched together: so few that chance brings hardly any spots together
_OVERLAP: Final = LEAST_PAGES * PAUSE  # pages searched again with the next, lest a run be cut in two
_NEAR_PX: Final = 1.5  # at 300 dpi or less; the centre of gravity is exact to half a pixel
_USUAL_DPI: Final = 300.0
_NAMED: Final = 5  # places in a message
_MOST_SCANNERS: Final = 64  # watched at a time: without a resolution each size of pages is taken for one


@dataclass(slots=True)
class Spot:
    """A spot that comes back: its place in stored pixels, and its pages by running number and name."""

    x: float
    y: float
    bright: bool
    scanner: Scanner
    numbers: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    first: int = 0
    last: int = -1
    last_name: str = ""
    count: int = 0

    def add(self, number: int, name: str) -> None:
        """Another page, later than those so far; only so many are remembered as a report names."""
        if number <= self.last:
            return
        if not self.count:
            self.first = number
        self.last, self.last_name = number, name
        self.count += 1
        if len(self.names) < LISTED:
            self.numbers.append(number)
            self.names.append(name)

    @property
    def place(self) -> str:
        """Distances from the left and upper edges in mm, or in pixels without a resolution."""
        return f"x {self.scanner.distance(self.x)}, y {self.scanner.distance(self.y, down=True)}"


@dataclass(slots=True)
class Alarm:
    """Spots of one scanner that stand on the same stretch of pages."""

    spots: list[Spot]

    @property
    def count(self) -> int:
        """Pages of the spot that stands on most of them."""
        return max(spot.count for spot in self.spots)

    @property
    def places(self) -> str:
        """Where the spots are, those on most pages first."""
        words = [spot.place for spot in sorted(self.spots, key=lambda spot: -spot.count)]
        return "; ".join([*words[:_NAMED], "…"] if len(words) > _NAMED else words)

    @property
    def names(self) -> list[str]:
        """Pages with any of the spots, as many as a report names."""
        known = {
            number: name for spot in self.spots for number, name in zip(spot.numbers, spot.names, strict=True)
        }
        return [known[number] for number in islice(sorted(known), LISTED)]

    @property
    def last_name(self) -> str:
        """The last page of all."""
        return max(self.spots, key=lambda spot: spot.last).last_name


def recurring_spots(view: BatchView) -> Iterator[Alarm]:
    """Find the spots of each scanner in one pass; of a few hundred pages each the places are kept at a time.

    Of very many scanners the one whose pages have stayed away longest is done with.
    """
    watches: dict[Scanner, _Watch] = {}
    copies = copy_of_files(view.batch)
    for page in view.pages():
        text, scanner = page.text(CHECK, PLACES), scanner_of(page, copies.get(page.page.path, ""))
        if text is None or scanner is None:
            continue
        watch = watches.pop(scanner, None) or _Watch(scanner)
        watches[scanner] = watch  # the last
        watch.add(str(page.page), text)
        if len(watches) > _MOST_SCANNERS:
            yield from watches.pop(next(iter(watches))).alarms()
    for watch in watches.values():
        yield from watch.alarms()


class _Watch:
    """What is remembered of the pages of one scanner."""

    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner
        dpi = sum(scanner.dpi) / 2 if scanner.dpi else 0.0
        self._near = _NEAR_PX * max(1.0, dpi / _USUAL_DPI)
        self._spots: list[Spot] = []
        self._start = 0  # running number of the first page in the window
        self._names: list[str] = []
        self._texts: list[str] = []

    def add(self, name: str, text: str) -> None:
        self._names.append(name)
        self._texts.append(text)
        if len(self._names) >= _WINDOW:
            self._search()
            done = len(self._names) - _OVERLAP
            self._start += done
            del self._names[:done], self._texts[:done]

    def alarms(self) -> Iterator[Alarm]:
        """Spots whose stretches of pages overlap are one alarm: one glass is dirty."""
        self._search()
        alarm: Alarm | None = None
        last = -1
        for spot in sorted(self._spots, key=lambda spot: spot.first):
            if alarm is not None and spot.first <= last:
                alarm.spots.append(spot)
            else:
                if alarm is not None:
                    yield alarm
                alarm = Alarm([spot])
            last = max(last, spot.last)
        if alarm is not None:
            yield alarm

    def _search(self) -> None:
        places = [parse_places(text) for text in self._texts]
        if not places:
            return
        pages = np.repeat(np.arange(len(places)), [len(found) for found in places])
        table = np.concatenate(places)
        for bright in (False, True):
            own = (table[:, 2] > 0) == bright
            x, y, numbers = table[own, 0], table[own, 1], pages[own]
            for found in find_recurring(x, y, numbers, near=self._near):
                spot = self._spot(found.x, found.y, bright=bright)
                for number in found.pages.tolist():
                    spot.add(self._start + number, self._names[number])

    def _spot(self, x: float, y: float, *, bright: bool) -> Spot:
        """The spot that is known at this place, or a new one."""
        for spot in self._spots:
            if spot.bright == bright and max(abs(spot.x - x), abs(spot.y - y)) <= self._near:
                return spot
        spot = Spot(x=x, y=y, bright=bright, scanner=self._scanner)
        self._spots.append(spot)
        return spot
