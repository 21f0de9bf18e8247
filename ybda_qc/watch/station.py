"""One watched folder: files are taken in, pages answered, items closed, reports refreshed."""

import os
import shutil
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

from ybda_qc.engine.declared import blanks_of_records
from ybda_qc.errors import InputError
from ybda_qc.intake.complete import completeness
from ybda_qc.intake.names import hex_of
from ybda_qc.intake.walk import role_of
from ybda_qc.intake.writers import is_being_written
from ybda_qc.model import BatchFile, Catalogue, FileRole, PageResult, Scalar
from ybda_qc.model.watching import EventKind, FileState, TakenFile
from ybda_qc.report import Translator
from ybda_qc.report import mark as _
from ybda_qc.watch.background import Background
from ybda_qc.watch.documents import event_of
from ybda_qc.watch.examining import Answer, Examining, Flight, pages_in_order
from ybda_qc.watch.items import ItemTracker
from ybda_qc.watch.keeping import Keeping
from ybda_qc.watch.keeping import now as time_now
from ybda_qc.watch.known import KnownFiles
from ybda_qc.watch.news import FileNews, ItemNews, Message, News, PageNews, ReportNews, StationNews
from ybda_qc.watch.opening import Opened
from ybda_qc.watch.refresh import Refreshed
from ybda_qc.watch.sightings import Look, Sightings, look_at
from ybda_qc.watch.station_items import StationItems
from ybda_qc.watch.troubles import AWAY, LEDGER, ROOM, UNREADABLE, Troubles
from ybda_qc.watch.waiting import Ready, WaitingList
from ybda_qc.watch.webhook import Webhook

