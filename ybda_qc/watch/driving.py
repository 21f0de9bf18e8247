"""A station on a thread of its own: a share that does not answer holds up no other folder."""

import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from ybda_qc.errors import QcError
from ybda_qc.report import mark as _
from ybda_qc.watch.asking import Probe
from ybda_qc.watch.config import InboxConfig
from ybda_qc.watch.news import Message, StationNews
from ybda_qc.watch.presence import SILENT_SECONDS
from ybda_qc.watch.station import Station

_TURN_SECONDS: Final = 0.05
_QUIET_TURN_SECONDS: Final = 0.25  # nothing is waited for but what the folder tells
_NEWS_SECONDS: Final = 0.5
_AGAIN_SECONDS: Final = 5.0  # between two tries to open again what was open
_STILL_SECONDS: Final = 10.0  # a station turns several times a second


class Driver:
    """Opens a station and turns it again and again, until it is told to end.

    Where a disk was connected anew the station is let go of and opened again: its files are those of before.

    Parameters
    ----------
    inbox
        The watched folder.
    make
        Makes the station that the driver is to turn, on the thread of the driver, as it asks the disk.
    hear
        Told how things stand, on that thread, too: in order with what the station tells.
    """

    def __init__(
        self,
        inbox: InboxConfig,
        make: Callable[["Driver"], Station],
        *,
        hear: Callable[[StationNews], None],
    ) -> None:
        self.folder = str(inbox.path)
        self._out = inbox.out
        self._out_probe = Probe(lambda: shutil.disk_usage(inbox.out))  # never answered from memory
        self._make = make
        self._hear = hear
        self._awake = threading.Event()
        self._ends = threading.Event()
        self._started = threading.Event()
        self._in_order = True
        self._goes_on: Callable[[], bool] = lambda: True
        self._station: Station | None = None
        self._begun_at = self._news_at = time.monotonic()
        self._news = StationNews(inbox=inbox.name)
        self._refusal: QcError | None = None
        self._failure: BaseException | None = None
        self._opens_again = False
        self._thread = threading.Thread(target=self._run, name="station", daemon=True)

    # --- told and asked by the service ---------------------------------------------------------------------

    def start(self) -> None:
        """Begin; `wait_for_start` tells whether the folder can be watched."""
        self._thread.start()

    def wait_for_start(self, seconds: float) -> bool:
        """Wait for the folder to be watched, for so long at most; whether it is.

        Raises
        ------
        QcError
            If it cannot be watched.
        """
        is_started = self._started.wait(seconds)
        self.check()
        if self._refusal is not None:
            raise self._refusal
        return is_started

    def wait_for_turn(self) -> None:
        """Wait until the station has turned once more, and so does not hang; for ever if it does."""
        begun = time.monotonic()
        while self._thread.is_alive() and self.seconds_unmoved > time.monotonic() - begun:
            self._ends.wait(_TURN_SECONDS)

    def end(self, *, in_order: bool, goes_on: Callable[[], bool]) -> None:
        """Ask the station to stop; `wait` waits for it.

        Parameters
        ----------
        in_order
            Whether the reports are brought up to date first.
        goes_on
            Called again and again from the thread of the station while this takes its time; where it says no,
            reports are left for the next start.
        """
        self._in_order, self._goes_on = in_order, goes_on
        self._ends.set()
        self._awake.set()

    def wait(self, seconds: float) -> bool:
        """Wait for the station to have stopped, for so long at most; whether it has."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def check(self) -> None:
        """Raise what ended the station, if that was a fault of the program."""
        if self._failure is not None:
            raise self._failure

    def news(self) -> StationNews:
        """How things stand, or stood when the folder last answered."""
        trouble = self.trouble
        return replace(self._news, trouble=trouble) if trouble else self._news

    @property
    def trouble(self) -> Message | None:
        """What the station cannot say itself."""
        if self._refusal is not None:
            return Message.of(self._refusal)
        station = self._station  # its own thread may make another meanwhile
        if station is not None and (silence := station.presence.silence) is not None:
            return silence
        if self.seconds_unmoved < SILENT_SECONDS:
            return None
        if station is None:
            template = _("the folder {folder} is still being opened; if it is a share, see to its connection")
            return Message(template=template, values={"folder": self.folder})
        if not self._out_probe.is_silent:
            return None
        template = _(
            "the output folder {folder} does not answer; if it is on a share, see to its connection; the "
            "service goes on when it answers"
        )
        return Message(template=template, values={"folder": str(self._out)})

    @property
    def is_silent(self) -> bool:
        """Whether a disk or a share does not answer."""
        return self.trouble is not None and self._refusal is None

    @property
    def hangs(self) -> bool:
        """Whether the station does nothing, though nothing is waited for."""
        return self.seconds_unmoved > _STILL_SECONDS and self.trouble is None

    @property
    def seconds_unmoved(self) -> float:
        """For how long nothing was seen of what the station does."""
        station = self._station
        return time.monotonic() - (station.moved_at if station else self._begun_at)

    def wake(self) -> None:
        """Something was seen in the folder; may be called from any thread."""
        self._awake.set()

    def go_on(self) -> None:
        """Note that the folder is being opened, and goes on to be.

        Raises
        ------
        KeyboardInterrupt
            If it is not to go on.
        """
        self._begun_at = time.monotonic()
        if self._ends.is_set():
            raise KeyboardInterrupt

    # --- on its own thread ---------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._live()
        except KeyboardInterrupt:
            pass  # `go_on` has raised it
        except BaseException as error:  # noqa: BLE001 - raised again by `check` and `wait_for_start`
            if isinstance(error, QcError) and not self._started.is_set():
                self._refusal = error
            else:
                self._failure = error
        finally:
            self._started.set()

    def _live(self) -> None:
        while not self._ends.is_set():
            try:
                self._drive(self._make(self))
            except QcError as error:
                if not self._opens_again or self._ends.is_set():
                    raise
                self._refusal = error
                self._ends.wait(_AGAIN_SECONDS)
            if self._opens_again:
                self._station, self._begun_at = None, time.monotonic()

    def _drive(self, station: Station) -> None:
        """Turn a station until it, or all, is to end."""
        self._station = station
        is_in_order = False
        try:
            station.start()
            self._refusal, self._opens_again = None, False
            self._started.set()
            while not (self._ends.is_set() or station.room.is_elsewhere):
                self._turn(station)
            self._opens_again = not self._ends.is_set()
            is_in_order = self._in_order and not self._opens_again
        finally:
            station.stop(in_order=is_in_order, goes_on=self._may_go_on)

    def _may_go_on(self) -> bool:
        return self._goes_on()

    def _turn(self, station: Station) -> None:
        station.turn(_TURN_SECONDS)
        now = time.monotonic()
        if now - self._news_at >= _NEWS_SECONDS:
            self._news_at = now
            self._news = station.news()
            self._hear(self._news)
        if not station.is_examining:
            self._awake.wait(_QUIET_TURN_SECONDS if station.is_quiet else _TURN_SECONDS)
        self._awake.clear()
