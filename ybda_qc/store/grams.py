"""Runs of characters by which folded text is indexed: every page that has a word has all its grams.

Single characters and overlapping pairs 二元; of alphabets also runs of three and of five, for there are few
letters: their pairs stand on every page, and the threes of a longer word stand together on many that have it
not. A gram is written so that the index takes it for one word: blanks and marks of ASCII as characters that
folded text never has.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from operator import add
from typing import Final

from ybda_qc.model.query import All, Any, Query, Word

MOST_GRAMS = 32
"""Of a word that is looked up; the page itself tells the rest."""

_RUNS: Final = (3, 5)  # characters of the grams of alphabets, beside single ones and pairs
_ALPHABETIC: Final = re.compile("[^\u1100-\U0010ffff]{3,}")
_MARKS: Final = (chr(code) for code in range(0x20, 0x7F) if not chr(code).isalnum())
_WRITTEN: Final = str.maketrans(dict(zip(_MARKS, map(chr, (*range(0x80, 0xA0), 0xAD)), strict=True)))


def page_grams(text: str) -> set[str]:
    """All grams of a page."""
    written = text.translate(_WRITTEN)
    grams = {*written, *map(add, written, written[1:])}
    for run in _ALPHABETIC.finditer(text):
        part = written[run.start() : run.end()]
        grams.update(chain.from_iterable(_parts(part, length) for length in _RUNS))
    return grams


def is_gram(word: str) -> bool:
    """Whether a word is one gram, so that the index alone tells on which pages it stands."""
    return len(word) < 3 or (len(word) in _RUNS and _ALPHABETIC.fullmatch(word) is not None)


def word_grams(word: str) -> list[str]:
    """Grams that every page with the word has: the longest, spread over the word, some dozens at most."""
    if is_gram(word):
        return [word.translate(_WRITTEN)]
    grams = list(dict.fromkeys(_covering(word)))
    step = -(-len(grams) // MOST_GRAMS)
    return grams[::step]


def is_told_by_grams(query: Query) -> bool:
    """Whether the index alone tells which pages answer a query."""
    match query:
        case Word(text):
            return is_gram(text)
        case All(wanted, unwanted):
            return all(map(is_told_by_grams, wanted + unwanted))
        case Any(parts):
            return all(map(is_told_by_grams, parts))


def expression(query: Query) -> str:
    """The pages that may answer a query, and all that do, as FTS5 writes it."""
    match query:
        case Word(text):
            return _joined(" AND ", (f'"{gram}"' for gram in word_grams(text)))
        case Any(parts):
            return _joined(" OR ", map(expression, parts))
        case All(wanted, unwanted):
            certain = [expression(part) for part in unwanted if is_told_by_grams(part)]
            wants = _joined(" AND ", map(expression, wanted))
            return f"({wants} NOT {_joined(' OR ', certain)})" if certain else wants


def _joined(operator: str, parts: Iterable[str]) -> str:
    return f"({operator.join(parts)})"


def _covering(word: str) -> Iterator[str]:
    """The longest runs in alphabets, pairs of all else."""
    written = word.translate(_WRITTEN)
    inside: set[int] = set()  # places where a pair begins that lies in a longer run
    for run in _ALPHABETIC.finditer(word):
        inside.update(range(run.start(), run.end() - 1))
        part = written[run.start() : run.end()]
        yield from _parts(part, max(length for length in _RUNS if length <= len(part)))
    yield from (written[at : at + 2] for at in range(len(word) - 1) if at not in inside)


def _parts(text: str, length: int) -> Iterator[str]:
    return (text[at : at + length] for at in range(len(text) - length + 1))
