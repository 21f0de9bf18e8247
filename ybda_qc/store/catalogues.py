"""The catalogue of a run: a `Catalogue` into rows and back."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from ybda_qc.model import Catalogue, CatalogueIdentity, CatalogueTable, Record
from ybda_qc.store import schema
from ybda_qc.store.documents import dump, load

_catalogue, _record = schema.catalogue, schema.record


def put_catalogue(connection: Connection, run: int, catalogue: Catalogue | None) -> None:
    """Keep the catalogue of a run in place of what stood there; None: it has none."""
    for table in (_catalogue, _record):
        connection.execute(delete(table).where(table.c.run == run))
    if catalogue is None:
        return
    connection.execute(insert(_catalogue), {"run": run, "document": dump(asdict(catalogue.identity))})
    rows = [
        {"run": run, "position": at, "sheet": record.sheet, "row": record.row, "fields": dump(record.values)}
        for at, record in enumerate(catalogue.records)
    ]
    if rows:
        connection.execute(insert(_record), rows)


def load_identity(connection: Connection, run: int) -> CatalogueIdentity | None:
    """Return which catalogue a run has and how it was understood."""
    document = connection.execute(select(_catalogue.c.document).where(_catalogue.c.run == run)).scalar()
    return None if document is None else _identity(load(document))


def load_catalogue(connection: Connection, run: int) -> Catalogue | None:
    """Return the catalogue of a run with all its records."""
    identity = load_identity(connection, run)
    if identity is None:
        return None
    rows = connection.execute(
        select(_record.c.sheet, _record.c.row, _record.c.fields)
        .where(_record.c.run == run)
        .order_by(_record.c.position)
    )
    records = (Record(sheet=sheet, row=row, values=load(fields)) for sheet, row, fields in rows)
    return Catalogue(identity=identity, records=tuple(records))


def _identity(document: dict[str, Any]) -> CatalogueIdentity:
    tables = (CatalogueTable(**{**table, "unknown": tuple(table["unknown"])}) for table in document["tables"])
    return CatalogueIdentity(**{**document, "tables": tuple(tables)})
