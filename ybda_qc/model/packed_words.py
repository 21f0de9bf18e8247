"""The words of a page, packed: they are most of a text, and few of those who read it ask for them."""

import json
import zlib
from collections.abc import Iterable, Sequence
from typing import Any, Self, overload

from ybda_qc.model.measurement import Box
from ybda_qc.model.text import TextLine, Word


class PackedWords:
    """The words of all lines of a page, unpacked when those of a line are asked for.

    Parameters
    ----------
    packed
        What `of` made.
    """

    __slots__ = ("_rows", "packed")

    def __init__(self, packed: bytes) -> None:
        self.packed = packed
        self._rows: list[list[list[Any]]] | None = None

    @classmethod
    def of(cls, lines: Iterable[TextLine]) -> Self:
        """Pack the words of lines."""
        rows = [
            [[word.start, word.text, word.confidence, *word.box.as_list()] for word in line.words]
            for line in lines
        ]
        return cls(zlib.compress(json.dumps(rows, separators=(",", ":"), allow_nan=False).encode()))

    def __reduce__(self) -> tuple[Any, ...]:
        return PackedWords, (self.packed,)

    def of_line(self, number: int) -> Sequence[Word]:
        """The words of a line, by its number from 0; nothing is unpacked yet."""
        return _WordsOfLine(self, number)

    def unpack(self, number: int) -> tuple[Word, ...]:
        """Unpack the words of a line.

        Raises
        ------
        zlib.error, ValueError
            If it is not what `of` made.
        """
        if self._rows is None:
            self._rows = json.loads(zlib.decompress(self.packed))
        return tuple(map(unpacked_word, self._rows[number]))


def unpacked_word(row: Sequence[Any]) -> Word:
    """The word of a row: place, text, confidence, left, top, width, height."""
    start, text, confidence, left, top, width, height = row
    box = Box(left=left, top=top, width=width, height=height)
    return Word(start=start, text=text, box=box, confidence=confidence)


class _WordsOfLine(Sequence[Word]):
    """Compares as the tuple of the words; another process gets them packed."""

    __slots__ = ("_line", "_page", "_words")

    def __init__(self, page: PackedWords, line: int) -> None:
        self._page, self._line = page, line
        self._words: tuple[Word, ...] | None = None

    def _unpacked(self) -> tuple[Word, ...]:
        if self._words is None:
            self._words = self._page.unpack(self._line)
        return self._words

    @overload
    def __getitem__(self, at: int) -> Word: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Word, ...]: ...
    def __getitem__(self, at: int | slice) -> Word | tuple[Word, ...]:
        return self._unpacked()[at]

    def __len__(self) -> int:
        return len(self._unpacked())

    def __eq__(self, other: object) -> bool:
        return self._unpacked() == (other._unpacked() if isinstance(other, _WordsOfLine) else other)

    def __hash__(self) -> int:
        return hash(self._unpacked())

    def __repr__(self) -> str:
        return repr(self._unpacked())

    def __reduce__(self) -> tuple[Any, ...]:
        return _WordsOfLine, (self._page, self._line)
