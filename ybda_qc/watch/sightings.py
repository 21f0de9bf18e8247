"""What is seen of a watched folder from outside: files that come, change and go.

Local disks tell of changes by themselves; shares are asked again and again. Both are gone through as a whole
now and then, for events can be lost, and at once where the folder was away and is back.
"""

import os
import stat
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from watchfiles import watch

from ybda_qc.intake.names import to_text
from ybda_qc.model.watching import FileState
from ybda_qc.watch.asking import Asking

_WHOLE_SECONDS: Final = 60.0  # between two walks through a folder that tells of changes by itself
_WALK_SHARE: Final = 4.0  # walking takes at most one part in so many of the time
_DEBOUNCE_MS: Final = 60
_STEP_MS: Final = 15
_STOP_MS: Final = 200
_PAUSE_SECONDS: Final = 1.0  # before the system is asked again to tell of changes
_ABSENT: Final = (FileNotFoundError, NotADirectoryError)
"""Nothing is there. Any other error says that a share does not answer, or that we may not look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was seen at one moment.

    Parameters
    ----------
    files
        Regular files by path below the folder, with their bytes where these are not UTF-8.
    gone
        Paths, of files or of folders with all that is in them, at which nothing is any more.
    is_whole
        Whether all files were seen: what is not among them, and not in a folder that could not be read, is
        gone.
    unreadable
        Folders in which something could not be looked at, and such files in the watched folder itself.
    away
        The system's words where the folder itself could not be read; None where it could.
    """

    files: dict[str, FileState] = field(default_factory=dict)
    names: dict[str, bytes] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    is_whole: bool = False
    unreadable: tuple[str, ...] = ()
    away: str | None = None


def state_of(status: os.stat_result) -> FileState:
    """The state of a file by what the system told of it."""
    has_inode = os.name != "nt"
    return FileState(
        size_bytes=status.st_size,
        modified_ns=status.st_mtime_ns,
        changed_ns=status.st_ctime_ns if has_inode else 0,
        inode=status.st_ino if has_inode else 0,
    )


def look_at(path: bytes | Path) -> FileState | None:
    """The state of a regular file, None where there is none that may be looked at."""
    try:
        status = os.lstat(path)
    except (OSError, ValueError):
        return None
    return state_of(status) if stat.S_ISREG(status.st_mode) else None


def is_gone(path: bytes) -> bool:
    """Whether there is no file any more; one that cannot be looked at is not gone."""
    try:
        return not stat.S_ISREG(os.lstat(path).st_mode)
    except _ABSENT:
        return True
    except (OSError, ValueError):
        return False


def is_behind_link(root: bytes, path: bytes) -> bool:
    """Whether a folder on the way to a path below the root is a link: what it leads to is no part of it."""
    folder = root
    for name in path.replace(os.fsencode(os.sep), b"/").split(b"/")[:-1]:
        folder += b"/" + name
        try:
            if stat.S_ISLNK(os.lstat(folder).st_mode):
                return True
        except (OSError, ValueError):
            return False
    return False


