"""Moving the files of an item 件 into one folder together, from wherever earlier moves have put them."""

import errno
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from ybda_qc.model.watching import TakenFile
from ybda_qc.watch.item_files import move_files
from ybda_qc.watch.places import Places
from ybda_qc.watch.renaming import has_both_names


class AstrayError(OSError):
    """A file that was moved before no longer lies there as it was examined; `filename` says where."""


class Mover:
    """Knows below which folder each file of an item lies, and brings them together.

    A file that was examined in the watched folder and was moved by us since lies where the ledger says. Scans
    that were replaced after that are no files of the item, and stay.

    Parameters
    ----------
    root
        The watched folder.
    places
        Where its files lie.
    taken
        A file as it was taken in.
    """

    def __init__(self, root: Path, places: Places, taken: Callable[[str], TakenFile | None]) -> None:
        self._root: Final = root
        self._places: Final = places
        self._taken: Final = taken

    def has_changed(self, path: str, target: Path | None = None) -> bool:
        """Whether something else than was examined lies in the watched folder; that will be looked at.

        A second name below a folder `target`, where it is to be moved, is no change.
        """
        taken = self._taken(path)
        is_as_examined = taken is not None and self._places.has_state(path, taken.state, target)
        return not is_as_examined and self._places.look(path) is not None

    def is_missing(self, path: str, target: Path) -> bool:
        """Whether a file is gone from the watched folder, not by a move of ours; that will be seen."""
        taken = self._taken(path)
        if taken is None or taken.moved_to or not self._places.is_gone(path):
            return taken is None
        return not self._places.is_below(target, path, taken.state)

    def is_in(self, path: str, target: Path) -> bool:
        """Whether a file lies below a folder that it was to be moved to, and nowhere else."""
        taken = self._taken(path)
        if taken is None or not taken.moved_to:
            return os.path.lexists(self._places.path_below(target, path)) and self._places.is_gone(path)
        return self._places.is_below(target, path, taken.state) and not self._has_both_names(taken, target)

    def move(self, paths: Iterable[str], target: Path) -> None:
        """Move files below a folder, all or none; what is there already stays.

        Files in the watched folder that are gone or have changed are left: they will be looked at.

        Raises
        ------
        AstrayError
            If a file that was moved before is gone from there or has changed.
        OSError
            If a file cannot be moved or looked at; also where something lies in its place.
        """
        found = [(self._source(path, target), self._places.raw(path)) for path in paths]
        move_files(
            [(os.fsencode(folder), raw) for folder, raw in found if folder is not None], os.fsencode(target)
        )

    def _source(self, path: str, target: Path) -> Path | None:
        """The folder that a file is to be moved from; None where it is to stay."""
        taken = self._taken(path)
        if taken is None:
            return None
        if taken.moved_to:
            return self._earlier_target(taken, target)
        if self._places.has_state(path, taken.state, target):
            return self._root
        if self._places.look(path) is None and not self._places.is_gone(path):
            raise OSError(errno.EIO, os.strerror(errno.EIO), path)  # nobody can tell whether it has changed
        return None

    def _earlier_target(self, taken: TakenFile, target: Path) -> Path | None:
        folder = self._folder(taken)
        if self._places.is_below(target, taken.path, taken.state):
            return folder if self._has_both_names(taken, target) else None
        if self._places.is_below(folder, taken.path, taken.state):
            return folder
        raise AstrayError(errno.ENOENT, os.strerror(errno.ENOENT), taken.moved_to)

    def _has_both_names(self, taken: TakenFile, target: Path) -> bool:
        folder, raw = self._folder(taken), self._places.raw(taken.path)
        return folder != target and has_both_names(os.fsencode(folder), os.fsencode(target), raw)

    def _folder(self, taken: TakenFile) -> Path:
        """The folder below which a file lies that was moved."""
        return Path(taken.moved_to).parents[self._places.raw(taken.path).count(b"/")]
