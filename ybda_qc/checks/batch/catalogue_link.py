"""Records of the catalogue 目录 and the images of the batch belong together, one to one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ybda_qc.checks._base import BatchCheck, BatchView, Method, about
from ybda_qc.checks._limits import Code, Flag, Limits
from ybda_qc.checks._listing import UNLISTED, WHOLE_BATCH, first_pages, listed
from ybda_qc.checks._records import NO_CATALOGUE, NO_ITEM, Joined, Link, folded, join_view, name_of
from ybda_qc.checks._slips import pair_slips
from ybda_qc.model import Correction, Finding, Item, NotApplicable, Record


class CatalogueLinkCheck(BatchCheck):
    """Every record of the catalogue 目录 has its images in the batch, and all images have their record.

    Why: a record without images promises what nobody can open, and images without a record are never
    found. DA/T 31-2017 has every link between record and image checked. Often both are there, and the codes
    differ by a character that looks the same, or by a slip of the keyboard.

    Remedy: compare the record with the original and the images. Correct the code where it was written
    wrongly, in the catalogue or in the names; scan or deliver what is missing; record what is not recorded.
    The correction list names each place.
    """

    id = "catalogue_link"
    title = "Catalogue and images"
    version = 2
    judges_items = True
    method = Method
    codes = (
        Code(
            name="no-images",
            title="records without images",
            template="record {record} of the catalogue ({place}) has no images in the batch",
            limits=Flag,
        ),
        Code(
            name="no-record",
            title="images without a record",
            template="{item} has no record in the catalogue",
            limits=Flag,
        ),
        Code(
            name="near-miss",
            title="codes that are not quite the same",
            template="{item} is written {record} in the catalogue ({place}): the same but for characters "
            "that look alike, case or blanks",
            limits=Flag,
        ),
        Code(
            name="no-code",
            title="records without an archival code",
            template="the record in {place} of the catalogue has no archival code: no images can be found "
            "for it",
            limits=Flag,
        ),
        Code(
            name="other-delivery",
            title="a catalogue that fits nothing in the batch",
            template="none of the {records} records of the catalogue fits any of the {items} items of "
            "the batch: is it the catalogue of another delivery?",
            limits=Flag,
        ),
        UNLISTED,
    )

    def inspect(
        self,
        view: BatchView,
        method: Method,  # noqa: ARG002
        limits: Limits,
    ) -> Iterable[Finding] | NotApplicable:
        """Join records and items, and name what is left over on either side."""
        joined = join_view(view)
        if joined is None:
            return NO_CATALOGUE
        return listed(_findings(view, joined, limits), limits)


def _findings(view: BatchView, joined: Joined, limits: Limits) -> Iterator[Finding]:
    slips = _find_slips(view, joined)
    records = len(joined.records) + len(joined.codeless)
    if not joined.links and not slips.of_record and records and joined.items:
        found = limits.flag("other-delivery", records=records, items=len(_once(joined.items)))
        yield from about(found, WHOLE_BATCH, first_pages([_first_path(joined.items[0])]))
        return
    for link in joined.links:
        if link.by in ("look", "file"):
            for item in _once(link.items):
                yield from _near_miss(view, item, link, limits)
    for record in joined.records:
        yield from _no_images(record, slips.of_record.get(record.place), limits)
    for record in joined.codeless:
        correction = Correction(place=record.place, field="code")
        yield from about(limits.flag("no-code", place=record.place), record.place, correction=correction)
    for item in _once(joined.items):
        yield from _no_record(item, slips.of_item.get(item.code), limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slips:
    """What is perhaps meant: by place of a record, by code of an item."""

    of_record: Mapping[str, Correction]
    of_item: Mapping[str, Correction]


def _find_slips(view: BatchView, joined: Joined) -> _Slips:
    records: defaultdict[str, list[Record]] = defaultdict(list)
    for record in joined.records:
        records[folded(record.code)].append(record)
    items: defaultdict[str, list[Item]] = defaultdict(list)
    for item in joined.items:
        items[folded(name_of(item))].append(item)
    of_record: dict[str, Correction] = {}
    of_item: dict[str, Correction] = {}
    for one, other in pair_slips(records, items).items():
        correction = _correction(view, records[one][0], items[other][0])
        of_record |= {record.place: replace(correction, place=record.place) for record in records[one]}
        of_item |= {item.code: correction for item in items[other]}
    return _Slips(of_record=of_record, of_item=of_item)


def _correction(view: BatchView, record: Record, item: Item) -> Correction:
    name = name_of(item)
    return Correction(
        place=record.place,
        field="code",
        stands=record.code,
        found=name,
        proposed=_proposed(view, record, name),
    )


def _proposed(view: BatchView, record: Record, name: str) -> str:
    """The code as it should stand: what both spellings come to, or the only one that is a code."""
    readings = [view.read_code(text) for text in (record.code, name)]
    codes = {str(reading.code) for reading in readings if reading is not None and reading.code is not None}
    return codes.pop() if len(codes) == 1 else ""


def _near_miss(view: BatchView, item: Item, link: Link, limits: Limits) -> Iterator[Finding]:
    record = link.record
    found = limits.flag("near-miss", item=name_of(item), record=record.code, place=record.place)
    yield from about(
        map(_of_file_name, found) if link.by == "file" else found,
        item.code,
        first_pages([_first_path(item)]),
        correction=_correction(view, record, item),
    )


def _of_file_name(finding: Finding) -> Finding:
    return replace(
        finding,
        template="{item} is the file name that the catalogue gives for {record} ({place}), but not its code",
    )


def _no_images(record: Record, likely: Correction | None, limits: Limits) -> Iterator[Finding]:
    correction = likely or Correction(place=record.place, field="code", stands=record.code)
    found = limits.flag("no-images", place=record.place, record=record.code)
    for finding in about(found, record.code, correction=correction):
        yield (
            finding
            if likely is None
            else replace(
                finding,
                template="record {record} of the catalogue ({place}) has no images in the batch; "
                "perhaps {other} is meant",
                values={**finding.values, "other": likely.found},
            )
        )


def _no_record(item: Item, likely: Correction | None, limits: Limits) -> Iterator[Finding]:
    name = name_of(item)
    found = limits.flag("no-record", item=name)
    pages = first_pages([_first_path(item)])
    if name == NO_ITEM:
        yield from about(map(_of_root, found), item.code, pages)
        return
    correction = likely or Correction(field="code", found=name)
    for finding in about(found, item.code, pages, correction=correction):
        yield (
            finding
            if likely is None
            else replace(
                finding,
                template="{item} has no record in the catalogue; perhaps {other} ({place}) is meant",
                values={**finding.values, "other": likely.stands, "place": likely.place},
            )
        )


def _of_root(finding: Finding) -> Finding:
    """In words: nobody reads a dot as an item."""
    return replace(
        finding,
        template="pages in the batch folder itself have no record: their names give no code of an item",
    )


def _first_path(item: Item) -> str:
    return next(file.path for file in (*item.files, *item.media))


def _once(items: Iterable[Item]) -> Collection[Item]:
    """Of an item with several copies, the first."""
    first: dict[str, Item] = {}
    for item in items:
        first.setdefault(item.code, item)
    return first.values()
