"""A file of the batch, opened once, read-only, and read as it was at that moment."""

import hashlib
import mmap
import os
import stat
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from ybda_qc.imaging.errors import (
    ChangedSourceError,
    EmptySourceError,
    UnreadableSourceError,
    VanishedError,
)

_MMAP_FROM_BYTES = 64 * 1024 * 1024


class Source:
    """The bytes of one file; a context manager.

    Files up to 64 MB are read into memory; larger ones are mapped, so that one page of a large file costs no
    reading of the others. Later changes of the file are not followed.

    Parameters
    ----------
    path
        Where the file lies.
    data
        Its bytes, read-only.
    modified_ns
        Time of the last change in nanoseconds, as the file system told when the file was read.
    """

    def __init__(
        self, path: Path, data: memoryview, mapping: mmap.mmap | None = None, *, modified_ns: int = 0
    ) -> None:
        self.path = path
        self.modified_ns = modified_ns
        self.data = data
        self.size_bytes = len(data)
        self.parsed: dict[str, object] = {}
        """What a format has parsed of this file already (directories, an open document), by format."""
        self._mapping = mapping
        self._sha256: str | None = None

    def sha256(self) -> str:
        """SHA-256 of the bytes in lower-case hexadecimal; computed once."""
        if self._sha256 is None:
            self._sha256 = hashlib.sha256(self.data).hexdigest()
        return self._sha256

    def close(self) -> None:
        """Give back the memory; what was parsed is closed with it."""
        for value in reversed(self.parsed.values()):
            close = getattr(value, "close", None)
            if callable(close):
                close()
        self.parsed.clear()
        # An array that still looks into a mapped file keeps it open until the array itself goes.
        with suppress(BufferError):
            self.data.release()
            if self._mapping is not None:
                self._mapping.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_source(path: Path) -> Source:
    """Open a file read-only and take its bytes.

    Raises
    ------
    SourceError
        The file vanished, is empty, cannot be read, is not a regular file, or changed during the reading.
    """
    handle = open_file(path)
    try:
        return _read(path, handle)
    except OSError as error:
        words = _words(error)
        raise UnreadableSourceError(f"The file cannot be read ({words}).") from None
    finally:
        os.close(handle)


def open_file(path: Path) -> int:
    """Open a file read-only without ever waiting for it, and return its descriptor.

    Raises
    ------
    SourceError
        The file vanished, cannot be opened or is not a regular file.
    """
    try:
        # O_NONBLOCK: a named pipe in a batch must not hang the reader; without meaning for regular files.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise VanishedError from None
    except PermissionError:
        raise UnreadableSourceError("The file may not be read (permission denied).") from None
    except (OSError, ValueError) as error:
        words = _words(error)
        raise UnreadableSourceError(f"The file cannot be opened ({words}).") from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise UnreadableSourceError("Not a regular file.")
    return handle


def _read(path: Path, handle: int) -> Source:
    before = os.fstat(handle)
    if before.st_size == 0:
        raise EmptySourceError
    mapping: mmap.mmap | None = None
    if before.st_size > _MMAP_FROM_BYTES:
        mapping = mmap.mmap(handle, before.st_size, access=mmap.ACCESS_READ)
        data = memoryview(mapping)
    else:
        with os.fdopen(os.dup(handle), "rb") as file:
            data = memoryview(file.read(before.st_size + 1))
    after = os.fstat(handle)
    if len(data) != before.st_size or (after.st_size, after.st_mtime_ns) != (
        before.st_size,
        before.st_mtime_ns,
    ):
        raise ChangedSourceError
    return Source(path, data, mapping, modified_ns=before.st_mtime_ns)


def _words(error: Exception) -> str:
    return (getattr(error, "strerror", None) or type(error).__name__).lower()
