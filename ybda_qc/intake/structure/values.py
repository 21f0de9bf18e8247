"""What the structure of a file tells of whether it is all there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ybda_qc.intake.structure import problems
from ybda_qc.model import Scalar


class Wholeness(StrEnum):
    """How far the structure of a file shows that it is all there."""

    COMPLETE = "complete"  # the end of its format is there, and all that the head promises lies before it
    DOUBTFUL = "doubtful"  # it looks complete, but may have been given its size before its content
    INCOMPLETE = "incomplete"
    UNKNOWN = "unknown"  # of a format without an end, or of none that is known
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """Whether a file is all there.

    Parameters
    ----------
    state
        The answer.
    reason
        Why it is not ``COMPLETE``: an English template with fields; empty for a complete file.
    values
        The fields.
    """

    state: Wholeness
    reason: str = ""
    values: Mapping[str, Scalar] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether the file is complete beyond doubt."""
        return self.state is Wholeness.COMPLETE

    def __str__(self) -> str:
        reason = self.reason.format(**self.values)
        return f"{self.state}: {reason}" if reason else str(self.state)


COMPLETE = Completeness(state=Wholeness.COMPLETE)


def incomplete(reason: str, **values: Scalar) -> Completeness:
    """A file of which something is still missing."""
    return Completeness(state=Wholeness.INCOMPLETE, reason=reason, values=values)


def doubtful(reason: str) -> Completeness:
    """A file that looks complete, and may not be."""
    return Completeness(state=Wholeness.DOUBTFUL, reason=reason)


def unknown(reason: str) -> Completeness:
    """A file whose end nothing tells."""
    return Completeness(state=Wholeness.UNKNOWN, reason=reason)


def shorter(size_bytes: int, expected: int) -> Completeness:
    """A file that ends before the place to which its head points, in bytes."""
    return incomplete(problems.SHORTER, size=size_bytes, expected=expected)


def strange(data: bytes) -> Completeness:
    """What to think of bytes that are not what the format asks for at their place.

    Zeros are a part that is still to be filled; anything else is damage, which more patience will not mend.
    """
    return doubtful(problems.DAMAGED) if data.strip(b"\0") else incomplete(problems.PART_EMPTY)