_MOST_UNWRITTEN: Final = 2000  # files and events; then nothing more is begun until the ledger moves
_ROOM_SECONDS: Final = 2.0  # between two looks at the space that is left
_MB: Final = 1_000_000
_OPENED: Final = frozenset({FileRole.PAGE, FileRole.MEDIA, FileRole.CATALOGUE, FileRole.CHECKSUM})


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
        Delivers the events, None where nobody is to be told.
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
        webhook: Webhook | None = None,
    ) -> None:
        self._opened = opened
        self._behind = opened.behind
        self._root = os.fsencode(self._behind.root)
        self._name = opened.config.name
        self._min_free = min_free_mb * _MB
        self._say = say
        self._hear = hear
        self._webhook = webhook
        options = opened.behind.profile.watch
        book = self._behind.ledger.watching
        self._keeping = Keeping(self._behind.ledger, self._behind.run, self._behind.standstill)
        self._known = KnownFiles(book.taken_files(self._behind.run))
        self._names: dict[str, bytes] = {}
        self._others: dict[str, FileState] = {}  # files that no check opens
        self._troubles = Troubles(self._name, self._tell)
        self._waiting = WaitingList(
            options,
            look=self._look,
            completeness=lambda path: completeness(self._path(path)),
            is_written=lambda path: is_being_written(self._path(path)),
        )
        self._tracker = ItemTracker(opened.layout, options)
        self._examining = Examining(
            opened.setup,
            jobs,
            ledger=self._behind.ledger,
            look=self._look,
            on_page=self._on_page,
            on_file=self._on_file,
        )
        self._background = Background(
            self._behind,
            readers=max(1, jobs // 2),
            troubles=self._troubles,
            taken=self._known.snapshot,
            moved=self._moved_files,
            is_current=self._is_current,
        )
        self._items = StationItems(
            self._behind,
            inbox=self._name,
            tracker=self._tracker,
            states=book.items(self._behind.run),
            place=self._place,
            taken=self._known.get,
            troubles=self._troubles,
            say=say,
        )
        self._sightings = Sightings(
            self._behind.root,
            excluded=opened.excluded,
            polls=opened.polls,
            poll_seconds=opened.config.poll_seconds,
            wake=wake,
        )
        self._may_be_known = opened.knows_contents
        self._has_looked = False
        self._room_looked_at = 0.0
        self._stack = ExitStack()

    # --- life ----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Go on where the last one left off, and begin to watch."""
        now = time.monotonic()
        for path, file in self._known.snapshot().items():
            if file.path_hex:
                self._names[path] = bytes.fromhex(file.path_hex)
            if role_of(path, self._opened.layout)[0] in (FileRole.PAGE, FileRole.MEDIA):
                self._tracker.add(path, now)
        self._items.end_moves()
        self._tracker.restore_closed(self._items.closed_codes)
        if len(self._known):
            self._background.changed(now)
        self._examining.start()
        self._stack.callback(self._examining.stop)
        self._sightings.start()
        self._stack.callback(self._sightings.stop)
        if self._webhook is not None:
            self._webhook.start()
            self._stack.callback(self._webhook.stop)

    def stop(self, *, in_order: bool, on_wait: Callable[[], None] = lambda: None) -> None:
        """Keep what was answered and let go of everything.

        Parameters
        ----------
        in_order
            Whether the reports are brought up to date first.
        on_wait
            Called again and again while that takes its time.
        """
        try:
            self._sightings.stop()
            self._keeping.write(wait=True)
            if in_order:
                self._note_refreshed(self._background.finish(on_wait))
                self._keeping.write(wait=True)
        finally:
            self._background.stop()
            self._stack.close()
            self._opened.close()

    @property
    def is_quiet(self) -> bool:
        """Whether all that is known of has been answered, kept and reported."""
        return (
            self._has_looked
            and not (len(self._waiting) or self._examining.queue_length or len(self._keeping))
            and self._background.is_quiet
        )

    # --- one turn ------------------------------------------------------------------------------------------

    def turn(self, seconds: float) -> None:
        """See what is new, and do what is due; waits for the workers for so long at most."""
        now = time.monotonic()
        for look in self._sightings.take():
            self._note_look(look, now)
        self._drop_what_is_gone(now)
        for ready in self._waiting.take(now):
            self._take_in(ready, now)
        self._examine(seconds)
        self._close_items(now)
        self._write()
        is_idle = self._has_looked and not (self._examining.queue_length or len(self._keeping))
        self._note_refreshed(self._background.turn(now, is_idle=is_idle))
        self._write()

    def _examine(self, seconds: float) -> None:
        has_place = len(self._keeping) < _MOST_UNWRITTEN and LEDGER not in self._troubles
        may_begin = has_place and self._has_room() and AWAY not in self._troubles
        try:
            self._examining.turn(seconds, may_begin=may_begin)
        except InputError as error:  # no room for a picture: its page is examined again
            self._troubles.begin(ROOM, error)
            for path in self._examining.give_back():
                self._see_again(path)

    def _has_room(self) -> bool:
        """Whether there is space for what is to be written; looked at now and then."""
        now = time.monotonic()
        if now - self._room_looked_at >= _ROOM_SECONDS and self._troubles.may_try(ROOM):
            self._room_looked_at = now
            free = shutil.disk_usage(self._behind.out).free
            if free < self._min_free:
                self._troubles.begin(
                    ROOM,
                    Message(
                        template=_(
                            "only {free} MB are left on the disk of {folder}: nothing more is examined until "
                            "there are {needed} MB"
                        ),
                        values={
                            "free": free // _MB,
                            "folder": str(self._behind.out),
                            "needed": self._min_free // _MB,
                        },
                    ),
                )
            else:
                self._troubles.end(ROOM)
        return ROOM not in self._troubles

    def _write(self) -> None:
        if not len(self._keeping) or not self._troubles.may_try(LEDGER):
            return
        try:
            self._keeping.write()
        except InputError as error:
            self._troubles.begin(LEDGER, error)
            return
        self._troubles.end(LEDGER)
        if self._webhook is not None:
            self._webhook.nudge()

    # --- what is seen --------------------------------------------------------------------------------------

    def _note_look(self, look: Look, now: float) -> None:
        if self._is_away(look):
            return
        self._names |= look.names
        self._note_unreadable(look)
        for path, state in look.files.items():
            self._see(path, state, now)
        self._known.note_missing(look, now)
        for path in (*look.gone, *((*self._others,) if look.is_whole else ())):
            if path in self._others and path not in look.files and self._look(path) is None:
                del self._others[path]
                self._background.changed(now)
        if look.is_whole:
            self._has_looked = True
            self._may_be_known = self._may_be_known or bool(len(self._known))

    def _is_away(self, look: Look) -> bool:
        """Whether the folder cannot be seen; one that lost all at once is a share that is not connected."""
        if not look.is_whole:
            return AWAY in self._troubles
        is_empty = not look.files and not look.unreadable and len(self._known) > 0
        is_empty = is_empty and any(not file.moved_to for file in self._known.snapshot().values())
        if look.away is None and not is_empty:
            self._troubles.end(AWAY)
            return False
        reason = look.away or "empty"
        template = _("the folder {folder} cannot be read ({reason}); what was found in it stays as it is")
        if look.away is None:
            template = _(
                "the folder {folder} is empty, though files were taken in from it; if it is a share, see "
                "that it is connected; what was found in it stays as it is"
            )
        values = {"folder": str(self._behind.root), "reason": reason}
        self._troubles.begin(AWAY, Message(template=template, values=values))
        self._known.all_missing()
        self._has_looked = True
        return True

    def _note_unreadable(self, look: Look) -> None:
        if not look.is_whole:
            return
        if not look.unreadable:
            self._troubles.end(UNREADABLE)
            return
        values: dict[str, Scalar] = {"count": len(look.unreadable), "folder": look.unreadable[0]}
        template = _("{count} folders cannot be opened, {folder} among them: what lies in them is not seen")
        self._troubles.begin(UNREADABLE, Message(template=template, values=values))

    def _see(self, path: str, state: FileState, now: float) -> None:
        role = role_of(path, self._opened.layout)[0]
        if role not in _OPENED:
            self._see_other(path, state, now)
            return
        if self._known.is_unchanged(path, state) or self._examining.state_of(path) == state:
            return
        self._examining.drop(path)
        if not self._examining.is_examined(path):  # else it is looked at again when that is over
            self._waiting.see(path, state, now, was_there=not self._has_looked)

    def _see_again(self, path: str) -> None:
        state = self._look(path)
        if state is not None:
            self._waiting.see(path, state, time.monotonic())

    def _see_other(self, path: str, state: FileState, now: float) -> None:
        """A file that is not opened: a stray, a marker, or one under the name of an unfinished file."""
        if self._others.get(path) == state:
            return
        if self._waiting.is_unfinished(path):
            self._waiting.note_unfinished(state)
        is_new = path not in self._others
        self._others[path] = state
        if self._tracker.is_marker(path) and is_new and self._known.get(path) is None:
            self._take_marker(path, state, now)
        self._background.changed(now)

    def _take_marker(self, path: str, state: FileState, now: float) -> None:
        self._known.put(self._taken(path, state, None))
        self._keeping.file(self._taken(path, state, None), ())
        for waiting in (*self._waiting,):
            self._tracker.add(waiting, now)
        marked = set(self._tracker.mark(path))
        for waiting in (*self._waiting,):
            if self._tracker.item_of(waiting) in marked:
                self._waiting.deliver(waiting, now)

    def _drop_what_is_gone(self, now: float) -> None:
        for path in self._known.missing_for_long(now):
            state = self._look(path)
            if state is not None or path in self._waiting:
                self._known.are_back([path])
                continue
            self._drop(path, now)

    def _drop(self, path: str, now: float) -> None:
        moved_to = self._items.moved_to(path, self._tracker.item_of(path))
        known = self._known.get(path)
        self._background.changed(now)
        if moved_to and known is not None:
            file = replace(known, moved_to=moved_to)
            self._known.put(file)
            self._keeping.file(file, tuple(self._behind.ledger.watching.pages_of(self._behind.run, [path])))
            return
        self._known.forget(path)
        self._keeping.gone(path)
        self._reopen(self._tracker.remove(path, now))
        if self._others.get(path) is None:
            self._tell(FileNews(inbox=self._name, kind=EventKind.FILE_REMOVED, path=path, at=time_now()))

    # --- what is taken in ----------------------------------------------------------------------------------

    def _take_in(self, ready: Ready, now: float) -> None:
        path = ready.path
        role = role_of(path, self._opened.layout)[0]
        if role in (FileRole.PAGE, FileRole.MEDIA):
            self._reopen(self._tracker.add(path, now))
        if role is not FileRole.PAGE or self._opened.layout.is_photograph(path, self._tracker.item_of(path)):
            self._known.put(self._taken(path, ready.state, None))
            self._keeping.file(self._taken(path, ready.state, None), ())
            self._background.changed(now)
            return
        was_renamed = bool(self._known.earlier_path(ready.state))
        self._examining.add(
            ready,
            hex_of(self._raw(path)),
            self._tracker.item_of(path),
            may_be_known=was_renamed or (ready.still_since is None and self._may_be_known),
        )

    def _on_page(self, answer: Answer) -> None:
        path = answer.flight.ready.path
        known = self._known.get(path)
        sha256 = answer.judged.result.sha256
        if known is not None and known.sha256 == sha256 and sha256 is not None:
            return  # touched, but not changed: what was said of it holds
        self._tell(
            PageNews(
                inbox=self._name,
                judged=answer.judged,
                item=self._tracker.item_of(path),
                titles=self._opened.titles,
                remedies=self._opened.remedies,
                seconds=answer.seconds,
                was=(known.sha256 or "") if known is not None else "",
                at=answer.at,
            )
        )

    def _on_file(self, flight: Flight) -> None:
        path, now = flight.ready.path, time.monotonic()
        if flight.is_stale:
            self._see_again(path)
            return
        pages = pages_in_order(flight)
        known, file = self._known.get(path), self._taken(path, flight.ready.state, pages[0].sha256)
        earlier = self._known.earlier_path(file.state)
        if earlier and earlier != path:
            self._rename(earlier, path, file.state, now)
        elif known is not None and known.sha256 != file.sha256:
            self._tell(FileNews(inbox=self._name, kind=EventKind.FILE_REPLACED, path=path, at=time_now()))
        self._known.put(file)
        self._keeping.file(file, pages)
        self._reopen(self._tracker.add(path, now))
        self._background.changed(now)

    def _rename(self, earlier: str, path: str, state: FileState, now: float) -> None:
        if earlier in self._known and self._look(earlier) is None:
            self._known.forget(earlier)
            self._keeping.gone(earlier)
            self._reopen(self._tracker.remove(earlier, now))
        self._known.found_again(state)
        news = FileNews(
            inbox=self._name, kind=EventKind.FILE_RENAMED, path=path, other=earlier, at=time_now()
        )
        self._tell(news)

    # --- items and reports ---------------------------------------------------------------------------------

    def _reopen(self, code: str | None) -> None:
        if code is not None:
            self._tell(self._items.reopened(code))

    def _close_items(self, now: float) -> None:
        if not self._troubles.may_try(LEDGER) or AWAY in self._troubles or not self._has_looked:
            return
        busy: set[str] | None = None

        def is_busy(code: str) -> bool:
            nonlocal busy
            if busy is None:
                busy = {self._tracker.item_of(path) for path in (*self._waiting, *self._examining.paths)}
            return code in busy

        due = self._tracker.due(now, is_busy)
        if not due or not self._written():
            return
        try:
            for code, by in due:
                self._tell_all(self._items.close(code, by, self._catalogue))
        except InputError as error:
            self._troubles.begin(LEDGER, error)
        except OSError as error:
            values = {"reason": error.strerror or str(error)}
            template = _("the report of an item cannot be written: {reason}")
            self._troubles.begin(LEDGER, Message(template=template, values=values))

    def _written(self) -> bool:
        """Whether the ledger has all that was answered: an item is decided by what is kept."""
        self._write()
        return not len(self._keeping)

    @property
    def _catalogue(self) -> Catalogue | None:
        latest = self._background.latest
        return latest.view.catalogue if latest else None

    def _note_refreshed(self, refreshed: Refreshed | None) -> None:
        if refreshed is None:
            return
        view, summary = refreshed.view, refreshed.result.summary
        blanks = blanks_of_records(view.batch, view.catalogue)
        self._examining.plan = self._behind.plan.declaring(blanks)
        self._tell_all(self._items.update(view.catalogue))
        self._tell(
            ReportNews(
                inbox=self._name,
                outcome=summary.decision.outcome,
                reasons=summary.decision.reasons,
                pages=summary.coverage.pages,
                folder=str(self._behind.out),
                at=summary.decision.decided_at,
            )
        )

    def news(self) -> StationNews:
        """How things stand."""
        waiting = self._waiting.shown(time.monotonic())
        return StationNews(
            inbox=self._name,
            waiting=waiting,
            queued=self._examining.queue_length,
            unread=self._background.unread,
            files=len(self._known),
            open_items=self._tracker.open_count,
            trouble=self._troubles.worst,
            worker_restarts=self._examining.lost_workers,
        )

    # --- small things --------------------------------------------------------------------------------------

    def _tell(self, news: News) -> None:
        self._hear(news)
        self._keeping.event(event_of(news, self._say))

    def _tell_all(self, news: Iterable[ItemNews]) -> None:
        for one in news:
            self._tell(one)

    def _raw(self, path: str) -> bytes:
        return self._names.get(path) or os.fsencode(path)

    def _place(self, path: str) -> bytes:
        return self._root + b"/" + self._raw(path)

    def _path(self, path: str) -> Path:
        return Path(os.fsdecode(self._place(path)))

    def _look(self, path: str) -> FileState | None:
        return look_at(self._place(path))

    def _taken(self, path: str, state: FileState, sha256: str | None) -> TakenFile:
        return TakenFile(path=path, path_hex=hex_of(self._raw(path)), state=state, sha256=sha256)

    def _is_current(self, page: PageResult) -> bool:
        known = self._known.get(page.page.path)
        return known is not None and page.sha256 is not None and known.sha256 == page.sha256

    def _moved_files(self) -> list[BatchFile]:
        return [
            BatchFile(
                path=file.path,
                path_hex=file.path_hex,
                size_bytes=file.state.size_bytes,
                role=role_of(file.path, self._opened.layout)[0],
            )
            for file in self._known.snapshot().values()
            if file.moved_to
        ]
