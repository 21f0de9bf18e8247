"""Errors of names, codes, counts, links, fields and files, each in an item of its own.

A plant spoils an item and tells which findings must follow, by the rules and not by what a check says.
"""

import struct
from collections.abc import Iterator

from _bookkeeping.delivery import (
    AUTHOR,
    CODE,
    DATE,
    PAGES,
    SECURITY,
    TITLE,
    YEAR,
    Delivery,
    Item,
    Plant,
    single,
)

Found = Iterator[tuple[str, str]]


def set_to(column: int, value: object, key: str) -> Plant:
    """Write something else in a column of the record."""

    def plant(_: Delivery, item: Item) -> Found:
        item.written()[column] = value
        yield key, item.code

    return plant


def _other_year(_: Delivery, item: Item) -> Found:
    item.written()[YEAR] = "1999"
    yield "archival_code/column-differs", item.code
    yield "catalogue_fields/year", item.code  # the date of the record is of the year in the code


def _no_record(_: Delivery, item: Item) -> Found:
    item.record = None
    yield "catalogue_link/no-record", item.code


def _no_images(_: Delivery, item: Item) -> Found:
    item.files.clear()
    yield "catalogue_link/no-images", item.code


def _forgotten(_: Delivery, item: Item) -> Found:
    item.files.clear()
    item.record = None
    yield "sequence/item-gap", item.series


def _late_start(delivery: Delivery, _: Item) -> Found:
    """The first item of a class that is otherwise sound is in neither folders nor catalogue."""
    series = next(
        other.series
        for other in delivery.items
        if "-Y-" in other.code and ("sequence/item-start", other.series) not in delivery.truth
    )
    [first] = [other for other in delivery.items if other.code == f"{series}-0001"]
    first.files.clear()
    first.record = None
    yield "sequence/item-start", series


def _look_alike(_: Delivery, item: Item) -> Found:
    item.written()[CODE] = item.code.replace("·", "•")
    yield "catalogue_link/near-miss", item.code
    yield "archival_code/look-alike", item.code.replace("·", "•")


def _record_in_small_letters(_: Delivery, item: Item) -> Found:
    item.written()[CODE] = item.code.lower()
    yield "catalogue_link/near-miss", item.code
    yield "archival_code/value", item.code.lower()  # b469 is none of the fonds
    yield "archival_code/form", item.code.lower()  # nor is ws two capital letters


def _slip(_: Delivery, item: Item) -> Found:
    """Two digits of the fonds in the record have changed places."""
    slip = item.code[0] + item.code[2] + item.code[1] + item.code[3:]
    item.written()[CODE] = slip
    yield "catalogue_link/no-images", slip
    yield "catalogue_link/no-record", item.code
    yield "archival_code/value", slip


def _blank_behind(_: Delivery, item: Item) -> Found:
    item.written()[CODE] = item.code + " "
    yield "catalogue_fields/trailing-blank", item.code


def _duplicate(delivery: Delivery, item: Item) -> Found:
    delivery.more_records.append(list(item.written()))
    yield "catalogue_fields/duplicate", item.code


def _count(change: int, key: str) -> Plant:
    def plant(_: Delivery, item: Item) -> Found:
        item.written()[PAGES] = len(item.files) + change
        yield key, item.code

    return plant


def _gap(_: Delivery, item: Item) -> Found:
    del item.files[f"{item.code}/0005.jpg"]
    yield from _count(0, "sequence/gap")(_, item)


def _start(_: Delivery, item: Item) -> Found:
    del item.files[f"{item.code}/0001.jpg"]
    yield from _count(0, "sequence/start")(_, item)


def _repeat(_: Delivery, item: Item) -> Found:
    item.files[f"{item.code}/0003.jpeg"] = 1
    yield from _count(0, "sequence/repeat")(_, item)


def _repeat_in_capitals(_: Delivery, item: Item) -> Found:
    """Of two names that a disk may take for one, the later in a listing is told."""
    item.files[f"{item.code}/0003.JPG"] = 1
    yield from _count(0, "sequence/repeat")(_, item)
    yield "file_name/case-clash", f"{item.code}/0003.jpg"


def _width(_: Delivery, item: Item) -> Found:
    del item.files[f"{item.code}/0002.jpg"]
    item.files[f"{item.code}/002.jpg"] = 1
    yield "sequence/width", item.code


def _in_two_folders(_: Delivery, item: Item) -> Found:
    paths = sorted(item.files)
    item.files = {f"第二盒/{path}" if at > 7 else path: 1 for at, path in enumerate(paths)}
    yield "layout/split-item", item.code


def _partly_in_small_letters(_: Delivery, item: Item) -> Found:
    """The pages from the ninth on lie in a folder that some disks take for the same; none is missing."""
    paths, other = sorted(item.files), item.code.lower()
    item.files = {path.replace(item.code, other) if at > 7 else path: 1 for at, path in enumerate(paths)}
    yield "layout/split-item", item.code
    yield "catalogue_link/near-miss", other
    yield "file_name/case-clash", other
    yield "sequence/start", other
    yield "archival_code/value", other
    yield "archival_code/form", other


