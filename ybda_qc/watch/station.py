"""One watched folder: files are taken in, pages answered, items closed, reports refreshed."""

import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from queue import SimpleQueue
from typing import Final

from ybda_qc.engine.declared import blanks_of_records
from ybda_qc.errors import InputError
from ybda_qc.model import Catalogue
from ybda_qc.report import Translator
from ybda_qc.watch.background import Background
from ybda_qc.watch.config import WebhookConfig
from ybda_qc.watch.deciding import Deciding
from ybda_qc.watch.delivery import DeliveryNews
from ybda_qc.watch.documents import event_of
from ybda_qc.watch.items import ItemTracker
from ybda_qc.watch.keeping import Keeping
from ybda_qc.watch.messenger import Messenger
from ybda_qc.watch.news import News, OpenPages, PageNews, StationNews
from ybda_qc.watch.open_pages import open_pages
from ybda_qc.watch.opening import Opened
from ybda_qc.watch.places import Places
from ybda_qc.watch.presence import Presence
from ybda_qc.watch.refresh import Refreshed
from ybda_qc.watch.room import Room
from ybda_qc.watch.sightings import Sightings
from ybda_qc.watch.station_items import StationItems
from ybda_qc.watch.taking_in import Listening, TakingIn
from ybda_qc.watch.troubles import AWAY, LEDGER, ROOM, Troubles

_WRITING_SECONDS: Final = 0.25  # between two transactions while workers are busy
_DECIDING_SECONDS: Final = 0.2  # at a time, on items that are decided anew
_MOST_UNWRITTEN: Final = 2000  # files and events; then nothing more is begun until the ledger moves


