"""The numbering of a row of pages: where it runs on, where it jumps, and which pages stand out of order.

Between two jumps the number of a page less its place in the row is constant. The jumps are those that leave
least to explain (optimal partitioning, Jackson et al. 2005): a jump weighs nearly as much as two misread
numbers, so one misread number is none, and two that agree on a shift are one.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_JUMP: Final = 1.9
_MISREAD: Final = 1.0
_PARTLY: Final = 0.6  # a digit lost, as of a faint pencil
_STEPS: Final = (
    (1, 1),
    (1, 2),
    (2, 1),
)  # numbers to pages: each page, each sheet of two, fronts of sheets only
_OTHER_STEP: Final = 1.0  # weight of not being the usual one


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """Where the numbering goes on with another number than the next.

    Attributes
    ----------
    before, after
        Numbers on both sides, as the numbering has them.
    places
        Of the two pages in the row.
    by
        How many numbers are left out; negative: how many come again.
    """

    before: int
    after: int
    places: tuple[int, int]
    by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbering:
    """What the numbers of a row of pages come to.

    Attributes
    ----------
    read
        How many numbers fit.
    of
        How many there are.
    jumps
        Where the numbering does not run on.
    strays
        Numbers that do not fit, by place.
    exchanged
        Places of pages whose numbers are each other's, in rings.
    """

    read: int
    of: int
    jumps: tuple[Jump, ...]
    strays: Mapping[int, int]
    exchanged: tuple[tuple[int, ...], ...]


def follow(numbers: Mapping[int, int]) -> Numbering:
    """Follow the numbering of a row of pages.

    Parameters
    ----------
    numbers
        What was read, by place in the row; at least one.
    """
    places = sorted(numbers)
    costs: list[tuple[float, int, list[int], list[int]]] = []
    for step in _STEPS:
        for phase in range(step[1]):
            bases = [step[0] * ((place + phase) // step[1]) for place in places]
            cost, offsets = _offsets([numbers[place] for place in places], bases)
            costs.append((cost + _OTHER_STEP * (step != _STEPS[0]), len(costs), bases, offsets))
    _, kind, bases, offsets = min(costs, key=lambda found: found[:2])
    expected = {place: base + offset for place, base, offset in zip(places, bases, offsets, strict=True)}
    strays = {place: numbers[place] for place in places if numbers[place] != expected[place]}
    usual = 2 if kind == len(costs) - 1 else 1
    return Numbering(
        read=len(places) - len(strays),
        of=len(places),
        jumps=tuple(_jumps(places, offsets, expected, strays, usual)),
        strays=strays,
        exchanged=tuple(_rings(strays, expected)),
    )


def _offsets(values: Sequence[int], bases: Sequence[int]) -> tuple[float, list[int]]:
    """The cheapest row of offsets of numbers from their places."""
    counts = Counter(value - base for value, base in zip(values, bases, strict=True))
    known = [offset for offset in sorted(counts) if counts[offset] > 1] or [min(counts)]
    best = dict.fromkeys(known, 0.0)
    came: list[dict[int, int]] = []
    for value, base in zip(values, bases, strict=True):
        cheapest = min(best, key=lambda offset: (best[offset], offset))
        stay = {offset: best[offset] <= best[cheapest] + _JUMP for offset in known}
        came.append({offset: offset if stay[offset] else cheapest for offset in known})
        best = {
            offset: min(best[offset], best[cheapest] + _JUMP) + _cost(value, base + offset)
            for offset in known
        }
    offset = min(best, key=lambda offset: (best[offset], offset))
    cost, path = best[offset], [offset]
    while len(path) < len(values):
        path.append(came[-len(path)][path[-1]])
    return cost, path[::-1]


def _cost(value: int, expected: int) -> float:
    if value == expected:
        return 0.0
    read, wanted = str(value), str(expected)
    shorter = {wanted[:at] + wanted[at + 1 :] for at in range(len(wanted))}
    lost = len(wanted) > 1 and read in shorter
    return _PARTLY if lost else _MISREAD


def _jumps(
    places: Sequence[int],
    offsets: Sequence[int],
    expected: Mapping[int, int],
    strays: Mapping[int, int],
    usual: int,
) -> list[Jump]:
    """Between the last number that fits before a change of the offset, and the first that fits after it."""
    fitting = [(place, offset) for place, offset in zip(places, offsets, strict=True) if place not in strays]
    return [
        Jump(
            before=expected[place],
            after=expected[following],
            places=(place, following),
            by=(other - offset) // usual,
        )
        for (place, offset), (following, other) in pairwise(fitting)
        if offset != other
    ]


def _rings(strays: Mapping[int, int], expected: Mapping[int, int]) -> list[tuple[int, ...]]:
    """Pages that stand in each other's places."""
    belongs = {expected[place]: place for place in strays}
    rings, seen = [], set[int]()
    for start in strays:
        ring, place = [], start
        while place not in seen and strays[place] in belongs:
            seen.add(place)
            ring.append(place)
            place = belongs[strays[place]]
        if len(ring) > 1 and place == start:
            rings.append(tuple(sorted(ring)))
    return rings
