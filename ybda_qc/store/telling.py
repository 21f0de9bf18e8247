"""Who is told how work on many texts goes on."""

from typing import Protocol


class Progress(Protocol):
    """As `ybda_qc.engine.ports.Progress`; pages are texts here."""

    def expect(self, pages: int) -> None:
        """That many more pages are to come."""

    def advance(self, pages: int = 1) -> None:
        """That many pages are done."""

    def step(self, name: str) -> None:
        """Another part of the work begins; `name` is an English message."""


class Nobody:
    """Progress that nobody watches."""

    def expect(self, pages: int) -> None:
        """Pass over it."""

    def advance(self, pages: int = 1) -> None:
        """Pass over it."""

    def step(self, name: str) -> None:
        """Pass over it."""
