"""Search in the text of a run: exact, ranked, and without a trace in the ledger."""

import json
import zlib
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Row, func, select

from ybda_qc.errors import InputError
from ybda_qc.model import Found, PageId, TextHit
from ybda_qc.model.query import Query
from ybda_qc.store import judgements, schema
from ybda_qc.store.documents import load_plan
from ybda_qc.store.grams import expression, is_told_by_grams
from ybda_qc.store.migrate import require_newest
from ybda_qc.store.opening import require_ledger
from ybda_qc.store.pruning import run_of
from ybda_qc.store.ranking import Ranking, weight
from ybda_qc.store.search_index import texts_of
from ybda_qc.store.sqlite import Database
from ybda_qc.store.texts import load_text

MOST_RANKED = 3000
"""Hits that are ranked: the first ones in the order in which the pages were read."""
MOST_COUNTED = 5000
"""Hits that are counted one by one where the index alone does not tell."""

_CHUNK = 500
_BUSY_SECONDS = 5.0
_ANY_ID = (1 << 63) - 1
_COUNT = "SELECT count(*) FROM gram_index WHERE gram_index MATCH ? AND rowid <= ?"
_CANDIDATES = (
    "SELECT indexed_text.id, folded FROM gram_index JOIN indexed_text ON indexed_text.id = gram_index.rowid"
    " WHERE gram_index MATCH ? AND gram_index.rowid <= ? ORDER BY gram_index.rowid"
)
_PAGES = (  # in this order: from the run, SQLite would look at all of its pages
    "SELECT text.id AS text, path, page.frame, path_hex, item, size_bytes, measured.sha256, document"
    " FROM (SELECT value FROM json_each(?)) AS best CROSS JOIN text CROSS JOIN measured"
    " CROSS JOIN page INDEXED BY ix_page_measured"
    " WHERE text.id = best.value AND measured.sha256 = text.sha256 AND measured.frame = text.frame"
    " AND page.measured = measured.id AND page.run = ? ORDER BY text.id, path, page.frame"
)

_indexed, _page = schema.indexed_text, schema.page


def open_search(folder: Path) -> "Search":
    """Open the text of a run folder for searching; nothing is written, no running run is waited for.

    Raises
    ------
    InputError
        If no run there has come to its end, it has read no text, or the ledger cannot be read.
    """
    database = Database(require_ledger(folder), _BUSY_SECONDS, read_only=True)
    try:
        require_newest(database)
        return Search(database)
    except BaseException:
        database.close()
        raise


