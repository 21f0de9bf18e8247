"""Codes that are likely the same but for a slip of the keyboard."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Final

_LENGTHS: Final = range(6, 61)  # characters: two short codes that are alike say nothing
_FEW: Final = 1000  # codes on each side, up to which two slips in one code are looked for
_CROWD: Final = 64  # codes of a series that are compared: one that is near to so many is meant for none


def pair_slips(ones: Collection[str], others: Collection[str]) -> dict[str, str]:
    """Pair codes that differ by one or two slips, where each is the only one so near to the other.

    A slip is a character too much, left out or mistaken, or two neighbours that changed places.

    Parameters
    ----------
    ones, others
        Codes, no two alike on one side and none on both.

    Returns
    -------
    dict
        One of ``others`` by one of ``ones``.
    """
    left = {code for code in ones if len(code) in _LENGTHS}
    right = {code for code in others if len(code) in _LENGTHS}
    near = list(_near(left, right, 1))
    pairs = _mutual(near)
    for one, other in near:
        left.discard(one)
        right.discard(other)
    if max(len(left), len(right)) <= _FEW:
        pairs |= _mutual(list(_near(left, right, 2)))
    return pairs


def _mutual(near: list[tuple[str, str]]) -> dict[str, str]:
    """The pairs neither side of which stands in another pair."""
    of_one: defaultdict[str, set[str]] = defaultdict(set)
    of_other: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in near:
        of_one[one].add(other)
        of_other[other].add(one)
    return {one: other for one, other in near if len(of_one[one]) == len(of_other[other]) == 1}


def _near(ones: Collection[str], others: Collection[str], slips: int) -> Iterator[tuple[str, str]]:
    """Pairs at most so many slips apart; such two have a text in common that both come to by leaving out."""
    shortened: defaultdict[str, list[str]] = defaultdict(list)
    for other in sorted(others):
        for text in _shortened(other, slips):
            shortened[text].append(other)
    for one in sorted(ones):
        met: set[str] = set()
        for text in _shortened(one, slips):
            met.update(shortened.get(text, ())[:_CROWD])
        yield from ((one, other) for other in sorted(met) if slips_between(one, other) <= slips)


def _shortened(code: str, most: int) -> set[str]:
    """The code, and what is left of it without any one character, and so on up to so many."""
    texts = last = {code}
    for _ in range(most):
        last = {text[:at] + text[at + 1 :] for text in last for at in range(len(text))}
        texts = texts | last
    return texts


def slips_between(one: str, other: str) -> int:
    """How many slips make one text of the other (optimal string alignment)."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    earlier: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            row.append(min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != wanted)))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                row[j] = min(row[j], earlier[j - 2] + 1)
        earlier, last = last, row
    return last[-1]
