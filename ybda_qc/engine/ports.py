"""What the engine asks of the outside: ledger and text. The parts that serve it do not import the engine."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from ybda_qc.imaging.view import PageView
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
    Summary,
    Totals,
)
from ybda_qc.model.ledger import CachedFile, JudgementRecord, PlanRecord, RunRecord


class Ledger(Protocol):
    """The memory of an output folder: runs, measurements, judgements, decisions. One writer: the parent.

    Every method that writes is one or more whole transactions: what it wrote is there after a kill. Pages
    come back sorted by (path as UTF-8 bytes, frame), streamed in bounded memory; writing is
    allowed meanwhile.
    All methods raise ``InputError`` where the folder lets us down (disk full, file damaged, locked).
    """

    # --- a run ---------------------------------------------------------------------------------------------
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
        """Open a run and return its id; refuses (``InputError``) a folder that holds another batch."""

    def record_batch(self, run: int, batch: Batch) -> None:
        """Keep the files, items and strays of a run; a second call replaces the first."""

    def load_batch(self, run: int) -> Batch:
        """Return what `record_batch` kept."""

    def record_catalogue(self, run: int, catalogue: Catalogue | None) -> None:
        """Keep the catalogue of a run; None: it has none. A second call replaces the first."""

    def load_catalogue(self, run: int) -> Catalogue | None:
        """Return what `record_catalogue` kept."""

    def cached(self, sha256s: Iterable[str]) -> Mapping[str, CachedFile]:
        """Look up what any earlier run measured on these contents; ask for some hundred at a time.

        Only measured and not-applicable results are returned, never faults; contents not known are left out.
        """

    def put_pages(self, run: int, pages: Sequence[tuple[PageResult, int | None]]) -> None:
        """Keep measured pages, each with the number of frames of its file (None: not known).

        One transaction; a page that stands already under (run, path, frame) is replaced.
        """

    def pages(self, run: int) -> Iterator[PageResult]:
        """Stream the pages of a run in order."""

    def page_counts(self, run: int) -> Mapping[str | None, int]:
        """Return how many pages each item has, by its code; None: pages that belong to none."""

    def item_keys(self, run: int) -> Sequence[tuple[str, str]]:
        """Return code and copy of each item of the recorded batch."""

    def pages_of_items(self, run: int) -> Iterator[tuple[tuple[str, str], Iterator[PageResult]]]:
        """Stream code and copy of the items with pages, sorted, and their pages as they list the files.

        The pages of an item are gone when the next one is asked for.
        """

    def put_file_facts(self, run: int, facts: Sequence[FileFacts]) -> None:
        """Keep what was read of files, in one transaction; what stands there under a path is replaced.

        Digests among which is that of SHA-256 are kept by content too, for `digests` of later runs.
        """

    def file_facts(self, run: int) -> Mapping[str, FileFacts]:
        """Return all that `put_file_facts` kept of a run, by path."""

    def digests(self, sha256s: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
        """Look up digests of contents by algorithm, from any run; contents not known are left out."""

    def put_candidates(self, run: int, check: str, candidates: Candidates) -> None:
        """Keep which pairs of a run a check wants compared; a second call replaces the first."""

    def candidates(self, run: int, check: str) -> Candidates | None:
        """Return what `put_candidates` kept, None if that is nothing."""

    def put_pairs(self, check: str, results: Mapping[PairKey, CheckResult]) -> None:
        """Keep what a check's comparing of pairs gave, in one transaction; what stands there is replaced."""

    def pairs(self, check: str, keys: Iterable[PairKey]) -> Mapping[PairKey, CheckResult]:
        """Find what any run knows of pairs of contents, faults included; pairs not known are left out."""

    def put_texts(self, key: str, texts_read: Mapping[PageContent, PageText]) -> None:
        """Keep what was read under a reading key, in one transaction; what stands there is replaced."""

    def text(self, key: str, content: PageContent) -> PageText | None:
        """Return the text of a content as any run read it under the reading key, None where none has."""

    def has_text(self, key: str, content: PageContent) -> bool:
        """Whether `text` has it; fast enough to be asked of every page."""

    def finish_run(self, run: int, *, finished_at: datetime, from_cache: int) -> None:
        """Note the end of a run and the number of pages whose measurements were all reused."""

    # --- a judgement of a run ------------------------------------------------------------------------------
    def begin_judgement(self, run: int, *, judged_at: datetime, plan: PlanRecord) -> int:
        """Open a judgement of a run's measurements and return its id."""

    def put_judged(self, judgement: int, pages: Iterable[JudgedPage]) -> None:
        """Keep the verdicts, findings and evidence names of pages; `pages` may itself stream from here."""

    def put_batch_findings(self, judgement: int, findings: Iterable[Finding]) -> None:
        """Append findings about items or the batch."""

    def put_batch_outcome(self, judgement: int, check: str, outcome: BatchOutcome) -> None:
        """Keep what became of a batch check."""

    def put_decision(self, judgement: int, decision: Decision, coverage: Coverage, totals: Totals) -> None:
        """Append a decision. What this judgement supersedes may be pruned; decisions are never."""

    # --- reading back --------------------------------------------------------------------------------------
    def latest_run(self) -> RunRecord | None:
        """Return the last run begun, finished or not."""

    def run(self, run: int) -> RunRecord:
        """Return a run by its id."""

    def latest_judgement(self) -> JudgementRecord | None:
        """Return the last judgement that has a decision: what reports and `rejudge` speak of."""

    def judged_pages(self, judgement: int) -> Iterator[JudgedPage]:
        """Stream the judged pages of a judgement in order, with findings and evidence."""

    def batch_findings(self, judgement: int) -> tuple[Finding, ...]:
        """Return the findings about items and the batch, in the order they were put."""

    def summary(self, judgement: int, cards: Mapping[str, CheckCard]) -> Summary:
        """Return the head of the report of a judgement that has a decision; `cards` is passed through."""

    def close(self) -> None:
        """Let go of the file."""


class Reader(Protocol):
    """Reads the text of pages; one a worker, on one thread."""

    def read(self, view: PageView) -> PageText:
        """Read a page. Whatever it raises, or dies of, is a fault of that page."""


class Progress(Protocol):
    """Told how a run goes on, so that somebody can be shown."""

    def expect(self, pages: int) -> None:
        """That many more pages are to come."""

    def advance(self, pages: int = 1) -> None:
        """That many pages are done."""

    def step(self, name: str) -> None:
        """Another part of the work begins; `name` is an English message."""
