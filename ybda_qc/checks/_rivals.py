"""The records of a batch as rivals: which others a text might belong to, and how titles fit it by chance."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from math import log
from typing import Final

from ybda_qc.checks._evidence import Claim, Text, pairs_of

_GRAM: Final = 3  # characters; rare enough to point at a title
_CROWD: Final = 64  # records that share a gram, a number or a title, up to which these point at anything
_MOST: Final = 12  # rivals that are looked at closely
_LEAST_SHARED: Final = 0.4  # of the grams of a title

_OTHERS: Final = 60  # titles that tell what chance does
_LEAST_OTHERS: Final = 10
_CHANCE: Final = 0.15


class Rivals:
    """Finds the records that a text might belong to.

    Parameters
    ----------
    claims
        Of all records of the catalogue.
    """

    def __init__(self, claims: Sequence[Claim]) -> None:
        self._claims = claims
        self._by_title: defaultdict[str, list[int]] = defaultdict(list)
        self._by_serial: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self._by_gram: defaultdict[str, list[int]] = defaultdict(list)
        self._pairs: Counter[str] = Counter()
        for at, claim in enumerate(claims):
            if not claim.has_title:  # nothing tells whether it fits
                continue
            if claim.serial is not None:
                self._by_serial[claim.serial].append(at)
            self._by_title[claim.title].append(at)
            self._pairs.update(set(pairs_of(claim.title)))
            for gram in _grams(claim.title):
                self._by_gram[gram].append(at)
        titles = list(self._by_title)
        self._others = titles[:: max(1, len(titles) // _OTHERS)]

    def of(self, text: Text, own: int) -> list[int]:
        """Records other than the own one whose title or number stands in a text for the most part; a few."""
        grams: Counter[int] = Counter()
        for gram in _grams(text.joined):
            grams.update(_few(self._by_gram.get(gram)))
        shares = {at: count / (len(self._claims[at].title) - _GRAM + 1) for at, count in grams.items()}
        for title in text.headings():
            shares.update(dict.fromkeys(_few(self._by_title.get(title)), 1.0))
        for serial in text.serials:
            for at in _few(self._by_serial.get(serial)):
                shares[at] = shares.get(at, 0.0) + 1.0
        shares.pop(own, None)
        enough = ((at, share) for at, share in shares.items() if share >= _LEAST_SHARED)
        return [at for at, _ in sorted(enough, key=lambda pair: (-pair[1], pair[0]))[:_MOST]]

    def is_chance(self, claim: Claim, text: Text) -> bool:
        """Whether more than a few titles of other records share as much with a text as this one.

        What many titles have in common, as 关于 and 的通知, counts little. Where there are few other titles,
        nothing tells what chance does, and the title must share next to nothing.
        """
        own = self._shared(claim.title, text)
        others = [self._shared(title, text) for title in self._others if title != claim.title]
        if len(others) < _LEAST_OTHERS:
            return own == 0.0
        return sum(other >= own for other in others) > _CHANCE * len(others)

    def _shared(self, title: str, text: Text) -> float:
        """Weight of the pairs of a title, the rarer the heavier, that stand in a text."""
        shared = text.pairs.intersection(pairs_of(title))
        return sum(log(1 + len(self._claims) / (1 + self._pairs[pair])) for pair in sorted(shared))


def _few(records: list[int] | None) -> Sequence[int]:
    """Records that share something, if they are few enough for it to point at them."""
    return records if records is not None and len(records) <= _CROWD else ()


def _grams(text: str) -> set[str]:
    return {text[at : at + _GRAM] for at in range(len(text) - _GRAM + 1)}
