"""The order of hits: BM25 over the words of a query.

After Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009): a page ranks
higher the more often it has the words, rare words most, each time more by less, and relative to its length.
"""

import heapq
import math
from collections.abc import Sequence

SATURATION, LENGTH_SHARE = 1.2, 0.75
"""k1 and b of BM25, at their usual values."""


def weight(pages: int, having: int) -> float:
    """How much a word tells that so many of all pages have."""
    return math.log(1 + (max(0, pages - having) + 0.5) / (having + 0.5))


class Ranking:
    """Collects hits, then tells the best.

    Parameters
    ----------
    words
        Folded words, and what each tells.
    """

    def __init__(self, words: Sequence[tuple[str, float]]) -> None:
        self._words = words
        self._hits: list[tuple[int, int, list[int]]] = []  # id, length, how often it has each word

    def __len__(self) -> int:
        return len(self._hits)

    def add(self, text_id: int, folded: str) -> None:
        """Take a hit; of equal ones the first ranks first."""
        self._hits.append((text_id, len(folded), [folded.count(word) for word, _ in self._words]))

    def best(self, limit: int) -> list[tuple[int, float]]:
        """Ids and scores of the best hits, best first."""
        mean = sum(length for _, length, _ in self._hits) / max(1, len(self._hits))
        scored = ((text_id, self._score(length / mean, counts)) for text_id, length, counts in self._hits)
        return heapq.nlargest(limit, scored, key=lambda hit: hit[1])

    def _score(self, length: float, counts: Sequence[int]) -> float:
        least = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * length)
        return sum(
            told * count * (SATURATION + 1) / (count + least)
            for (_, told), count in zip(self._words, counts, strict=True)
        )
