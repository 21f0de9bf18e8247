"""What a watched folder leaves in the ledger: files taken in with their pages, items, events and cursors."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, islice
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, func, select
from sqlalchemy.dialects.sqlite import insert

from ybda_qc.model import PageResult
from ybda_qc.model.ledger import PlanRecord
from ybda_qc.model.watching import Event, EventKind, ItemState, TakenFile, ToldVerdict
from ybda_qc.store import pages as stored_pages
from ybda_qc.store import schema
from ybda_qc.store.documents import dump, dump_file_state, dump_plan, load, load_file_state
from ybda_qc.store.sqlite import Database

_run, _page = schema.run, schema.page
_file, _item = schema.taken_file, schema.item_state
_event, _cursor = schema.event, schema.event_cursor

_FILE_COLUMNS = ("path_hex", "state", "sha256", "moved_to")
_ITEM_COLUMNS = ("closed_at", "closed_by", "outcome", "digest", "moved_to")
_UNTOLD_MOVES = (
    "SELECT code FROM item_state WHERE run = ? AND moved_to != ''"  # noqa: S608 - words of our own
    f" AND coalesce((SELECT kind FROM event WHERE subject = code AND {schema.ABOUT_ITEM}"
    f" ORDER BY id DESC LIMIT 1), '') != '{EventKind.ITEM_MOVED.value}' ORDER BY code"
)

_insert_file = insert(_file)
_PUT_FILE = _insert_file.on_conflict_do_update(
    index_elements=["run", "path"], set_={name: _insert_file.excluded[name] for name in _FILE_COLUMNS}
)
_insert_item = insert(_item)
_PUT_ITEM = _insert_item.on_conflict_do_update(
    index_elements=["run", "code"], set_={name: _insert_item.excluded[name] for name in _ITEM_COLUMNS}
)
_insert_cursor = insert(_cursor)
_PUT_CURSOR = _insert_cursor.on_conflict_do_update(
    index_elements=["name"], set_={"event": _insert_cursor.excluded.event}
)
_FORGET_FILE, _FORGET_PAGES = (
    delete(table).where(table.c.run == bindparam("of_run"), table.c.path == bindparam("of_path"))
    for table in (_file, _page)
)


class WatchBook:
    """The book of a watched folder; reached as `SqlLedger.watching`, and closed with the ledger.

    Each method that writes is one transaction: after a kill all of it is there or nothing. Threads may share
    it. All raise `InputError` where the ledger cannot be read or written, or is damaged.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- files and their pages ------------------------------------------------------------------------------

    def take_in(
        self,
        run: int,
        files: Sequence[tuple[TakenFile, Sequence[PageResult]]],
        events: Sequence[Event] = (),
        *,
        touched: Sequence[TakenFile] = (),
        gone: Sequence[str] = (),
        items: Sequence[ItemState] = (),
    ) -> None:
        """Keep files with what was measured on them, instead of what was known under their paths.

        Parameters
        ----------
        run
            Id of the run.
        files
            Each with all its pages; frames that it no longer has are forgotten. Of files with the same path
            the last one counts.
        events
            What happened, in order.
        touched
            Files with another state than is kept of them, and the same pages.
        gone
            Paths that are forgotten first, with their pages: a renamed file is its old path here and its
            new one in `files`. What was measured on the contents stays until a judgement is decided.
        items
            What became of items by that, as for `put_items`.

        Raises
        ------
        ValueError
            If a page is not one of its file; nothing is written.
        """
        taken = {file.path: (file, pages) for file, pages in files}
        _refuse_strange_pages(taken.values())
        with self._database.write() as connection:
            _forget(connection, _FORGET_FILE, run, gone)
            _forget(connection, _FORGET_PAGES, run, (*gone, *taken))
            rows = [_file_row(run, file) for file in (*(file for file, _ in taken.values()), *touched)]
            if rows:
                connection.execute(_PUT_FILE, rows)
            stream = chain.from_iterable(_counted(pages) for _, pages in taken.values())
            while chunk := list(islice(stream, stored_pages.CHUNK)):
                stored_pages.put_pages(connection, run, chunk)
            _put_items(connection, run, items)
            _append(connection, events)

    def put_pages(self, run: int, pages: Sequence[PageResult], events: Sequence[Event] = ()) -> None:
        """Keep more that was measured on pages of files that are taken in, and what is told of it."""
        with self._database.write() as connection:
            stored_pages.put_pages(connection, run, [(page, None) for page in pages])
            _append(connection, events)

    def taken_files(self, run: int) -> dict[str, TakenFile]:
        """Return the files taken in, by path and in the order of path bytes."""
        columns = [_file.c[name] for name in ("path", *_FILE_COLUMNS)]
        statement = select(*columns).where(_file.c.run == run).order_by(_file.c.path)
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
        with self._believed("taken_file"):
            return {path: _taken_file(path, *values) for path, *values in rows}

    def pages_of(self, run: int, paths: Iterable[str]) -> Iterator[PageResult]:
        """Stream the pages of some files, sorted by path bytes and frame.

        Paths without pages are passed over; no transaction stays open between two pages.
        """
        return stored_pages.stream_pages_of(self._database, run, paths)

    def faulty_files(self, run: int) -> list[str]:
        """Return the files with a page on which the program failed."""
        statement = select(_page.c.path).where(_page.c.run == run, _page.c.fault.is_not(None)).distinct()
        with self._database.read() as connection:
            return list(connection.execute(statement.order_by(_page.c.path)).scalars())

    # --- items ----------------------------------------------------------------------------------------------

    def put_items(self, run: int, items: Sequence[ItemState], events: Sequence[Event] = ()) -> None:
        """Keep what became of items, instead of what was known of them, and what happened to them."""
        with self._database.write() as connection:
            _put_items(connection, run, items)
            _append(connection, events)

    def items(self, run: int) -> dict[str, ItemState]:
        """Return what became of the items, by code and in the order of its bytes."""
        columns = [_item.c[name] for name in ("code", *_ITEM_COLUMNS)]
        statement = select(*columns).where(_item.c.run == run).order_by(_item.c.code)
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
        with self._believed("item_state"):
            return {code: _item_state(code, *values) for code, *values in rows}

    def untold_moves(self, run: int) -> list[str]:
        """Return the items of which it is kept where they were moved, but of whose moving nothing was told.

        That is so where the last event about an item is an earlier one.
        """
        with self._database.read() as connection:
            return list(connection.exec_driver_sql(_UNTOLD_MOVES, (run,)).scalars())

    # --- events ---------------------------------------------------------------------------------------------

    def events(self, *, after: int = 0, most: int = 500, kinds: Collection[EventKind] = ()) -> list[Event]:
        """Return events of all runs of the folder, oldest first.

        Parameters
        ----------
        after
            Id of the last event that is known already.
        most
            How many to return.
        kinds
            Only these; all where it is empty.
        """
        statement = select(_event).where(_event.c.id > after).order_by(_event.c.id).limit(most)
        if kinds:
            statement = statement.where(_event.c.kind.in_(sorted(kind.value for kind in kinds)))
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
        with self._believed("event"):
            return [_event_of(*row) for row in rows]

    def last_verdicts(self, within: int) -> list[ToldVerdict]:
        """Return the verdicts on pages that are among the last events, the newest first.

        Parameters
        ----------
        within
            How many events of any kind are gone through; a page may be found in several.
        """
        last = select(func.coalesce(func.max(_event.c.id), 0)).scalar_subquery()
        verdict = func.json_extract(_event.c.document, "$.verdict")
        statement = (
            select(_event.c.subject, verdict, _event.c.at)
            .where(_event.c.id > last - within, _event.c.kind == EventKind.PAGE.value)
            .order_by(_event.c.id.desc())
        )
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
        with self._believed("event"):
            return [
                ToldVerdict(page=page, verdict=word, at=datetime.fromisoformat(at)) for page, word, at in rows
            ]

    def last_event(self) -> int:
        """Return the id of the newest event, 0 where there is none."""
        with self._database.read() as connection:
            return int(connection.execute(select(func.coalesce(func.max(_event.c.id), 0))).scalar_one())

    def cursor(self, name: str) -> int:
        """Return the event up to which a listener has come, 0 where it has not begun."""
        with self._database.read() as connection:
            event = connection.execute(select(_cursor.c.event).where(_cursor.c.name == name)).scalar()
        return 0 if event is None else int(event)

    def put_cursor(self, name: str, event: int) -> None:
        """Keep the event up to which a listener has come."""
        with self._database.write() as connection:
            connection.execute(_PUT_CURSOR, {"name": name, "event": event})

    # --- going on -------------------------------------------------------------------------------------------

    def resume_run(self, *, batch_root: str, engine_version: str, plan: PlanRecord) -> int | None:
        """Return the id of the last run where a service that is started again may go on with it.

        It may where the run was begun for the same folder, by the same version and plan, and all its pages
        are of files that were taken in: a run that was not watched knows nothing of the state of its files.
        The row of the run is left as it is.
        """
        statement = select(_run).order_by(_run.c.id.desc()).limit(1)
        with self._database.read() as connection:
            last = connection.execute(statement).one_or_none()
            if last is None or (last.batch_root, last.engine_version) != (batch_root, engine_version):
                return None
            if last.plan != dump_plan(plan):
                return None
            of_taken_file = exists().where(_file.c.run == _page.c.run, _file.c.path == _page.c.path)
            strange = select(_page.c.path).where(_page.c.run == last.id, ~of_taken_file).limit(1)
            return None if connection.execute(strange).first() else int(last.id)

    @contextmanager
    def _believed(self, table: str) -> Iterator[None]:
        """Say of rows that cannot be understood what is the matter."""
        try:
            yield
        except (ValueError, TypeError, KeyError) as error:
            raise self._database.damaged(table) from error


