"""The service: watches folders until it is told to stop, and reads its configuration anew when told so."""

import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from types import FrameType
from typing import Final

from ybda_qc.engine.executors.process import default_workers
from ybda_qc.errors import ExitCode, InputError, ProfileError, QcError
from ybda_qc.model.watching import EventKind
from ybda_qc.report import Translator
from ybda_qc.report import mark as _
from ybda_qc.watch.asking import answers
from ybda_qc.watch.config import InboxConfig, ServiceConfig
from ybda_qc.watch.delivery import DeliveryNews
from ybda_qc.watch.driving import Driver
from ybda_qc.watch.news import Listener, Message, News, ServiceNews
from ybda_qc.watch.notify import Supervisor
from ybda_qc.watch.opening import check_inbox, open_inbox
from ybda_qc.watch.preparing import Preparing
from ybda_qc.watch.presence import SILENT_SECONDS
from ybda_qc.watch.station import Station

_TURN_SECONDS: Final = 0.25
_NEWS_SECONDS: Final = 0.5
_PATIENCE_SECONDS: Final = 5.0  # with a station whose disk does not answer, or where somebody is in a hurry
_ENDING_SECONDS: Final = 30.0  # granted by the supervisor again and again while reports are written
_Handler = Callable[[int, FrameType | None], object] | int | signal.Handlers | None

_HURRY, _AT_ONCE = 2, 4  # signals after which reports are left out, and after which nothing is waited for


