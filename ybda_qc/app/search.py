"""Search in the text of one or several runs."""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ybda_qc.errors import UsageError
from ybda_qc.model import Box, TextHit
from ybda_qc.model.query import Query, parse_query
from ybda_qc.model.snippet import Marked, mark_words
from ybda_qc.store import open_search


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedHit:
    """A hit with the words of the query marked.

    Parameters
    ----------
    run
        The run folder.
    hit
        The page.
    marked
        Where the words stand in its text.
    boxes
        Where they stand on the page, in pixels of the stored image; one for each line that a word touches.
    """

    run: Path
    hit: TextHit
    marked: Marked
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one run answers.

    Parameters
    ----------
    run, batch_root
        The run folder, and the folder of its batch.
    total
        Pages found; there are more unless `is_exact`.
    hits
        The best of them, best first.
    is_complete
        Whether all text of the run was read when it was searched.
    """

    run: Path
    batch_root: Path
    is_complete: bool
    total: int
    is_exact: bool
    hits: tuple[MarkedHit, ...]


def search(text: str, folders: Iterable[Path], *, item: str | None, limit: int) -> list[Answer]:
    """Find the pages of runs whose text answers a query; runs that have not the item are left out.

    Parameters
    ----------
    text
        The query; see `ybda_qc.model.query`.
    folders
        Run folders.
    item
        Code of the item 件 to search in; None for all.
    limit
        How many hits of each run are wanted.

    Raises
    ------
    UsageError
        If the query cannot be read, or no run has the item.
    InputError
        If a folder holds no run that has come to its end, or one without text.
    """
    query = parse_query(text)
    runs = list(dict.fromkeys(folder.absolute() for folder in folders))
    answers = [answer for run in runs if (answer := _search(query, run, item, limit)) is not None]
    if not answers:
        names = ", ".join(map(str, runs))
        raise UsageError("there is no item {item} with pages in {folders}", item=item, folders=names)
    return answers


def best_hits(answers: Sequence[Answer], limit: int) -> list[MarkedHit]:
    """The best hits of all runs, best first."""
    hits = (hit for answer in answers for hit in answer.hits)
    return heapq.nlargest(limit, hits, key=lambda marked: marked.hit.score)


def _search(query: Query, run: Path, item: str | None, limit: int) -> Answer | None:
    with open_search(run) as opened:
        if item is not None and not opened.has_item(item):
            return None
        found = opened.find(query, limit=limit, item=item)
        return Answer(
            run=run,
            batch_root=opened.batch_root,
            is_complete=opened.is_complete,
            total=found.total,
            is_exact=found.is_exact,
            hits=tuple(_marked(hit, query, run) for hit in found.hits),
        )


def _marked(hit: TextHit, query: Query, run: Path) -> MarkedHit:
    marked = mark_words(hit.text.text, query)
    boxes = tuple(box for start, end in marked.spans for box in hit.text.boxes(start, end))
    return MarkedHit(run=run, hit=hit, marked=marked, boxes=boxes)
