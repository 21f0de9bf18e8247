"""Verdicts of checks and the decision about a batch."""

from collections.abc import Iterable
from enum import IntEnum, StrEnum


class Verdict(IntEnum):
    """What a check concludes, ordered by weight.

    NOTE informs and never holds; REVIEW waits for a person; ERROR means that we could not tell.
    NOT_RUN is the outcome of a planned check that had no pixels or text to look at; it weighs as an error
    unless ``readable`` failed on the same page.
    """

    NOT_APPLICABLE = 0
    PASS = 1
    NOTE = 2
    REVIEW = 3
    FAIL = 4
    NOT_RUN = 5
    ERROR = 6

    @property
    def word(self) -> str:
        """The verdict as it stands in report files, for example ``not_applicable``."""
        return self.name.lower()

    @classmethod
    def from_word(cls, word: str) -> "Verdict":
        """Read a verdict back from a report file.

        Raises
        ------
        KeyError
            If `word` is not a verdict.
        """
        return cls[word.upper()]


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Combine verdicts: the heaviest wins; of nothing at all, NOT_APPLICABLE."""
    return max(verdicts, default=Verdict.NOT_APPLICABLE)


class Outcome(StrEnum):
    """What is decided about a batch or an item."""

    ACCEPT = "accept"
    HOLD = "hold"
    REJECT = "reject"


class Scope(StrEnum):
    """How far a decision reaches: the machine's part only, or with the sample seen by people."""

    MACHINE = "machine"
    FULL = "full"
