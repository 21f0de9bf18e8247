"""Folders of several inboxes that would get in each other's way."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path
from typing import Final

from ybda_qc.watch import problems as say
from ybda_qc.watch.asking import answers
from ybda_qc.watch.config_values import InboxConfig

_PATIENCE_SECONDS: Final = 5.0  # with the disk of a folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """A mistake of an inbox, by its place in the list; ``key`` is ``path``, ``name`` or ``out``."""

    number: int
    key: str
    template: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """An inbox, and where it and its output folder really lie."""

    number: int
    inbox: InboxConfig
    path: Path
    out: Path


def resolved(path: Path) -> Path:
    """A path without links on its way; as it is written where the disk does not answer."""
    found: list[Path] = []
    answers(lambda: found.append(path.resolve()), seconds=_PATIENCE_SECONDS)
    return found[0] if found else path.absolute()


def place(path: Path) -> Path:
    """Where a path really leads, so that the same folder is recognised by whatever way it was named."""
    return Path(os.path.normcase(resolved(path)))


def overlaps(inboxes: Sequence[InboxConfig]) -> Iterator[Overlap]:
    """Inboxes that contain each other or share a name, and output folders where nothing may be written."""
    placed = [
        _Placed(number=number, inbox=inbox, path=place(inbox.path), out=place(inbox.out))
        for number, inbox in enumerate(inboxes)
    ]
    for one, other in combinations(placed, 2):
        yield from _of_pair(one, other)
    for owner, watched in product(placed, placed):
        values = {"out": str(owner.inbox.out), "inbox": str(watched.inbox.path)}
        if owner.out.is_relative_to(watched.path):
            yield Overlap(number=owner.number, key="out", template=say.OUT_IN_INBOX, values=values)
        elif watched.path.is_relative_to(owner.out):
            yield Overlap(number=owner.number, key="out", template=say.INBOX_IN_OUT, values=values)


def _of_pair(one: _Placed, other: _Placed) -> Iterator[Overlap]:
    """Of two that are alike the second is told, of two nested ones the inner."""
    second = other.number
    if one.path == other.path:
        values = {"inbox": str(other.inbox.path)}
        yield Overlap(number=second, key="path", template=say.SAME_INBOX, values=values)
        return
    if one.inbox.name == other.inbox.name:
        yield Overlap(number=second, key="name", template=say.SAME_NAME, values={"name": other.inbox.name})
    for inner, outer in ((other, one), (one, other)):
        if inner.path.is_relative_to(outer.path):
            values = {"inbox": str(inner.inbox.path), "other": str(outer.inbox.path)}
            yield Overlap(number=inner.number, key="path", template=say.NESTED_INBOX, values=values)
    if one.out == other.out:
        values = {"out": str(other.inbox.out), "inbox": str(one.inbox.path)}
        yield Overlap(number=second, key="out", template=say.SAME_OUT, values=values)
        return
    for inner, outer in ((other, one), (one, other)):
        if inner.out.is_relative_to(outer.out):
            values = {
                "out": str(inner.inbox.out),
                "other": str(outer.inbox.out),
                "inbox": str(outer.inbox.path),
            }
            yield Overlap(number=inner.number, key="out", template=say.NESTED_OUT, values=values)
