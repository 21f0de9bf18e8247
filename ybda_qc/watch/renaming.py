"""Renaming a file into another folder: never over anything, never through a link.

rename(2) replaces what lies at the target. `renameat2` with RENAME_NOREPLACE refuses in the same step that
renames (Linux 3.15, glibc 2.28; https://man7.org/linux/man-pages/man2/rename.2.html). File systems that do
not know the flag, NFS among them, answer EINVAL: there the file gets its new name by link(2), which refuses
too, and loses the old one after that. Where names cannot be added either, it is looked before it is renamed.
The rename of Windows refuses by itself (https://docs.python.org/3/library/os.html#os.rename).

A kill between the two steps leaves a file with both names: when it is renamed again it loses the old one.

A path is gone along folder by folder, none of which may be a link, and the file is named relative to the last
one (openat(2), O_NOFOLLOW): a link that takes the place of a folder meanwhile leads to no other file.
"""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def rename_below(root: bytes, target: bytes, path: bytes) -> None:
    """Rename a file below a folder to the same path below another one, whose folders are made as needed.

    Parameters
    ----------
    root, target
        The two folders; they themselves may be links.
    path
        Of the file below both.

    Raises
    ------
    FileExistsError
        If anything but the file itself lies at the target; it is left as it is, and so is the file.
    OSError
        If the file cannot be renamed, for example because the target is on another disk, or if a folder on
        the way is a link.
    """
    os.makedirs(os.path.dirname(os.path.join(target, path)), exist_ok=True)  # noqa: PTH103, PTH118, PTH120 - bytes
    _rename(root, target, path)


def has_both_names(root: bytes, target: bytes, path: bytes) -> bool:
    """Whether what lies at a path below two folders is one file, which `rename_below` brings to its end.

    False where that cannot be told, and where the path leads to one folder both times.
    """
    try:
        return _has_both_names(root, target, path)
    except OSError:
        return False


if sys.platform == "win32":

    def _has_both_names(*_: bytes) -> bool:
        return False  # no file gets a second name there

    def _rename(root: bytes, target: bytes, path: bytes) -> None:
        os.rename(os.path.join(root, path), os.path.join(target, path))  # noqa: PTH104, PTH118 - bytes

else:
    import ctypes

    _NOREPLACE = 1
    _HANDLE = os.O_DIRECTORY | os.O_CLOEXEC | getattr(os, "O_PATH", os.O_RDONLY)
    _UNKNOWN = frozenset({errno.EINVAL, errno.ENOSYS})
    _NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
    _LIBC = ctypes.CDLL(None, use_errno=True)

    def _has_both_names(root: bytes, target: bytes, path: bytes) -> bool:
        folder, name = os.path.split(path)
        with _opened(root, folder) as source, _opened(target, folder) as goal:
            return _have_the_same(source, goal, name)

    def _rename(root: bytes, target: bytes, path: bytes) -> None:
        folder, name = os.path.split(path)
        with _opened(root, folder) as source, _opened(target, folder) as goal:
            try:
                _rename_between(source, goal, name)
            except FileExistsError:
                if not _have_the_same(source, goal, name):
                    raise
                _lose_old_name(source, goal, name)

    def _rename_between(source: int, goal: int, name: bytes) -> None:
        for rename, refusals in ((by_flag, _UNKNOWN), (by_link, _NO_LINKS)):
            try:
                rename(source, goal, name)
            except OSError as error:
                if error.errno not in refusals:
                    raise
            else:
                return
        by_looking(source, goal, name)

    @contextmanager
    def _opened(root: bytes, folder: bytes) -> Iterator[int]:
        """A handle of a folder below another one; none on the way between them is a link."""
        handle = os.open(root, _HANDLE)
        try:
            for name in filter(None, folder.split(b"/")):
                inner = os.open(name, _HANDLE | os.O_NOFOLLOW, dir_fd=handle)
                os.close(handle)
                handle = inner
            yield handle
        finally:
            os.close(handle)

    def by_flag(source: int, goal: int, name: bytes) -> None:
        """Rename a file from one open folder to another; EINVAL or ENOSYS where the system cannot."""
        renameat2 = getattr(_LIBC, "renameat2", None)
        if renameat2 is None:
            raise _error(errno.ENOSYS, name)
        if renameat2(source, name, goal, name, ctypes.c_uint(_NOREPLACE)):
            raise _error(ctypes.get_errno(), name)

    def by_link(source: int, goal: int, name: bytes) -> None:
        """As `by_flag`, in two steps."""
        os.link(name, name, src_dir_fd=source, dst_dir_fd=goal, follow_symlinks=False)
        _lose_old_name(source, goal, name)

    def _lose_old_name(source: int, goal: int, name: bytes) -> None:
        """A file with both names loses the old one, or the new one where that cannot be."""
        try:
            os.unlink(name, dir_fd=source)
        except FileNotFoundError:
            return  # somebody was faster: the new name is the only one by now
        except OSError:
            os.unlink(name, dir_fd=goal)
            raise

    def _have_the_same(source: int, goal: int, name: bytes) -> bool:
        """Whether two folders, not one that is known by two names, hold the same file.

        Its count of names must say so too: some disks give inodes that mean little.
        """
        if os.path.samestat(os.stat(source), os.stat(goal)):
            return False
        here, there = (os.stat(name, dir_fd=folder, follow_symlinks=False) for folder in (source, goal))
        return os.path.samestat(here, there) and here.st_nlink > 1

    def by_looking(source: int, goal: int, name: bytes) -> None:
        """As `by_flag`, but not in one step: what comes between the look and the rename is replaced."""
        try:
            os.stat(name, dir_fd=goal, follow_symlinks=False)
        except FileNotFoundError:
            os.rename(name, name, src_dir_fd=source, dst_dir_fd=goal)
        else:
            raise _error(errno.EEXIST, name)

    def _error(number: int, name: bytes) -> OSError:
        return OSError(number, os.strerror(number), os.fsdecode(name))
