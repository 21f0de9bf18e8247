"""How records of the catalogue 目录 and items 件 of the batch belong together."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from ybda_qc.checks._base import BatchView
from ybda_qc.model import Item, NotApplicable, Record
from ybda_qc.model.look_alikes import folded_code

NO_CATALOGUE: Final = NotApplicable(reason="no catalogue was given; name one with --catalogue")
"""What checks answer that go by the catalogue where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A record and the items of its code; more than one where they lie in several folders.

    ``is_exact`` is false where they agree only by `folded`.
    """

    record: Record
    items: tuple[Item, ...]
    is_exact: bool


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


def join(records: Iterable[Record], items: Iterable[Item]) -> Joined:
    """Join records to items of the same code or name; exactly or, those left over, by `folded`.

    An item that is then still left over is joined by `folded` to a record that has an item already: it may
    be another copy of that item, or a part of it.
    """
    records, items = tuple(records), tuple(items)
    coded = [record for record in records if record.code]
    exact = _links(coded, items, str.strip, is_exact=True)
    near = _links(*_left_over(coded, items, exact), folded, is_exact=False)
    near += _links(coded, _left_over(coded, items, [*exact, *near])[1], folded, is_exact=False)
    lonely, unclaimed = _left_over(coded, items, [*exact, *near])
    return Joined(
        links=(*exact, *near),
        records=lonely,
        codeless=tuple(record for record in records if not record.code),
        items=unclaimed,
    )


def join_view(view: BatchView) -> Joined | None:
    """Join the records of the catalogue to the items of the batch; None without a catalogue."""
    catalogue = view.catalogue
    return None if catalogue is None else join(catalogue.records, view.batch.items)


def _links(
    records: Iterable[Record], items: Iterable[Item], form: Callable[[str], str], *, is_exact: bool
) -> list[Link]:
    named: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        for name in sorted({form(item.code), form(name_of(item))}):
            named[name].append(item)
    found = ((record, named.get(form(record.code))) for record in records)
    return [Link(record=record, items=tuple(items), is_exact=is_exact) for record, items in found if items]


def _left_over(
    records: Iterable[Record], items: Iterable[Item], links: Iterable[Link]
) -> tuple[tuple[Record, ...], tuple[Item, ...]]:
    links = tuple(links)
    linked = {id(link.record) for link in links}
    claimed = {id(item) for link in links for item in link.items}
    return (
        tuple(record for record in records if id(record) not in linked),
        tuple(item for item in items if id(item) not in claimed),
    )
