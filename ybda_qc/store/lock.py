"""One command at a time in an output folder."""

import errno
import json
import os
import sys
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from ybda_qc.errors import InputError

LOCK_NAME = "ledger.lock"
"""The file that is locked by who writes the ledger or the reports.

It stays behind; only the lock that the system holds on it counts.
"""

_HELD: "weakref.WeakSet[_LockFile]" = weakref.WeakSet()


@contextmanager
def lock_output(folder: Path, command: str = "run", *, name: str = LOCK_NAME) -> Iterator[None]:
    """Hold an output folder for this process alone.

    The system drops the lock when the process ends, however it ends; a file left behind means nothing.

    Parameters
    ----------
    folder
        The folder; made if missing.
    command
        The command that holds it; told to those that are refused.
    name
        The file that is locked: who locks others is not kept out.

    Raises
    ------
    InputError
        If another process holds the folder (the message names it), or it cannot be locked at all.
    """
    lock = _LockFile(folder / name)
    try:
        lock.take(command)
        yield
    finally:
        lock.release()


class _LockFile:
    """An open lock file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise _cannot_lock(path.parent, error) from error
        _HELD.add(self)

    def take(self, command: str) -> None:
        try:
            locked = _lock(self.descriptor)
        except OSError as error:
            raise _cannot_lock(self._path.parent, error) from error
        if not locked:
            raise _busy(self._path)
        since = datetime.now(UTC).isoformat(timespec="seconds")
        holder = {"command": command, "pid": os.getpid(), "since": since}
        try:
            self._write(json.dumps(holder).encode())
        except OSError as error:
            raise _cannot_lock(self._path.parent, error) from error

    def release(self) -> None:
        _HELD.discard(self)
        if self.descriptor >= 0:
            descriptor, self.descriptor = self.descriptor, -1
            with suppress(OSError):  # of a disk that is gone, and the lock with it
                _unlock(descriptor)
            with suppress(OSError):
                os.close(descriptor)

    def forget(self) -> None:
        """Close the descriptor that a fork inherited; the lock stays with the parent and dies with it."""
        descriptor, self.descriptor = self.descriptor, -1
        os.close(descriptor)

    def _write(self, content: bytes) -> None:
        os.ftruncate(self.descriptor, 0)
        os.lseek(self.descriptor, 0, os.SEEK_SET)
        os.write(self.descriptor, content)


def _busy(path: Path) -> InputError:
    try:
        holder = json.loads(path.read_bytes())
        command, pid = str(holder["command"]), int(holder["pid"])
        since = datetime.fromisoformat(holder["since"]).astimezone()
    except (OSError, ValueError, KeyError, TypeError):  # the other one has locked, but not yet signed
        return InputError("the output folder {folder} is in use by another run", folder=str(path.parent))
    return InputError(
        "the output folder {folder} is in use by `ybda-qc {command}` (process {pid}, since {since}); wait"
        " for it to end, or stop it; run, report and export can write into another folder with --out",
        folder=str(path.parent),
        command=command,
        pid=pid,
        since=f"{since:%Y-%m-%d %H:%M:%S}",
    )


def _cannot_lock(folder: Path, error: OSError) -> InputError:
    return InputError(
        "the output folder {folder} cannot be written to or locked ({detail}); choose another output folder",
        folder=str(folder),
        detail=error.strerror or type(error).__name__,
    )


if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30  # Windows forbids reading a locked byte: lock one behind the text that others read

    def _lock(descriptor: int) -> bool:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno in {errno.EACCES, errno.EDEADLOCK}:
                return False
            raise
        return True

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        with suppress(OSError):  # was not ours
            msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        # flock, not lockf: closing another descriptor of the same file would drop a POSIX record lock.
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)

    def _forget_in_child() -> None:
        for lock in list(_HELD):
            lock.forget()

    os.register_at_fork(after_in_child=_forget_in_child)
