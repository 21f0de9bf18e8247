"""A station on a thread of its own: a share that does not answer holds up no other folder."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from ybda_qc.watch.news import StationNews
from ybda_qc.watch.presence import SILENT_SECONDS
from ybda_qc.watch.station import Station

_TURN_SECONDS: Final = 0.05
_QUIET_TURN_SECONDS: Final = 0.25  # nothing is waited for but what the folder tells
_NEWS_SECONDS: Final = 0.5


class Driver:
    """Turns a station again and again, until it is told to end.

    Parameters
    ----------
    station
        The station; nobody else may touch it from now on.
    folder
        The watched folder, for messages.
    awake
        Set when something was seen in the folder.
    """

    def __init__(self, station: Station, folder: str, awake: threading.Event) -> None:
        self._station = station
        self.folder = folder
        self._awake = awake
        self._ends = threading.Event()
        self._in_order = True
        self._goes_on: Callable[[], bool] = lambda: True
        self._turned_at = self._news_at = time.monotonic()
        self._news = station.news()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="station", daemon=True)

    def start(self) -> None:
        """Start the station; what keeps it from that is raised here.

        Raises
        ------
        QcError
            If the folder cannot be watched.
        """
        try:
            self._station.start()
        except BaseException:
            self._station.stop(in_order=False)
            raise
        self._turned_at = time.monotonic()
        self._thread.start()

    @property
    def is_silent(self) -> bool:
        """Whether the disk or the share of the folder does not answer."""
        return self._station.presence.is_silent or self._seconds_since_turn > SILENT_SECONDS

    @property
    def _seconds_since_turn(self) -> float:
        return time.monotonic() - self._turned_at

    def news(self) -> StationNews:
        """How things stand, or stood when the folder last answered."""
        seconds = self._seconds_since_turn
        if seconds <= SILENT_SECONDS:
            return self._news
        return replace(self._news, trouble=self._station.presence.silence(seconds))

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

    def _run(self) -> None:
        try:
            self._turn_until_end()
        except BaseException as error:  # noqa: BLE001 - raised again by `check`
            self._failure = error

    def _turn_until_end(self) -> None:
        try:
            while not self._ends.is_set():
                self._turn()
        except BaseException:
            self._in_order = False
            raise
        finally:
            self._station.stop(in_order=self._in_order, goes_on=self._may_take_time)

    def _turn(self) -> None:
        self._station.turn(_TURN_SECONDS)
        self._note_turn()
        if not self._station.is_examining:
            self._awake.wait(_QUIET_TURN_SECONDS if self._station.is_quiet else _TURN_SECONDS)
        self._awake.clear()

    def _note_turn(self) -> None:
        now = time.monotonic()
        self._turned_at = now
        if now - self._news_at >= _NEWS_SECONDS:
            self._news_at = now
            self._news = self._station.news()

    def _may_take_time(self) -> bool:
        self._turned_at = time.monotonic()
        return self._goes_on()
