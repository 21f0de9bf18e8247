"""Folders of several inboxes that would get in each other's way."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path

from ybda_qc.watch import problems as say
from ybda_qc.watch.config_values import InboxConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """A mistake of an inbox, by its place in the list; ``key`` is ``path``, ``name`` or ``out``."""

    number: int
    key: str
    template: str
    values: dict[str, str]


def place(path: Path) -> Path:
    """Where a path really leads, so that the same folder is recognised by whatever way it was named."""
    return Path(os.path.normcase(path.resolve()))


def overlaps(inboxes: Sequence[InboxConfig]) -> Iterator[Overlap]:
    """Inboxes that contain each other or share a name, and output folders where nothing may be written."""
    numbered = list(enumerate(inboxes))
    for (first, one), (second, other) in combinations(numbered, 2):
        yield from _of_pair(first, one, second, other)
    for (number, owner), (_, watched) in product(numbered, numbered):
        values = {"out": str(owner.out), "inbox": str(watched.path)}
        if place(owner.out).is_relative_to(place(watched.path)):
            yield Overlap(number=number, key="out", template=say.OUT_IN_INBOX, values=values)
        elif place(watched.path).is_relative_to(place(owner.out)):
            yield Overlap(number=number, key="out", template=say.INBOX_IN_OUT, values=values)


def _of_pair(first: int, one: InboxConfig, second: int, other: InboxConfig) -> Iterator[Overlap]:
    """Of two that are alike the second is told, of two nested ones the inner."""
    here, there = place(one.path), place(other.path)
    if here == there:
        yield Overlap(number=second, key="path", template=say.SAME_INBOX, values={"inbox": str(other.path)})
        return
    if one.name == other.name:
        yield Overlap(number=second, key="name", template=say.SAME_NAME, values={"name": other.name})
    for number, inner, outer in ((second, other, one), (first, one, other)):
        if place(inner.path).is_relative_to(place(outer.path)):
            values = {"inbox": str(inner.path), "other": str(outer.path)}
            yield Overlap(number=number, key="path", template=say.NESTED_INBOX, values=values)
    if place(one.out) == place(other.out):
        values = {"out": str(other.out), "inbox": str(one.path)}
        yield Overlap(number=second, key="out", template=say.SAME_OUT, values=values)
        return
    for number, inner, outer in ((second, other, one), (first, one, other)):
        if place(inner.out).is_relative_to(place(outer.out)):
            values = {"out": str(inner.out), "other": str(outer.out), "inbox": str(outer.path)}
            yield Overlap(number=number, key="out", template=say.NESTED_OUT, values=values)
