"""The output folder: whether its ledger is still in it, and the space that is left on its disk."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ybda_qc.model import Scalar
from ybda_qc.report import mark as _
from ybda_qc.store import LEDGER_NAME, LOCK_NAME
from ybda_qc.watch.news import Message
from ybda_qc.watch.troubles import HOME, ROOM, Troubles

_SECONDS: Final = 2.0  # between two looks
_MB: Final = 1_000_000


class Room:
    """Sees to it that nothing is begun whose results could not be kept.

    Parameters
    ----------
    folder
        The output folder.
    min_free_mb
        Space that is to be left, in MB.
    troubles
        Told when there is less.
    is_ours
        Whether a ledger that has come to lie in the folder is the one that is written.
    clock
        A monotonic clock, in seconds.
    """

    def __init__(
        self,
        folder: Path,
        min_free_mb: int,
        troubles: Troubles,
        *,
        is_ours: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._min_free_mb = min_free_mb
        self._troubles = troubles
        self._is_ours = is_ours
        self._clock = clock
        self._looked_at = float("-inf")
        self._ledger = _identity(folder)
        self.is_elsewhere = False
        """Whether the folder with the ledger is on another disk than it was: one that was connected anew."""

    @property
    def is_there(self) -> bool:
        """Whether the ledger was where it belongs when it was last looked for."""
        return HOME not in self._troubles and not self.is_elsewhere

    def is_left(self) -> bool:
        """Whether there is room, and the ledger where it was; the disk is asked now and then."""
        now = self._clock()
        if now - self._looked_at >= _SECONDS and self._troubles.may_try(ROOM):
            self._looked_at = now
            self._look()
        return ROOM not in self._troubles and self.is_there

    def _look(self) -> None:
        if self._ledger is not None and not self._is_ledger_there():
            return
        self._troubles.end(HOME)
        try:
            is_read_only = _is_read_only(self._folder)
            free_mb = shutil.disk_usage(self._folder).free // _MB
        except OSError as error:
            template = _("the output folder {folder} cannot be used: {reason}")
            values: dict[str, Scalar] = {"folder": str(self._folder), "reason": error.strerror or str(error)}
            self._troubles.begin(ROOM, Message(template=template, values=values))
            return
        if is_read_only:
            template = _(
                "the disk of {folder} is read-only: nothing more is examined until it can be written"
            )
            self._troubles.begin(ROOM, Message(template=template, values={"folder": str(self._folder)}))
            return
        if free_mb >= self._min_free_mb:
            self._troubles.end(ROOM)
            return
        template = _(
            "only {free} MB are left on the disk of {folder}: nothing more is examined until there are "
            "{needed} MB"
        )
        values = {"free": free_mb, "folder": str(self._folder), "needed": self._min_free_mb}
        self._troubles.begin(ROOM, Message(template=template, values=values))

    def _is_ledger_there(self) -> bool:
        """Whether the ledger is where it was; a disk that is away is told from a ledger that was taken."""
        found = _identity(self._folder)
        if found == self._ledger:
            return True
        if self._is_on_another_disk(found) and self._is_ours():
            self._troubles.end(HOME)
            self.is_elsewhere = True
            return False
        values = {"name": LEDGER_NAME, "folder": str(self._folder)}
        try:
            (self._folder / LOCK_NAME).stat()
            template = _(
                "{name} was taken out of {folder}, or replaced, and what was measured with it: nothing more "
                "is examined; put it back, or end the service, delete what is left in {folder} and start it "
                "again"
            )
        except OSError as error:
            template = _(
                "the output folder {folder} is away ({reason}): nothing more is examined until it is back; "
                "if it is on a share, see to its connection"
            )
            values["reason"] = error.strerror or str(error)
        self._troubles.begin(HOME, Message(template=template, values=values))
        return False

    def _is_on_another_disk(self, found: tuple[int, int] | None) -> bool:
        """One that is new on the same disk was put there by hand, beside a log that is not its own."""
        return found is not None and self._ledger is not None and found[0] != self._ledger[0]


def _identity(folder: Path) -> tuple[int, int] | None:
    """Of the ledger of a folder, None where there is none or it cannot be asked for."""
    try:
        status = (folder / LEDGER_NAME).stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _is_read_only(folder: Path) -> bool:
    return hasattr(os, "statvfs") and bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
