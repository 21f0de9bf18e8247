"""Where a folder lies: on a disk of this machine, or on a share that sends no events."""

import os
import sys
import time
from functools import lru_cache
from pathlib import Path, PureWindowsPath
from typing import Final

_TABLE_SECONDS: Final = 2.0
_MOUNTS = Path("/proc/self/mountinfo")
_REMOTE: Final = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "ncpfs", "afs", "coda", "9p", "virtiofs"),
        *("ceph", "glusterfs", "lustre", "gpfs", "beegfs", "orangefs", "pvfs2", "gfs2", "ocfs2", "fuse"),
        *("vboxsf", "vmhgfs", "prl_fs", "drvfs", "davfs"),
    }
)
"""File systems that others write to, unseen by this kernel: of networks, clusters and virtual machines."""
_DRIVE_UNKNOWN, _DRIVE_NO_ROOT, _DRIVE_REMOTE = 0, 1, 4


def is_remote(path: Path) -> bool | None:
    """Tell whether a path lies on a file system that does not report every change of a file.

    Parameters
    ----------
    path
        Of a file or folder; it need not exist.

    Returns
    -------
    bool or None
        None where it cannot be told. Never raises.
    """
    try:
        if sys.platform == "linux":
            kind = kind_at(os.path.realpath(path), _table(int(time.monotonic() / _TABLE_SECONDS)))
            return None if kind is None else is_remote_kind(kind)
        if sys.platform == "win32":
            return _is_remote_drive(os.path.realpath(path))
    except (OSError, ValueError):
        pass
    return None


@lru_cache(maxsize=1)
def _table(_moment: int) -> str:
    """The table of mounts, read once for each moment: thousands of files may be asked about in one."""
    return _MOUNTS.read_text("utf-8", "surrogateescape")


def is_remote_kind(kind: str) -> bool:
    """Whether a type of file system is one that others write to, unseen by this machine's kernel."""
    return kind in _REMOTE or kind.startswith("fuse.")


def is_unc(path: str) -> bool:
    r"""Whether a path of Windows names a share: ``\\server\share`` or ``\\?\UNC\server\share``."""
    drive = PureWindowsPath(path).drive.upper()
    return drive.startswith("\\\\") and (drive[2:4] not in ("?\\", ".\\") or drive[4:8] == "UNC\\")


def kind_at(path: str, mounts: str) -> str | None:
    """Tell the type of the file system that is mounted above a path; the latest where one covers another.

    `mounts` is a table as in ``/proc/self/mountinfo``; None where nothing in it lies above the path.
    """
    best, found = -1, None
    for line in mounts.splitlines():
        fields, _, more = line.partition(" - ")
        parts = fields.split(" ")
        if len(parts) < 5 or not more:
            continue
        point = _unescape(parts[4])
        is_above = path == point or path.startswith(point.rstrip("/") + "/")
        if is_above and len(point) >= best:
            best, found = len(point), more.split(" ")[0]
    return found


def _unescape(text: str) -> str:
    """A mount point as it is; blanks, tabs, line ends and backslashes stand as three octal digits."""
    for escaped, plain in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(escaped, plain)
    return text


if sys.platform == "win32":
    import ctypes

    def _is_remote_drive(path: str) -> bool | None:
        if is_unc(path):
            return True
        kind = ctypes.windll.kernel32.GetDriveTypeW(PureWindowsPath(path).anchor)
        return None if kind in (_DRIVE_UNKNOWN, _DRIVE_NO_ROOT) else kind == _DRIVE_REMOTE
