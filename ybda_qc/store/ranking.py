"""The order of hits: BM25 over the words of a query.

After Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009): a page ranks
higher the more often it has the words, rare words most, each time more by less, and relative to its length.
"""

import math
from collections.abc import Sequence

import numpy as np

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
        self._ids: list[int] = []
        self._lengths: list[int] = []
        self._counts: list[list[int]] = [[] for _ in words]  # of each word on each page

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, hits: Sequence[tuple[int, str]]) -> None:
        """Take hits, each an id and a folded text; of equal ones the first ranks first."""
        texts = [folded for _, folded in hits]
        self._ids += [text_id for text_id, _ in hits]
        self._lengths += map(len, texts)
        for counts, (word, _) in zip(self._counts, self._words, strict=True):
            counts += [text.count(word) for text in texts]

    def best(self, limit: int) -> list[tuple[int, float]]:
        """Ids and scores of the best hits, best first."""
        if not self._ids:
            return []
        lengths = np.array(self._lengths) / (sum(self._lengths) / len(self._lengths))
        least = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * lengths)
        scores = np.zeros(len(self._ids))
        for counts, (_, told) in zip(self._counts, self._words, strict=True):
            times = np.array(counts)
            scores += told * times * (SATURATION + 1) / (times + least)
        order = np.argsort(-scores, kind="stable")[:limit]
        return [(self._ids[at], float(scores[at])) for at in order]