class Sightings:
    """Watches a folder on a thread of its own.

    Parameters
    ----------
    root
        The folder.
    excluded
        Folders that are passed over with all that is in them.
    polls
        Whether changes are found by walking through the folder alone.
    poll_seconds
        How often that is done.
    wake
        Called when something was seen.
    """

    def __init__(
        self,
        root: Path,
        *,
        excluded: Sequence[Path] = (),
        polls: bool,
        poll_seconds: float,
        wake: Callable[[], None],
    ) -> None:
        self._root = os.fsencode(root)
        self._excluded = tuple(os.fsencode(folder) for folder in excluded)
        self._polls = polls
        self._poll_seconds = poll_seconds
        self._seconds = poll_seconds if polls else _WHOLE_SECONDS
        self._wake = wake
        self._looks: SimpleQueue[Look] = SimpleQueue()
        self.asking = Asking()
        """How long a walk waits for an answer."""
        self._stop = threading.Event()
        self._again = threading.Event()
        self._threads = [threading.Thread(target=self._walk_again_and_again, name="walk", daemon=True)]
        if not polls:
            self._threads.append(threading.Thread(target=self._listen, name="events", daemon=True))

    def start(self) -> None:
        """Begin to watch; the first look is a whole one."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._stop.set()
        self._again.set()
        for thread in self._threads:
            thread.join(timeout=5)

    def take(self) -> Iterator[Look]:
        """All that was seen since the last time."""
        while not self._looks.empty():
            yield self._looks.get()

    def ask(self) -> None:
        """Walk through the folder soon."""
        self._again.set()

    def _tell(self, look: Look) -> None:
        self._looks.put(look)
        self._wake()

    def _walk_again_and_again(self) -> None:
        while not self._stop.is_set():
            started = time.monotonic()
            with self.asking:
                look = self._walk(b"")
            self._tell(look)
            # That a disk stood still is no reason to ask it less often.
            took = time.monotonic() - started - self.asking.take_stalled()
            self._stop.wait(took * _WALK_SHARE)
            self._again.wait(self._seconds)
            self._again.clear()

    def _listen(self) -> None:
        """Tell of what the system reports, for as long as the folder is there and is the same."""
        passes_over = False  # folders that may not be read; the system's other refusals would be, too
        while not self._stop.is_set():
            pause = _PAUSE_SECONDS
            try:
                self._listen_for_a_while(passes_over=passes_over)
            except PermissionError:
                passes_over = True
                continue
            except (*_ABSENT, RuntimeError):  # the folder is away, or a name in it is not UTF-8
                pass
            except OSError:  # more folders than the system watches for us: they are walked through instead
                self._seconds = min(self._seconds, self._poll_seconds)
                pause = _WHOLE_SECONDS
            self._again.set()
            self._stop.wait(pause)

    def _listen_for_a_while(self, *, passes_over: bool) -> None:
        root = _identity(self._root)
        is_first = True
        for changes in watch(
            os.fsdecode(self._root),
            stop_event=self._stop,
            watch_filter=None,
            debounce=_DEBOUNCE_MS,
            step=_STEP_MS,
            rust_timeout=_STOP_MS,
            yield_on_timeout=True,
            ignore_permission_denied=passes_over,
            raise_interrupt=False,
        ):
            if is_first:  # what happened before the system was listened to
                self._seconds = _WHOLE_SECONDS
                self._again.set()
                is_first = False
            if changes:
                self._tell(self._see(os.fsencode(path) for _, path in changes))
            if root is None or _identity(self._root) != root:
                break

    def _see(self, paths: Iterable[bytes]) -> Look:
        """What is at some paths now."""
        files: dict[str, FileState] = {}
        names: dict[str, bytes] = {}
        gone: set[str] = set()
        unreadable: list[str] = []
        for path in set(paths):
            relative = path.removeprefix(self._root).lstrip(b"/\\")
            if not relative or self._is_excluded(path):
                continue
            if is_behind_link(self._root, relative):  # the system follows links, we do not
                gone.add(to_text(relative))
                continue
            state = look_at(path)
            if state is not None:
                _add(files, names, relative, state)
                continue
            if _is_folder(path):
                below = self._walk(relative)
                files |= below.files
                names |= below.names
                unreadable += below.unreadable
            elif is_gone(path):
                gone.add(to_text(relative))
        return Look(files=files, names=names, gone=frozenset(gone), unreadable=tuple(unreadable))

    def _walk(self, start: bytes) -> Look:
        """All that is below a folder; the watched one is empty bytes."""
        files: dict[str, FileState] = {}
        names: dict[str, bytes] = {}
        unreadable: dict[str, None] = {}
        waiting = [start]
        while waiting and not self._stop.is_set():
            folder = waiting.pop()
            try:
                for relative, entry in self._entries(folder):
                    self._go_on(start)
                    try:
                        if entry.is_dir(follow_symlinks=False):
                            waiting.append(relative)
                        elif entry.is_file(follow_symlinks=False):
                            _add(files, names, relative, state_of(os.lstat(entry.path)))
                    except OSError as error:
                        _note(unreadable, folder or relative, error)
                self._go_on(start)
            except OSError as error:
                if not folder:
                    return Look(is_whole=True, away=error.strerror or str(error))
                _note(unreadable, folder, error)
        is_whole = not start and not self._stop.is_set()
        return Look(files=files, names=names, is_whole=is_whole, unreadable=tuple(unreadable))

    def _go_on(self, start: bytes) -> None:
        if not start:  # a whole walk, by the thread that holds `asking`
            self.asking.go_on()

    def _entries(self, folder: bytes) -> Iterator[tuple[bytes, os.DirEntry[bytes]]]:
        """What lies in a folder and counts, by paths below the watched one."""
        with os.scandir(os.path.join(self._root, folder)) as entries:  # noqa: PTH118 - bytes
            for entry in entries:
                if not self._is_excluded(entry.path):
                    yield folder + b"/" + entry.name if folder else entry.name, entry

    def _is_excluded(self, path: bytes) -> bool:
        return any(path == folder or path.startswith(folder + b"/") for folder in self._excluded)


def _add(files: dict[str, FileState], names: dict[str, bytes], relative: bytes, state: FileState) -> None:
    path = to_text(relative)
    files[path] = state
    if path.encode("utf-8", "replace") != relative:
        names[path] = relative


def _note(unreadable: dict[str, None], path: bytes, error: OSError) -> None:
    """Note what could not be looked at; what is gone since is no such thing."""
    if not isinstance(error, _ABSENT):
        unreadable[to_text(path)] = None


def _identity(path: bytes) -> tuple[int, int] | None:
    """Tells a folder from another one that has taken its place."""
    try:
        status = os.stat(path)  # noqa: PTH116 - bytes
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if stat.S_ISDIR(status.st_mode) else None


def _is_folder(path: bytes) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False
