"""What a text says against a record of the catalogue, whichever other one may be meant instead.

Fields are weighed as in record linkage (Fellegi and Sunter 1969): by how much more often a field agrees so
well, or so badly, in texts of other records than in the text of its own. The weights are natural logarithms
of odds, positive against the record, and add up. Titles are given in other words, numbers and dates are
sometimes entered wrongly, letterheads are abbreviated: no field says everything.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from ybda_qc.checks._evidence import Claim, Date, Fit, Text
from ybda_qc.checks._rivals import Rivals

_OTHER_TITLE: Final = 5.5
_TITLE_IN_OTHER_WORDS: Final = 2.0
_HAS_TITLE: Final = 0.4
_TITLE_CITED: Final = 3.5

_NUMBER: Final[Mapping[int, float]] = MappingProxyType({0: -8.0, 1: -4.0, 2: 0.5, 3: 3.5})  # by characters
_OTHER_NUMBER: Final = 5.5
_CITED_NUMBER: Final[Mapping[int, float]] = MappingProxyType({0: -8.0, 1: -2.0, 2: 0.5})  # perhaps of others
_NO_NUMBER: Final = 1.5  # where the text has no line that is a number

_DATE: Final[Mapping[int, float]] = MappingProxyType({0: -3.0, 1: -2.0})
_DATE_NEAR: Final = -1.5  # two characters misread, and no other date is legible
_OTHER_DATE: Final = 1.5
_OTHER_YEAR: Final = 1.0
_NOT_A_DATE: Final = 5  # characters of ten or eleven that differ in what is no such date

_NO_AUTHOR: Final = 1.5


class Doubts:
    """Weighs what speaks against records.

    Parameters
    ----------
    claims
        Of all records of the catalogue.
    rivals
        The same, to tell what titles share with a text by chance.
    """

    def __init__(self, claims: Sequence[Claim], rivals: Rivals) -> None:
        self._claims = claims
        self._rivals = rivals

    def of(self, record: int, found: Fit, text: Text) -> float:
        """What speaks against a record by its number, that stands in a text as was found."""
        claim = self._claims[record]
        weight = self._of_title(claim, found, text) + self._of_number(found, text)
        if found.date is not None and claim.date is not None:
            weight += _of_date(claim.date, found.date.edits, text)
        return weight + _NO_AUTHOR * (found.author is False)

    def _of_title(self, claim: Claim, found: Fit, text: Text) -> float:
        title = found.title
        if title.is_found:
            return title.surprise + _TITLE_CITED * (not found.is_heading and text.is_cited(title))
        is_chance = self._rivals.is_chance(claim, text)
        is_near = found.is_heading and title.edits <= title.length / 2
        most = _OTHER_TITLE if is_chance or is_near else _TITLE_IN_OTHER_WORDS
        return min(title.surprise, most) + _HAS_TITLE * (is_chance and bool(text.title))

    @staticmethod
    def _of_number(found: Fit, text: Text) -> float:
        if found.number is None:  # careless records lack it, and have their titles in other words
            return 0.0
        if text.number_lines:
            return _NUMBER.get(found.number.edits, _OTHER_NUMBER)
        return _CITED_NUMBER.get(found.number.edits, _NO_NUMBER)


def _of_date(date: Date, edits: int, text: Text) -> float:
    if edits in _DATE:
        return _DATE[edits]
    if text.dates:
        return _OTHER_DATE + _OTHER_YEAR * (date[0] not in text.years)
    if edits == 2:
        return _DATE_NEAR
    return _OTHER_DATE * (edits >= _NOT_A_DATE and str(date[0]) not in text.joined)
