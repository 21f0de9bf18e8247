"""Files, items and strays of a run: a `Batch` into rows and back."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select

from ybda_qc.model import Batch, BatchFile, FileRole, Item, Stray
from ybda_qc.store import schema

_FILE_COLUMNS = ("path", "path_hex", "size_bytes", "item", "number_width", "name_matches")


def put_batch(connection: Connection, run: int, batch: Batch) -> None:
    """Keep a batch under a run, in place of what stood there.

    Raises
    ------
    ValueError
        If an item lists a file that is not among the files of the batch under that item's code and role.
    """
    for table in (schema.file, schema.item, schema.stray):
        connection.execute(delete(table).where(table.c.run == run))
    files = _file_rows(run, batch)
    if files:
        connection.execute(insert(schema.file), files)
    items = [{"run": run, "position": at, "code": item.code} for at, item in enumerate(batch.items)]
    if items:
        connection.execute(insert(schema.item), items)
    strays = [
        {"run": run, "position": at, "path": stray.path, "kind": stray.kind, "detail": stray.detail}
        for at, stray in enumerate(batch.strays)
    ]
    if strays:
        connection.execute(insert(schema.stray), strays)


def load_batch(connection: Connection, run: int, root: str) -> Batch:
    """Return the batch that was put under a run."""
    listed: dict[str, list[tuple[int, BatchFile]]] = {}
    files = []
    table = schema.file
    for row in connection.execute(
        select(table).where(table.c.run == run).order_by(table.c.position)
    ).mappings():
        file = _file(row)
        files.append(file)
        if row["item_position"] is not None:
            listed.setdefault(row["item"], []).append((row["item_position"], file))
    item, stray = schema.item, schema.stray
    codes = connection.execute(select(item.c.code).where(item.c.run == run).order_by(item.c.position))
    strays = connection.execute(
        select(stray.c.path, stray.c.kind, stray.c.detail)
        .where(stray.c.run == run)
        .order_by(stray.c.position)
    )
    return Batch(
        root=root,
        files=tuple(files),
        items=tuple(_item(code, listed.get(code, [])) for code in codes.scalars()),
        strays=tuple(Stray(path=path, kind=kind, detail=detail) for path, kind, detail in strays),
    )


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
                is_own = known.get(file.path) == file and (file.item, file.role) == (item.code, role)
                if not is_own or file.path in places:
                    raise ValueError(f"item {item.code!r} lists {file.path!r}, which is not one of its files")
                places[file.path] = place
    return places


def _file(row: RowMapping) -> BatchFile:
    return BatchFile(
        **{name: row[name] for name in _FILE_COLUMNS},
        role=FileRole(row["role"]),
        number=None if row["number"] is None else int(row["number"]),
    )


def _item(code: str, placed: list[tuple[int, BatchFile]]) -> Item:
    ordered = [file for _, file in sorted(placed, key=lambda entry: entry[0])]
    return Item(
        code=code,
        files=tuple(file for file in ordered if file.role is FileRole.PAGE),
        media=tuple(file for file in ordered if file.role is FileRole.MEDIA),
    )