def _refuse_strange_pages(taken: Iterable[tuple[TakenFile, Sequence[PageResult]]]) -> None:
    for file, pages in taken:
        for page in pages:
            if page.page.path != file.path:
                raise ValueError(f"{page.page.path} is no page of {file.path}")


def _counted(pages: Sequence[PageResult]) -> Iterator[tuple[PageResult, int | None]]:
    """Give each page the number of frames of its file.

    Where the file was not examined to its end by a fault of ours, that is not known: others who have the
    same content look again.
    """
    count = None if any(page.fault for page in pages) else len(pages)
    return ((page, count) for page in pages)


def _forget(connection: Connection, statement: Any, run: int, paths: Iterable[str]) -> None:
    rows = [{"of_run": run, "of_path": path} for path in paths]
    if rows:
        connection.execute(statement, rows)


def _put_items(connection: Connection, run: int, items: Iterable[ItemState]) -> None:
    rows = [_item_row(run, item) for item in items]
    if rows:
        connection.execute(_PUT_ITEM, rows)


def _append(connection: Connection, events: Iterable[Event]) -> None:
    rows = [
        {
            "kind": event.kind.value,
            "at": event.at.isoformat(),
            "subject": event.subject,
            "document": dump(dict(event.document)),
        }
        for event in events
    ]
    if rows:
        connection.execute(insert(_event), rows)


