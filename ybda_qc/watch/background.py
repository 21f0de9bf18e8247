"""When the whole folder is judged and reported, and when text is read: on threads, one of each at a time."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from ybda_qc.errors import QcError
from ybda_qc.model import BatchFile, PageResult
from ybda_qc.report import mark as _
from ybda_qc.watch.news import Message, PageNews
from ybda_qc.watch.reading import read_text
from ybda_qc.watch.refresh import Behind, Refreshed, StoppedError, refresh
from ybda_qc.watch.troubles import REPORTS, TEXT, Troubles

_IDLE_SECONDS: Final = 2.0  # nothing has come for so long: the folder is reported
_OVERDUE_SECONDS: Final = 300.0  # or, where something comes all the time, after so long
_SHARE: Final = 4.0  # reports take at most one part in so many of the time
_REST_SECONDS: Final = 10.0  # but nobody waits for them any longer once nothing has come for so long
_RENEW_READER_AFTER: Final = 200


class _Job(threading.Thread):
    """Something done on a thread of its own, with what came of it."""

    def __init__(self, name: str, work: Callable[[], Refreshed | None]) -> None:
        super().__init__(name=name, daemon=True)
        self._work = work
        self.started_at = time.monotonic()
        self.seconds = 0.0
        self.result: Refreshed | None = None
        self.error: BaseException | None = None
        self._computed = 0.0
        self._moved_at = self.started_at

    @property
    def moved_at(self) -> float:
        """When it was last seen to compute, on the monotonic clock: a hung share lets nobody compute."""
        computed = _processor_seconds(self) if self.is_alive() else self._computed
        if computed > self._computed:
            self._computed, self._moved_at = computed, time.monotonic()
        return self._moved_at

    def run(self) -> None:
        """Do it; what it raises is looked at by whoever waits for it."""
        try:
            self.result = self._work()
        except BaseException as error:  # noqa: BLE001 - raised again by `Background`
            self.error = error
        self.seconds = time.monotonic() - self.started_at


def _processor_seconds(thread: threading.Thread) -> float:
    """What a thread has computed so far; where the system does not tell, as if it computed all the time."""
    try:
        told = Path(f"/proc/self/task/{thread.native_id}/schedstat").read_text(encoding="ascii")
        return int(told.split()[0]) / 1e9
    except (OSError, ValueError, IndexError):
        return time.monotonic()


class Background:
    """Keeps reports and text up to date behind the answers to single pages.

    Parameters
    ----------
    behind
        What the work stands on.
    inbox
        Name of the folder.
    readers
        Workers that read text.
    troubles
        Told of what fails.
    taken, moved
        What the batch consists of now.
    is_current
        Whether a page still has the content that was measured.
    on_page
        Told, on another thread, of a page that has another verdict by its text; the ledger has it already.
    """

    def __init__(
        self,
        behind: Behind,
        *,
        inbox: str,
        readers: int,
        troubles: Troubles,
        taken: Callable[[], Mapping[str, object]],
        moved: Callable[[], Sequence[BatchFile]],
        is_current: Callable[[PageResult], bool],
        on_page: Callable[[PageNews], None],
    ) -> None:
        self._behind = behind
        self._inbox = inbox
        self._readers = readers
        self._troubles = troubles
        self._taken = taken
        self._moved = moved
        self._is_current = is_current
        self._on_page = on_page
        self._stop = threading.Event()
        self._refreshing: _Job | None = None
        self._reading: _Job | None = None
        self._dirty_since: float | None = None
        self._changed_at = 0.0
        self._rest_until = 0.0
        self._read_in_vain = 0  # pages that were unread when they were last read
        self.latest: Refreshed | None = None
        """The folder as it was reported last."""

    @property
    def is_quiet(self) -> bool:
        """Whether all is reported, and all text read."""
        busy = self._refreshing is not None or self._reading is not None
        return not busy and self._dirty_since is None and not self.unread

    @property
    def moved_at(self) -> float:
        """When any of it was last seen to compute, on the monotonic clock; 0 where nothing is done."""
        return max((job.moved_at for job in (self._refreshing, self._reading) if job), default=0.0)

    @property
    def unread(self) -> int:
        """Pages with text that is still to be read, as of the last reports."""
        return self.latest.unread if self.latest else 0

    def changed(self, now: float) -> None:
        """Something is other than it was reported."""
        self._read_in_vain = 0
        self._note_change(now)

    def _note_change(self, now: float) -> None:
        self._changed_at = now
        if self._dirty_since is None:
            self._dirty_since = now

    def turn(self, now: float, *, is_idle: bool, may_begin: bool = True) -> Refreshed | None:
        """Begin what is due, if anything may be begun, and return the reports that have been finished.

        Raises
        ------
        Exception
            What went wrong through a fault of the program.
        """
        finished = self._end_refresh()
        self._end_reading(now)
        if not may_begin:
            return finished
        if self._refreshing is None and self._is_due(now, is_idle=is_idle):
            self._begin_refresh()
        elif self._reading is None and self._may_read(is_idle=is_idle):
            self._begin_reading()
        return finished

    def settle(self, goes_on: Callable[[], bool]) -> Refreshed | None:
        """Let reports that are being written come to their end, and reading at once; then the ledger is free.

        Parameters
        ----------
        goes_on
            Asked again and again while that takes its time; where it says no, reports are given up.
        """
        if self._reading is not None:
            self._stop.set()
            self._wait(self._reading, goes_on)
            self._stop.clear()
            self._end_reading(time.monotonic())
        if self._refreshing is not None:
            self._wait(self._refreshing, goes_on)
        return self._end_refresh()

    def finish(self, goes_on: Callable[[], bool]) -> Refreshed | None:
        """Report what is not reported yet; text is left for the next time. Waits as `settle` does."""
        if self._dirty_since is not None and goes_on():
            self._begin_refresh()
        return self.settle(goes_on)

    def stop(self, goes_on: Callable[[], bool] = lambda: True) -> None:
        """Give up what is being done; `goes_on` is called again and again meanwhile."""
        self._stop.set()
        for job in (self._refreshing, self._reading):
            if job is not None:
                self._wait(job, goes_on)

    def _wait(self, job: _Job, goes_on: Callable[[], bool]) -> None:
        """In steps, so that a signal is heard meanwhile."""
        while job.is_alive():
            if not goes_on():
                self._stop.set()
            job.join(timeout=0.2)

    def _is_due(self, now: float, *, is_idle: bool) -> bool:
        if self._dirty_since is None or not self._troubles.may_try(REPORTS):
            return False
        quiet = now - self._changed_at if is_idle else 0.0
        if now < self._rest_until:
            return quiet >= _REST_SECONDS
        return quiet >= _IDLE_SECONDS or now - self._dirty_since >= _OVERDUE_SECONDS

    def _begin_refresh(self) -> None:
        self._dirty_since = None
        taken, moved = self._taken(), self._moved()
        self._refreshing = _Job(
            "reports", lambda: refresh(self._behind, taken=taken, moved=moved, stop=self._stop)
        )
        self._refreshing.start()

    def _end_refresh(self) -> Refreshed | None:
        job = self._refreshing
        if job is None or job.is_alive():
            return None
        self._refreshing = None
        now = time.monotonic()
        if job.error is not None:
            self._note_change(now)
            self._say(REPORTS, job.error)
            return None
        self._troubles.end(REPORTS)
        self._rest_until = now + job.seconds * (_SHARE - 1)
        self.latest = job.result
        return job.result

    def _may_read(self, *, is_idle: bool) -> bool:
        is_reported = self._refreshing is None and self._dirty_since is None
        is_worth_it = self.unread not in (0, self._read_in_vain)  # not those again that cannot be read
        return is_idle and is_reported and is_worth_it and self._troubles.may_try(TEXT)

    def _begin_reading(self) -> None:
        assert self.latest is not None
        view = self.latest.view
        self._read_in_vain = self.unread

        def read() -> None:
            read_text(
                self._behind,
                view,
                inbox=self._inbox,
                workers=self._readers,
                renew_after=_RENEW_READER_AFTER,
                is_current=self._is_current,
                tell=self._on_page,
                stop=self._stop,
            )

        self._reading = _Job("text", read)
        self._reading.start()

    def _end_reading(self, now: float) -> None:
        job = self._reading
        if job is None or job.is_alive():
            return
        self._reading = None
        if job.error is not None:
            self._read_in_vain = 0
            self._say(TEXT, job.error)
        else:
            self._troubles.end(TEXT)
        if job.error is None or isinstance(job.error, StoppedError):
            self._note_change(now)  # what was read is part of the reports

    def _say(self, kind: str, error: BaseException) -> None:
        """A trouble that a person can mend is told; any other is a fault of the program."""
        if isinstance(error, StoppedError):
            return
        if isinstance(error, OSError):
            words = {"reason": error.strerror or str(error)}
            self._troubles.begin(
                kind, Message(template=_("the reports cannot be written: {reason}"), values=words)
            )
            return
        if not isinstance(error, QcError):
            raise error
        self._troubles.begin(kind, error)
