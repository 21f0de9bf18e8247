"""Files of a watched folder: seen, waited for, examined, replaced, renamed, gone."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ybda_qc.intake.complete import Completeness, completeness
from ybda_qc.intake.walk import lies_hidden, role_of
from ybda_qc.intake.writers import is_being_written
from ybda_qc.model import BatchFile, FileRole, PageResult
from ybda_qc.model.watching import EventKind, FileState, TakenFile
from ybda_qc.watch.examining import Answer, Examining, Flight, has_timed_out, pages_in_order
from ybda_qc.watch.items import ItemTracker
from ybda_qc.watch.keeping import Keeping
from ybda_qc.watch.known import KnownFiles
from ybda_qc.watch.news import FileNews, News, PageNews, WaitingFile
from ybda_qc.watch.opening import Opened
from ybda_qc.watch.places import Places
from ybda_qc.watch.sightings import Look
from ybda_qc.watch.waiting import Ready, WaitingList


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Who is told what becomes of files.

    Parameters
    ----------
    tell
        Told the news.
    changed
        Told when the folder is other than it was reported, at a time of the monotonic clock.
    reopened
        Told the code of an item that was closed and has changed.
    unchanged
        Told the code of an item of which a file was looked at again and has not changed.
    marked
        Told the code of an open item of which a marker says that all of it is there.
    moved_to
        Where a file of an item lies that was moved out of the folder; empty where it was not.
    is_ending
        Whether the service was told to stop.
    """

    tell: Callable[[News], None]
    changed: Callable[[float], None]
    reopened: Callable[[str], None]
    unchanged: Callable[[str], None]
    marked: Callable[[str], None]
    moved_to: Callable[[str, str], str]
    is_ending: Callable[[], bool]


