"""The ledger of an output folder: what `ybda_qc.engine.ports.Ledger` asks for, in SQLite."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Row, insert, select, update

from ybda_qc.errors import InputError
from ybda_qc.model import (
    Batch,
    BatchOutcome,
    Candidates,
    Catalogue,
    CheckCard,
    CheckResult,
    Coverage,
    Decision,
    FileFacts,
    Finding,
    JudgedPage,
    PageContent,
    PageResult,
    PageText,
    PairKey,
    RunInfo,
    Summary,
    Totals,
)
from ybda_qc.model.ledger import CachedFile, JudgementRecord, PlanRecord, RunRecord
from ybda_qc.store import (
    batches,
    catalogues,
    file_facts,
    judgements,
    pairs,
    pruning,
    schema,
    search_index,
    texts,
)
from ybda_qc.store import pages as stored_pages
from ybda_qc.store.documents import dump_plan, load_plan
from ybda_qc.store.sqlite import Database
from ybda_qc.store.telling import Nobody, Progress
from ybda_qc.store.watching import WatchBook

LEDGER_NAME = "ledger.sqlite3"
"""The file in the output folder."""


class SqlLedger:
    """A ledger in an SQLite file; made by `open_ledger`, closed by `close` or a ``with`` block.

    The methods are documented where they are asked for, in `ybda_qc.engine.ports.Ledger`.
    """

    def __init__(self, database: Database, progress: Progress | None = None) -> None:
        self._database = database
        self._progress = progress or Nobody()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    @property
    def is_being_written(self) -> bool:
        """Whether a thread of this process is writing, so that another that writes would wait."""
        return self._database.is_being_written

    @property
    def watching(self) -> WatchBook:
        """The book of a watched folder, in the same file."""
        return WatchBook(self._database)

    # --- a run ----------------------------------------------------------------------------------------------

    def begin_run(
        self,
        *,
        batch_root: str,
        started_at: datetime,
        engine_version: str,
        plan: PlanRecord,
        executor: str,
        workers: int,
    ) -> int:
        """Open a run and return its id; refuses a folder that holds another batch."""
        self._refuse_other_batch(batch_root)
        with self._database.write() as connection:
            pruning.forget_killed_runs(connection)
            search_index.note_last_text(connection)
            begun = connection.execute(
                insert(schema.run).values(
                    batch_root=batch_root,
                    started_at=started_at.isoformat(),
                    from_cache=0,
                    engine_version=engine_version,
                    plan=dump_plan(plan),
                    executor=executor,
                    workers=workers,
                )
            )
            return _inserted_id(begun)

    def record_batch(self, run: int, batch: Batch) -> None:
        """Keep the files, items and strays of a run."""
        with self._database.write() as connection:
            batches.put_batch(connection, run, batch)

    def load_batch(self, run: int) -> Batch:
        """Return what `record_batch` kept."""
        with self._database.read() as connection:
            return batches.load_batch(connection, run, self.run(run).batch_root)

    def record_catalogue(self, run: int, catalogue: Catalogue | None) -> None:
        """Keep the catalogue of a run."""
        with self._database.write() as connection:
            catalogues.put_catalogue(connection, run, catalogue)

    def load_catalogue(self, run: int) -> Catalogue | None:
        """Return what `record_catalogue` kept."""
        with self._database.read() as connection:
            return catalogues.load_catalogue(connection, run)

    def cached(self, sha256s: Iterable[str]) -> Mapping[str, CachedFile]:
        """Look up what any earlier run measured on these contents."""
        return stored_pages.cached(self._database, sha256s)

    def put_pages(self, run: int, pages: Sequence[tuple[PageResult, int | None]]) -> None:
        """Keep measured pages, each with the number of frames of its file, in one transaction."""
        with self._database.write() as connection:
            stored_pages.put_pages(connection, run, pages)

    def pages(self, run: int) -> Iterator[PageResult]:
        """Stream the pages of a run in order."""
        return stored_pages.stream_pages(self._database, run)

    def page_counts(self, run: int) -> Mapping[str | None, int]:
        """Count the pages of each item."""
        return stored_pages.page_counts(self._database, run)

    def item_keys(self, run: int) -> Sequence[tuple[str, str]]:
        """Return code and copy of each item."""
        return batches.item_keys(self._database, run)

    def pages_of_items(self, run: int) -> Iterator[tuple[tuple[str, str], Iterator[PageResult]]]:
        """Stream the items that have pages, each with its pages in its order."""
        return stored_pages.stream_items(self._database, run)

    def put_file_facts(self, run: int, facts: Sequence[FileFacts]) -> None:
        """Keep what was read of files, in one transaction."""
        with self._database.write() as connection:
            file_facts.put_file_facts(connection, run, facts)

    def file_facts(self, run: int) -> Mapping[str, FileFacts]:
        """Return what `put_file_facts` kept, by path."""
        return file_facts.load_file_facts(self._database, run)

    def digests(self, sha256s: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
        """Look up the digests of contents that any run computed."""
        return file_facts.load_digests(self._database, sha256s)

    def put_candidates(self, run: int, check: str, candidates: Candidates) -> None:
        """Keep which pairs of a run a check wants compared."""
        with self._database.write() as connection:
            pairs.put_candidates(connection, run, check, candidates)

    def candidates(self, run: int, check: str) -> Candidates | None:
        """Return what `put_candidates` kept."""
        return pairs.load_candidates(self._database, run, check)

    def put_pairs(self, check: str, results: Mapping[PairKey, CheckResult]) -> None:
        """Keep what comparing pairs gave, in one transaction."""
        with self._database.write() as connection:
            pairs.put_pairs(connection, check, results)

    def pairs(self, check: str, keys: Iterable[PairKey]) -> Mapping[PairKey, CheckResult]:
        """Find what is known of pairs of contents."""
        return pairs.load_pairs(self._database, check, keys)

    def put_texts(self, key: str, texts_read: Mapping[PageContent, PageText]) -> None:
        """Keep what was read under a reading key, and the index of it, in one transaction."""
        with self._database.write() as connection:
            search_index.index_texts(connection, texts.put_texts(connection, key, texts_read))

    def text(self, key: str, content: PageContent) -> PageText | None:
        """Return the text of a content as it was read under the key."""
        return texts.load_text_of(self._database, key, content)

    def has_text(self, key: str, content: PageContent) -> bool:
        """Whether `text` has it."""
        return texts.has_text_of(self._database, key, content)

    def finish_run(self, run: int, *, finished_at: datetime, from_cache: int) -> None:
        """Note the end of a run."""
        with self._database.write() as connection:
            connection.execute(
                update(schema.run)
                .where(schema.run.c.id == run)
                .values(finished_at=finished_at.isoformat(), from_cache=from_cache)
            )

    # --- a judgement of a run -------------------------------------------------------------------------------

    def begin_judgement(self, run: int, *, judged_at: datetime, plan: PlanRecord) -> int:
        """Open a judgement of a run's measurements and return its id."""
        with self._database.write() as connection:
            return judgements.begin_judgement(connection, run, judged_at=judged_at, plan=plan)

    def put_judged(self, judgement: int, pages: Iterable[JudgedPage]) -> None:
        """Keep the verdicts, findings and evidence names of pages."""
        judgements.put_judged(self._database, judgement, pages)

    def put_batch_findings(self, judgement: int, findings: Iterable[Finding]) -> None:
        """Append findings about items or the batch."""
        rows = tuple(findings)  # before the transaction: they may be streaming from here
        with self._database.write() as connection:
            judgements.put_batch_findings(connection, judgement, rows)

    def put_batch_outcome(self, judgement: int, check: str, outcome: BatchOutcome) -> None:
        """Keep what became of a batch check."""
        with self._database.write() as connection:
            judgements.put_batch_outcome(connection, judgement, check, outcome)

    def put_decision(self, judgement: int, decision: Decision, coverage: Coverage, totals: Totals) -> None:
        """Append a decision, and drop what it supersedes."""
        with self._database.write() as connection:
            judgements.put_decision(connection, judgement, decision, coverage, totals)
            search_index.settle_index(connection, pruning.run_of(connection, judgement), self._progress)
            pruning.forget_superseded(connection, judgement)

    # --- reading back ---------------------------------------------------------------------------------------

    def latest_run(self) -> RunRecord | None:
        """Return the last run begun, finished or not."""
        statement = select(schema.run).order_by(schema.run.c.id.desc()).limit(1)
        with self._database.read() as connection:
            return next(map(_run_record, connection.execute(statement)), None)

    def run(self, run: int) -> RunRecord:
        """Return a run by its id; `KeyError` if there is none."""
        with self._database.read() as connection:
            row = connection.execute(select(schema.run).where(schema.run.c.id == run)).one_or_none()
        if row is None:
            raise KeyError(run)
        return _run_record(row)

    def latest_judgement(self) -> JudgementRecord | None:
        """Return the last judgement that has a decision."""
        with self._database.read() as connection:
            judgement = judgements.latest_decided(connection)
            return None if judgement is None else judgements.load_judgement(connection, judgement)

    def judged_pages(self, judgement: int) -> Iterator[JudgedPage]:
        """Stream the judged pages of a judgement in order."""
        return judgements.stream_judged(self._database, judgement)

    def batch_findings(self, judgement: int) -> tuple[Finding, ...]:
        """Return the findings about items and the batch."""
        with self._database.read() as connection:
            return judgements.batch_findings(connection, judgement)

    def summary(self, judgement: int, cards: Mapping[str, CheckCard]) -> Summary:
        """Return the head of the report of a judgement that has a decision."""
        with self._database.read() as connection:
            record = judgements.load_judgement(connection, judgement)
            findings = judgements.batch_findings(connection, judgement)
            outcomes = judgements.batch_outcomes(connection, judgement)
            catalogue = catalogues.load_identity(connection, record.run)
        if record.decision is None or record.coverage is None or record.totals is None:
            raise ValueError(f"judgement {judgement} has no decision")
        return Summary(
            run=_run_info(self.run(record.run), record, record.decision),
            decision=record.decision,
            coverage=record.coverage,
            totals=record.totals,
            findings=findings,
            outcomes=outcomes,
            cards=cards,
            catalogue=catalogue,
        )

    def _refuse_other_batch(self, batch_root: str) -> None:
        latest = self.latest_run()
        if latest is not None and latest.batch_root != batch_root:
            raise InputError(
                "the output folder {folder} holds the results of another batch ({other}), not of {batch};"
                " choose another output folder",
                folder=str(self._database.path.parent),
                other=latest.batch_root,
                batch=batch_root,
            )


def _inserted_id(inserted: Any) -> int:
    return int(inserted.inserted_primary_key[0])


def _run_record(row: Row[*tuple[Any, ...]]) -> RunRecord:
    return RunRecord(
        id=row.id,
        batch_root=row.batch_root,
        started_at=datetime.fromisoformat(row.started_at),
        finished_at=None if row.finished_at is None else datetime.fromisoformat(row.finished_at),
        from_cache=row.from_cache,
        engine_version=row.engine_version,
        plan=load_plan(row.plan),
        executor=row.executor,
        workers=row.workers,
    )


def _run_info(run: RunRecord, judgement: JudgementRecord, decision: Decision) -> RunInfo:
    """Join a run with the judgement that the report is about: a later profile may have judged it."""
    return RunInfo(
        id=run.id,
        started_at=run.started_at,
        finished_at=run.finished_at or decision.decided_at,
        from_cache=run.from_cache,
        engine_version=run.engine_version,
        profile=judgement.plan.profile,
        page_checks=judgement.plan.page_checks,
        batch_checks=judgement.plan.batch_checks,
        batch=run.batch_root,
        executor=run.executor,
        workers=run.workers,
        store=LEDGER_NAME,
        reading=judgement.plan.reading_key,
    )
