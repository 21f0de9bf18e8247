"""Where the log goes: a stream whose reader may stand still without anybody having to wait for it.

A pipe that nobody reads, or a terminal whose output is held, blocks whoever writes. Lines are handed to a
thread that may be blocked; beyond so many that wait they are lost, as they are where the stream cannot be
written.
"""

import io
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import Any, Final, TextIO

_MOST_LINES: Final = 20_000
_LAST_WORDS_SECONDS: Final = 2.0  # granted at the end for what still waits
_PAUSE: Final = 0.05  # before a stream is tried again that takes nothing at the moment


@contextmanager
def patient(stream: TextIO | None, *, most_lines: int = _MOST_LINES) -> Iterator[TextIO]:
    """Give a stream into which writing never blocks; what is written goes to the given one.

    Parameters
    ----------
    stream
        Where lines go in the end; None, as for a program that was started without, loses them.
    most_lines
        How many may wait.
    """
    if stream is None:
        with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123 - a device
            yield nowhere
        return
    try:
        handle = os.dup(stream.fileno())
    except (OSError, ValueError):  # no file of the system: it does not block
        yield stream
        return
    lines = io.BufferedWriter(_Lines(handle, most_lines))
    with io.TextIOWrapper(lines, stream.encoding, errors="backslashreplace", line_buffering=True) as text:
        yield text


class _Lines(io.RawIOBase):
    """Bytes on their way to a handle, written by a thread that nobody waits for."""

    def __init__(self, handle: int, most: int) -> None:
        self._handle = handle
        self._most = most
        self._queue: SimpleQueue[bytes] = SimpleQueue()
        self._is_ending = threading.Event()
        self._writer = threading.Thread(target=self._write_all, name="log", daemon=True)
        self._writer.start()

    def writable(self) -> bool:
        """Lines are only written."""
        return True

    def write(self, data: Any) -> int:
        """Have a line written, or lose it where too many wait."""
        if self._queue.qsize() < self._most:
            self._queue.put(bytes(data))
        return len(data)

    def close(self) -> None:
        """Grant a moment to what still waits."""
        if not self.closed:
            self._is_ending.set()
            self._writer.join(_LAST_WORDS_SECONDS)
        super().close()

    def _write_all(self) -> None:
        while True:
            try:
                line = self._queue.get(timeout=_PAUSE)
            except Empty:
                if self._is_ending.is_set():
                    os.close(self._handle)
                    return
                continue
            with suppress(OSError):
                self._write_one(line)

    def _write_one(self, line: bytes) -> None:
        while line:
            try:
                line = line[os.write(self._handle, line) :]
            except BlockingIOError:
                time.sleep(_PAUSE)
