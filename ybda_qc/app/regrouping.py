"""Pages that belong to another item than was known when they were measured."""

from collections.abc import Mapping
from dataclasses import replace

from ybda_qc.engine.ports import Ledger
from ybda_qc.model import PageResult

_PAGES_AT_ONCE = 500


def put_items(ledger: Ledger, run: int, items: Mapping[str, str | None]) -> None:
    """Have the pages of a run say the item of their file; `items` has it by path. Other pages stay."""
    moved: list[tuple[PageResult, int | None]] = []
    for page in ledger.pages(run):
        item = items.get(page.page.path, page.item)
        if item != page.item:
            moved.append((replace(page, item=item), None))
        if len(moved) >= _PAGES_AT_ONCE:
            ledger.put_pages(run, moved)
            moved = []
    ledger.put_pages(run, moved)
