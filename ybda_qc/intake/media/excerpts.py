"""Parts of a file: what a format is told by lies at its beginning, at its end, or where a header points."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Order = Literal["little", "big"]
TAIL_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Excerpts:
    """A file of which parts are read.

    Parameters
    ----------
    read
        Offset, count -> bytes; fewer, or none, where the file ends.
    size_bytes
        Of the file.
    """

    read: Callable[[int, int], bytes]
    size_bytes: int

    @classmethod
    def of(cls, data: bytes) -> "Excerpts":
        """A file that is in memory."""
        return cls(lambda offset, count: data[offset : offset + count], len(data))

    def number(self, offset: int, count: int, order: Order = "big") -> int:
        """An unsigned number of so many bytes; 0 where the file has ended."""
        data = self.read(offset, count)
        return int.from_bytes(data, order) if len(data) == count else 0

    @property
    def tail(self) -> bytes:
        """The last `TAIL_BYTES`."""
        return self.read(max(0, self.size_bytes - TAIL_BYTES), TAIL_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaContent:
    """What a file holds; the fields are those of `FileFacts`."""

    format: str = ""
    lacks: str = ""
    is_cut: bool = False
    sample_rate_hz: int = 0
    sample_bits: int = 0
