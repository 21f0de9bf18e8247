"""What may go, so that the ledger does not grow with every run; see docs/adr/0003.

Runs, judgements and decisions stay for ever. Their bulk stays while it can still be asked for: pages and
files of the run that was decided last, of the one before (whose measurements serve a file that comes back)
and of anything newer; verdicts and findings of the last decided judgement and of anything newer. The events
of a watched folder stay for ever, for they are its history.
"""

from sqlalchemy import Connection, Select, delete, exists, func, select

from ybda_qc.store import schema

_PER_RUN = (
    schema.page,
    schema.file,
    schema.item,
    schema.stray,
    schema.delivery_copy,
    schema.candidates,
    schema.catalogue,
    schema.record,
    schema.file_facts,
    schema.taken_file,
    schema.item_state,
)


def forget_killed_runs(connection: Connection) -> None:
    """Drop the pages of runs that were never decided; what was measured in them stays to be used again."""
    decided = _decided_runs().scalar_subquery()
    for table in _PER_RUN:
        connection.execute(delete(table).where(table.c.run.not_in(decided)))


def forget_superseded(connection: Connection, judgement: int) -> None:
    """Drop what the judgement that was just decided has superseded."""
    older = select(schema.judgement.c.id).where(schema.judgement.c.id < judgement).scalar_subquery()
    for table in (schema.judged_page, schema.finding, schema.batch_outcome):
        connection.execute(delete(table).where(table.c.judgement.in_(older)))
    run = run_of(connection, judgement)
    before = connection.execute(
        select(func.max(schema.judgement.c.run)).where(
            schema.judgement.c.run < run, schema.judgement.c.run.in_(_decided_runs().scalar_subquery())
        )
    ).scalar()
    for table in _PER_RUN:
        connection.execute(delete(table).where(table.c.run < run, table.c.run != (before or 0)))
    latest = connection.execute(select(func.max(schema.run.c.id))).scalar()
    if latest == run:  # else a newer run was killed, and the next one will want what it measured
        used = exists().where(schema.page.c.measured == schema.measured.c.id)
        connection.execute(delete(schema.measured).where(~used))
        known = select(schema.measured.c.sha256)
        digests = schema.content_digests
        connection.execute(delete(digests).where(digests.c.sha256.not_in(known)))
        pair = schema.pair
        gone = pair.c.first_sha256.not_in(known) | pair.c.second_sha256.not_in(known)
        connection.execute(delete(pair).where(gone))
        connection.execute(delete(schema.text).where(schema.text.c.sha256.not_in(known)))


def run_of(connection: Connection, judgement: int) -> int:
    """Return the run that a judgement judges."""
    statement = select(schema.judgement.c.run).where(schema.judgement.c.id == judgement)
    return int(connection.execute(statement).scalar_one())


def _decided_runs() -> Select[int]:
    return (
        select(schema.judgement.c.run)
        .join(schema.decision, schema.decision.c.judgement == schema.judgement.c.id)
        .distinct()
    )
