"""A delivery of masters, access copies and reading files, which must agree page by page, and its errors."""

from collections.abc import Iterator

from _bookkeeping.delivery import Delivery, Item, Plant, pages_in

MASTERS, ACCESS, READING = "保存件", "利用件", "阅览件"
_NAMES = {"master": MASTERS, "access": ACCESS, "reading": READING}
Found = Iterator[tuple[str, str]]


def three_copies(code: str, count: int) -> dict[str, int]:
    """TIFF files of one page, JPEG files of one page, one TIFF file of all pages."""
    masters = pages_in(f"{MASTERS}/{code}", count, ".tif")
    access = pages_in(f"{ACCESS}/{code}", count, ".jpg")
    return masters | access | {f"{READING}/{code}.tif": count}


def _lacks_item(copy: str) -> Plant:
    def plant(_: Delivery, item: Item) -> Found:
        item.files = {path: pages for path, pages in item.files.items() if not path.startswith(copy)}
        yield "layout/copy-missing-item", item.code

    return plant


def _lacks_page(copy: str, suffix: str, number: int) -> Plant:
    def plant(_: Delivery, item: Item) -> Found:
        del item.files[f"{copy}/{item.code}/{number:04d}{suffix}"]
        yield "layout/copies-differ", item.code
        yield "page_count/short", item.code  # one copy has fewer pages than its record
        yield ("sequence/start" if number == 1 else "sequence/gap"), item.code

    return plant


def _lacks_last_page(_: Delivery, item: Item) -> Found:
    del item.files[max(path for path in item.files if path.startswith(ACCESS))]
    yield "layout/copies-differ", item.code
    yield "page_count/short", item.code


def _page_too_many(_: Delivery, item: Item) -> Found:
    count = item.files[f"{READING}/{item.code}.tif"]
    item.files[f"{ACCESS}/{item.code}/{count + 1:04d}.jpg"] = 1
    yield "layout/copies-differ", item.code
    yield "page_count/doubtful-blank", item.code


def _reading_file_too_short(_: Delivery, item: Item) -> Found:
    item.files[f"{READING}/{item.code}.tif"] -= 1
    yield "layout/copies-differ", item.code
    yield "page_count/short", item.code


def _master_in_jpeg(_: Delivery, item: Item) -> Found:
    del item.files[f"{MASTERS}/{item.code}/0004.tif"]
    item.files[f"{MASTERS}/{item.code}/0004.jpg"] = 1
    yield "uniformity/mixed-format", f"{MASTERS}/{item.code}/0004.jpg#1"


def _other_name_in_access(old: str, new: str, key: str) -> Plant:
    """The access copy is named as a person reads it, not as it is written."""

    def plant(_: Delivery, item: Item) -> Found:
        other = item.code.replace(old, new)
        item.files = {
            path.replace(item.code, other) if path.startswith(ACCESS) else path: pages
            for path, pages in item.files.items()
        }
        yield "layout/split-item", item.code
        yield "catalogue_link/near-miss", other
        yield key, other

    return plant


def _outside(_: Delivery, item: Item) -> Found:
    """A page that lies in the folder of no copy, and so is an item of one page for itself."""
    path = f"补充/{item.code}/0001.jpg"
    item.files[path] = 1
    yield "layout/outside-copies", f"{path}#1"
    yield "page_count/short", item.code


PLANTS: tuple[Plant, ...] = (
    _lacks_item(MASTERS),
    _lacks_item(ACCESS),
    _lacks_item(READING),
    _lacks_page(MASTERS, ".tif", 1),
    _lacks_page(ACCESS, ".jpg", 5),
    _lacks_last_page,
    _page_too_many,
    _reading_file_too_short,
    _master_in_jpeg,
    _other_name_in_access("B4", "b4", "archival_code/value"),
    _other_name_in_access("·", "•", "archival_code/look-alike"),
    _outside,
)


def layout_text() -> str:
    """The copies, as the profile names them."""
    return "".join(
        f'[[layout.copies]]\nname = "{name}"\ntitle = "{folder}"\nfolders = ["{folder}"]\n'
        for name, folder in _NAMES.items()
    )
