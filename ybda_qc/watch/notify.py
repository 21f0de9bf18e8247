"""Word to the supervisor: systemd's notification protocol, as sd_notify(3) describes it.

Where no supervisor asks for it, and on systems without it, nothing happens.
"""

import logging
import os
import socket
import time
from collections.abc import Callable, Mapping

_SEND_SECONDS = 1.0  # a supervisor that does not read must not hold the service up
_MOST_STATUS = 500  # characters
_log = logging.getLogger(__name__)


class Supervisor:
    """Tells the supervisor how the service fares; never fails.

    Parameters
    ----------
    environ
        The environment: ``NOTIFY_SOCKET``, ``WATCHDOG_USEC`` and ``WATCHDOG_PID`` are read.
    clock
        Seconds that only go forward.

    Attributes
    ----------
    watchdog_seconds
        How often `beat` must be called at least, half of what the supervisor waits; None where it does not.
    """

    def __init__(
        self, environ: Mapping[str, str] = os.environ, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._address = _address(environ.get("NOTIFY_SOCKET", ""))
        self._clock = clock
        self._status = ""
        self._beaten: float | None = None
        self.watchdog_seconds = _watchdog_seconds(environ) if self._address else None

    def ready(self, status: str = "") -> None:
        """The service works; also when it has reloaded."""
        self._send("READY=1", *self._new_status(status))

    def reloading(self) -> None:
        """The configuration is being read again; `ready` follows."""
        self._send("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self, status: str = "") -> None:
        """The service is ending."""
        self._send("STOPPING=1", *self._new_status(status))

    def more_time(self, seconds: float) -> None:
        """Starting or stopping takes longer; ask for so much from now."""
        self._send(f"EXTEND_TIMEOUT_USEC={round(seconds * 1e6)}")

    def status(self, text: str) -> None:
        """One line for ``systemctl status``; the same again is not sent."""
        if lines := self._new_status(text):
            self._send(*lines)

    def beat(self) -> None:
        """The service is alive; may be called as often as one likes."""
        if self.watchdog_seconds is None:
            return
        now = self._clock()
        if self._beaten is None or now - self._beaten >= self.watchdog_seconds:
            self._beaten = now
            self._send("WATCHDOG=1")

    def _new_status(self, text: str) -> list[str]:
        line = " ".join(text.split())[:_MOST_STATUS]
        if not line or line == self._status:
            return []
        self._status = line
        return [f"STATUS={line}"]

    def _send(self, *lines: str) -> None:
        if self._address is None:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                sender.settimeout(_SEND_SECONDS)
                sender.sendto("\n".join(lines).encode(errors="replace"), self._address)
        except OSError as error:
            _log.warning("the supervisor could not be told %s: %s", lines[0], error)


def _address(text: str) -> str | None:
    """A path, or a name in Linux's abstract space, which is written with @; None if it is neither."""
    if len(text) < 2 or not hasattr(socket, "AF_UNIX"):
        return None
    if text.startswith("@"):
        return "\0" + text[1:]
    return text if text.startswith("/") else None


def _watchdog_seconds(environ: Mapping[str, str]) -> float | None:
    """Half of the time after which the supervisor gives this process up; None if it never does."""
    try:
        microseconds = int(environ.get("WATCHDOG_USEC", ""))
        watched = int(environ.get("WATCHDOG_PID", "") or os.getpid())
    except ValueError:
        return None
    return microseconds / 2e6 if microseconds > 0 and watched == os.getpid() else None
