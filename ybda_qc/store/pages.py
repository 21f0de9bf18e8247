"""Measured pages: kept once a content, streamed a page at a time, found again by content."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, tuple_
from sqlalchemy.dialects.sqlite import insert

from ybda_qc.model import PageFault, PageId, PageResult, State
from ybda_qc.model.ledger import CachedFile, CachedPage
from ybda_qc.store import schema
from ybda_qc.store.documents import StoredChecks, dump_checks, dump_fault, load_checks, load_fault
from ybda_qc.store.sqlite import Database

CHUNK = 500
"""Rows fetched or written at once: bounds memory, and is far below SQLite's limit of bound values."""

REUSABLE = frozenset({State.MEASURED, State.NOT_APPLICABLE})

_measured, _page = schema.measured, schema.page

_insert_measured = insert(_measured)
_PUT_MEASURED = _insert_measured.on_conflict_do_update(
    index_elements=["sha256", "frame", "digest"],
    set_={
        "checks": _insert_measured.excluded.checks,
        "frame_count": func.coalesce(_insert_measured.excluded.frame_count, _measured.c.frame_count),
    },
    # Write only where there is something to add, or where the disk has spoilt the text.
    where=(_measured.c.checks != _insert_measured.excluded.checks)
    | (_measured.c.frame_count.is_(None) & _insert_measured.excluded.frame_count.is_not(None)),
)

_measured_id = (
    select(_measured.c.id)
    .where(
        _measured.c.sha256 == bindparam("of_sha256"),
        _measured.c.frame == bindparam("of_frame"),
        _measured.c.digest == bindparam("of_digest"),
    )
    .scalar_subquery()
)
_insert_page = insert(_page).values(
    {name: bindparam(name) for name in ("run", "path", "frame", "path_hex", "item", "size_bytes", "fault")}
    | {"measured": _measured_id}
)
_PUT_PAGE = _insert_page.on_conflict_do_update(
    index_elements=["run", "path", "frame"],
    set_={
        name: _insert_page.excluded[name] for name in ("path_hex", "item", "size_bytes", "measured", "fault")
    },
)

_MEASURED_COLUMNS = (
    _measured.c.sha256,
    _measured.c.digest,
    _measured.c.width_px,
    _measured.c.height_px,
    _measured.c.checks,
)

PAGE_COLUMNS = (
    _page.c.path,
    _page.c.frame,
    _page.c.path_hex,
    _page.c.item,
    _page.c.size_bytes,
    _page.c.fault,
    *_MEASURED_COLUMNS,
)
"""What `page_of` reads, in its order."""


_PATHS = 100
"""Files whose pages are asked for at once."""

_PAGES_OF_PATHS = (
    select(*PAGE_COLUMNS)
    .join_from(_page, _measured, _page.c.measured == _measured.c.id)
    .where(
        _page.c.run == bindparam("run"),
        _page.c.path.in_(bindparam("paths", expanding=True)),
        # Not as a comparison of rows: SQLite would walk over all pages of the run from there on.
        (_page.c.path != bindparam("path")) | (_page.c.frame > bindparam("frame")),
    )
    .order_by(_page.c.path, _page.c.frame)
    .limit(CHUNK)
)


_OF_ITEMS = (  # in this order: of the tables of a run SQLite knows no sizes, and would multiply them
    "SELECT file.item AS of_item, file.copy, page.path, page.frame, page.path_hex, page.item,"
    " page.size_bytes, page.fault, sha256, digest, width_px, height_px, checks"
    " FROM file CROSS JOIN page ON page.run = file.run AND page.path = file.path"
    " CROSS JOIN measured ON measured.id = page.measured"
    " WHERE file.run = ? AND file.role = 'page' AND file.item_position IS NOT NULL"
    " ORDER BY file.item, file.copy, file.item_position, page.frame"
)


def put_pages(connection: Connection, run: int, pages: Sequence[tuple[PageResult, int | None]]) -> None:
    """Keep measured pages; equal results of equal contents are kept once."""
    if not pages:
        return
    measured_rows, page_rows = [], []
    for page, frame_count in pages:
        measured = _measured_row(page, frame_count)
        measured_rows.append(measured)
        page_rows.append(_page_row(run, page, measured))
    connection.execute(_PUT_MEASURED, measured_rows)
    connection.execute(_PUT_PAGE, page_rows)


def stream_pages(database: Database, run: int) -> Iterator[PageResult]:
    """Yield the pages of a run, sorted by path bytes and frame; no transaction stays open in between."""
    statement = (
        select(*PAGE_COLUMNS)
        .join_from(_page, _measured, _page.c.measured == _measured.c.id)
        .where(
            _page.c.run == run,
            tuple_(_page.c.path, _page.c.frame) > tuple_(bindparam("path"), bindparam("frame")),
        )
        .order_by(_page.c.path, _page.c.frame)
        .limit(CHUNK)
    )
    path, frame = "", 0
    while True:
        with database.read() as connection:
            rows = connection.execute(statement, {"path": path, "frame": frame}).all()
        for row in rows:
            yield page_of(row, database)
        if len(rows) < CHUNK:
            return
        path, frame = rows[-1].path, rows[-1].frame


def page_counts(database: Database, run: int) -> dict[str | None, int]:
    """How many pages of a run each item has, by its code; None: pages that belong to none."""
    counted = select(_page.c.item, func.count()).where(_page.c.run == run).group_by(_page.c.item)
    with database.read() as connection:
        return {row[0]: row[1] for row in connection.execute(counted)}


