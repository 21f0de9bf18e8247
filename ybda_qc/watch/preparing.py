"""What is told while a ledger is brought up to date before its folder can be watched."""

from collections.abc import Callable

from ybda_qc.model.watching import EventKind


class Preparing:
    """A progress by which listeners hear of a trouble that ends by itself.

    Parameters
    ----------
    tell
        Told an event and a sentence when the work begins, and when it is over.
    on_turn
        Called again and again meanwhile.
    """

    def __init__(self, tell: Callable[[EventKind, str], None], on_turn: Callable[[], None]) -> None:
        self._tell = tell
        self._on_turn = on_turn
        self._step = ""
        self._is_told = self._is_over = False

    def step(self, name: str) -> None:
        """A part of the work begins."""
        self._step = name

    def expect(self, pages: int) -> None:
        """There is something to be done: say so."""
        if not self._is_over and pages and not self._is_told:
            self._is_told = True
            self._tell(EventKind.TROUBLE, self._step)

    def advance(self, pages: int = 1) -> None:  # noqa: ARG002 - only that it goes on
        """It goes on."""
        if not self._is_over:
            self._on_turn()

    def end(self) -> None:
        """The folder can be watched; nothing is told from here on."""
        self._is_over = True
        if self._is_told:
            self._tell(EventKind.RECOVERED, self._step)
