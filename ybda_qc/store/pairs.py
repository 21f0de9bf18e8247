"""Results of comparing pairs of contents: kept once, found again by both contents."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, select, tuple_
from sqlalchemy.dialects.sqlite import insert

from ybda_qc.model import Candidates, CheckResult, PageContent, PageId, PagePair, PairedPage, PairKey
from ybda_qc.store import schema
from ybda_qc.store.documents import document_digest, dump, dump_checks, load, load_checks
from ybda_qc.store.sqlite import Database

_CHUNK = 100
"""Pairs asked for at once; each binds four values."""

_pair = schema.pair
_KEY = (_pair.c.first_sha256, _pair.c.first_frame, _pair.c.second_sha256, _pair.c.second_frame)

_insert = insert(_pair)
_PUT = _insert.on_conflict_do_update(
    index_elements=["check_id", *(column.name for column in _KEY)],
    set_={name: _insert.excluded[name] for name in ("digest", "document")},
)


def put_pairs(connection: Connection, check: str, results: Mapping[PairKey, CheckResult]) -> None:
    """Keep what comparing gave; what stands there already is replaced."""
    rows = [
        {
            "check_id": check,
            "first_sha256": key.first.sha256,
            "first_frame": key.first.frame,
            "second_sha256": key.second.sha256,
            "second_frame": key.second.frame,
            "digest": document_digest(document),
            "document": document,
        }
        for key, document in ((key, dump_checks({check: result})) for key, result in results.items())
    ]
    if rows:
        connection.execute(_PUT, rows)


def load_pairs(database: Database, check: str, keys: Iterable[PairKey]) -> dict[PairKey, CheckResult]:
    """Find what is known of these pairs; what the disk has spoilt is not known."""
    found: dict[PairKey, CheckResult] = {}
    wanted = iter(dict.fromkeys(keys))
    while chunk := list(islice(wanted, _CHUNK)):
        asked = [(*key.first, *key.second) for key in chunk]
        statement = select(*_KEY, _pair.c.digest, _pair.c.document).where(
            _pair.c.check_id == check, tuple_(*_KEY).in_(asked)
        )
        with database.read() as connection:
            rows = connection.execute(statement).all()
        for sha256, frame, other_sha256, other_frame, digest, document in rows:
            if digest == document_digest(document):
                key = PairKey(PageContent(sha256, frame), PageContent(other_sha256, other_frame))
                found[key] = load_checks(document)[check]
    return found


def put_candidates(connection: Connection, run: int, check: str, candidates: Candidates) -> None:
    """Keep which pairs of a run a check wanted compared; a second call replaces the first."""
    document = dump(
        {
            "key": candidates.key,
            "fault": candidates.fault,
            "passed_over": candidates.passed_over,
            "pairs": [[_page_row(pair.one), _page_row(pair.other)] for pair in candidates.pairs],
        }
    )
    row = {"run": run, "check_id": check, "digest": document_digest(document), "document": document}
    inserted = insert(schema.candidates)
    kept = {name: inserted.excluded[name] for name in ("digest", "document")}
    connection.execute(inserted.on_conflict_do_update(index_elements=["run", "check_id"], set_=kept), [row])


def load_candidates(database: Database, run: int, check: str) -> Candidates | None:
    """Find what `put_candidates` kept; what the disk has spoilt was not kept."""
    table = schema.candidates
    statement = select(table.c.digest, table.c.document).where(table.c.run == run, table.c.check_id == check)
    with database.read() as connection:
        row = connection.execute(statement).one_or_none()
    if row is None or row.digest != document_digest(row.document):
        return None
    document = load(row.document)
    pairs = (PagePair(one=_page(one), other=_page(other)) for one, other in document["pairs"])
    return Candidates(
        key=document["key"],
        fault=document["fault"],
        passed_over=document["passed_over"],
        pairs=tuple(pairs),
    )


def _page_row(page: PairedPage) -> list[str | int | None]:
    return [page.page.path, page.page.frame, page.path_hex, page.size_bytes, page.sha256]


def _page(row: Sequence[Any]) -> PairedPage:
    path, frame, path_hex, size_bytes, sha256 = row
    return PairedPage(
        page=PageId(path=path, frame=frame), path_hex=path_hex, size_bytes=size_bytes, sha256=sha256
    )
