"""Facts of files, kept under run and path."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from ybda_qc.model import ChecksumEntry, ChecksumList, ChecksumProblem, FileFacts
from ybda_qc.store import schema
from ybda_qc.store.documents import Document, dump, load
from ybda_qc.store.sqlite import Database

_table = schema.file_facts
_insert = insert(_table)
_PUT = _insert.on_conflict_do_update(
    index_elements=["run", "path"], set_={"document": _insert.excluded.document}
)
_PLAIN = tuple(field.name for field in fields(FileFacts) if field.name not in ("path", "checksums"))


def put_file_facts(connection: Connection, run: int, facts: Iterable[FileFacts]) -> None:
    """Keep facts; what stands there already is replaced."""
    rows = [{"run": run, "path": entry.path, "document": dump(_document(entry))} for entry in facts]
    if rows:
        connection.execute(_PUT, rows)


def load_file_facts(database: Database, run: int) -> dict[str, FileFacts]:
    """Find all facts of a run, by path."""
    statement = select(_table.c.path, _table.c.document).where(_table.c.run == run)
    with database.read() as connection:
        return {path: _facts(path, load(text)) for path, text in connection.execute(statement)}


def _document(facts: FileFacts) -> Document:
    document: Document = {name: value for name in _PLAIN if (value := getattr(facts, name))}
    if facts.checksums is not None:
        document["checksums"] = {
            "entries": [[e.line, e.path, e.algorithm, e.digest] for e in facts.checksums.entries],
            "problems": [[p.line, p.kind, p.text] for p in facts.checksums.problems],
            "more_problems": facts.checksums.more_problems,
            "is_cut": facts.checksums.is_cut,
        }
    return document


def _facts(path: str, document: dict[str, Any]) -> FileFacts:
    checksums = document.pop("checksums", None)
    return FileFacts(path=path, **document, checksums=_checksums(checksums) if checksums else None)


def _checksums(document: Document) -> ChecksumList:
    return ChecksumList(
        entries=tuple(
            ChecksumEntry(line=line, path=path, algorithm=algorithm, digest=digest)
            for line, path, algorithm, digest in document["entries"]
        ),
        problems=tuple(
            ChecksumProblem(line=line, kind=kind, text=text) for line, kind, text in document["problems"]
        ),
        more_problems=document["more_problems"],
        is_cut=document["is_cut"],
    )
