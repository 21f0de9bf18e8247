"""Whether somebody has a file open for writing, as far as the operating system tells.

On Linux a read lease is asked for, which the kernel refuses while anybody has the file open for writing, and
given back at once. A program that opens the file for writing in between waits for those microseconds, or is
told to try again where it asked not to wait. The kernel tells the holder of a lease of such a wish by a
signal, and the one it takes by itself, SIGIO, would end the process: SIGURG is named instead, which a process
ignores unless it asked for it. That holds for the open file, not for the process: it needs no handler, no
set-up and no main thread.

On Windows the file is opened in a way that cannot be shared with a writer, and closed at once. A program that
opens it for writing in between is refused.
"""

import errno
import os
import signal
import stat
import sys
from pathlib import Path
from typing import Final

from ybda_qc.intake.mounts import is_remote

_SHARING_VIOLATION: Final = frozenset({32, 33})  # ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION


def is_being_written(path: Path) -> bool | None:
    """Tell whether anybody has a file open for writing.

    Parameters
    ----------
    path
        Of a regular file.

    Returns
    -------
    bool or None
        None where nobody can tell: on network file systems (their writers sit on other machines, and some of
        them refuse every lease), for a file of somebody else unless the process may lease it (root), on other
        systems than Linux and Windows, and for what is no regular file or not there. Never raises.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode) or is_remote(path) is not False:
            return None
        if sys.platform == "linux":
            return _is_leased_out(path)
        if sys.platform == "win32":
            return _is_shared_with_writer(path)
    except (OSError, ValueError):
        pass
    return None


if sys.platform == "linux":
    import fcntl

    def _is_leased_out(path: Path) -> bool | None:
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        except (
            BlockingIOError
        ):  # leased to a program that may write it, as a file server's is; it is asked back
            return True
        try:
            take_lease(handle)
        except OSError as error:
            return True if error.errno == errno.EAGAIN else None
        else:
            return False
        finally:
            os.close(handle)  # this gives the lease back, if there is one

    def take_lease(handle: int) -> None:
        """Take a read lease on an open file, such that no signal about it ends the process.

        Raises
        ------
        OSError
            With EAGAIN while somebody has the file open for writing.
        """
        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _KERNEL = ctypes.WinDLL("kernel32", use_last_error=True)
    _KERNEL.CreateFileW.restype = wintypes.HANDLE
    _KERNEL.CreateFileW.argtypes = (
        *(wintypes.LPCWSTR, wintypes.DWORD, wintypes.DWORD, wintypes.LPVOID),
        *(wintypes.DWORD, wintypes.DWORD, wintypes.HANDLE),
    )
    _KERNEL.CloseHandle.argtypes = (wintypes.HANDLE,)
    _GENERIC_READ, _SHARE_READ, _SHARE_DELETE, _OPEN_EXISTING = 0x80000000, 1, 4, 3
    _NO_HANDLE = ctypes.c_void_p(-1).value

    def _is_shared_with_writer(path: Path) -> bool | None:
        handle = _KERNEL.CreateFileW(
            str(path), _GENERIC_READ, _SHARE_READ | _SHARE_DELETE, None, _OPEN_EXISTING, 0, None
        )
        if handle == _NO_HANDLE:
            return True if ctypes.get_last_error() in _SHARING_VIOLATION else None
        _KERNEL.CloseHandle(handle)
        return False
