"""Files, items and strays of a run: a `Batch` into rows and back."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, delete, insert, select

from ybda_qc.model import Batch, BatchFile, DeliveryCopy, FileRole, Item, Stray
from ybda_qc.store import schema
from ybda_qc.store.sqlite import Database

_FILE_COLUMNS = ("path", "path_hex", "size_bytes", "item", "copy", "number_width", "name_matches")

_Key = tuple[str, str]  # code and copy


def put_batch(connection: Connection, run: int, batch: Batch) -> None:
    """Keep a batch under a run, in place of what stood there.

    Raises
    ------
    ValueError
        If an item lists a file that is not one of the batch under its code, copy and role.
    """
    for table in (schema.file, schema.item, schema.stray, schema.delivery_copy):
        connection.execute(delete(table).where(table.c.run == run))
    files = _file_rows(run, batch)
    if files:
        connection.execute(insert(schema.file), files)
    _put(connection, schema.item, run, ({"code": item.code, "copy": item.copy} for item in batch.items))
    _put(connection, schema.stray, run, map(asdict, batch.strays))
    _put(connection, schema.delivery_copy, run, map(asdict, batch.copies))


def _put(connection: Connection, table: Table, run: int, rows: Iterable[Mapping[str, str]]) -> None:
    numbered = [{"run": run, "position": at, **row} for at, row in enumerate(rows)]
    if numbered:
        connection.execute(insert(table), numbered)


def load_batch(connection: Connection, run: int, root: str) -> Batch:
    """Return the batch that was put under a run."""
    listed: dict[_Key, list[tuple[int, BatchFile]]] = {}
    files = []
    table = schema.file
    for row in connection.execute(
        select(table).where(table.c.run == run).order_by(table.c.position)
    ).mappings():
        file = _file(row)
        files.append(file)
        if row["item_position"] is not None:
            listed.setdefault((row["item"], row["copy"]), []).append((row["item_position"], file))
    items, strays = _rows(connection, schema.item, run), _rows(connection, schema.stray, run)
    copies = _rows(connection, schema.delivery_copy, run)
    return Batch(
        root=root,
        files=tuple(files),
        items=tuple(
            _item(item["code"], item["copy"], listed.get((item["code"], item["copy"]), [])) for item in items
        ),
        strays=tuple(Stray(**stray) for stray in strays),
        copies=tuple(DeliveryCopy(**copy) for copy in copies),
    )


def item_keys(database: Database, run: int) -> list[_Key]:
    """Code and copy of each item of a run."""
    statement = select(schema.item.c.code, schema.item.c.copy).where(schema.item.c.run == run)
    with database.read() as connection:
        return [(code, copy) for code, copy in connection.execute(statement)]


def _rows(connection: Connection, table: Table, run: int) -> list[dict[str, Any]]:
    """The rows that `_put` made."""
    found = connection.execute(select(table).where(table.c.run == run).order_by(table.c.position))
    return [
        {name: value for name, value in row.items() if name not in ("run", "position")}
        for row in found.mappings()
    ]


def _file_rows(run: int, batch: Batch) -> list[dict[str, Any]]:
    places = _item_places(batch)
    return [
        {name: getattr(file, name) for name in _FILE_COLUMNS}
        | {
            "run": run,
            "position": at,
            "role": file.role.value,
            "item_position": places.get(file.path),
            "number": None if file.number is None else str(file.number),
        }
        for at, file in enumerate(batch.files)
    ]


def _item_places(batch: Batch) -> Mapping[str, int]:
    """Place of each file among the files of its item."""
    known = {file.path: file for file in batch.files}
    places = {}
    for item in batch.items:
        for role, files in ((FileRole.PAGE, item.files), (FileRole.MEDIA, item.media)):
            for place, file in enumerate(files):
                is_known = known.get(file.path) == file and file.path not in places
                if not is_known or (file.item, file.copy, file.role) != (item.code, item.copy, role):
                    raise ValueError(f"item {item.code!r} lists {file.path!r}, which is not one of its files")
                places[file.path] = place
    return places


def _file(row: RowMapping) -> BatchFile:
    return BatchFile(
        **{name: row[name] for name in _FILE_COLUMNS},
        role=FileRole(row["role"]),
        number=None if row["number"] is None else int(row["number"]),
    )


def _item(code: str, copy: str, placed: list[tuple[int, BatchFile]]) -> Item:
    ordered = [file for _, file in sorted(placed, key=lambda entry: entry[0])]
    return Item(
        code=code,
        copy=copy,
        files=tuple(file for file in ordered if file.role is FileRole.PAGE),
        media=tuple(file for file in ordered if file.role is FileRole.MEDIA),
    )
