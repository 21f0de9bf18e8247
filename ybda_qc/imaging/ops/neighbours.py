"""Which of many vectors are alike, without comparing all with all."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Indices = NDArray[np.intp]

_HOMES = 2  # each vector stands in the cells of so many of its nearest pivots
_ASKED = 10  # and looks for its like in so many
_ROWS = 2048  # vectors worked on at once: bounds memory
_ALL_BELOW = 1500  # vectors that are simply all compared
_SHRINKAGE = 3.0  # so few vectors have nothing in common worth taking away
_FOUND = np.dtype([("one", np.int32), ("other", np.int32), ("likeness", np.float32)])


class Rows(Protocol):
    """Vectors of which some are asked for at a time; an array, or something that takes less room."""

    def __len__(self) -> int:
        """Number of vectors, n."""

    def __getitem__(self, rows: Indices, /) -> Bytes:
        """The vectors of these rows: uint8, (len(rows), d)."""


def nearest(
    levels: Rows, *, similarity: float, most: int
) -> tuple[NDArray[np.intp], NDArray[np.float32], NDArray[np.bool_]]:
    """Pairs of vectors whose correlation reaches a limit, those with most in common first.

    Vectors are gathered in cells around pivots taken evenly from among them, and look for their like in the
    cells of the pivots nearest to them (after Chavez, Figueroa and Navarro 2008): about n ** 1.5
    comparisons. Where many are much alike, as filled-in copies of a form, what they have in common says
    nothing: pairs are ordered by the correlation that remains without it.

    Parameters
    ----------
    levels : Rows
        One vector a row. Beside them about 200 bytes a vector are held.
    similarity : float
        Least correlation of a pair, -1..1.
    most : int
        Pairs that each vector may choose.

    Returns
    -------
    pairs : intp, (p, 2)
        Row numbers, the smaller first, without repetition; ordered.
    likeness : float32, (p,)
        What orders them, falling.
    crowded : bool, (n,)
        True where a vector is like more others than it may choose.
    """
    crowded = np.zeros(len(levels), np.bool_)
    found = [np.empty(0, _FOUND)]
    for queries, members in _cells(levels):
        here = []
        for row, others, likeness in _within(levels, queries, members, similarity):
            crowded[row] |= len(others) > most
            chosen = np.empty(min(most, len(others)), _FOUND)
            chosen["one"], chosen["other"] = np.minimum(row, others[:most]), np.maximum(row, others[:most])
            chosen["likeness"] = likeness[:most]
            here.append(chosen)
        found += [_once(np.concatenate(here))] if here else []
    best = _once(np.concatenate(found))
    best = best[np.argsort(-best["likeness"], kind="stable")]
    pairs = np.stack([best["one"], best["other"]], axis=1).astype(np.intp)
    return pairs, best["likeness"].copy(), crowded


def _once(found: NDArray[np.void]) -> NDArray[np.void]:
    """Each pair once, as like as it was found at best; in the order of its rows."""
    found = found[np.lexsort((-found["likeness"], found["other"], found["one"]))]
    is_first = np.ones(len(found), np.bool_)
    is_first[1:] = (np.diff(found["one"]) != 0) | (np.diff(found["other"]) != 0)
    return np.asarray(found[is_first])


def _unit(levels: Bytes) -> Floats:
    """Vectors of length 1 and mean 0; those without any differences are 0."""
    vectors = levels.astype(np.float32)
    vectors -= vectors.mean(axis=1, keepdims=True)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return vectors


def _cells(levels: Rows) -> Iterator[tuple[Indices, Indices]]:
    """Vectors that ask, and the members of the cell among which they look."""
    count = len(levels)
    if count <= _ALL_BELOW:
        yield np.arange(count), np.arange(count)
        return
    pivots = _unit(levels[np.linspace(0, count - 1, math.isqrt(count)).astype(np.intp)])
    asked = np.empty((count, _ASKED), np.int32)  # nearest last
    for start in range(0, count, _ROWS):
        near = _unit(levels[np.arange(start, min(start + _ROWS, count))]) @ pivots.T
        some = np.argpartition(near, -_ASKED, axis=1)[:, -_ASKED:]
        order = np.argsort(np.take_along_axis(near, some, axis=1), axis=1, kind="stable")
        asked[start : start + _ROWS] = np.take_along_axis(some, order, axis=1)
    members, queries = _by_cell(asked[:, -_HOMES:], len(pivots)), _by_cell(asked, len(pivots))
    yield from zip(queries, members, strict=True)


def _by_cell(cells: NDArray[np.int32], count: int) -> Iterator[Indices]:
    """Row numbers that stand in each cell, from the cells of each row."""
    order = np.argsort(cells, axis=None, kind="stable").astype(np.int32)
    ends = np.searchsorted(cells.ravel()[order], np.arange(count + 1))
    width = cells.shape[1]
    return (order[start:end].astype(np.intp) // width for start, end in pairwise(ends.tolist()))


def _within(
    levels: Rows, queries: Indices, members: Indices, similarity: float
) -> Iterator[tuple[int, Indices, Floats]]:
    """For each vector that asks and finds some like it: its row, theirs, and the likeness, falling."""
    for asking in _parts(queries):
        own = _unit(levels[asking])
        common, count = _common(own, levels, members, similarity)
        successful = count > np.isin(asking, members)  # who is a member finds itself
        if not successful.any():
            continue
        own, common, rows_asking = own[successful], common[successful], asking[successful]
        found = [
            _likeness(own, common, _unit(levels[part]), similarity, apart=(rows_asking, part))
            for part in _parts(members)
        ]
        rows, others, likeness = (np.concatenate(parts) for parts in zip(*found, strict=True))
        order = np.lexsort((others, -likeness, rows))
        rows, others, likeness = rows[order], others[order], likeness[order]
        different, starts = np.unique(rows, return_index=True)
        for row, start, end in zip(different.tolist(), starts, [*starts[1:], len(rows)], strict=True):
            yield int(rows_asking[row]), others[start:end], likeness[start:end]


def _parts(rows: Indices) -> Iterator[Indices]:
    return (rows[start : start + _ROWS] for start in range(0, len(rows), _ROWS))


def _common(own: Floats, levels: Rows, members: Indices, similarity: float) -> tuple[Floats, Floats]:
    """What each vector has in common with all that are like it, and how many these are.

    It is their mean, drawn towards 0 where they are few.
    """
    total, count = np.zeros_like(own), np.zeros((len(own), 1), np.float32)
    for part in _parts(members):
        others = _unit(levels[part])
        like = (own @ others.T >= similarity).astype(np.float32)
        if like.any():
            total += like @ others
            count += like.sum(axis=1, keepdims=True)
    return np.asarray(total / (count + _SHRINKAGE), np.float32), count[:, 0]


def _likeness(
    own: Floats, common: Floats, others: Floats, similarity: float, *, apart: tuple[Indices, Indices]
) -> tuple[Indices, Indices, Floats]:
    """Position of one, row of the other, and the correlation that remains, of all pairs that are alike.

    ``apart`` are the rows of both, so that nothing is paired with itself.
    """
    asking, part = apart
    product = own @ others.T
    rows, columns = np.nonzero((product >= similarity) & (asking[:, None] != part[None, :]))
    if not len(rows):
        return rows, columns, np.empty(0, np.float32)
    # (x - c)(y - c) over the lengths of both, from products that are there already
    shared = common @ others.T
    level = (common * common).sum(axis=1)[rows]
    mine, theirs = (own * common).sum(axis=1)[rows], shared[rows, columns]
    inner = product[rows, columns] - mine - theirs + level
    lengths = np.maximum(1 - 2 * mine + level, 1e-6) * np.maximum(1 - 2 * theirs + level, 1e-6)
    return rows, part[columns], np.asarray(inner / np.sqrt(lengths), np.float32)
