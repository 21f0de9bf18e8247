"""Records and items of a whole delivery seen together: one record belongs to one item.

A text that agrees with the record of another item says something of both. Either the records changed
places, or both items hold the same text. What speaks for the first is therefore added up over the two, and a
record whose own item agrees with it is not believed to belong elsewhere. These are the first rounds of the
messages by which records and texts are assigned to each other with the greatest likelihood (max-product;
Bayati, Shah and Sharma 2008). Further rounds would add little, and nobody could say any more why a record is
accused. Weights are natural logarithms of odds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Final

_CLAIM: Final = 4.0  # most that another text says of an item: one in fifty may be a copy, or titled alike
_HEADED: Final = 3.0  # of a title that heads a text: one in twenty is that of another record too
_DOUBTED: Final = 1.0  # what speaks against a candidate, above which it is none
_HELD: Final = -2.0  # what speaks against a record, below which it is that of its own item


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Another record that a text might belong to.

    Attributes
    ----------
    record
        Its number.
    margin
        How much more likely the text belongs to it than to the own record.
    doubt
        What speaks against it, taken alone, as of `Reading`.
    text
        What stands where its title is found.
    """

    record: int
    margin: float
    doubt: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the text of an item says of records.

    Attributes
    ----------
    doubt
        What speaks against its own record, whichever other one may be meant.
    is_headed
        Whether the title of its own record heads it.
    candidates
        The other records that it fits better.
    """

    doubt: float
    is_headed: bool
    candidates: tuple[Candidate, ...]

    @property
    def looseness(self) -> float:
        """What speaks against the own record, if any other one may be meant."""
        return max(self.doubt - _HEADED * self.is_headed, *(one.margin for one in self.candidates), -inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What speaks against a record after all.

    Attributes
    ----------
    own
        By the text of its item alone.
    claim
        By the text of another item, which agrees with the record.
    candidate
        The record that is meant instead, if one is known.
    claimant
        The record of that other item.
    """

    own: float
    claim: float
    candidate: Candidate | None
    claimant: int | None

    @property
    def total(self) -> float:
        """Both together."""
        return self.own + self.claim


def weigh(readings: Mapping[int, Reading]) -> dict[int, Weight]:
    """Weigh each record by its own text and by those that agree with it.

    Parameters
    ----------
    readings
        Of the items, by the number of their record.
    """
    claims = _claims(readings)
    return {at: _weigh_one(reading, readings, claims.get(at)) for at, reading in readings.items()}


def _claims(readings: Mapping[int, Reading]) -> dict[int, tuple[float, int]]:
    """The strongest claim on each record by the text of another item."""
    claims: dict[int, tuple[float, int]] = {}
    for at, reading in readings.items():
        for one in reading.candidates:
            others = [other.margin for other in reading.candidates if other is not one]
            strength = min(one.margin - max(0.0, *others, 0.0), _HEADED - one.doubt)
            if strength > claims.get(one.record, (0.0, at))[0]:
                claims[one.record] = strength, at
    return claims


def _weigh_one(reading: Reading, readings: Mapping[int, Reading], claim: tuple[float, int] | None) -> Weight:
    free = [
        (one.margin - _hold(readings.get(one.record)), one)
        for one in reading.candidates
        if one.doubt <= _DOUBTED and _hold(readings.get(one.record)) < inf
    ]
    margin, candidate = max(free, key=lambda pair: pair[0], default=(-inf, None))
    strength, claimant = claim or (0.0, None)
    return Weight(
        own=max(reading.doubt, margin),
        claim=min(_CLAIM, strength),
        candidate=candidate if margin > 0.0 else None,
        claimant=claimant,
    )


def _hold(its: Reading | None) -> float:
    """How firmly a record belongs to its own item; infinite if nothing speaks against that."""
    if its is None:
        return 0.0
    return inf if its.looseness < _HELD else max(0.0, -its.looseness)
