"""Group the page files of a batch into items 件: by archival code 档号 or, failing that, by folder."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from ybda_qc.intake.layout import ROOT_ITEM, Layout, NameReading
from ybda_qc.model import BatchFile, FileRole, Item


def group(files: Iterable[BatchFile], layout: Layout) -> tuple[tuple[BatchFile, ...], tuple[Item, ...]]:
    """Give each page file its item and number.

    A page whose name says nothing belongs to the item of the other pages in its folder, or, where these
    are of several items or of none, to an item called like the folder.

    Returns
    -------
    tuple
        All files sorted by path bytes, and the items sorted by code bytes; pages of an item stand in the
        order of their numbers, those without a number last.
    """
    ordered = sorted(files, key=lambda file: file.path.encode())
    readings = {file.path: layout.read(file.path) for file in ordered if file.role is FileRole.PAGE}
    homes = _items_of_folders(readings)
    named: list[BatchFile] = []
    items: defaultdict[str, list[BatchFile]] = defaultdict(list)
    for file in ordered:
        reading = readings.get(file.path)
        if reading is None:
            named.append(file)
            continue
        folder = folder_of(file.path)
        item = reading.item or homes.get(folder) or folder
        page = replace(
            file,
            item=item,
            number=reading.number,
            number_width=reading.number_width,
            name_matches=reading.matches,
        )
        named.append(page)
        items[item].append(page)
    codes = sorted(items, key=lambda code: code.encode())
    return tuple(named), tuple(Item(code=code, files=tuple(_in_order(items[code]))) for code in codes)


def folder_of(path: str) -> str:
    """Return the folder of a batch-relative path; `ROOT_ITEM` for the batch folder itself."""
    return path.rpartition("/")[0] or ROOT_ITEM


def _items_of_folders(readings: dict[str, NameReading]) -> dict[str, str]:
    """Find the item of each folder whose pages all are of one item."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path, reading in readings.items():
        if reading.item:
            found[folder_of(path)].add(reading.item)
    return {folder: next(iter(items)) for folder, items in found.items() if len(items) == 1}


def _in_order(pages: list[BatchFile]) -> list[BatchFile]:
    return sorted(pages, key=lambda page: (page.number is None, page.number or 0, page.path.encode()))
