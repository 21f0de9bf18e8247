"""Runs of characters by which folded text is indexed: every page that has a word has all its grams.

Single characters and overlapping pairs 二元; of alphabets also runs of three, for there are few letters and
their pairs stand on every page. A gram is written in ASCII, as the index takes it: code points in
hexadecimal.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from ybda_qc.model.query import All, Any, Query, Word

MOST_GRAMS = 32
"""Of a word that is looked up; the page itself tells the rest."""

_ALPHABETIC = re.compile("[^\u1100-\U0010ffff]{3,}")


class _Names(dict[str, str]):
    """Character -> how it is written; filled as characters are met."""

    def __missing__(self, char: str) -> str:
        name = self[char] = f"{ord(char):x}"
        return name


_name = _Names().__getitem__


def page_grams(text: str) -> set[str]:
    """All grams of a page."""
    names = list(map(_name, text))
    grams = {*names, *map("x".join, pairwise(names))}
    for run in _ALPHABETIC.finditer(text):
        part = names[run.start() : run.end()]
        grams.update(map("x".join, zip(part, part[1:], part[2:], strict=False)))
    return grams


def is_gram(word: str) -> bool:
    """Whether a word is one gram, so that the index alone tells on which pages it stands."""
    return len(word) < 3 or (len(word) == 3 and _ALPHABETIC.fullmatch(word) is not None)


def word_grams(word: str) -> list[str]:
    """Grams that every page with the word has: the longest, spread over the word, some dozens at most."""
    if is_gram(word):
        return ["x".join(map(_name, word))]
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
    """Runs of three in alphabets, pairs of all else."""
    names = list(map(_name, word))
    inside: set[int] = set()  # places where a pair begins that lies in a run of three
    for run in _ALPHABETIC.finditer(word):
        inside.update(range(run.start(), run.end() - 1))
        yield from ("x".join(names[at : at + 3]) for at in range(run.start(), run.end() - 2))
    yield from ("x".join(names[at : at + 2]) for at in range(len(word) - 1) if at not in inside)
