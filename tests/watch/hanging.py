"""A disk that hangs, for tests that may not mount one: whoever asks the system for something of it waits."""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

_ASKING = ("lstat", "open", "scandir", "stat")


class HangingDisk:
    """Answers until it hangs.

    Parameters
    ----------
    root
        The folder that lies on it.
    patch
        Puts the system's functions back after the test.
    """

    def __init__(self, root: Path, patch: pytest.MonkeyPatch) -> None:
        self._root = os.fsencode(root)
        self._answers = threading.Event()
        self._answers.set()
        for name in _ASKING:
            patch.setattr(os, name, self._slow(getattr(os, name)))

    def hang(self) -> None:
        """Whoever asks for something waits from now on."""
        self._answers.clear()

    def answer(self) -> None:
        """The end of `hang`."""
        self._answers.set()

    def _slow(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def asked(path: Any = ".", *arguments: Any, **options: Any) -> Any:
            if not isinstance(path, int) and os.fsencode(path).startswith(self._root):
                self._answers.wait()
            return function(path, *arguments, **options)

        return asked
