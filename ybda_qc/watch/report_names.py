"""Names of the reports of items, of which no two are one file on a disk that tells no capitals apart."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from ybda_qc.watch.item_files import SUFFIX, report_name


class ReportNames:
    """Names the reports of the items of a run.

    Of items whose names differ in capitals alone the first to have a report has it under its plain name, the
    others under one with a mark: on every disk, since the output folder may be copied to another. Which was
    the first is read from the reports, so that a restart changes no name.

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
        self._alike: defaultdict[str, set[str]] = defaultdict(set)
        for item in items:
            self._alike[self._plain(item).casefold()].add(item)

    def of(self, item: str) -> str:
        """Path of the report of an item below the output folder."""
        plain = self._plain(item)
        alike = self._alike[plain.casefold()]
        alike.add(item)
        if len(alike) == 1:
            return plain
        digest = hashlib.sha256(item.encode("utf-8", "surrogatepass")).hexdigest()
        marked = f"{plain.removesuffix(SUFFIX)}-{digest[:8]}{SUFFIX}"
        is_marked = (self._out / marked).exists() or any(map(self._has_plain, alike - {item}))
        return marked if is_marked else plain

    def _plain(self, item: str) -> str:
        return report_name(item, self._folder)

    def _has_plain(self, item: str) -> bool:
        """Whether the report under the plain name of an item is that of the item."""
        try:
            document = json.loads((self._out / self._plain(item)).read_bytes())
        except (OSError, ValueError):
            return False
        return isinstance(document, dict) and document.get("item") == item
