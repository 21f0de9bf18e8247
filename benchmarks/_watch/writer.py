"""A writer: a process that has many files under its hands at once and starts new ones at a steady rate."""

import heapq
import random
import time
from dataclasses import dataclass
from pathlib import Path

from _watch import changing, writing
from _watch.desk import Desk
from _watch.journal import Journal
from _watch.sheets import load_sheets
from _watch.writing import Steps, Way

# In how many of a thousand beginnings each way is taken. A burst writes some forty files.
WAYS: dict[Way, int] = {
    writing.at_once: 120,
    writing.grown: 190,
    writing.grown_with_long_pauses: 70,
    writing.appended: 60,
    writing.temporary_name: 120,
    writing.moved_in: 90,
    writing.allocated_with_holes: 80,
    writing.allocated_with_blocks: 80,
    writing.header_last: 60,
    writing.burst: 5,
    writing.copied: 35,
    writing.left_truncated: 8,
    writing.given_up: 6,
    changing.scanned_again: 60,
    changing.written_over: 25,
    changing.same_size_and_time: 25,
    changing.replaced_by_rename: 30,
    changing.renamed: 25,
    changing.exchanged: 6,
    changing.folder_renamed: 3,
    changing.folder_removed: 1,
    changing.removed: 25,
    changing.marked: 12,
    changing.no_page: 14,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a writer is to do.

    Parameters
    ----------
    number
        Of the writer, from 1.
    seed
        Of its choices.
    files
        How many complete files it writes, new ones and further contents of old ones.
    rate
        How many it begins a second.
    inboxes, staging, sheets, journal
        Watched folders by name, a folder beside them, file with the sheets, file for the journal.
    """

    number: int
    seed: int
    files: int
    rate: float
    inboxes: dict[str, Path]
    staging: Path
    sheets: Path
    journal: Path
    large_share: float = 0.01


def write(order: Order) -> None:
    """Write until the order is carried out."""
    chance = random.Random(f"{order.seed} {order.number}")
    with Journal(order.journal) as journal:
        desk = Desk(
            number=order.number,
            chance=chance,
            inboxes=order.inboxes,
            staging=order.staging,
            sheets=load_sheets(order.sheets),
            journal=journal,
            large_share=order.large_share,
        )
        _Hands(desk, order).work()


class _Hands:
    """The files that are being written; the one whose pause is over is next."""

    def __init__(self, desk: Desk, order: Order) -> None:
        self._desk = desk
        self._order = order
        self._pausing: list[tuple[float, int, Steps]] = []
        self._begun = 0
        self._started = time.monotonic()

    def work(self) -> None:
        """Begin, go on, wait, until enough is written and nothing is under way."""
        ways, weights = list(WAYS), list(WAYS.values())
        while self._pausing or self._desk.written_files < self._order.files:
            now = time.monotonic()
            wanted = self._desk.written_files + len(self._pausing)
            if wanted < self._order.files and now >= self._started + wanted / self._order.rate:
                self._go_on(self._desk.chance.choices(ways, weights)[0](self._desk))
            elif self._pausing and self._pausing[0][0] <= now:
                self._go_on(heapq.heappop(self._pausing)[2])
            else:
                time.sleep(0.005)

    def _go_on(self, steps: Steps) -> None:
        try:
            pause = next(steps)
        except StopIteration:
            return
        self._begun += 1
        heapq.heappush(self._pausing, (time.monotonic() + pause, self._begun, steps))