def _in_another_item(delivery: Delivery, item: Item) -> Found:
    """The folder of the item has slid into that of another, sound one."""
    used = {subject for key, subject in delivery.truth if key == "layout/mixed-folder"}
    host = next(
        other.code
        for other in delivery.items
        if "-Y-" in other.code and not other.code.endswith("-0001") and other.code not in used
    )
    item.files = {f"{host}/{path}": 1 for path in item.files}
    yield "layout/mixed-folder", host


def _bad_code(old: str, new: str, key: str) -> Plant:
    """An item beyond the series whose folder and record have the same wrong code."""

    def plant(delivery: Delivery, item: Item) -> Found:
        code = item.series.replace(old, new) + f"-{9000 + len(delivery.truth)}"
        record = list(item.written())
        record[CODE] = code
        files = single(code, int(str(record[PAGES])))
        delivery.items.append(Item(code=code, files=files, record=record))
        yield key, code

    return plant


def _digest(delivery: Delivery, item: Item) -> Found:
    path = f"{item.code}/0003.jpg"
    delivery.spoiled_digests.add(path)
    yield "fixity/mismatch", path


def _gone(delivery: Delivery, item: Item) -> Found:
    path = f"{item.code}/9999.jpg"
    delivery.list_lines.append(f"{'0' * 32}  {path}")
    yield "fixity/missing-file", path


def _unlisted(delivery: Delivery, item: Item) -> Found:
    path = f"{item.code}/0004.jpg"
    delivery.unlisted.add(path)
    yield "fixity/unlisted-file", path


def _stray(delivery: Delivery, item: Item) -> Found:
    path = f"{item.code}/notes.txt"
    delivery.files[path] = b"to be scanned again"
    yield "layout/stray-file", path


def _empty_folder(delivery: Delivery, item: Item) -> Found:
    path = f"{item.code}/annex"
    delivery.folders.append(path)
    yield "layout/empty-folder", path


def _medium(suffix: str, key: str, *, whole: bool = True) -> Plant:
    """A sound recording in WAV under some name, whole or cut off."""

    def plant(delivery: Delivery, item: Item) -> Found:
        path = f"{item.code}/recording{suffix}"
        samples = bytes(960)
        form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 48000, 144000, 3, 24)
        body = b"WAVE" + form + struct.pack("<4sI", b"data", len(samples)) + samples
        content = struct.pack("<4sI", b"RIFF", len(body)) + body
        delivery.files[path] = content if whole else content[:-400]
        yield key, path

    return plant


def _animation(delivery: Delivery, item: Item) -> Found:
    path = f"{item.code}/photograph.gif"
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes((0, 0, 0, 255, 255, 255))
    image = b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + bytes((2, 2, 0x44, 1, 0))
    delivery.files[path] = head + image + b";"
    yield "media_format/not-allowed", path


def _other_format(_: Delivery, item: Item) -> Found:
    del item.files[f"{item.code}/0006.jpg"]
    item.files[f"{item.code}/0006.tif"] = 1
    yield "uniformity/mixed-format", f"{item.code}/0006.tif#1"


PLANTS: tuple[Plant, ...] = (
    _no_record,
    _no_images,
    _forgotten,
    _late_start,
    _look_alike,
    _record_in_small_letters,
    _slip,
    _blank_behind,
    _count(+1, "page_count/short"),
    _count(-1, "page_count/doubtful-blank"),
    set_to(PAGES, "十来页", "page_count/not-a-number"),
    _gap,
    _start,
    _repeat,
    _repeat_in_capitals,
    _width,
    _in_two_folders,
    _partly_in_small_letters,
    _in_another_item,
    _duplicate,
    _bad_code("-D30-", "-D5-", "archival_code/value"),
    _bad_code("B4", "A4", "archival_code/value"),
    _bad_code("WS·", "WS-", "archival_code/separator"),
    _bad_code("·20", "·2", "archival_code/form"),
    set_to(TITLE, "", "catalogue_fields/missing"),
    set_to(AUTHOR, "办公室" * 90, "catalogue_fields/too-long"),
    set_to(DATE, "20211305", "catalogue_fields/date"),
    set_to(SECURITY, "绝秘", "catalogue_fields/not-in-list"),
    set_to(TITLE, "关于\x0b支援", "catalogue_fields/illegal-character"),
    set_to(TITLE, "[关于支援工作", "catalogue_fields/title-brackets"),
    _other_year,
    _digest,
    _gone,
    _unlisted,
    _stray,
    _empty_folder,
    _medium(".mp3", "media_format/wrong-extension"),
    _medium(".wav", "media_format/incomplete", whole=False),
    _animation,
    _other_format,
)