class Service:
    """Watches folders, each by a `Station` on a thread of its own.

    Parameters
    ----------
    load
        Reads the configuration; called again to reload it.
    say
        Language of messages and reports.
    listeners
        Told the news.
    supervisor
        Told when the service is ready, reloads, ends, and that it is alive.
    on_turn
        Called at every turn of the loop.
    on_delivery
        Told what becomes of deliveries to the webhook.
    ends_on_hangup
        Whether SIGHUP says that the terminal is gone, and not that the configuration is to be read anew.
    """

    def __init__(
        self,
        load: Callable[[], ServiceConfig],
        *,
        say: Translator,
        listeners: Sequence[Listener],
        supervisor: Supervisor,
        on_turn: Callable[[], None] = lambda: None,
        on_delivery: Callable[[DeliveryNews], None] = lambda _: None,
        ends_on_hangup: bool = False,
    ) -> None:
        self._load = load
        self._say = say
        self._listeners = tuple(listeners)
        self._supervisor = supervisor
        self._on_turn = on_turn
        self._on_delivery = on_delivery
        self._ends_on_hangup = ends_on_hangup
        self._wake = threading.Event()
        self._telling = threading.Lock()  # listeners are told by one thread at a time
        self._drivers: list[Driver] = []
        self._signals = 0
        self._signal = 0
        self._reload = False
        self._told_at = 0.0

    def run(self, config: ServiceConfig) -> int:
        """Watch until a signal asks to stop; returns the exit code.

        Raises
        ------
        QcError
            If a folder cannot be watched; none is then.
        """
        before = self._handle_signals()
        try:
            self._start(config)
            self._tell_what_is_watched(EventKind.STARTED, config)
            self._supervisor.ready()
            while not self._signals:
                self._turn()
                if self._reload:
                    config = self._load_anew(config)
            self._supervisor.stopping()
            self._stop_stations(in_order=True)
            self._tell(EventKind.STOPPED, _("what was answered is kept"))
        finally:
            self._stop_stations(in_order=False)  # after an error: keep what there is
            for number, handler in before.items():
                signal.signal(number, handler)
        return ExitCode.INTERRUPTED if self._signal == signal.SIGINT else ExitCode.ACCEPT

    def stop(self) -> None:
        """Ask the loop to end, from any thread."""
        self._signals = max(1, self._signals)
        self._wake.set()

    def reload(self) -> None:
        """Ask for the configuration to be read anew, from any thread."""
        self._reload = True
        self._wake.set()

    def _turn(self) -> None:
        self._beat()
        now = time.monotonic()
        if now - self._told_at >= _NEWS_SECONDS:
            self._told_at = now
            self._tell_how_things_stand()
        self._wake.wait(_TURN_SECONDS)
        self._wake.clear()

    def _tell_how_things_stand(self) -> None:
        told = []
        for driver in self._drivers:
            driver.check()
            news = driver.news()
            if driver.trouble is not None:  # the station cannot say it itself
                self._hear(news)
            told.append(news)
        trouble = next((news.trouble for news in told if news.trouble), None)
        counts = {
            "files": sum(news.files for news in told),
            "queued": sum(news.queued for news in told),
            "waiting": sum(len(news.waiting) for news in told),
        }
        status = self._say(
            _("{files} files taken in, {queued} being examined, {waiting} not complete"), counts
        )
        self._supervisor.status(self._say(trouble.template, trouble.values) if trouble else status)

    def _beat(self) -> None:
        """The service is alive: no station hangs, whatever some disk may do."""
        if not any(driver.hangs for driver in self._drivers):
            self._on_turn()
            self._supervisor.beat()

    def _take_time(self) -> None:
        self._beat()
        self._supervisor.more_time(_ENDING_SECONDS)

    def _start(self, config: ServiceConfig) -> None:
        """Watch all folders; those that do not answer follow when they do."""
        jobs = max(1, (config.jobs or default_workers()) // len(config.inboxes))
        for inbox in config.inboxes:
            driver = Driver(inbox, partial(self._make_station, config, inbox, jobs), hear=self._hear)
            self._drivers.append(driver)
            driver.start()
            while not (driver.wait_for_start(_TURN_SECONDS) or driver.is_silent or self._signals):
                self._take_time()

    def _make_station(self, config: ServiceConfig, inbox: InboxConfig, jobs: int, driver: Driver) -> Station:
        preparing = Preparing(self._tell, driver.go_on)
        opened = open_inbox(inbox, jobs=jobs, lang=self._say.lang, others=config.inboxes, progress=preparing)
        preparing.end()
        with ExitStack() as undo:
            undo.callback(opened.close)
            station = Station(
                opened,
                jobs=jobs,
                min_free_mb=config.min_free_mb,
                say=self._say,
                hear=self._hear,
                wake=driver.wake,
                webhook=config.webhook,
                on_delivery=self._on_delivery,
                is_ending=lambda: self._signals > 0,
            )
            undo.pop_all()  # from here on the station lets go of it
        return station

    def _stop_stations(self, *, in_order: bool, leaves_silent: bool = True) -> None:
        """Stop all stations at once.

        Parameters
        ----------
        in_order
            Whether reports are brought up to date first.
        leaves_silent
            Whether one is left whose disk does not answer: then nobody else is to wait, as the process ends.
        """
        for driver in self._drivers:
            driver.end(in_order=in_order, goes_on=lambda: self._signals < _HURRY)
        stopped: list[Driver] = []
        while self._drivers:
            driver = self._drivers.pop()
            stopped.append(driver)
            begun = time.monotonic()
            while not driver.wait(_TURN_SECONDS):
                if (leaves_silent or self._signals) and self._is_given_up(driver, time.monotonic() - begun):
                    break
                self._take_time()  # reports of a large folder take theirs
        for driver in stopped:
            driver.check()

    def _is_given_up(self, driver: Driver, waited: float) -> bool:
        is_hopeless = driver.is_silent or self._signals >= _HURRY
        patience = _PATIENCE_SECONDS if is_hopeless else SILENT_SECONDS
        return waited > patience and driver.seconds_unmoved > patience

    def _load_anew(self, config: ServiceConfig) -> ServiceConfig:
        """Go on by the configuration as it stands now; by the old one if that cannot be used."""
        self._reload = False
        self._supervisor.reloading()
        before = tuple(self._drivers)
        try:
            fresh = self._load()
            self._require_answers(fresh.inboxes)
            self._stop_stations(
                in_order=False, leaves_silent=False
            )  # reports are written by those that follow
            self._start(fresh)
        except QcError as error:
            self._tell_error(error)
            if tuple(self._drivers) != before:
                self._stop_stations(in_order=False, leaves_silent=False)
                self._start(config)
            fresh = config
        else:
            self._tell_what_is_watched(EventKind.RELOADED, fresh)
        self._supervisor.ready()
        return fresh

    def _require_answers(self, inboxes: Sequence[InboxConfig]) -> None:
        """A station whose disk does not answer cannot be stopped, nor such a folder be opened."""
        for driver in self._drivers:
            if driver.is_silent:
                raise _no_answer(driver.folder)
            self._require_answer(driver.folder, driver.wait_for_turn)
        for inbox in inboxes:
            self._require_answer(str(inbox.path), partial(check_inbox, inbox, inboxes))

    def _require_answer(self, folder: str, ask: Callable[[], object]) -> None:
        if not answers(ask, seconds=SILENT_SECONDS, meanwhile=self._take_time):
            raise _no_answer(folder)

    def _handle_signals(self) -> dict[int, _Handler]:
        """Note signals instead of raising: what is being written is written to its end."""
        if threading.current_thread() is not threading.main_thread():
            return {}
        others = ("SIGBREAK", "SIGHUP") if self._ends_on_hangup else ("SIGBREAK",)
        stops = [signal.SIGINT, signal.SIGTERM, *(getattr(signal, n) for n in others if hasattr(signal, n))]
        before: dict[int, _Handler] = {number: signal.signal(number, self._note_stop) for number in stops}
        if hasattr(signal, "SIGHUP") and not self._ends_on_hangup:
            before[signal.SIGHUP] = signal.signal(signal.SIGHUP, self._note_reload)
        return before

    def _note_reload(self, _number: int, _frame: FrameType | None) -> None:
        self._reload = True

    def _note_stop(self, number: int, _frame: FrameType | None) -> None:
        # No more than this: a lock taken here, as of an event, may be held by what the signal came upon. The
        # loop looks every quarter of a second.
        self._signals += 1
        self._signal = number
        if self._signals >= _AT_ONCE:
            raise KeyboardInterrupt

    def _tell_what_is_watched(self, kind: EventKind, config: ServiceConfig) -> None:
        folders = ", ".join(str(inbox.path) for inbox in config.inboxes)
        self._tell(kind, _("watching {folders}"), folders=folders)

    def _tell(self, kind: EventKind, template: str, **values: str | int) -> None:
        message = Message(template=template, values=values)
        self._hear(ServiceNews(kind=kind, message=message, at=datetime.now(UTC)))

    def _tell_error(self, error: QcError) -> None:
        problems = error.problems if isinstance(error, ProfileError) else ()
        for template, values in ((error.template, error.values), *problems):
            message = Message.told(template, values)
            self._hear(ServiceNews(kind=EventKind.TROUBLE, message=message, at=datetime.now(UTC)))

    def _hear(self, news: News) -> None:
        with self._telling:
            for listener in self._listeners:
                listener.hear(news)


def _no_answer(folder: str) -> InputError:
    template = _("the configuration is not read anew while {folder} does not answer")
    return InputError(template, folder=folder)
