"""Names of the reports of items, of which no two are one file on a disk that tells no capitals apart."""

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from ybda_qc.watch.item_files import SUFFIX, report_name

_EVIDENCE: Final = "evidence"  # many pictures lie there, and no item is called so
_MARKS: Final = (8, 64)  # lengths


class ReportNames:
    """Names the reports of the items of a run.

    Of items whose names differ in capitals alone the first to have a report has it under its plain name, the
    others under one with a mark: on every disk, since the output folder may be copied to another. Which was
    the first is read from the reports, those of earlier runs too: no restart and no other profile changes a
    name.

    Parameters
    ----------
    out
        The output folder.
    folder
        Name of the watched folder.
    items
        Those that may have a report already.
    """

    def __init__(self, out: Path, folder: str, items: Iterable[str]) -> None:
        self._out = out
        self._folder = folder
        self._alike: defaultdict[str, set[str]] = defaultdict(set)  # names that are one without capitals
        for name in (*map(self._plain, items), *_reports(out)):
            self._alike[name.casefold()].add(name)

    def of(self, item: str) -> str:
        """Path of the report of an item below the output folder."""
        plain, *marked = names = self._names(item)
        kept = next((name for name in marked if self._item_of(name) == item), None)
        name = kept or next((name for name in names if not self._is_taken(name, item)), names[-1])
        self._alike[plain.casefold()].add(plain)
        self._alike[name.casefold()].add(name)
        return name

    def _names(self, item: str) -> tuple[str, ...]:
        """Its plain name, then those with a mark: another item may be called as one with a short mark."""
        plain = self._plain(item)
        digest = hashlib.sha256(item.encode("utf-8", "surrogatepass")).hexdigest()
        start = plain.removesuffix(SUFFIX)
        return plain, *(f"{start}-{digest[:length]}{SUFFIX}" for length in _MARKS)

    def _plain(self, item: str) -> str:
        return report_name(item, self._folder)

    def _is_taken(self, name: str, item: str) -> bool:
        """Whether a report of that name, in whatever capitals, is that of another item."""
        owners = map(self._item_of, {name, *self._alike[name.casefold()]})
        return any(owner not in (None, item) for owner in owners)

    def _item_of(self, name: str) -> object:
        """Of which item the report of that name is; None where there is none, or it says nothing of that."""
        try:
            document = json.loads((self._out / name).read_bytes())
        except (OSError, ValueError):
            return None
        return document.get("item") if isinstance(document, dict) else None


def _reports(out: Path) -> Iterator[str]:
    """Paths of the reports of items below the output folder."""
    for folder, folders, files in os.walk(out):
        below = Path(folder).relative_to(out)
        if below == Path():
            folders[:] = (name for name in folders if name != _EVIDENCE)
        yield from ((below / name).as_posix() for name in files if name.endswith(SUFFIX))