class TakingIn:
    """Follows every file of a folder from the first sight of it to its results.

    Parameters
    ----------
    opened
        The folder, ready to be watched.
    jobs
        Workers that examine pages.
    places
        Where its files lie.
    tracker
        Which item a file belongs to.
    keeping
        Keeps results and what becomes of files.
    listening
        Who is told.
    """

    def __init__(
        self,
        opened: Opened,
        *,
        jobs: int,
        places: Places,
        tracker: ItemTracker,
        keeping: Keeping,
        listening: Listening,
    ) -> None:
        self._opened = opened
        self._behind = opened.behind
        self._places = places
        self._tracker = tracker
        self._keeping = keeping
        self._to = listening
        self._others: dict[str, FileState] = {}  # files that no check opens
        self._markers: dict[str, FileState] = {}  # those among them that are to be taken in
        self._faulty: set[str] = set()  # files with a page whose results are not to last
        self._timed_out: dict[str, None] = {}  # files that took too long, perhaps because nothing answered
        self._may_be_known = opened.knows_contents
        self.has_looked = False
        """Whether the folder was seen as a whole since the service started."""
        self.known = KnownFiles(self._behind.ledger.watching.taken_files(self._behind.run))
        """The files that were taken in."""
        self._waiting = WaitingList(
            self._behind.profile.watch,
            look=places.look,
            completeness=self._completeness,
            is_written=self._is_written,
            vanished=self._note_vanished,
        )
        self.examining = Examining(
            opened.setup,
            jobs,
            ledger=self._behind.ledger,
            look=places.look,
            on_page=self._on_page,
            on_file=self._on_file,
            is_ending=listening.is_ending,
        )
        """The files whose turn has come, or is to come."""

    def restore(self, now: float) -> None:
        """Go on with the files taken in before; those on which the program failed are tried again."""
        for path in self._behind.ledger.watching.faulty_files(self._behind.run):
            self.known.distrust(path)
        for path, file in self.known.snapshot().items():
            if file.path_hex:
                self._places.learn({path: bytes.fromhex(file.path_hex)})
            if self._role(path).is_of_item:
                self._tracker.add(path, now)

    @property
    def outstanding(self) -> tuple[str, ...]:
        """Files that are waited for or examined."""
        return (*self._waiting, *self.examining.paths)

    @property
    def is_at_rest(self) -> bool:
        """Whether the folder has been seen and all files in it are answered."""
        return self.has_looked and not len(self._waiting) and not self.examining.queue_length

    def waiting(self, now: float) -> tuple[WaitingFile, ...]:
        """Files that are not complete yet, the oldest first."""
        return self._waiting.shown(now)

    def is_current(self, page: PageResult) -> bool:
        """Whether a page still has the content that was measured; may be asked from any thread."""
        known = self.known.get(page.page.path)
        return known is not None and page.sha256 is not None and known.sha256 == page.sha256

    def moved_files(self) -> list[BatchFile]:
        """Files that were taken in and have been moved out of the folder."""
        return [
            BatchFile(
                path=file.path,
                path_hex=file.path_hex,
                size_bytes=file.state.size_bytes,
                role=self._role(file.path),
            )
            for file in self.known.snapshot().values()
            if file.moved_to
        ]

    # --- what is seen --------------------------------------------------------------------------------------

    def note(self, look: Look, now: float) -> None:
        """Take in what was seen of the folder."""
        self._places.learn(look.names)
        for path, state in look.files.items():
            self._see(path, state, now)
        self._take_markers(now)
        self.known.note_missing(look, now)
        for path in (
            self._others.keys() & look.gone if not look.is_whole else self._others.keys() - look.files
        ):
            if self._places.look(path) is None:
                self._waiting.forget_unfinished(self._others.pop(path))
                self._to.changed(now)
        if look.is_whole:
            self.has_looked = True
            self._may_be_known = self._may_be_known or bool(len(self.known))

    def see_again(self, path: str) -> None:
        """A file whose examination came to nothing."""
        state = self._places.look(path)
        if state is not None:
            self._waiting.see(path, state, time.monotonic())
        else:
            self._note_vanished(path)

    def try_timed_out_again(self) -> None:
        """The disk answers again: files whose examination took too long meanwhile are examined anew."""
        for path in self._timed_out:
            self.known.distrust(path)
            self.see_again(path)
        self._timed_out.clear()

    def _note_vanished(self, path: str) -> None:
        """A file that was never taken in is gone: it belongs to no item."""
        if path not in self.known:
            self._reopen(self._tracker.remove(path, time.monotonic()))

    def _completeness(self, path: str) -> Completeness:
        with self._places.asking:
            return completeness(self._places.path(path))

    def _is_written(self, path: str) -> bool | None:
        with self._places.asking:
            return is_being_written(self._places.path(path))

    def _role(self, path: str) -> FileRole:
        return FileRole.STRAY if lies_hidden(path) else role_of(path, self._behind.layout)[0]

    def _see(self, path: str, state: FileState, now: float) -> None:
        if self.known.is_unchanged(path, state) or self.examining.state_of(path) == state:
            return
        if path in self._others or not self._role(path).is_opened:
            self._see_other(path, state, now)
            return
        self.examining.drop(path)
        if not self.examining.is_examined(path):  # else it is looked at again when that is over
            self._waiting.see(path, state, now, was_there=not self.has_looked)

    def _see_other(self, path: str, state: FileState, now: float) -> None:
        """A file that is not opened: a stray, a marker, or one under the name of an unfinished file."""
        if self._others.get(path) == state:
            return
        self._others[path] = state
        if self._waiting.is_unfinished(path):
            self._waiting.note_unfinished(state)
        elif self._tracker.is_marker(path) and not lies_hidden(path):
            self._markers[path] = state
        self._to.changed(now)

    def _take_markers(self, now: float) -> None:
        """Markers speak of the files that are there: none of them is waited for any longer than it must.

        They come after all other files that were seen with them, in whatever order the system told of those.
        """
        for path, state in self._markers.items():
            self._keep(path, state)
            for outstanding in self.outstanding:
                if self._role(outstanding).is_of_item:
                    self._reopen(self._tracker.add(outstanding, now))
            marked = set(self._tracker.mark(path))
            for code in marked:
                self._to.marked(code)
            for waiting in tuple(self._waiting):
                if self._tracker.item_of(waiting) in marked:
                    self._waiting.deliver(waiting, now)
        self._markers.clear()

    def drop_what_is_gone(self, now: float) -> None:
        """Forget files that have been missing for so long that nobody is replacing them."""
        for path in self.known.missing_for_long(now):
            if not self._places.is_gone(path) or path in self._waiting:
                self.known.are_back([path])
            else:
                self._drop(path, now)

    def _drop(self, path: str, now: float) -> None:
        self._to.changed(now)
        known = self.known.get(path)
        assert known is not None, "only known files are missing"
        moved_to = self._to.moved_to(path, self._tracker.item_of(path))
        if moved_to:
            self.note_moved(path, moved_to)
            return
        self._forget(path, now)
        self._tell_of(EventKind.FILE_REMOVED, path)

    def note_moved(self, path: str, place: str) -> None:
        """A file lies elsewhere by now, where the service itself has moved it, be it again; its results stay.

        Raises
        ------
        InputError
            If the ledger cannot be read; nothing is noted then.
        """
        known = self.known.get(path)
        if known is not None and known.moved_to != place:
            pages = tuple(self._behind.ledger.watching.pages_of(self._behind.run, [path]))
            file = replace(known, moved_to=place)
            self.known.put(file)
            self._keeping.file(file, pages)
            self._to.changed(time.monotonic())

    def _forget(self, path: str, now: float) -> None:
        self._timed_out.pop(path, None)
        self.known.forget(path)
        self._faulty.discard(path)
        self._keeping.gone(path)
        self._reopen(self._tracker.remove(path, now))

    # --- what is taken in ----------------------------------------------------------------------------------

    def begin_what_is_complete(self, now: float) -> None:
        """Hand files over for examination that are complete."""
        for ready in self._waiting.take(now):
            self._begin(ready, now)

    def _begin(self, ready: Ready, now: float) -> None:
        path = ready.path
        role = self._role(path)
        if role.is_of_item and self._content_of(path) is None:  # else only if that turns out to be another
            self._reopen(self._tracker.add(path, now))
        if role is not FileRole.PAGE or self._behind.layout.is_photograph(path, self._tracker.item_of(path)):
            self._keep(path, ready.state)
            self._to.changed(now)
            return
        was_renamed = bool(self.known.earlier_path(path, ready.state, self._places.look))
        self.examining.add(
            ready,
            self._places.hex_of(path),
            self._tracker.item_of(path),
            may_be_known=was_renamed or (ready.still_since is None and self._may_be_known),
        )

    def _content_of(self, path: str) -> str | None:
        """Digest of a file as it was taken in and lies here; None where its results are not to last."""
        known = self.known.get(path)
        return None if known is None or known.moved_to or path in self._faulty else known.sha256

    def _keep(self, path: str, state: FileState) -> None:
        """A file without pages is taken in by being known."""
        file = TakenFile(path=path, path_hex=self._places.hex_of(path), state=state, sha256=None)
        self.known.put(file)
        self._keeping.file(file, ())

    def _on_page(self, answer: Answer) -> None:
        path = answer.flight.ready.path
        known = self.known.get(path)
        sha256 = answer.judged.result.sha256
        if known is not None and known.sha256 == sha256 and sha256 is not None:
            return  # touched, but not changed: what was said of it holds
        if known is not None and known.sha256 is not None and not answer.flight.is_announced:
            answer.flight.is_announced = True
            self._reopen(self._tracker.add(path, time.monotonic()))
            self._tell_of(EventKind.FILE_REPLACED, path)
        news = PageNews(
            inbox=self._opened.config.name,
            judged=answer.judged,
            item=self._tracker.item_of(path),
            titles=self._opened.titles,
            remedies=self._opened.remedies,
            seconds=answer.seconds,
            was=(known.sha256 or "") if known is not None else "",
            at=answer.at,
        )
        self._to.tell(news)

    def _on_file(self, flight: Flight) -> None:
        path, now = flight.ready.path, time.monotonic()
        if flight.is_stale:
            self.see_again(path)
            return
        pages = pages_in_order(flight)
        file = TakenFile(
            path=path,
            path_hex=self._places.hex_of(path),
            state=flight.ready.state,
            sha256=pages[0].sha256,
        )
        earlier = self.known.earlier_path(path, file.state, self._places.look)
        if not earlier and file.sha256 is not None and file.sha256 == self._content_of(path):
            self.known.put(file)
            self._keeping.touched(file)
            self._to.unchanged(self._tracker.item_of(path))
            return
        if earlier:
            self._rename(earlier, path, file.state, now)
        is_faulty = any(page.fault or has_timed_out(page) for page in pages)
        (self._faulty.add if is_faulty else self._faulty.discard)(path)
        if any(has_timed_out(page) for page in pages):
            self._timed_out[path] = None
        else:
            self._timed_out.pop(path, None)
        self.known.put(file)
        self._keeping.file(file, pages)
        self._reopen(self._tracker.add(path, now))
        self._to.changed(now)

    def _rename(self, earlier: str, path: str, state: FileState, now: float) -> None:
        if earlier in self.known and self._places.look(earlier) is None:
            self._forget(earlier, now)
        self.known.found_again(state)
        self._tell_of(EventKind.FILE_RENAMED, path, other=earlier)

    def _reopen(self, codes: Iterable[str]) -> None:
        for code in codes:
            self._to.reopened(code)

    def _tell_of(self, kind: EventKind, path: str, other: str = "") -> None:
        inbox = self._opened.config.name
        self._to.tell(FileNews(inbox=inbox, kind=kind, path=path, other=other, at=datetime.now(UTC)))