class Search:
    """The text of the run that was decided last; made by `open_search`, closed by a ``with`` block.

    Attributes
    ----------
    batch_root
        Folder of the batch of the run.
    is_complete
        Whether all its text is read; not while it goes on, nor where it was killed.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.read() as connection:
            run = self._run_to_search(connection)
            newest, last_text = connection.execute(
                select(
                    select(func.max(schema.run.c.id)).scalar_subquery(),
                    select(schema.searchable.c.last_text).scalar_subquery(),
                )
            ).one()
        self._run: int = run.id
        self._reading_key = load_plan(run.plan).reading_key
        # A newer run that goes on, or was killed, has put its texts behind those of this one.
        self._last = _ANY_ID if newest == run.id else last_text
        self.batch_root = Path(run.batch_root)
        self.is_complete = run.finished_at is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def find(self, query: Query, *, limit: int, item: str | None = None) -> Found:
        """Find the pages that answer a query, best first; see `ybda_qc.store.ranking`.

        Parameters
        ----------
        query
            What is asked.
        limit
            How many hits are wanted.
        item
            Code of the item 件 to search in; None for all.

        Raises
        ------
        InputError
            If the ledger is damaged.
        """
        with self._database.read() as connection:
            is_told = not item and is_told_by_grams(query)
            within = self._texts_of_item(connection, item) if item else self._candidates(connection, query)
            answers = within if is_told else (hit for hit in within if query.matches(hit[1]))
            ranking = Ranking(self._weights(connection, query))
            ranked = islice(answers, MOST_RANKED)
            while chunk := list(islice(ranked, _CHUNK)):
                ranking.add(chunk)
            if is_told and len(ranking) == MOST_RANKED:
                total, is_exact = self._count(connection, query), True
            else:
                further = islice(answers, MOST_COUNTED - len(ranking))
                total = len(ranking) + sum(1 for _ in further)
                is_exact = next(answers, None) is None
            hits = tuple(self._hits(connection, ranking.best(limit)))
        return Found(total=total, is_exact=is_exact, hits=hits)

    def has_item(self, item: str) -> bool:
        """Whether a page of the run belongs to an item of this code."""
        try:
            item.encode()
        except UnicodeEncodeError:  # bytes of the command line that are no text, which SQLite does not take
            return False
        pages = select(_page.c.path).where(_page.c.run == self._run, _page.c.item == item).limit(1)
        with self._database.read() as connection:
            return connection.execute(pages).scalar() is not None

    def _run_to_search(self, connection: Connection) -> Row[Any]:
        folder = str(self._database.path.parent)
        judgement = judgements.latest_decided(connection)
        if judgement is None:
            raise InputError(
                "no run in {folder} has come to its end; run it again: what is measured is kept",
                folder=folder,
            )
        run = run_of(connection, judgement)
        row = connection.execute(select(schema.run).where(schema.run.c.id == run)).one()
        if not load_plan(row.plan).reading_key:
            raise InputError(
                "the run in {folder} has read no text; read it first: of a watched folder by starting `watch`"
                " with --ocr auto, else by `ybda-qc run {batch} --profile … --out {folder} --ocr auto` with"
                " the profile of before",
                folder=folder,
                batch=row.batch_root,
            )
        return row

    def _candidates(self, connection: Connection, query: Query) -> Iterator[tuple[int, str]]:
        """Texts that have the grams of a query, with their ids, in order."""
        rows = connection.exec_driver_sql(_CANDIDATES, (expression(query), self._last))
        for chunk in rows.partitions(_CHUNK):
            yield from chunk

    def _texts_of_item(self, connection: Connection, item: str) -> Iterator[tuple[int, str]]:
        ids = texts_of(self._run, self._reading_key).where(_page.c.item == item).distinct()
        texts = select(_indexed.c.id, _indexed.c.folded).where(_indexed.c.id.in_(ids)).order_by(_indexed.c.id)
        for chunk in connection.execute(texts).partitions(_CHUNK):
            yield from chunk

    def _weights(self, connection: Connection, query: Query) -> list[tuple[str, float]]:
        """The words of a query and what each tells, by the number of pages that have its grams."""
        words = dict.fromkeys(query.words)
        if len(words) == 1:
            return [(word.text, 1.0) for word in words]
        # About as many pages as the highest id says; to count them SQLite would read all text.
        pages = connection.execute(select(func.max(_indexed.c.id))).scalar() or 0
        return [(word.text, weight(pages, self._count(connection, word))) for word in words]

    def _count(self, connection: Connection, query: Query) -> int:
        return int(connection.exec_driver_sql(_COUNT, (expression(query), self._last)).scalar_one())

    def _hits(self, connection: Connection, best: Sequence[tuple[int, float]]) -> Iterator[TextHit]:
        ids = json.dumps([text_id for text_id, _ in best])
        rows = connection.exec_driver_sql(_PAGES, (ids, self._run)).all()
        pages_of = {text_id: list(pages) for text_id, pages in groupby(rows, key=lambda row: row.text)}
        for text_id, score in best:
            yield self._hit(pages_of[text_id], score)

    def _hit(self, rows: Sequence[Row[Any]], score: float) -> TextHit:
        first = rows[0]
        try:
            text = load_text(first.document)
        except (zlib.error, ValueError) as error:
            raise self._database.damaged(first.path) from error
        pages = [PageId(path=row.path, frame=row.frame) for row in rows]
        return TextHit(
            page=pages[0],
            path_hex=first.path_hex,
            item=first.item,
            size_bytes=first.size_bytes,
            sha256=first.sha256,
            same=tuple(pages[1:]),
            text=text,
            score=score,
        )
