"""Ways in which scanners and copy tools write a new file.

Each way is a generator that yields the seconds it pauses, so that a writer has many files under its hands at
once. The moment of completion is taken just before the last step, the closing or the renaming.
"""

import os
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from _watch.desk import Desk, Fresh
from _watch.journal import UNKNOWN_PAGES, Moment

Steps = Iterator[float]
Way = Callable[[Desk], Steps]

STAYS_TRUNCATED, EMPTY = "stays truncated", "empty file"
BROKEN_WAYS = (STAYS_TRUNCATED, EMPTY)

# Longer than a complete file has to stand still, and longer than one whose end nothing tells.
_LONG_PAUSES = (0.7, 1.0, 1.5, 2.5, 6.5)
_TEMPORARY = ("{name}.part", "{name}.tmp", "{name}.crdownload", "~{name}", ".{name}.Xk3q9Z")
_BLOCK = 16_384


def write_whole(path: Path, data: bytes) -> Moment:
    """Write a file at once; when it was complete."""
    with path.open("wb", buffering=0) as file:
        file.write(data)
        return Moment.now()


def at_once(desk: Desk) -> Steps:
    """One write, then closed."""
    fresh, path = _begin(desk, "at once")
    moment = write_whole(path, fresh.data)
    desk.written("at once", path, fresh, moment)
    yield 0.0


def grown(desk: Desk) -> Steps:
    """Grows in pieces with short pauses."""
    yield from _grown(desk, "slow growth", lambda: desk.chance.uniform(0.05, 0.4))


def grown_with_long_pauses(desk: Desk) -> Steps:
    """Grows in pieces with pauses that are longer than a file has to stand still."""
    yield from _grown(desk, "growth, long pauses", lambda: desk.chance.choice(_LONG_PAUSES))


def _grown(desk: Desk, way: str, pause: Callable[[], float]) -> Steps:
    fresh, path = _begin(desk, way)
    with path.open("wb", buffering=0) as file:
        for piece in _cut(desk.chance, fresh.data):
            if piece.start:
                yield pause()
            file.write(fresh.data[piece])
        moment = Moment.now()
    desk.written(way, path, fresh, moment)


def appended(desk: Desk) -> Steps:
    """Opened, lengthened and closed for each piece."""
    way = "opened for each piece"
    fresh, path = _begin(desk, way)
    moment = Moment.now()
    for piece in _cut(desk.chance, fresh.data):
        if piece.start:
            yield desk.chance.choice((0.1, 0.3, 0.9, 1.6))
        with path.open("ab", buffering=0) as file:
            file.write(fresh.data[piece])
            moment = Moment.now()
    desk.written(way, path, fresh, moment)


def temporary_name(desk: Desk) -> Steps:
    """Written under a temporary name beside, then renamed."""
    fresh = desk.fresh()
    path = desk.new_path(fresh.sheet.suffix)
    temporary = path.with_name(desk.chance.choice(_TEMPORARY).format(name=path.name))
    yield from _written_then_renamed(desk, "temporary name", fresh, temporary, path)


def moved_in(desk: Desk) -> Steps:
    """Written in another folder of the disk, then moved in."""
    fresh = desk.fresh()
    path = desk.new_path(fresh.sheet.suffix)
    outside = desk.staging / f"{desk.number}-{path.parent.name}-{path.name}"
    yield from _written_then_renamed(desk, "moved in", fresh, outside, path)


def _written_then_renamed(desk: Desk, way: str, fresh: Fresh, temporary: Path, path: Path) -> Steps:
    desk.begun(way, temporary)
    with temporary.open("wb", buffering=0) as file:
        for piece in _cut(desk.chance, fresh.data):
            file.write(fresh.data[piece])
            yield desk.chance.choice((0.02, 0.1, 0.3, 1.2))
    moment = Moment.now()
    temporary.rename(path)
    desk.written(way, path, fresh, moment)


def allocated_with_holes(desk: Desk) -> Steps:
    """Brought to its full size as a hole, then filled."""
    yield from _filled(desk, "full size first (hole)", os.truncate)


def allocated_with_blocks(desk: Desk) -> Steps:
    """Brought to its full size by reserving blocks, then filled."""

    def reserve(path: Path, size: int) -> None:
        with path.open("r+b") as file:
            os.posix_fallocate(file.fileno(), 0, size)

    yield from _filled(desk, "full size first (reserved)", reserve)


