"""Group the files of a batch into items 件: by archival code 档号 or, failing that, by folder."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from ybda_qc.intake.layout import Layout, NameReading
from ybda_qc.model import BatchFile, FileRole, Item

_Place = tuple[str, str]  # copy and folder below that of the copy


def group(files: Iterable[BatchFile], layout: Layout) -> tuple[tuple[BatchFile, ...], tuple[Item, ...]]:
    """Give each file of pages or media its copy, item and number.

    A file whose name says nothing belongs to the item of the others in its folder, or, where these are of
    several items or of none, to the item that the folder is named for, or to one called like the folder.
    Images of an item of photographs 照片 become media.

    Returns
    -------
    tuple
        All files sorted by path bytes, and the items sorted by code bytes and copy; pages and media of an
        item stand in the order of their numbers, those without a number last.
    """
    ordered = sorted(files, key=lambda file: file.path.encode())
    readings = {file.path: layout.read(file.path) for file in ordered if file.role.is_of_item}
    homes = _items_of_folders(readings.values(), layout)
    named: list[BatchFile] = []
    items: defaultdict[tuple[str, str], list[BatchFile]] = defaultdict(list)
    for file in ordered:
        reading = readings.get(file.path)
        if reading is None:
            named.append(file)
            continue
        placed = _placed(file, reading, homes[reading.copy, reading.folder], layout)
        named.append(placed)
        items[placed.item or "", placed.copy].append(placed)
    keys = sorted(items, key=lambda key: (key[0].encode(), key[1]))
    return tuple(named), tuple(_item(*key, items[key]) for key in keys)


def _items_of_folders(readings: Iterable[NameReading], layout: Layout) -> dict[_Place, str | None]:
    """The item of each folder, for files whose names give none; None where nothing tells."""
    found: defaultdict[_Place, set[str]] = defaultdict(set)
    for reading in readings:
        found[reading.copy, reading.folder].update([reading.item] if reading.item else [])
    return {
        (copy, folder): items.pop() if len(items) == 1 else layout.item_of_folder(folder)
        for (copy, folder), items in found.items()
    }


def _placed(file: BatchFile, reading: NameReading, home: str | None, layout: Layout) -> BatchFile:
    item = reading.item or home or reading.folder
    role = FileRole.MEDIA if layout.is_photograph(file.path, item) else file.role
    matches = reading.matches
    if role is FileRole.MEDIA and home is not None:
        matches = matches or None  # in the folder of its item it is called as it will
    return replace(
        file,
        role=role,
        item=item,
        copy=reading.copy,
        number=reading.number,
        number_width=reading.number_width,
        name_matches=matches,
    )


def _item(code: str, copy: str, files: list[BatchFile]) -> Item:
    ordered = sorted(files, key=lambda file: (file.number is None, file.number or 0, file.path.encode()))
    return Item(
        code=code,
        copy=copy,
        files=tuple(file for file in ordered if file.role is FileRole.PAGE),
        media=tuple(file for file in ordered if file.role is FileRole.MEDIA),
    )