class Station:
    """Watches one folder; driven by `turn`, again and again, on one thread.

    Parameters
    ----------
    opened
        Profile, ledger and output folder, ready for use.
    jobs
        Workers that examine pages.
    min_free_mb
        Space on the disk of the output folder below which nothing is begun.
    say
        Language of events and reports.
    hear
        Told the news.
    wake
        Called from another thread when something was seen.
    webhook
        The server that is told of events, None where there is none.
    on_delivery
        Told what becomes of deliveries.
    is_ending
        Whether the service was told to stop.
    """

    def __init__(
        self,
        opened: Opened,
        *,
        jobs: int,
        min_free_mb: int,
        say: Translator,
        hear: Callable[[News], None],
        wake: Callable[[], None],
        webhook: WebhookConfig | None = None,
        on_delivery: Callable[[DeliveryNews], None] = lambda _: None,
        is_ending: Callable[[], bool] = lambda: False,
    ) -> None:
        self._opened = opened
        self._behind = opened.behind
        self._name = opened.config.name
        self._say = say
        self._hear = hear
        self._read: SimpleQueue[PageNews] = SimpleQueue()  # told by another thread
        self._keeping = Keeping(self._behind.ledger, self._behind.run, self._behind.standstill)
        self._troubles = Troubles(self._name, self._tell)
        self._messenger = Messenger(
            self._name,
            webhook,
            self._behind.ledger.watching,
            troubles=self._troubles,
            hear=on_delivery,
        )
        self.room = Room(self._behind.out, min_free_mb, self._troubles, is_ours=opened.has_its_ledger)
        """Whether the output folder is there, and has room."""
        self._tracker = ItemTracker(self._behind.layout, self._behind.profile.watch)
        places = Places(self._behind.root)
        self._files = TakingIn(
            opened,
            jobs=jobs,
            places=places,
            tracker=self._tracker,
            keeping=self._keeping,
            listening=Listening(
                tell=self._tell,
                changed=self._note_change,
                reopened=self._reopen,
                unchanged=self._note_unchanged,
                marked=self._note_marked,
                moved_to=self._moved_to,
                is_ending=is_ending,
            ),
        )
        self._background = Background(
            self._behind,
            inbox=self._name,
            readers=max(1, jobs // 2),
            troubles=self._troubles,
            taken=self._files.known.snapshot,
            moved=self._files.moved_files,
            is_current=self._files.is_current,
            on_page=self._read.put,
        )
        self._items = StationItems(
            self._behind,
            inbox=self._name,
            tracker=self._tracker,
            places=places,
            taken=self._files.known.get,
            moved=self._files.note_moved,
            keep=self._keeping.item,
            troubles=self._troubles,
            say=say,
        )
        self._deciding = Deciding(
            self._items,
            tracker=self._tracker,
            files=self._files,
            troubles=self._troubles,
            write=self._write,
            hear=self._hear_kept,
        )
        self._sightings = Sightings(
            self._behind.root,
            excluded=opened.excluded,
            polls=opened.polls,
            poll_seconds=opened.config.poll_seconds,
            wake=wake,
        )
        self.presence = Presence(
            self._behind.root,
            sightings=self._sightings,
            places=places,
            known=self._files.known,
            troubles=self._troubles,
        )
        """Whether the folder is there, and answers."""
        self._stack = ExitStack()
        self._write_at = 0.0
        self._moved_at = time.monotonic()

    # --- life ----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Go on where the last one left off, and begin to watch."""
        now = time.monotonic()
        self._files.restore(now)
        self._items.restore()
        self._tell_of_open_pages()
        if len(self._files.known):
            self._background.changed(now)
        self._files.examining.start()
        self._stack.callback(self._files.examining.stop)
        self._sightings.start()
        self._stack.callback(self._sightings.stop)
        self._messenger.start()
        self._stack.callback(self._messenger.stop)

    def _tell_of_open_pages(self) -> None:
        """Tell which pages are still to be scanned again; a ledger that cannot be read says so elsewhere."""
        with suppress(InputError):
            pages = open_pages(self._opened, self._files.known)
            self._hear(OpenPages(inbox=self._name, pages=pages))

    def stop(self, *, in_order: bool, goes_on: Callable[[], bool] = lambda: True) -> None:
        """Keep what was answered and let go of everything.

        Parameters
        ----------
        in_order
            Whether the reports are brought up to date first.
        goes_on
            Called again and again while this takes its time; where it says no, reports are left for the next
            start.
        """
        in_order = in_order and self.room.is_there and not self.presence.is_silent
        try:
            self._write()  # before anything is waited for
            self._sightings.stop()
            if in_order:
                self._note_refreshed(self._background.settle(goes_on))
            else:
                self._background.stop(goes_on)
            self._note_read()
            self._write(wait=True)
            if in_order:
                self._note_refreshed(self._background.finish(goes_on))
                while self._decide_anew() and goes_on():
                    self._moved_at = time.monotonic()
                self._write(wait=True)
        finally:
            self._background.stop(goes_on)
            self._stack.close()
            self._opened.close()

    @property
    def is_quiet(self) -> bool:
        """Whether all that is known of has been answered, kept and reported."""
        is_kept = not len(self._keeping) and not self._items.has_work
        return self._files.is_at_rest and is_kept and self._background.is_quiet

    @property
    def is_examining(self) -> bool:
        """Whether workers have something to do, so that a turn takes its time."""
        return self._files.examining.is_at_work

    @property
    def moved_at(self) -> float:
        """When it was last seen to do something, on the monotonic clock; for any thread."""
        return max(self._moved_at, self._background.moved_at)

    @property
    def _are_folders_there(self) -> bool:
        return self._is_folder_there and self.room.is_there

    @property
    def _is_folder_there(self) -> bool:
        return AWAY not in self._troubles and not self.presence.is_silent

    # --- one turn ------------------------------------------------------------------------------------------

    def turn(self, seconds: float) -> None:
        """See what is new, and do what is due; waits for the workers for so long at most."""
        now = time.monotonic()
        if self.presence.answers_again():
            self._files.try_timed_out_again()
        for look in self._sightings.take():
            if self.presence.is_seen(look):
                self._files.note(look, now)
        self._drop_what_is_gone(now)
        self._files.begin_what_is_complete(now)
        self._examine(seconds)
        if self._may_decide:
            self._deciding.close_due(now, self._catalogue)
        is_idle = self._files.has_looked and not (self._files.examining.queue_length or len(self._keeping))
        self._note_refreshed(self._background.turn(now, is_idle=is_idle, may_begin=self._are_folders_there))
        self._decide_anew()
        self._note_read()
        self._messenger.take()
        if now >= self._write_at or not self.is_examining:
            self._write()
            self._write_at = time.monotonic() + _WRITING_SECONDS
        self._moved_at = time.monotonic()

    def _note_read(self) -> None:
        """Tell of pages that have another verdict by their text, if they were not replaced meanwhile."""
        while not self._read.empty():
            news = self._read.get()
            if self._files.is_current(news.judged.result):
                self._hear_kept(news)

    def _drop_what_is_gone(self, now: float) -> None:
        try:
            self._files.drop_what_is_gone(now)
        except InputError as error:
            self._troubles.begin(LEDGER, error)

    def _examine(self, seconds: float) -> None:
        has_place = len(self._keeping) < _MOST_UNWRITTEN  # a ledger that stands still keeps nobody waiting
        may_begin = has_place and self.room.is_left() and self._is_folder_there
        examining = self._files.examining
        try:
            examining.turn(seconds, may_begin=may_begin)
        except InputError as error:  # no room for a picture: its page is examined again
            self._troubles.begin(ROOM, error)
            for path in examining.give_back():
                self._files.see_again(path)

    def _write(self, *, wait: bool = False) -> bool:
        """Write what there is to be kept; whether nothing is left."""
        if not len(self._keeping):
            return True
        if not (wait or self._troubles.may_try(LEDGER)):
            return False
        try:
            is_written = self._keeping.write(wait=wait)
        except InputError as error:
            self._troubles.begin(LEDGER, error)
            return False
        if is_written:
            self._troubles.end(LEDGER)
            self._messenger.nudge()
        return is_written

    # --- items and reports ---------------------------------------------------------------------------------

    @property
    def _may_decide(self) -> bool:
        """Whether items may be decided now: whoever writes beside a report would wait for it."""
        return self._are_folders_there and not self._behind.ledger.is_being_written

    def _decide_anew(self) -> bool:
        return self._may_decide and self._deciding.decide_anew(_DECIDING_SECONDS, self._catalogue)

    def _hear_kept(self, news: News) -> None:
        """Tell of what the ledger has already."""
        self._hear(news)
        self._messenger.nudge()

    @property
    def _catalogue(self) -> Catalogue | None:
        latest = self._background.latest
        return latest.view.catalogue if latest else None

    def _note_refreshed(self, refreshed: Refreshed | None) -> None:
        if refreshed is None:
            return
        view = refreshed.view
        self._files.examining.plan = self._behind.plan.declaring(
            blanks_of_records(view.batch, view.catalogue)
        )
        self._items.look_again(view.catalogue)
        self._tell(refreshed.news(self._name, self._behind.out))

    def news(self) -> StationNews:
        """How things stand."""
        return StationNews(
            inbox=self._name,
            waiting=self._files.waiting(time.monotonic()),
            queued=self._files.examining.queue_length,
            unread=self._background.unread,
            files=len(self._files.known),
            open_items=self._tracker.open_count,
            trouble=self._troubles.worst,
            worker_restarts=self._files.examining.lost_workers,
        )

    def _note_change(self, now: float) -> None:
        self._background.changed(now)

    def _reopen(self, code: str) -> None:
        self._tell(self._items.reopened(code))

    def _note_unchanged(self, code: str) -> None:
        self._items.unchanged(code)

    def _note_marked(self, code: str) -> None:
        self._items.marked(code)

    def _moved_to(self, path: str, code: str) -> str:
        return self._items.moved_to(path, code)

    def _tell(self, news: News) -> None:
        self._hear(news)
        self._keeping.event(event_of(news, self._say))