def _filled(desk: Desk, way: str, allocate: Callable[[Path, int], None]) -> Steps:
    """Filled from the front, from the back, or block by block in any order."""
    order = desk.chance.choice(("front", "back", "any order"))
    way = f"{way}, {order}"
    fresh, path = _begin(desk, way)
    blocks = _blocks(desk.chance, fresh.data)
    if order == "back":
        blocks.reverse()
    elif order == "any order":
        desk.chance.shuffle(blocks)
    with path.open("wb", buffering=0) as file:
        allocate(path, len(fresh.data))
        for block in blocks:
            yield desk.chance.choice((0.05, 0.1, 0.2, 0.4, 0.4, *_LONG_PAUSES[:3]))
            os.pwrite(file.fileno(), fresh.data[block], block.start)
        moment = Moment.now()
    desk.written(way, path, fresh, moment)


def header_last(desk: Desk) -> Steps:
    """A TIFF that tells where its directory stands only when all else is written."""
    way = "TIFF, header last"
    fresh = desk.fresh(".tif", ".tiff")
    path = desk.new_path(fresh.sheet.suffix)
    desk.begun(way, path)
    header = fresh.data[:8]
    with path.open("wb", buffering=0) as file:
        file.write(header[:4] + bytes(4))
        for piece in _cut(desk.chance, fresh.data[8:]):
            yield desk.chance.choice((0.05, 0.2, 0.8))
            file.write(fresh.data[8:][piece])
        yield desk.chance.choice((0.05, 0.2, 0.8, 1.5))
        moment = Moment.now()
        os.pwrite(file.fileno(), header, 0)
    desk.written(way, path, fresh, moment)


def burst(desk: Desk) -> Steps:
    """Many files one after another, as fast as the disk takes them."""
    for _ in range(desk.chance.randint(20, 60)):
        fresh, path = _begin(desk, "burst", desk.fresh(".jpg", ".jpeg", ".tif"))
        desk.written("burst", path, fresh, write_whole(path, fresh.data))
        yield 0.0


def copied(desk: Desk) -> Steps:
    """A copy of a page under a new name, with the time of the original."""
    source = desk.take_held()
    if source is None:
        return
    way = "copy of a page"
    fresh = desk.held[source]
    path = desk.new_path(source.suffix)
    desk.begun(way, path)
    moment = write_whole(path, fresh.data)
    desk.written(way, path, fresh, moment)
    shutil.copystat(source, path)
    desk.busy.discard(source)
    yield 0.0


def left_truncated(desk: Desk) -> Steps:
    """Broken off for good: what lies there is all there will ever be."""
    fresh = desk.fresh()
    cut = fresh.data[: int(len(fresh.data) * desk.chance.uniform(0.3, 0.9))]
    broken = Fresh(sheet=fresh.sheet, data=cut, pages=UNKNOWN_PAGES)
    path = desk.new_path(fresh.sheet.suffix)
    desk.begun(STAYS_TRUNCATED, path)
    desk.written(STAYS_TRUNCATED, path, broken, write_whole(path, cut))
    yield 0.0


def given_up(desk: Desk) -> Steps:
    """Broken off and removed again."""
    way = "given up"
    fresh, path = _begin(desk, way)
    with path.open("wb", buffering=0) as file:
        file.write(fresh.data[: len(fresh.data) // 2])
        yield desk.chance.choice((0.2, 1.0, 3.0))
    moment = Moment.now()
    path.unlink()
    desk.removed(way, path, moment)


def _begin(desk: Desk, way: str, fresh: Fresh | None = None) -> tuple[Fresh, Path]:
    fresh = fresh or desk.fresh()
    path = desk.new_path(fresh.sheet.suffix)
    desk.begun(way, path)
    return fresh, path


def _cut(chance: random.Random, data: bytes) -> Sequence[slice]:
    """Pieces of any size that follow one another."""
    inner = sorted(chance.sample(range(1, len(data)), min(chance.randint(2, 7), len(data) - 1)))
    return [slice(start, end) for start, end in zip([0, *inner], [*inner, len(data)], strict=True)]


def _blocks(chance: random.Random, data: bytes) -> list[slice]:
    """Blocks of one size, at most ten."""
    size = max(_BLOCK, -(-len(data) // chance.randint(3, 10)))
    return [slice(start, start + size) for start in range(0, len(data), size)]
