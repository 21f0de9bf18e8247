"""The output folder: whether its ledger is still in it, and the space that is left on its disk."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ybda_qc.model import Scalar
from ybda_qc.report import mark as _
from ybda_qc.store import LEDGER_NAME
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
    clock
        A monotonic clock, in seconds.
    """

    def __init__(
        self,
        folder: Path,
        min_free_mb: int,
        troubles: Troubles,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._min_free_mb = min_free_mb
        self._troubles = troubles
        self._clock = clock
        self._looked_at = float("-inf")
        self._ledger = self._ledger_now()

    def is_left(self) -> bool:
        """Whether there is room, and the ledger where it was; the disk is asked now and then."""
        now = self._clock()
        if now - self._looked_at >= _SECONDS and self._troubles.may_try(ROOM):
            self._looked_at = now
            self._look()
        return ROOM not in self._troubles and HOME not in self._troubles

    def _ledger_now(self) -> tuple[int, int] | None:
        try:
            status = (self._folder / LEDGER_NAME).stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def _look(self) -> None:
        if self._ledger is not None and self._ledger_now() != self._ledger:
            template = _(
                "{name} was taken out of {folder}, or replaced, and what was measured with it: nothing more "
                "is examined; put it back, or end the service, delete what is left in {folder} and start it "
                "again"
            )
            self._troubles.begin(
                HOME, Message(template=template, values={"name": LEDGER_NAME, "folder": str(self._folder)})
            )
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


def _is_read_only(folder: Path) -> bool:
    return hasattr(os, "statvfs") and bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
