"""Where the files of a watched folder lie, whatever bytes their names consist of."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ybda_qc.intake.names import hex_of
from ybda_qc.model.watching import FileState
from ybda_qc.watch.asking import Asking
from ybda_qc.watch.renaming import has_both_names
from ybda_qc.watch.sightings import is_behind_link, is_gone, look_at


class Places:
    """Turns paths as they stand in reports into places on the disk.

    Parameters
    ----------
    root
        The watched folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = os.fsencode(root)
        self._names: dict[str, bytes] = {}  # of paths that are not UTF-8
        self.asking = Asking()
        """How long the thread that asks is kept waiting; held by whoever asks anything of a file."""

    def learn(self, names: Mapping[str, bytes]) -> None:
        """The bytes of paths that are not UTF-8."""
        self._names.update(names)

    def raw(self, path: str) -> bytes:
        """The bytes of a path below the folder."""
        return self._names.get(path) or os.fsencode(path)

    def hex_of(self, path: str) -> str | None:
        """As `BatchFile.path_hex`."""
        return hex_of(self.raw(path))

    def of(self, path: str) -> bytes:
        """Where a file lies."""
        return self._root + b"/" + self.raw(path)

    def path(self, path: str) -> Path:
        """Where a file lies."""
        return Path(os.fsdecode(self.of(path)))

    def path_below(self, folder: Path, path: str) -> Path:
        """Where a file lies once it was moved below another folder."""
        return folder / os.fsdecode(self.raw(path))

    def look(self, path: str) -> FileState | None:
        """The state of a file, None where there is none; one behind a link to a folder is none."""
        with self.asking:
            return None if is_behind_link(self._root, self.raw(path)) else look_at(self.of(path))

    def has_state(self, path: str, state: FileState, target: Path | None = None) -> bool:
        """Whether a file has that state still.

        A name that it got below a folder `target`, where it is to be moved, changes nothing but its inode.
        """
        found = self.look(path)
        if found is None or found == state or target is None:
            return found == state
        is_same = replace(found, changed_ns=state.changed_ns) == state
        return is_same and has_both_names(self._root, os.fsencode(target), self.raw(path))

    def is_below(self, folder: Path, path: str, state: FileState) -> bool:
        """Whether the file that had that state lies below another folder now, to which it was renamed.

        That changes nothing but the time of the inode.
        """
        root = os.fsencode(folder)
        with self.asking:
            is_linked = is_behind_link(root, self.raw(path))
            found = None if is_linked else look_at(self.path_below(folder, path))
        return found is not None and replace(found, changed_ns=state.changed_ns) == state

    def is_gone(self, path: str) -> bool:
        """Whether there is no such file any more; one that cannot be looked at is not gone."""
        with self.asking:
            return is_behind_link(self._root, self.raw(path)) or is_gone(self.of(path))
