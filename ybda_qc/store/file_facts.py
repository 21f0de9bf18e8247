"""Facts of files, kept under run and path; digests of contents, kept for every run."""

from collections.abc import Iterable
from dataclasses import fields
from itertools import islice
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from ybda_qc.model import ChecksumEntry, ChecksumList, ChecksumProblem, FileFacts
from ybda_qc.store import schema
from ybda_qc.store.documents import Document, document_digest, dump, load
from ybda_qc.store.sqlite import Database

_table = schema.file_facts
_insert = insert(_table)
_PUT = _insert.on_conflict_do_update(
    index_elements=["run", "path"], set_={"document": _insert.excluded.document}
)
_insert_digests = insert(schema.content_digests)
_PUT_DIGESTS = _insert_digests.on_conflict_do_update(
    index_elements=["sha256"],
    set_={name: _insert_digests.excluded[name] for name in ("digest", "document")},
)
_CHUNK = 500
"""Contents asked for at once."""
_PLAIN = tuple(field.name for field in fields(FileFacts) if field.name not in ("path", "checksums"))


def put_file_facts(connection: Connection, run: int, facts: Iterable[FileFacts]) -> None:
    """Keep facts; what stands there already is replaced."""
    facts = tuple(facts)
    rows = [{"run": run, "path": entry.path, "document": dump(_document(entry))} for entry in facts]
    if rows:
        connection.execute(_PUT, rows)
    _put_digests(connection, facts)


def _put_digests(connection: Connection, facts: Iterable[FileFacts]) -> None:
    """Keep digests that were computed together with SHA-256, in one reading."""
    documents = {
        entry.digests["sha256"]: dump(dict(entry.digests)) for entry in facts if "sha256" in entry.digests
    }
    rows = [
        {"sha256": sha256, "digest": document_digest(document), "document": document}
        for sha256, document in documents.items()
    ]
    if rows:
        connection.execute(_PUT_DIGESTS, rows)


def load_digests(database: Database, sha256s: Iterable[str]) -> dict[str, dict[str, str]]:
    """Find the digests of these contents by algorithm; what the disk has spoilt is not known."""
    table = schema.content_digests
    found: dict[str, dict[str, str]] = {}
    wanted = iter(dict.fromkeys(sha256s))
    while chunk := list(islice(wanted, _CHUNK)):
        statement = select(table).where(table.c.sha256.in_(chunk))
        with database.read() as connection:
            rows = connection.execute(statement).all()
        for sha256, digest, document in rows:
            if digest == document_digest(document):
                found[sha256] = load(document)
    return found


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
