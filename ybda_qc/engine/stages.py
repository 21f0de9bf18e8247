"""Where a worker publishes what it is doing, so that its death can be laid at the right door.

One small file, mapped by the parent and by every worker, with a slot for each task in flight. A worker that
is killed in the middle of native code leaves its last word there.
"""

import mmap
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from ybda_qc.model import Stage

_SLOT = 64  # bytes: stage, number of frames and check id, separated by spaces, NUL-padded


@dataclass(frozen=True, slots=True, kw_only=True)
class LastWords:
    """What a worker was doing.

    ``frame_count`` is the number of pages in the file, 0 where it was not known yet.
    """

    stage: Stage
    check: str
    frame_count: int


class StageBoard:
    """Slots that parent and workers share through a mapped file.

    Parameters
    ----------
    path
        The file; made by `create`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 0)

    @classmethod
    def create(cls, slots: int) -> "StageBoard":
        """Make a board with that many slots in the system's folder for temporary files."""
        handle, name = tempfile.mkstemp(prefix="ybda-qc-stages-")
        os.truncate(handle, slots * _SLOT)
        os.close(handle)
        return cls(Path(name))

    def publish(self, slot: int, stage: Stage, check: str = "", frame_count: int = 0) -> None:
        """Say what the task in that slot is doing now."""
        words = f"{stage.value} {frame_count} {check}".encode()[:_SLOT]
        self._map[slot * _SLOT : (slot + 1) * _SLOT] = words.ljust(_SLOT, b"\0")

    def read(self, slot: int) -> LastWords:
        """What was published last."""
        words = self._map[slot * _SLOT : (slot + 1) * _SLOT].rstrip(b"\0").decode(errors="replace")
        stage, frame_count, check = words.split(" ", 2)
        return LastWords(stage=Stage(stage), check=check, frame_count=int(frame_count))

    def close(self, *, remove: bool = False) -> None:
        """Unmap the file; with `remove` delete it too (the parent does)."""
        self._map.close()
        if remove:
            self.path.unlink(missing_ok=True)

    def __enter__(self) -> "StageBoard":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(remove=True)
