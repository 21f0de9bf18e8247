"""Files that were taken in, and what becomes of them: unchanged, changed, renamed, gone."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from ybda_qc.model.watching import FileState, TakenFile
from ybda_qc.watch.sightings import Look

_GONE_SECONDS: Final = 1.0
"""A file must have been away so long to be gone: programs that replace a file delete it first."""
_REMEMBERED: Final = 10_000
"""Files that are gone and may come back under another name."""

_Likeness = tuple[int, int, int]  # inode, size, time of the last change


class KnownFiles:
    """The files of a folder as they were taken in. Times are those of a monotonic clock."""

    def __init__(self, taken: Mapping[str, TakenFile]) -> None:
        self._taken = dict(taken)
        self._missing: dict[str, float] = {}
        self._lost: dict[_Likeness, str] = {}
        self._alike: dict[_Likeness, str] = {}
        self._folders: Counter[str] = Counter()  # with how many of the files lie in each
        for path, file in self._taken.items():
            self._folders.update(_folders_of(path))
            self._alike[_likeness(file.state)] = path

    def __len__(self) -> int:
        return len(self._taken)

    def __contains__(self, path: str) -> bool:
        return path in self._taken

    def __iter__(self) -> Iterator[str]:
        return iter(self._taken)

    def get(self, path: str) -> TakenFile | None:
        """A file as it was taken in."""
        return self._taken.get(path)

    def snapshot(self) -> dict[str, TakenFile]:
        """All files as they are known now, for a thread that works meanwhile."""
        return dict(self._taken)

    @property
    def are_expected(self) -> bool:
        """Whether there is a file that should lie in the folder."""
        return any(not file.moved_to for file in self._taken.values())

    def put(self, file: TakenFile) -> None:
        """A file was taken in."""
        self.are_back([file.path])
        known = self._taken.get(file.path)
        if known is None:
            self._folders.update(_folders_of(file.path))
        elif known.state.inode != file.state.inode:
            self._lose(known)  # another one has taken its place: it may be somewhere else
        self._taken[file.path] = file
        likeness = _likeness(file.state)
        self._alike[likeness] = file.path
        if self._lost.get(likeness) == file.path:
            del self._lost[likeness]

    def distrust(self, path: str) -> None:
        """A file whose results are not to last: it counts as changed."""
        file = self._taken.get(path)
        if file is not None and not file.moved_to:
            self._taken[path] = replace(file, state=FileState(size_bytes=-1, modified_ns=0), sha256=None)

    def is_unchanged(self, path: str, state: FileState) -> bool:
        """Whether a file is still as it was taken in; it is not missing then."""
        self.are_back([path])
        known = self._taken.get(path)
        return known is not None and known.state == state

    def note_missing(self, look: Look, now: float) -> None:
        """Files that were not seen where they should be."""
        for path in self._not_seen(look):
            file = self._taken[path]
            if not file.moved_to and path not in self._missing:
                self._missing[path] = now

    def _not_seen(self, look: Look) -> Iterable[str]:
        if look.is_whole:
            folders = tuple(f"{folder}/" for folder in look.unreadable)
            seen = look.files.keys() | set(look.unreadable)
            return [path for path in self._taken if path not in seen and not path.startswith(folders)]
        found = [path for path in look.gone if path in self._taken]
        away = look.gone & self._folders.keys()
        if away:
            found += [
                path
                for path in self._taken
                if path not in look.files and not away.isdisjoint(_folders_of(path))
            ]
        return found

    def missing_for_long(self, now: float) -> list[str]:
        """Files that have been missing for so long that they are gone."""
        return [path for path, since in self._missing.items() if now - since >= _GONE_SECONDS]

    def are_back(self, paths: Iterable[str]) -> None:
        """Files that are not missing after all."""
        for path in paths:
            self._missing.pop(path, None)

    def all_missing(self) -> None:
        """The folder is away: nothing that is missing is gone."""
        self._missing.clear()

    def forget(self, path: str) -> TakenFile | None:
        """A file is gone; it is remembered in case it comes back under another name."""
        self.are_back([path])
        file = self._taken.pop(path, None)
        if file is None:
            return None
        self._folders.subtract(_folders_of(path))
        for folder in _folders_of(path):
            if not self._folders[folder]:
                del self._folders[folder]
        self._lose(file)
        return file

    def _lose(self, file: TakenFile) -> None:
        likeness = _likeness(file.state)
        if self._alike.get(likeness) == file.path:
            del self._alike[likeness]
        if file.state.inode:
            if len(self._lost) >= _REMEMBERED:
                del self._lost[next(iter(self._lost))]
            self._lost[likeness] = file.path

    def earlier_path(self, path: str, state: FileState, look: Callable[[str], FileState | None]) -> str:
        """The path that a file had before it was renamed; empty where it is no file that was known.

        Parameters
        ----------
        path, state
            The file as it is now.
        look
            The state of a file now: one that still is where it was has got another name, and is not renamed.
        """
        likeness = _likeness(state)
        earlier = self._lost.get(likeness) or self._alike.get(likeness, "")
        if not state.inode or earlier in ("", path):
            return ""
        there = look(earlier)
        return earlier if there is None or there.inode != state.inode else ""

    def found_again(self, state: FileState) -> None:
        """A file that was gone is known under another name now."""
        self._lost.pop(_likeness(state), None)


def _folders_of(path: str) -> Iterator[str]:
    """All folders in which a file lies, the innermost first."""
    while path := path.rpartition("/")[0]:
        yield path


def _likeness(state: FileState) -> _Likeness:
    """What a renamed file keeps."""
    return state.inode, state.size_bytes, state.modified_ns
