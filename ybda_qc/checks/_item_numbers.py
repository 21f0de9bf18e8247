"""Series of items 件 or volumes 卷: codes that differ in their last number only."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from ybda_qc.checks._base import BatchView
from ybda_qc.checks._records import name_of

_NUMBERED: Final = ("item", "piece", "volume")
"""Parts that number items, from the narrowest."""


def item_series(view: BatchView) -> Mapping[str, frozenset[int]]:
    """Numbers of items, by what stands before them in the code: the lowest class 最低一级类目.

    An item is there if it has files or a record: which of the two it lacks is said elsewhere. Codes that the
    profile cannot read are in no series.
    """
    records = view.catalogue.records if view.catalogue is not None else ()
    numbers: defaultdict[str, set[int]] = defaultdict(set)
    codes = {*(name_of(item) for item in view.batch.items), *(record.code for record in records)}
    for text in codes:
        reading = view.read_code(text)
        if reading is None or reading.code is None:
            continue
        number = next((found for part in _NUMBERED if (found := reading.code.parts.get(part))), None)
        head, _, last = reading.code.text.rpartition("-")
        if head and last == number and last.isdecimal():
            numbers[head].add(int(last))
    return {head: frozenset(found) for head, found in sorted(numbers.items())}
