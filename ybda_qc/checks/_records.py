"""How records of the catalogue 目录 and items 件 of the batch belong together."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final, Literal

from ybda_qc.checks._base import BatchView
from ybda_qc.model import Item, NotApplicable, Record
from ybda_qc.model.look_alikes import folded_code

NO_CATALOGUE: Final = NotApplicable(reason="no catalogue was given; name one with --catalogue")
"""What checks answer that go by the catalogue where there is none."""
NO_ITEM: Final = "."
"""What an item of pages is called that lie in the batch folder itself, under names that give no code."""
_PARTS: Final = ("item", "piece")  # parts of codes that number what lies in a volume


Way = Literal["code", "look", "file", "volume", "part"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A record and its items; more than one where they lie in several folders.

    ``by`` says how they belong together: by the same code; by codes that agree only as `folded`; by the file
    name in the catalogue; or the record is of the volume 案卷 of the items, or of a part of the volume that
    the items hold as a whole.
    """

    record: Record
    items: tuple[Item, ...]
    by: Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Records and items as joined, and what is left over; each in the order of its source.

    ``records`` have a code but no item, ``codeless`` no code; ``items`` have no record.
    """

    links: tuple[Link, ...]
    records: tuple[Record, ...]
    codeless: tuple[Record, ...]
    items: tuple[Item, ...]


def folded(code: str) -> str:
    """A code without what people overlook: look-alike characters, full-width forms, case and blanks."""
    return "".join(folded_code(code).split())


def name_of(item: Item) -> str:
    """What an item is called: its code or, where that is a path, its last folder."""
    return item.code.rpartition("/")[2].strip()


def join_view(view: BatchView) -> Joined | None:
    """Join the records of the catalogue to the items of the batch; None without a catalogue.

    They belong together by code or name; those left over as the look of their codes, the file names in the
    catalogue and the volumes in the structure of codes tell. An item that looks like one with a record may be
    another copy of it, or a part: it belongs to that record too.
    """
    if view.catalogue is None:
        return None
    coded = tuple(record for record in view.catalogue.records if record.code)
    links: list[Link] = []
    records, items = coded, view.batch.items
    for find, is_for_all in ((_by_code, False), (_by_look, False), (_by_look, True), (_by_file, False)):
        if not items:
            break
        links += find(coded if is_for_all else records, items)
        records, items = _left_over(records, items, links)
    links += _by_volume(view, records)
    records, items = _left_over(records, items, links)
    codeless = tuple(record for record in view.catalogue.records if not record.code)
    return Joined(links=tuple(links), records=records, codeless=codeless, items=items)


def _by_code(records: Iterable[Record], items: Iterable[Item]) -> Iterator[Link]:
    named = _named(items, str.strip)
    for record in records:
        if found := named.get(record.code):
            yield Link(record=record, items=tuple(found), by="code")


def _by_look(records: Iterable[Record], items: Iterable[Item]) -> Iterator[Link]:
    named = _named(items, folded)
    for record in records:
        if found := named.get(folded(record.code)):
            yield Link(record=record, items=tuple(found), by="look")


def _by_file(records: Iterable[Record], items: Iterable[Item]) -> Iterator[Link]:
    """By the name of a file or folder in the catalogue, where one item alone is called so."""
    named = _named(items, folded)
    for record in records:
        found = next((named[name] for name in _file_names(record) if name in named), ())
        if len({item.code for item in found}) == 1:
            yield Link(record=record, items=tuple(found), by="file")


def _file_names(record: Record) -> list[str]:
    """The file name of a record, with and without folders and ending."""
    path = PurePosixPath(record.values.get("file", "").strip().replace("\\", "/"))
    return [folded(str(name)) for name in (path, path.parent / path.stem, path.name, path.stem) if path.name]


def _named(items: Iterable[Item], form: Callable[[str], str]) -> Mapping[str, list[Item]]:
    named: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        for name in sorted({form(item.code), form(name_of(item))}):
            named[name].append(item)
    return named


def _by_volume(view: BatchView, records: Iterable[Record]) -> Iterator[Link]:
    """Records of volumes whose items have folders, and of items that lie in the folder of their volume."""
    folders: defaultdict[str, list[Item]] = defaultdict(list)
    members: defaultdict[str, list[Item]] = defaultdict(list)
    for item in view.batch.items:
        volume, is_part = _volume_of(view, name_of(item))
        (members if is_part else folders)[volume].append(item)
    for record in records:
        volume, is_part = _volume_of(view, record.code)
        found = (folders if is_part else members).get(volume) if volume else None
        if found:
            yield Link(record=record, items=tuple(found), by="part" if is_part else "volume")


def _volume_of(view: BatchView, text: str) -> tuple[str, bool]:
    """The code of the volume that a code names, and whether it names a part of it; empty: of no volume."""
    reading = view.read_code(text)
    code = reading.code if reading is not None else None
    if code is None or "volume" not in code.parts:
        return "", False
    is_part = not code.parts.keys().isdisjoint(_PARTS)
    return code.text.rpartition("-")[0] if is_part else code.text, is_part


def _left_over(
    records: Iterable[Record], items: Iterable[Item], links: Iterable[Link]
) -> tuple[tuple[Record, ...], tuple[Item, ...]]:
    links = tuple(links)
    linked = {id(link.record) for link in links}
    # the record of a volume stands for none of its items
    claimed = {id(item) for link in links if link.by != "volume" for item in link.items}
    return (
        tuple(record for record in records if id(record) not in linked),
        tuple(item for item in items if id(item) not in claimed),
    )
