"""How long it took from the completion of a file to the verdict on its last page."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from _watch.heard import Heard, Verdict
from _watch.history import Content, History, Place
from _watch.service import Life
from _watch.writing import BROKEN_WAYS

_SETTLED_SECONDS = 5.0  # after a start, in which what has come meanwhile is caught up with


@dataclass(slots=True)
class Waits:
    """Seconds waited, by way of writing and by inbox; and files left out, by reason."""

    by_way: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    by_inbox: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    left_out: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, content: Content, seconds: float) -> None:
        """Take in one file."""
        self.by_way[content.way].append(seconds)
        if content.way not in BROKEN_WAYS:  # they are waited for, as long as the profile says
            self.by_inbox[content.place[0]].append(seconds)


def measure_waits(history: History, heard: Heard, lives: Sequence[Life]) -> Waits:
    """The waits of files that were written while the service was up, and judged in the same life."""
    waits = Waits()
    verdicts: Mapping[tuple[Place, str], list[Verdict]] = defaultdict(list)
    for verdict in heard.verdicts:
        verdicts[verdict.place, verdict.sha256].append(verdict)
    for contents in history.contents.values():
        for content in contents:
            if content.is_new and content.pages >= 0:
                _measure(content, verdicts.get((content.place, content.sha256), []), lives, waits)
    return waits


def _measure(content: Content, verdicts: Sequence[Verdict], lives: Sequence[Life], waits: Waits) -> None:
    up = [number for number, life in enumerate(lives) if life.started <= content.since < life.ended]
    if not up:
        waits.left_out["completed while the service was down"] += 1
        return
    life = lives[up[0]]
    first = {verdict.frame: verdict.at for verdict in reversed(verdicts) if verdict.at >= content.since - 1.0}
    if content.since < life.started + _SETTLED_SECONDS:
        waits.left_out[f"completed within {_SETTLED_SECONDS:.0f} s of a start"] += 1
    elif not first or max(first.values()) > min(content.until, life.ended):
        waits.left_out[_why_there_is_none(content, life)] += 1
    else:
        waits.add(content, max(0.0, max(first.values()) - content.since))


def _why_there_is_none(content: Content, life: Life) -> str:
    if content.until < life.ended:
        return "replaced, renamed or removed before its verdict"
    return "the service was killed before its verdict" if life.was_killed else "never judged"


class Row(NamedTuple):
    """Percentiles of waits, in seconds."""

    name: str
    files: int
    median: float
    p95: float
    p99: float
    longest: float


def row(name: str, seconds: Sequence[float]) -> Row:
    """Summarise."""
    if not seconds:
        return Row(name, 0, *(float("nan"),) * 4)
    median, p95, p99 = np.percentile(seconds, (50, 95, 99))
    return Row(name, len(seconds), float(median), float(p95), float(p99), max(seconds))


def print_waits(rows: Sequence[Row], first_column: str) -> None:
    """Print a table."""
    print(f"| {first_column} | files | 50 % | 95 % | 99 % | longest |")
    print("|---|---|---|---|---|---|")
    for one in rows:
        print(
            f"| {one.name} | {one.files:,} | {one.median:.1f} | {one.p95:.1f} | {one.p99:.1f} "
            f"| {one.longest:.1f} |"
        )
