"""Items that are still to be moved: tried again together, and told of as one trouble."""

from pathlib import Path
from typing import Final

from ybda_qc.report import mark as _
from ybda_qc.watch.moving import AstrayError
from ybda_qc.watch.news import Message
from ybda_qc.watch.troubles import MOVING, Troubles

_REFUSED: Final = (
    _("{item} cannot be moved to {target}: {reason}; mend that, it is tried again by itself"),
    _(
        "{count} items cannot be moved, {item} among them, to {target}: {reason}; mend that, they are"
        " tried again by themselves"
    ),
)
_ASTRAY: Final = (
    _(
        "{item} cannot be moved to {target}: {file} is gone or has changed; move it back there, or put that"
        " page into the inbox again; it is tried again by itself"
    ),
    _(
        "{count} items cannot be moved, {item} among them, to {target}: {file} is gone or has changed; move"
        " it back there, or put that page into the inbox again; they are tried again by themselves"
    ),
)
"""Of one item, and of several."""


class Unmoved:
    """Which items are still to be moved, and why some could not be.

    Parameters
    ----------
    troubles
        Told when the first cannot be moved, when more cannot, and once all are.
    """

    def __init__(self, troubles: Troubles) -> None:
        self._troubles = troubles
        self._codes: dict[str, None] = {}
        self._refused: dict[str, tuple[tuple[str, str], dict[str, str]]] = {}  # those that were tried in vain

    def __contains__(self, code: str) -> bool:
        return code in self._codes

    @property
    def due(self) -> tuple[str, ...]:
        """Items to be tried now: none in the pause after one could not be moved."""
        return tuple(self._codes) if self._troubles.may_try(MOVING) else ()

    def add(self, code: str) -> None:
        """An item is to be moved."""
        self._codes[code] = None

    def discard(self, code: str) -> None:
        """An item was moved, or needs to be no longer."""
        self._codes.pop(code, None)
        self._refused.pop(code, None)
        if not self._refused:
            self._troubles.end(MOVING)

    def refuse(self, code: str, target: Path, error: OSError) -> None:
        """An item cannot be moved. Of several the one that has waited longest is named."""
        self.add(code)
        templates = _ASTRAY if isinstance(error, AstrayError) else _REFUSED
        reason = error.strerror or str(error)
        values = {"item": code, "target": str(target), "reason": reason, "file": str(error.filename)}
        self._refused[code] = (templates, values)
        (alone, several), first = next(iter(self._refused.values()))
        count = len(self._refused)
        message = Message(template=alone if count == 1 else several, values={**first, "count": count})
        self._troubles.begin(MOVING, message)