def _file_row(run: int, file: TakenFile) -> Mapping[str, Any]:
    return {
        "run": run,
        "path": file.path,
        "path_hex": file.path_hex,
        "state": dump_file_state(file.state),
        "sha256": file.sha256,
        "moved_to": file.moved_to,
    }


def _taken_file(path: str, path_hex: str | None, state: str, sha256: str | None, moved_to: str) -> TakenFile:
    return TakenFile(
        path=path, path_hex=path_hex, state=load_file_state(state), sha256=sha256, moved_to=moved_to
    )


def _item_row(run: int, item: ItemState) -> Mapping[str, Any]:
    return {
        "run": run,
        "code": item.code,
        "closed_at": None if item.closed_at is None else item.closed_at.isoformat(),
        "closed_by": item.closed_by,
        "outcome": item.outcome,
        "digest": item.digest,
        "moved_to": item.moved_to,
    }


def _item_state(code: str, closed_at: str | None, *words: str) -> ItemState:
    closed_by, outcome, digest, moved_to = words
    return ItemState(
        code=code,
        closed_at=None if closed_at is None else datetime.fromisoformat(closed_at),
        closed_by=closed_by,
        outcome=outcome,
        digest=digest,
        moved_to=moved_to,
    )


def _event_of(id_: int, kind: str, at: str, subject: str, document: str) -> Event:
    return Event(
        id=id_,
        kind=EventKind(kind),
        at=datetime.fromisoformat(at),
        subject=subject,
        document=load(document),
    )