def stream_items(database: Database, run: int) -> Iterator[tuple[tuple[str, str], Iterator[PageResult]]]:
    """Yield code and copy of each item with pages, sorted, and its pages as it lists their files."""
    rows = _rows_of_items(database, run)
    for key, of_item in groupby(rows, key=lambda row: (row.of_item, row.copy)):
        yield key, (page_of(row[2:], database) for row in of_item)


def _rows_of_items(database: Database, run: int) -> Iterator[Any]:
    with database.read() as connection:
        for chunk in connection.exec_driver_sql(_OF_ITEMS, (run,)).partitions(CHUNK):
            yield from chunk


def stream_pages_of(database: Database, run: int, paths: Iterable[str]) -> Iterator[PageResult]:
    """Yield the pages of some files of a run, in the order and the manner of `stream_pages`."""
    # Code points sort as their UTF-8 bytes do.
    wanted = iter(sorted(set(paths)))
    while chunk := list(islice(wanted, _PATHS)):
        path, frame = "", 0
        while chunk:
            with database.read() as connection:
                rows = connection.execute(
                    _PAGES_OF_PATHS, {"run": run, "paths": chunk, "path": path, "frame": frame}
                ).all()
            for row in rows:
                yield page_of(row, database)
            if len(rows) < CHUNK:
                break
            path, frame = rows[-1].path, rows[-1].frame
            chunk = [name for name in chunk if name >= path]


def cached(database: Database, sha256s: Iterable[str]) -> dict[str, CachedFile]:
    """Find what was measured on these contents; results that may not be used again are left out."""
    found: dict[str, CachedFile] = {}
    wanted = iter(dict.fromkeys(sha256 for sha256 in sha256s if sha256))
    columns = (_measured.c.frame, _measured.c.frame_count, *_MEASURED_COLUMNS)
    while chunk := list(islice(wanted, CHUNK)):
        statement = select(*columns).where(_measured.c.sha256.in_(chunk)).order_by(_measured.c.id)
        with database.read() as connection:
            rows = connection.execute(statement).all()
        by_content: dict[str, list[Any]] = {}
        for row in rows:
            if row.digest == _digest(row.width_px, row.height_px, row.checks):
                by_content.setdefault(row.sha256, []).append(row)  # else spoilt: measured again
        found.update((sha256, _cached_file(rows)) for sha256, rows in by_content.items())
    return found


def page_of(columns: Sequence[Any], database: Database) -> PageResult:
    """Make a page from its `PAGE_COLUMNS`.

    Raises
    ------
    InputError
        If the measurements are not those that were written.
    """
    path, frame, path_hex, item, size_bytes, fault, *measured = columns
    sha256, digest, width_px, height_px, checks = measured
    if digest != _digest(width_px, height_px, checks):
        raise database.damaged(f"{path}#{frame}")
    return PageResult(
        page=PageId(path=path, frame=frame),
        path_hex=path_hex,
        item=item,
        sha256=sha256 or None,
        size_bytes=size_bytes,
        width_px=width_px,
        height_px=height_px,
        checks=StoredChecks(checks),
        fault=None if fault is None else load_fault(fault),
    )


def _measured_row(page: PageResult, frame_count: int | None) -> Mapping[str, Any]:
    checks = dump_checks(page.checks)
    return {
        "sha256": page.sha256 or "",
        "frame": page.page.frame,
        "digest": _digest(page.width_px, page.height_px, checks),
        "frame_count": frame_count,
        "width_px": page.width_px,
        "height_px": page.height_px,
        "checks": checks,
    }


def _digest(width_px: int | None, height_px: int | None, checks: str) -> bytes:
    """Sum of a row of `measured`: tells equal rows, and rows that the disk has spoilt.

    SQLite keeps no sums of its own, and a decision rests on these numbers.
    """
    summed = f"{width_px} {height_px} {checks}"
    return hashlib.blake2b(summed.encode(), digest_size=16).digest()


def _page_row(run: int, page: PageResult, measured: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "run": run,
        "path": page.page.path,
        "frame": page.page.frame,
        "path_hex": page.path_hex,
        "item": page.item,
        "size_bytes": page.size_bytes,
        "fault": _fault_text(page.fault),
        "of_sha256": measured["sha256"],
        "of_frame": measured["frame"],
        "of_digest": measured["digest"],
    }


def _fault_text(fault: PageFault | None) -> str | None:
    return None if fault is None else dump_fault(fault)


def _cached_file(rows: Iterable[Any]) -> CachedFile:
    """Join what was measured on a content at different times; the newest row, which comes last, wins."""
    frame_count = None
    frames: dict[int, CachedPage] = {}
    for frame, count, _, _, width_px, height_px, checks in rows:
        before = frames.get(frame)
        results = dict(before.results) if before else {}
        for check, result in load_checks(checks).items():
            if result.state in REUSABLE:
                results[check, result.key] = result
        if before and width_px is None:
            width_px, height_px = before.width_px, before.height_px  # noqa: PLW2901 - seen at another time
        frames[frame] = CachedPage(width_px=width_px, height_px=height_px, results=results)
        frame_count = count if count is not None else frame_count
    return CachedFile(frame_count=frame_count, frames=frames)
