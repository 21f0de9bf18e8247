"""How long a disk, or the share that stands for one, is waited for."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Final

_STEP_SECONDS: Final = 0.1
_STALL_SECONDS: Final = 2.0  # for one answer: the disk stands still


class Asking:
    """Held by one thread while it asks a disk; any other may look how long that takes."""

    def __init__(self) -> None:
        self._asked_at: float | None = None
        self._stalled = 0.0

    def __enter__(self) -> None:
        self._asked_at = time.monotonic()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.go_on()
        self._asked_at = None

    def go_on(self) -> None:
        """The disk has answered, and is asked the next thing."""
        now = time.monotonic()
        waited = 0.0 if self._asked_at is None else now - self._asked_at
        if waited > _STALL_SECONDS:
            self._stalled += waited
        self._asked_at = now

    @property
    def seconds(self) -> float:
        """For how long the answer of now is waited for; 0 where nothing is asked."""
        asked_at = self._asked_at
        return 0.0 if asked_at is None else time.monotonic() - asked_at

    def take_stalled(self) -> float:
        """For how many seconds the disk stood still since this was last asked, once it answered again."""
        stalled, self._stalled = self._stalled, 0.0
        return stalled


class Probe:
    """Asks a disk now and then whether it answers, on a thread of its own.

    Parameters
    ----------
    ask
        Asks it.
    """

    def __init__(self, ask: Callable[[], object]) -> None:
        self._ask = ask
        self._thread: threading.Thread | None = None
        self._asked_at = 0.0

    @property
    def is_silent(self) -> bool:
        """Whether the last question was not answered in time; asks the next one if it was."""
        if self._thread is not None and self._thread.is_alive():
            return time.monotonic() - self._asked_at >= _STALL_SECONDS
        self._asked_at = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="probe", daemon=True)
        self._thread.start()
        return False

    def _run(self) -> None:
        with suppress(OSError):  # an error is an answer
            self._ask()


def answers(
    ask: Callable[[], object], *, seconds: float, meanwhile: Callable[[], None] = lambda: None
) -> bool:
    """Ask a disk something that it may not answer; whether it has, in time.

    Parameters
    ----------
    ask
        Asks it; on a thread of its own, which is left where it is if nothing comes.
    seconds
        For how long an answer is waited for.
    meanwhile
        Called again and again.

    Raises
    ------
    BaseException
        What `ask` raises.
    """
    failures: list[BaseException] = []

    def run() -> None:
        try:
            ask()
        except BaseException as error:  # noqa: BLE001 - raised again below
            failures.append(error)

    thread = threading.Thread(target=run, name="asking", daemon=True)
    thread.start()
    end = time.monotonic() + seconds
    while thread.is_alive() and time.monotonic() < end:
        meanwhile()
        thread.join(_STEP_SECONDS)
    if failures:
        raise failures[0]
    return not thread.is_alive()
