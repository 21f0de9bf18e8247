"""Files in a watched folder that are not complete yet, each with the reason why it is not examined."""

import fnmatch
import heapq
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from ybda_qc.intake.complete import Completeness, Wholeness
from ybda_qc.model.watching import FileState
from ybda_qc.profile.options import WatchOptions
from ybda_qc.report import mark as _
from ybda_qc.watch.news import Message, WaitingFile

_LOOKS_AT_ONCE: Final = 400
_LOOKING_SECONDS: Final = 0.25  # at once: on a share each look may take its time
_SOONEST_SECONDS: Final = 0.1  # until a file is looked at again
_LATEST_SECONDS: Final = 1.0
_SHARE_OF_AGE: Final = 0.05
_FRESH_SECONDS: Final = 10.0  # still for longer, a file is looked at less often where many are
_LOOKS_A_SECOND: Final = 500.0  # at all of those together
_CERTAINTY: Final = 3.0  # times the settling, for a doubtful file that nobody has open for writing

_NEW = Message(template=_("just arrived"))
_GROWING = Message(template=_("still growing"))
_IN_USE = Message(template=_("another program is still writing it"))
_TEMPORARY = Message(template=_("its name is that of an unfinished file"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A file to be examined: as it stood when it was found complete, and when it came to stand still.

    ``still_since`` is a time of the monotonic clock, None where it was there before the service, complete.
    """

    path: str
    state: FileState
    still_since: float | None


@dataclass(slots=True, kw_only=True)
class _Waiting:
    state: FileState
    since: float
    still_since: float
    due: float
    was_there: bool  # as it is, before the service was
    is_renamed: bool  # from an unfinished name: whoever wrote it says that it is done
    is_delivered: bool = False  # a marker says that all of its item is there
    why: Message = _NEW


class WaitingList:
    """Decides when a file is taken in.

    That is when nobody writes it, it has stood still, and its structure is complete; the less its structure
    tells, the longer it must stand still. Times are those of a monotonic clock.

    Parameters
    ----------
    options
        The ``[watch]`` of the profile.
    look
        The state of a file, None where there is none.
    completeness
        What its structure tells.
    is_written
        Whether a program has it open for writing; None where nobody can tell.
    vanished
        Told of a file that went away while it was waited for.
    """

    def __init__(
        self,
        options: WatchOptions,
        *,
        look: Callable[[str], FileState | None],
        completeness: Callable[[str], Completeness],
        is_written: Callable[[str], bool | None],
        vanished: Callable[[str], None] = lambda _path: None,
    ) -> None:
        self._options = options
        self._look = look
        self._completeness = completeness
        self._is_written = is_written
        self._vanished = vanished
        self._files: dict[str, _Waiting] = {}
        self._unfinished = re.compile("|".join(map(fnmatch.translate, options.unfinished)) or "(?!)")
        self._unfinished_inodes: set[int] = set()

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, path: str) -> bool:
        return path in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def is_unfinished(self, path: str) -> bool:
        """Whether a path ends in a name that programs give to files they are still writing."""
        return self._unfinished.match(path.rpartition("/")[2]) is not None

    def note_unfinished(self, state: FileState) -> None:
        """A file under an unfinished name was seen: under another name it is finished."""
        if state.inode:
            self._unfinished_inodes.add(state.inode)

    def forget_unfinished(self, state: FileState) -> None:
        """A file under an unfinished name is gone and came back under no other name: its inode is free."""
        self._unfinished_inodes.discard(state.inode)

    def see(self, path: str, state: FileState, now: float, *, was_there: bool = False) -> None:
        """A file was seen that is new, or not as it was examined."""
        if self.is_unfinished(path):
            self.note_unfinished(state)
        waiting = self._files.get(path)
        if waiting is None:
            is_renamed = state.inode in self._unfinished_inodes and not self.is_unfinished(path)
            self._files[path] = _Waiting(
                state=state,
                since=now,
                still_since=now,
                due=now if is_renamed else now + self._options.settle_seconds,
                was_there=was_there,
                is_renamed=is_renamed,
            )
        elif waiting.state != state:
            self._note_change(waiting, state, now)

    def drop(self, path: str) -> None:
        """A file is gone."""
        self._files.pop(path, None)

    def deliver(self, path: str, now: float) -> None:
        """A marker says that all is there: the file waits for nothing but to be let go by its writer."""
        waiting = self._files.get(path)
        if waiting is not None and not waiting.is_delivered:
            waiting.is_delivered = True
            waiting.due = min(waiting.due, now + _SOONEST_SECONDS)

    def take(self, now: float) -> list[Ready]:
        """Files that may be examined now; they wait no longer."""
        due = ((waiting.due, path) for path, waiting in self._files.items() if waiting.due <= now)
        ready = []
        end = time.monotonic() + _LOOKING_SECONDS
        for _due, path in heapq.nsmallest(_LOOKS_AT_ONCE, due):  # those that are due longest: none starves
            if time.monotonic() > end:
                break
            waiting = self._files[path]
            state = self._look(path)
            if state is None:
                del self._files[path]
                self._vanished(path)
            elif self._is_ready(path, waiting, state, now):
                del self._files[path]
                self._unfinished_inodes.discard(state.inode)
                since = None if waiting.was_there else waiting.still_since
                ready.append(Ready(path=path, state=state, still_since=since))
        return ready

    def shown(self, now: float) -> tuple[WaitingFile, ...]:
        """The files that wait, those that have waited longest first."""
        waiting = (
            WaitingFile(path=path, seconds=now - waiting.since, why=waiting.why)
            for path, waiting in self._files.items()
        )
        return tuple(sorted(waiting, key=lambda file: -file.seconds))

    def _is_ready(self, path: str, waiting: _Waiting, state: FileState, now: float) -> bool:
        if state != waiting.state:
            self._note_change(waiting, state, now)
            return False
        waiting.due = now + self._pause(now - waiting.still_since)
        is_written = self._is_written(path)
        if is_written:
            waiting.was_there = False
            waiting.why = _IN_USE
            return False
        still = now - waiting.still_since
        if waiting.is_delivered or still >= self._options.give_up_seconds:
            return True
        if self.is_unfinished(path):
            waiting.why = _TEMPORARY
            return False
        found = self._completeness(path)
        waiting.why = Message(template=found.reason, values=found.values)
        may_be_complete = found.state is not Wholeness.INCOMPLETE
        patience = self._options.doubtful_seconds
        if is_written is False:  # the system knows that its writer has let go of it
            patience = min(patience, _CERTAINTY * self._options.settle_seconds)
        is_old_enough = waiting.is_renamed or still >= patience
        return found.is_complete or (may_be_complete and is_old_enough)

    def _pause(self, still: float) -> float:
        """Until a file is looked at again that has stood still so long.

        Where very many stand still, incomplete, they must not take the time of those that are being written.
        """
        pause = min(_LATEST_SECONDS, max(_SOONEST_SECONDS, _SHARE_OF_AGE * still))
        return max(pause, len(self._files) / _LOOKS_A_SECOND) if still > _FRESH_SECONDS else pause

    def _note_change(self, waiting: _Waiting, state: FileState, now: float) -> None:
        if (state.size_bytes, state.modified_ns) == (waiting.state.size_bytes, waiting.state.modified_ns):
            waiting.state = state  # its name or its rights, not its content
            return
        waiting.state = state
        waiting.still_since = now
        waiting.was_there = False  # it is completed under our eyes, so somebody is waiting for its answer
        waiting.is_renamed = False
        waiting.due = now + self._options.settle_seconds
        waiting.why = _GROWING
