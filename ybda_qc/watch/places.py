"""Where the files of a watched folder lie, whatever bytes their names consist of."""

import os
from collections.abc import Mapping
from pathlib import Path

from ybda_qc.intake.names import hex_of
from ybda_qc.model.watching import FileState
from ybda_qc.watch.asking import Asking
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

    def look(self, path: str) -> FileState | None:
        """The state of a file, None where there is none; one behind a link to a folder is none."""
        with self.asking:
            return None if is_behind_link(self._root, self.raw(path)) else look_at(self.of(path))

    def is_gone(self, path: str) -> bool:
        """Whether there is no such file any more; one that cannot be looked at is not gone."""
        with self.asking:
            return is_behind_link(self._root, self.raw(path)) or is_gone(self.of(path))
