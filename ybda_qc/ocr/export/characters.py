"""Characters that no page shows and many readers refuse; XML 1.0 (2.2) and PDF/A-2 forbid some of them."""

import unicodedata
from dataclasses import replace

from ybda_qc.model import PageText, TextLine

_UNSEEN = frozenset({"Cc", "Cf", "Cs"})  # controls, marks of direction and zero width, halves of characters
_SEPARATORS = frozenset({"Zl", "Zp"})
_NO_CHARACTERS = range(0xFDD0, 0xFDF0)


def printable(text: str) -> str:
    """The text without what is never printed; what would break the line becomes a blank."""
    return text if text.isascii() and text.isprintable() else "".join(map(_printed, text))


def printable_page(text: PageText) -> PageText:
    """The text of a page without what is never printed; words keep their places in their lines."""
    return replace(text, lines=tuple(map(_printable_line, text.lines)))


def _printable_line(line: TextLine) -> TextLine:
    words = tuple(
        replace(word, start=len(printable(line.text[: word.start])), text=printable(word.text))
        for word in line.words
    )
    return replace(line, text=printable(line.text), words=tuple(word for word in words if word.text.strip()))


def _printed(character: str) -> str:
    category = unicodedata.category(character)
    if category in _SEPARATORS or (category == "Cc" and character.isspace()):
        return " "
    number = ord(character)
    is_none = category in _UNSEEN or number in _NO_CHARACTERS or number & 0xFFFE == 0xFFFE
    return "" if is_none else character
