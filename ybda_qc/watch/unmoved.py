"""Items that are still to be moved: tried again together, and told of as one trouble."""

from pathlib import Path

from ybda_qc.report import mark as _
from ybda_qc.watch.news import Message
from ybda_qc.watch.troubles import MOVING, Troubles


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
        self._refused: dict[str, Message] = {}  # those that were tried in vain

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
        values = {"item": code, "target": str(target), "reason": error.strerror or str(error)}
        alone = Message(
            template=_(
                "{item} cannot be moved to {target}: {reason}; mend that, it is tried again by itself"
            ),
            values=values,
        )
        self._refused[code] = alone
        count = len(self._refused)
        first = next(iter(self._refused.values()))
        several = _(
            "{count} items cannot be moved, {item} among them, to {target}: {reason}; mend that, they are"
            " tried again by themselves"
        )
        values_of_all = {**first.values, "count": count}
        self._troubles.begin(MOVING, alone if count == 1 else Message(template=several, values=values_of_all))
