"""The index of folded text, written with the text itself: what `ybda_qc.store.search` reads.

`gram_index` is a table of SQLite's FTS5: for each gram (`ybda_qc.store.grams`) the texts that have it.
`indexed_text` has the folded text, by which hits are verified and ranked, and taken out again.
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Select, delete, func, literal, select
from sqlalchemy.dialects.sqlite import insert

from ybda_qc.model import PageText
from ybda_qc.model.folding import fold
from ybda_qc.store import schema
from ybda_qc.store.documents import load_plan
from ybda_qc.store.grams import page_grams
from ybda_qc.store.judgements import latest_decided
from ybda_qc.store.pruning import run_of
from ybda_qc.store.telling import Progress
from ybda_qc.store.texts import load_text

_CHUNK = 200
_ADD = "INSERT INTO gram_index (rowid, grams) VALUES (?, ?)"
_TAKE_OUT = "INSERT INTO gram_index (gram_index, rowid, grams) VALUES ('delete', ?, ?)"

_text, _indexed, _searchable = schema.text, schema.indexed_text, schema.searchable


def index_texts(connection: Connection, texts: Iterable[tuple[int, PageText]]) -> None:
    """Put texts into the index under the ids of their rows in `text`; what stands under an id is replaced."""
    stream = ((text_id, fold(text.text)) for text_id, text in texts)
    while chunk := dict(islice(stream, _CHUNK)):
        _forget(connection, chunk)
        connection.execute(insert(_indexed), [{"id": key, "folded": text} for key, text in chunk.items()])
        connection.exec_driver_sql(_ADD, [(key, _grams(text)) for key, text in chunk.items()])


def settle_index(connection: Connection, run: int, progress: Progress) -> None:
    """Let the index speak of the contents of a run alone; called when the run is decided."""
    plan = connection.execute(select(schema.run.c.plan).where(schema.run.c.id == run)).scalar_one()
    wanted = texts_of(run, load_plan(plan).reading_key)
    stale = _ids(connection, select(_indexed.c.id).where(_indexed.c.id.not_in(wanted)))
    missing = _ids(
        connection,
        select(_text.c.id).where(
            _text.c.id.in_(wanted), _text.c.id.not_in(select(_indexed.c.id).scalar_subquery())
        ),
    )
    if stale or missing:
        progress.step("bringing the index of text up to date")
        progress.expect(len(stale) + len(missing))
    for chunk in _chunks(stale):
        _forget(connection, chunk)
        progress.advance(len(chunk))
    for chunk in _chunks(missing):
        rows = connection.execute(select(_text.c.id, _text.c.document).where(_text.c.id.in_(chunk))).all()
        index_texts(connection, _unspoilt(rows))
        progress.advance(len(chunk))


def note_last_text(connection: Connection) -> None:
    """Note up to which text the index is that of the run decided last; called before a newer run begins.

    Texts that the newer run adds have higher ids: SQLite reuses only those beyond the highest that is left.
    Behind a run that was killed nothing is noted, for its texts are in the index too.
    """
    judgement = latest_decided(connection)
    newest = connection.execute(select(func.max(schema.run.c.id))).scalar()
    if judgement is None or run_of(connection, judgement) != newest:
        return
    connection.execute(delete(_searchable))
    last = select(literal(newest), func.coalesce(func.max(_text.c.id), 0))
    connection.execute(insert(_searchable).from_select(["run", "last_text"], last))


def texts_of(run: int, reading_key: str) -> Select[int]:
    """Ids of the texts of a run's pages."""
    page, measured = schema.page, schema.measured
    return (
        select(_text.c.id)
        .join_from(page, measured, page.c.measured == measured.c.id)
        .join(_text, (_text.c.sha256 == measured.c.sha256) & (_text.c.frame == measured.c.frame))
        .where(page.c.run == run, _text.c.reading_key == reading_key)
    )


def _unspoilt(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[int, PageText]]:
    """The texts that the disk has kept; the next run reads the others again."""
    for text_id, document in rows:
        with suppress(zlib.error, ValueError):
            yield text_id, load_text(document)


def _ids(connection: Connection, ids: Select[int]) -> Sequence[int]:
    return connection.execute(ids).scalars().all()


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    every = iter(ids)
    while chunk := list(islice(every, _CHUNK)):
        yield chunk


def _forget(connection: Connection, ids: Iterable[int]) -> None:
    """Take texts out of the index, those that are in it."""
    wanted = _indexed.c.id.in_(list(ids))
    known = connection.execute(select(_indexed.c.id, _indexed.c.folded).where(wanted)).all()
    if known:
        connection.exec_driver_sql(_TAKE_OUT, [(row.id, _grams(row.folded)) for row in known])
        connection.execute(delete(_indexed).where(wanted))


def _grams(folded: str) -> str:
    return " ".join(page_grams(folded))
