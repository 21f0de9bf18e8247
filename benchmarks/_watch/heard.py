"""What the service said in its log, over all its lives."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from _watch.history import Place
from _watch.service import Life

NO_BYTES = hashlib.sha256(b"").hexdigest()
"""What an empty file is known by here; the service gives it no digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A page has its verdict: where, of which content, when, and in which life of the service."""

    place: Place
    frame: int
    sha256: str
    verdict: str
    at: float
    life: int


@dataclass(slots=True, kw_only=True)
class Heard:
    """Verdicts in order, how often each kind of thing was said, and lines that are no JSON."""

    verdicts: list[Verdict] = field(default_factory=list)
    renames: list[tuple[Place, float, int]] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    garbled: list[str] = field(default_factory=list)


def hear(lives: Sequence[Life]) -> Heard:
    """Read the logs of all lives.

    The last line of a life that was killed may be cut, and after it Python's own tracker of semaphores, a
    process apart, tells that somebody died.
    """
    heard = Heard()
    for number, life in enumerate(lives):
        for line, is_last in _lines(life.log):
            try:
                said = json.loads(line)
            except ValueError:
                if not (
                    life.was_killed and (is_last or "resource_tracker" in line or "warnings.warn" in line)
                ):
                    heard.garbled.append(line)
                continue
            if isinstance(said, dict):
                _take_in(heard, said, number)
    return heard


def _lines(path: Path) -> Iterator[tuple[str, bool]]:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield line, number == len(lines)


def _take_in(heard: Heard, said: Mapping[str, object], life: int) -> None:
    kind = str(said.get("kind", ""))
    heard.kinds[kind] += 1
    inbox = str(said.get("inbox", ""))
    if kind == "page":
        verdict = Verdict(
            place=(inbox, str(said["path"])),
            frame=int(str(said["frame"])),
            sha256=str(said["sha256"] or NO_BYTES),
            verdict=str(said["verdict"]),
            at=seconds(str(said["at"])),
            life=life,
        )
        heard.verdicts.append(verdict)
    elif kind == "file-renamed":
        heard.renames.append(((inbox, str(said["path"])), seconds(str(said["at"])), life))


def seconds(text: str) -> float:
    """A time as written in the log, in seconds since 1970."""
    return datetime.fromisoformat(text).timestamp()
