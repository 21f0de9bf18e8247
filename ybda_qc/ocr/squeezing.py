"""How far a line may be squeezed before it is read: reading costs time by the width of its picture.

A squeezed line that does not read well is read again in full. Both are decided by what the lines before it on
the same page were like: square characters stay legible at half their width, narrow letters do not, and on a
page where squeezed lines keep failing none is squeezed.
"""

from collections import deque
from statistics import fmean, median
from typing import Final, NamedTuple

_FIRST: Final = 0.7  # of its width, at which the first line of a page is read
_LEAST: Final = 0.5
_MOST: Final = 0.9  # from which squeezing is not worth a second reading
_STEPS: Final = 1.7  # of the network for a character: what squeezing should leave
_FEWEST_STEPS: Final = 1.3  # less, and one of two like letters may be lost
_TIGHT: Final = 0.65  # of the width: below this, readings must be surer
_SURE_WHEN_TIGHT: Final = (0.98, 0.7)  # mean and least confidence of a line that reads well
_SURE: Final = (0.95, 0.5)
_SPECKS: Final = frozenset(".,'`·-")  # what specks look like, squeezed
_LINES: Final = 5  # that are remembered
_LINES_TO_JUDGE_BY: Final = 3
_CHARACTERS_TO_MEASURE: Final = 4


class LineRead(NamedTuple):
    """A reading of one line.

    Parameters
    ----------
    share
        Of its width at which it was read, 0..1.
    steps
        Steps of the network along the line, at that width.
    text
        What was read, blanks too.
    mean, least
        Confidence of its characters, 0..1.
    """

    share: float
    steps: int
    text: str
    mean: float
    least: float

    @property
    def reads_well(self) -> bool:
        """Whether a second reading in full would hardly tell more."""
        is_tight = self.share < _TIGHT
        mean, least = _SURE_WHEN_TIGHT if is_tight else _SURE
        return (
            self.mean >= mean
            and self.least >= least
            and self.steps >= _FEWEST_STEPS * len(self.text)
            and not (is_tight and _SPECKS.intersection(self.text))
        )


class Squeezing:
    """Decides how far the lines of one page are squeezed, line after line."""

    def __init__(self) -> None:
        self._steps: deque[float] = deque(maxlen=_LINES)  # of a character at full width
        self._well: deque[bool] = deque(maxlen=_LINES)

    def share(self) -> float:
        """Share of its width at which the next line is to be read first, 0..1; 1: in full."""
        share = max(_LEAST, _STEPS / median(self._steps)) if self._steps else _FIRST
        fails = 1 - fmean(self._well) if len(self._well) >= _LINES_TO_JUDGE_BY else 0.0
        is_worth_it = share <= _MOST and share + fails <= 1  # a line that fails costs its full width as well
        return share if is_worth_it else 1.0

    def note(self, first: LineRead) -> None:
        """Remember how the first reading of a line went."""
        self._well.append(first.reads_well)
        if len(first.text) >= _CHARACTERS_TO_MEASURE:
            self._steps.append(first.steps / first.share / len(first.text))
