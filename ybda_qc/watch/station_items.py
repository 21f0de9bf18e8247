"""The items 件 of a station: closed, decided, reported to its software, moved where that is wished."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ybda_qc.acceptance.gate import TEXT_NOT_READ
from ybda_qc.app.item_decision import DecidedItem, decide_item
from ybda_qc.errors import InputError
from ybda_qc.intake.walk import role_of
from ybda_qc.model import BatchFile, Catalogue, Outcome
from ybda_qc.model.watching import EventKind, ItemState, TakenFile
from ybda_qc.report import Translator
from ybda_qc.watch.documents import event_of
from ybda_qc.watch.item_files import write_item
from ybda_qc.watch.items import MARKER, ClosedBy, ItemTracker
from ybda_qc.watch.moving import Mover
from ybda_qc.watch.news import ItemNews
from ybda_qc.watch.places import Places
from ybda_qc.watch.refresh import Behind
from ybda_qc.watch.report_names import ReportNames
from ybda_qc.watch.targets import targets
from ybda_qc.watch.troubles import Troubles
from ybda_qc.watch.unmoved import Unmoved

_COVERAGE: Final = "coverage/"  # reasons of a decision that what is still to be done may take away


class StationItems:
    """Closes items and decides on them.

    Parameters
    ----------
    behind
        What decisions stand on.
    inbox
        Name of the watched folder.
    tracker
        Knows which files are whose.
    places
        Where files lie.
    taken
        A file as it was taken in.
    moved
        Told of a file that was moved, and where it lies now.
    keep
        Keeps what became of an item, with what else is to be kept.
    troubles
        Told of items that cannot be moved.
    say
        Language of decisions and findings.
    """

    def __init__(
        self,
        behind: Behind,
        *,
        inbox: str,
        tracker: ItemTracker,
        places: Places,
        taken: Callable[[str], TakenFile | None],
        moved: Callable[[str, str], None],
        keep: Callable[[ItemState], None],
        troubles: Troubles,
        say: Translator,
    ) -> None:
        self._behind = behind
        self._inbox = inbox
        self._tracker = tracker
        self._states = behind.ledger.watching.items(behind.run)
        self._names = ReportNames(behind.out, behind.root.name, self._states)
        self._places = places
        self._taken = taken
        self._mover = Mover(behind.root, places, taken)
        self._moved = moved
        self._keep = keep
        self._say = say
        self._unsettled: set[str] = set()  # closed items of which not all was looked at
        self._to_decide: dict[str, None] = {}  # anew
        self._targets = targets(behind.root, behind.profile.watch)
        self._unmoved = Unmoved(troubles)
        self._doubtful: set[str] = set()  # items not moved because a file of them looked changed
        self._untold: set[str] = set()  # items of whose moving nothing was told so far
        self._decided_by: str | None = None  # digest of the catalogue

    @property
    def _closed_codes(self) -> tuple[str, ...]:
        """Items that are closed."""
        return tuple(code for code, state in self._states.items() if state.closed_at is not None)

    def reopened(self, code: str) -> ItemNews:
        """A closed item has changed."""
        self._doubtful.discard(code)
        self._untold.discard(code)
        self._become(ItemState(code=code))
        return ItemNews(inbox=self._inbox, kind=EventKind.ITEM_REOPENED, item=code, at=datetime.now(UTC))

    def unchanged(self, code: str) -> None:
        """A file of an item that looked changed is as it was: what waited for that is done now."""
        files = self._tracker.files(code)
        if code in self._doubtful and not any(self._mover.has_changed(path) for path in files):
            self._doubtful.discard(code)
            self._unmoved.add(code)

    def marked(self, code: str) -> None:
        """A marker spoke of an open item: that outlives a restart."""
        self._become(ItemState(code=code, closed_by=MARKER))

    def _become(self, state: ItemState) -> None:
        self._states[state.code] = state
        self._keep(state)

    def close(self, code: str, by: ClosedBy, catalogue: Catalogue | None) -> Iterator[ItemNews]:
        """Close an item: decide, write its report, keep it, and move it if that is wished.

        What the ledger has is told, whatever becomes of the move.

        Raises
        ------
        InputError
            If the ledger cannot be written; the item then is still open.
        OSError
            If its report cannot be written.
        """
        if not self._tracker.files(code):
            self._remove_report(code)
            self._tracker.forget(code)
            if code in self._states:
                self._become(ItemState(code=code))
            return
        at = datetime.now(UTC)
        decided = self._decide(code, catalogue, at)
        state, news = self._report(decided, ItemState(code=code, closed_at=at, closed_by=by), by)
        self._put(state, news)
        self._tracker.close(code)
        yield news
        yield from self._move(state, decided)

    def _remove_report(self, code: str) -> None:
        """An item without files has no report."""
        (self._behind.out / self._names.of(code)).unlink(missing_ok=True)

    def look_again(self, catalogue: Catalogue | None) -> None:
        """Closed items are to be decided anew of which not all was known: text, or the catalogue.

        After a start that may be all of them.
        """
        digest = catalogue.identity.sha256 if catalogue else ""
        codes = self._closed_codes if digest != self._decided_by else sorted(self._unsettled)
        self._decided_by = digest
        self._to_decide.update(dict.fromkeys(codes))

    @property
    def has_work(self) -> bool:
        """Whether items are to be decided anew, or a move is to be tried again."""
        return bool(self._to_decide) or bool(self._unmoved.due)

    def update(self, catalogue: Catalogue | None, seconds: float = math.inf) -> Iterator[ItemNews]:
        """Decide anew on closed items, for so long at most.

        Raises
        ------
        InputError
            If the ledger cannot be written; the item then is decided the next time.
        OSError
            If a report cannot be written.
        """
        self._to_decide.update(dict.fromkeys(self._unmoved.due))
        end = time.monotonic() + seconds
        while self._to_decide and time.monotonic() < end:
            code = next(iter(self._to_decide))
            del self._to_decide[code]
            try:
                yield from self._decide_anew(code, catalogue)
            except (InputError, OSError):
                self._to_decide[code] = None  # after all others
                raise

    def _decide_anew(self, code: str, catalogue: Catalogue | None) -> Iterator[ItemNews]:
        state = self._states.get(code)
        if state is None or state.moved_to or not self._tracker.is_closed(code):
            self._unsettled.discard(code)
            if state is not None and state.moved_to:
                yield from self._finish_move(state)
            else:
                self._unmoved.discard(code)
            return
        decided = self._decide(code, catalogue, datetime.now(UTC))
        changed, told = self._report(decided, state, "")
        if changed.digest != state.digest:
            news = replace(told, kind=EventKind.ITEM_UPDATED)
            self._put(changed, news)
            yield news
        elif code not in self._unmoved:
            return
        yield from self._move(changed, decided)

    def _decide(self, code: str, catalogue: Catalogue | None, at: datetime) -> DecidedItem:
        behind = self._behind
        files = [self._batch_file(path) for path in self._tracker.files(code)]
        results = tuple(behind.ledger.watching.pages_of(behind.run, [file.path for file in files]))
        return decide_item(
            code,
            files,
            results,
            profile=behind.profile,
            layout=behind.layout,
            plan=behind.plan,
            catalogue=catalogue,
            ledger=behind.ledger,
            run=behind.run,
            at=at,
        )

    def _batch_file(self, path: str) -> BatchFile:
        taken = self._taken(path)
        return BatchFile(
            path=path,
            path_hex=taken.path_hex if taken else None,
            size_bytes=taken.state.size_bytes if taken else 0,
            role=role_of(path, self._behind.layout)[0],
        )

    def _report(self, decided: DecidedItem, state: ItemState, by: str) -> tuple[ItemState, ItemNews]:
        name = self._names.of(decided.code)
        assert state.closed_at is not None
        digest = write_item(
            self._behind.out,
            name,
            decided,
            closed_at=state.closed_at,
            plan=self._behind.plan,
            say=self._say,
            known=state.digest,
        )
        decision = decided.decision
        is_settled = not any(reason.code.startswith(_COVERAGE) for reason in decision.reasons)
        (self._unsettled.discard if is_settled else self._unsettled.add)(decided.code)
        news = ItemNews(
            inbox=self._inbox,
            kind=EventKind.ITEM_CLOSED,
            item=decided.code,
            outcome=decision.outcome,
            reasons=decision.reasons,
            pages=len(decided.pages),
            by=by,
            report=name,
            at=decision.decided_at,
        )
        return replace(state, outcome=str(decision.outcome), digest=digest), news

    def _put(self, state: ItemState, *told: ItemNews) -> None:
        """Keep what became of an item together with what is told of it: neither without the other."""
        events = [event for news in told if (event := event_of(news, self._say)) is not None]
        self._behind.ledger.watching.put_items(self._behind.run, [state], events)
        self._states[state.code] = state

    def _move(self, state: ItemState, decided: DecidedItem) -> list[ItemNews]:
        """Move a decided item where the profile says so, once the ledger knows where it will be.

        All its files go there, also those that an earlier move put elsewhere. One whose text is still to be
        read stays till then: it is read where it lies.
        """
        is_read = all(reason.code != TEXT_NOT_READ for reason in decided.decision.reasons)
        target = self._targets.get(decided.decision.outcome)
        if target is None or not is_read:
            self._unmoved.discard(state.code)
            return []
        if not self._is_as_decided(state.code, target):
            self._unmoved.discard(state.code)
            self._doubtful.add(state.code)
            return []  # what has changed will be seen and examined, and the item decided anew if need be
        self._unmoved.add(state.code)
        moved = replace(state, moved_to=str(target))
        self._put(moved)
        self._untold.add(state.code)
        if self._is_moved(moved):
            return self._tell_of_move(moved)
        self._put(state)
        self._untold.discard(state.code)
        return []

    def _is_moved(self, state: ItemState) -> bool:
        """Move what is left of an item to where the ledger says that it is; whether that could be done."""
        target = Path(state.moved_to)
        try:
            self._mover.move(self._tracker.files(state.code), target)
        except OSError as error:
            self._unmoved.refuse(state.code, target, error)
            return False
        self._unmoved.discard(state.code)
        return True

    def _tell_of_move(self, state: ItemState) -> list[ItemNews]:
        """An item was moved: that is told once, however often the ledger refuses or the service is ended.

        One of which a file is missing there, or lies here, seems to have changed: it is told of once that is
        looked at, and the item closed again if need be.

        Raises
        ------
        InputError
            If the ledger cannot be written; it is told the next time.
        """
        code = state.code
        try:
            self._note_places(code)
            is_there = all(self.moved_to(path, code) for path in self._tracker.files(code))
            if not is_there:
                self._doubtful.add(code)
                return []
            news = ItemNews(
                inbox=self._inbox,
                kind=EventKind.ITEM_MOVED,
                item=code,
                outcome=Outcome(state.outcome),
                moved_to=state.moved_to,
                at=datetime.now(UTC),
            )
            self._put(state, news)
        except InputError:
            self._to_decide[code] = None
            raise
        self._untold.discard(code)
        return [news]

    def _is_as_decided(self, code: str, target: Path) -> bool:
        """Whether no file of an item has changed in the watched folder, or gone, since it was examined."""
        mover = self._mover
        return not any(
            mover.has_changed(path, target) or mover.is_missing(path, target)
            for path in self._tracker.files(code)
        )

    def restore(self) -> None:
        """Go on with the items that were closed before, and with moves that the service did not come to.

        Items that lost their last file just before it was ended are no more.
        """
        for code in self._states:
            if not self._tracker.files(code):
                with suppress(OSError):  # is tried again at the next start
                    self._remove_report(code)
        self._tracker.restore_closed(self._closed_codes)
        self._tracker.restore_marked(
            code for code, state in self._states.items() if state.closed_at is None and state.closed_by
        )
        self._untold.update(self._behind.ledger.watching.untold_moves(self._behind.run))
        self._to_decide.update(dict.fromkeys(sorted(self._untold)))
        for state in self._states.values():
            if state.moved_to:
                if state.code in self._untold:
                    self._is_moved(state)
                self._note_places(state.code)
            elif self._is_to_be_moved(state):
                self._unmoved.add(state.code)

    def _is_to_be_moved(self, state: ItemState) -> bool:
        if state.closed_at is None or state.outcome not in self._targets:
            return False
        target = self._targets[Outcome(state.outcome)]
        return any(not self._mover.is_in(path, target) for path in self._tracker.files(state.code))

    def _finish_move(self, state: ItemState) -> list[ItemNews]:
        if state.code in self._untold and self._is_moved(state):
            return self._tell_of_move(state)
        self._note_places(state.code)
        return []

    def _note_places(self, code: str) -> None:
        """Wherever its files lie, a change of the item must not make them look as if they were gone."""
        target = Path(self._states[code].moved_to)
        for path in self._tracker.files(code):
            taken, place = self._taken(path), str(self._places.path_below(target, path))
            is_noted = taken is not None and taken.moved_to == place
            if not is_noted and self.moved_to(path, code):
                self._moved(path, place)

    def moved_to(self, path: str, code: str) -> str:
        """Where a file lies that is gone from the folder because its item was moved; empty otherwise."""
        state = self._states.get(code)
        if state is None or not state.moved_to:
            return ""
        target = Path(state.moved_to)
        return str(self._places.path_below(target, path)) if self._mover.is_in(path, target) else ""
