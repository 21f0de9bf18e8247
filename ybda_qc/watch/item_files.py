"""``<item>.qc.json``, which the software of a station reads of an item 件; and moving decided items."""

import errno
import hashlib
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from ybda_qc.app.item_decision import DecidedItem
from ybda_qc.engine.pictures import with_pictures
from ybda_qc.engine.plan import Plan
from ybda_qc.intake.layout import ROOT_ITEM
from ybda_qc.report.documents import dump_line, dump_pretty, item_document
from ybda_qc.report.translate import Translator
from ybda_qc.watch.renaming import has_both_names, rename_below

SUFFIX: Final = ".qc.json"
_FORBIDDEN: Final = '<>:"|?*\\'  # in names of files on Windows, where the output folder may be copied to
_LONGEST_NAME: Final = 120
_DEVICE: Final = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)  # of Windows
_OURS: Final = re.compile(r"(ledger|report|pages|findings)\.|evidence$|.*\.qc\.json$|.*[. ]$", re.IGNORECASE)
"""What no folder of an item may be called in the output folder: names of ours, or that Windows cuts short."""


def report_name(item: str, folder: str) -> str:
    """Path of the report of an item below the output folder; `folder` is the name of the watched folder.

    Items that are folders below folders have theirs in folders of the same names. Characters that some
    system forbids, and names that are too long or taken, are replaced by a mark of their own.
    """
    *folders, last = (folder if item == ROOT_ITEM else item).split("/")
    marked = [_marked(part) if _OURS.match(part) else _name(part) for part in folders]
    is_taken = item == folder  # by the item that is the watched folder itself
    return "/".join([*marked, _marked(last) if is_taken else _name(last)]) + SUFFIX


def _name(part: str) -> str:
    return part if _plain(part) == part and not _DEVICE.match(part) else _marked(part)


def _plain(part: str) -> str:
    if part in ("", ".", ".."):
        return "_"
    plain = "".join("_" if char in _FORBIDDEN or ord(char) < 32 else char for char in part)
    return plain.encode()[:_LONGEST_NAME].decode("utf-8", "ignore")


def _marked(part: str) -> str:
    start = "_" if _DEVICE.match(part) else ""
    return f"{start}{_plain(part)}-{hashlib.sha256(part.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def write_item(
    out: Path,
    name: str,
    item: DecidedItem,
    *,
    closed_at: datetime,
    plan: Plan,
    say: Translator,
    known: str = "",
) -> str:
    """Write the report of an item, whole or not at all.

    Parameters
    ----------
    out, name
        The output folder, and the path below it.
    item
        What was decided.
    closed_at
        When the item was closed.
    plan
        By which it was judged.
    say
        Language of decision and findings.
    known
        Digest of the report that is there: it is left as it is where nothing but the times would differ.

    Returns
    -------
    str
        Digest of all but the times in it.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    pages = [with_pictures(page, plan, out) for page in item.pages]
    document = item_document(
        item.code, item.decision, closed_at, pages, item.findings, checks=plan.page_check_ids, translate=say
    )
    lasting = {**document, "closed_at": None, "decision": {**document["decision"], "decided_at": None}}
    digest = hashlib.sha256(dump_line(lasting)).hexdigest()
    path = out / name
    if digest == known and path.exists():
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(dump_pretty(document))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    return digest


def move_files(files: Sequence[tuple[bytes, bytes]], target: bytes) -> None:
    """Move files, each by one atomic renaming, all or none; folders that become empty are left.

    Files that have both names already, after a kill, lose the old one.

    Parameters
    ----------
    files
        The folder that each lies below, and its path below both that and the target.
    target
        The folder that they go to.

    Raises
    ------
    FileExistsError
        If something else lies at a place already; nothing is ever overwritten.
    OSError
        If they cannot be moved, for example to another disk.
    """
    for root, path in files:
        place = os.path.join(target, path)  # noqa: PTH118 - bytes
        if os.path.lexists(place) and not has_both_names(root, target, path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), os.fsdecode(place))
    moved: list[tuple[bytes, bytes]] = []
    try:
        for root, path in files:
            rename_below(root, target, path)
            moved.append((root, path))
    except OSError:
        for root, path in moved:
            with suppress(OSError):  # the others go back all the same
                rename_below(target, root, path)
        raise
