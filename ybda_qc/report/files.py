"""Files of a report: written beside their final names, put in place together at the end."""

import os
import shutil
from pathlib import Path


class PartFiles:
    """Part files in one folder; a kill leaves the former report whole.

    Parameters
    ----------
    folder
        The run folder; made if missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._parts: dict[str, Path] = {}
        self._dropped: list[str] = []
        self.scratch = folder / ".report.part"
        """Folder for temporary files; what a kill left in it is removed here."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir()

    def path(self, name: str) -> Path:
        """Where to write the file that will be called `name`."""
        part = self.folder / f".{name}.part"
        self._parts[name] = part
        return part

    def drop(self, name: str) -> None:
        """Remove a file of an earlier report, if there is one, when the new ones are put in place."""
        self._dropped.append(name)

    def publish(self) -> None:
        """Flush every part to the disk and give it its final name."""
        for part in self._parts.values():
            descriptor = os.open(part, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        for name, part in self._parts.items():
            part.replace(self.folder / name)
        for name in self._dropped:
            (self.folder / name).unlink(missing_ok=True)
        self._parts.clear()

    def discard(self) -> None:
        """Remove the parts and all temporary files; the former report stays."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        for part in self._parts.values():
            part.unlink(missing_ok=True)
        self._parts.clear()
