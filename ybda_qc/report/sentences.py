"""Sentences that were stored whole, with their fields filled in, said in another language.

What the decoders say of a damaged file is kept as an English sentence, so that measurements do not depend on
a language. The template it was made of is found again by its fixed words: ``Block {block_number} unpacks to
{written} bytes instead of {needed}.`` fits "Block 3 unpacks to 17 bytes instead of 20.", and its translation
is filled with what stands in the places of the fields. What fits no template stays as it is.
"""

import re
import struct
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from string import Formatter

CONTEXT = "sentence"
"""Context (msgctxt) of the templates of such sentences in the catalogue of messages."""

_BETWEEN = {  # where one sentence ends and the next begins; what stands there, and after Chinese
    "detail": (re.compile("; "), "; ", "；"),
    "oddities": (re.compile(r"(?<=\.) "), " ", ""),
}
FIELDS = frozenset(_BETWEEN)
"""Fields of messages whose values are such sentences, one or several."""

_PIECES_MOST = 4  # so often may what stands between sentences stand inside one
_CONTEXT_END = "\x04"  # stands between context and text in .mo files
_MOST = 4096  # translations remembered; a batch has few different ones


class Sentences:
    """Finds the template of a sentence and fills its translation.

    Parameters
    ----------
    catalogue
        English template -> translated template, with the same named fields and no formats.
    value
        Name and value of a field -> how the value is written in the translation; as it is, if not given.
    """

    def __init__(
        self, catalogue: Mapping[str, str], value: Callable[[str, str], str] = lambda _name, value: value
    ) -> None:
        self._catalogue = catalogue
        self._value = value
        self._one = lru_cache(_MOST)(self._find)

    def one(self, text: str) -> str | None:
        """The translation of one whole sentence; None if it fits no template."""
        return self._one(text)

    def field(self, name: str, text: str) -> str:
        """The value of a field of `FIELDS`, with each sentence of it that is known translated."""
        if not self._catalogue:
            return text
        end, between, after_translated = _BETWEEN[name]
        pieces, said = end.split(text), ""
        while pieces:
            translated, count = self._beginning(pieces, between)
            said += pieces[0] if translated is None else translated
            pieces = pieces[count:]
            if pieces:
                said += between if translated is None else after_translated
        return said

    def _beginning(self, pieces: list[str], between: str) -> tuple[str | None, int]:
        """The shortest beginning that is a known sentence, and of how many pieces it is made."""
        for count in range(1, min(len(pieces), _PIECES_MOST) + 1):
            translated = self._one(between.join(pieces[:count]))
            if translated is not None:
                return translated, count
        return None, 1

    def _find(self, text: str) -> str | None:
        fixed, patterns = self._compiled
        if text in fixed:
            return fixed[text]
        for pattern, translation in patterns:
            match = pattern.fullmatch(text)
            if match is not None:
                fields = match.groupdict().items()
                return translation.format_map({name: self._value(name, value) for name, value in fields})
        return None

    @cached_property
    def _compiled(self) -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
        """Sentences without fields, and the others as expressions, the ones with most fixed words first."""
        fixed: dict[str, str] = {}
        patterns: list[tuple[int, re.Pattern[str], str]] = []
        for template, translation in self._catalogue.items():
            parsed = list(Formatter().parse(template))
            words = "".join(literal for literal, *_ in parsed)
            if all(name is None for _, name, *_ in parsed):
                fixed[words] = translation.format()
            else:
                patterns.append((len(words), _expression(parsed), translation))
        patterns.sort(key=lambda known: -known[0])
        return fixed, [(pattern, translation) for _, pattern, translation in patterns]


def _expression(parsed: list[tuple[str, str | None, str | None, str | None]]) -> re.Pattern[str]:
    parts: list[str] = []
    seen: set[str] = set()
    for literal, name, *_ in parsed:
        parts.append(re.escape(literal))
        if name is not None:
            parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>.+?)")
            seen.add(name)
    return re.compile("".join(parts), re.DOTALL)


def read_sentences(path: Path) -> dict[str, str]:
    """The templates of `CONTEXT` in a compiled catalogue (.mo), with their translations.

    `gettext` looks texts up but does not list them, so the table of the file is read here.
    """
    data = path.read_bytes()
    sign = "<" if data[:4] == b"\xde\x12\x04\x95" else ">"
    count, ids, translations = struct.unpack_from(f"{sign}3I", data, 8)
    beginning = CONTEXT + _CONTEXT_END
    pairs = zip(_texts(data, sign, ids, count), _texts(data, sign, translations, count), strict=True)
    return {text.removeprefix(beginning): said for text, said in pairs if text.startswith(beginning)}


def _texts(data: bytes, sign: str, table: int, count: int) -> Iterator[str]:
    for number in range(count):
        length, place = struct.unpack_from(f"{sign}2I", data, table + 8 * number)
        yield data[place : place + length].decode("utf-8")
