"""What goes on behind the answers to single pages: judging the whole folder, and its reports.

That runs on a thread of its own, as reading text does, with workers that stand back. While the folder is
judged and reported the ledger stands still, so that no report mixes two states; what comes meanwhile is
answered and kept afterwards.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ybda_qc.acceptance.gate import TEXT_NOT_READ
from ybda_qc.app.catalogue import load_catalogue
from ybda_qc.app.evidence import draw_missing_pictures
from ybda_qc.app.judgement import RunResult, judge_run, write_reports
from ybda_qc.app.regrouping import put_items
from ybda_qc.engine.executors.process import ProcessExecutor
from ybda_qc.engine.files import FileStage
from ybda_qc.engine.judging import LedgerView
from ybda_qc.engine.pairing import PairStage
from ybda_qc.engine.plan import Plan
from ybda_qc.engine.worker import WorkerSetup
from ybda_qc.intake.layout import Layout
from ybda_qc.intake.rearrange import rearrange
from ybda_qc.intake.walk import role_of, walk
from ybda_qc.model import Batch, BatchFile
from ybda_qc.model.ledger import PlanRecord
from ybda_qc.profile import Profile
from ybda_qc.report import Lang
from ybda_qc.store.ledger import SqlLedger
from ybda_qc.watch.news import ReportNews


class StoppedError(Exception):
    """The service stops; what was done so far is kept."""


class Interruptible:
    """A progress that nobody sees, by which the work can be stopped."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop

    def expect(self, _pages: int) -> None:
        """Nobody is shown how many pages are to come."""
        self._raise_if_stopped()

    def advance(self, _pages: int = 1) -> None:
        """Some pages are done."""
        self._raise_if_stopped()

    def step(self, _name: str) -> None:
        """Another part begins."""
        self._raise_if_stopped()

    def _raise_if_stopped(self) -> None:
        if self._stop.is_set():
            raise StoppedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """What the work behind the answers stands on.

    Parameters
    ----------
    root, out
        The watched folder and the output folder.
    excluded
        Folders below `root` that do not belong to the batch, as paths below it.
    ledger, run
        Where measurements are kept.
    standstill
        Held by whoever needs the ledger not to change.
    profile, plan, record
        By which the folder is judged.
    layout
        That of the profile: how items and pages stand in paths.
    setup
        Of the workers.
    asked_catalogue
        The catalogue that was named; None for the one in the folder.
    lang
        Of the reports.
    """

    root: Path
    out: Path
    excluded: tuple[str, ...]
    ledger: SqlLedger
    run: int
    standstill: threading.Lock
    profile: Profile
    plan: Plan
    record: PlanRecord
    layout: Layout
    setup: WorkerSetup
    asked_catalogue: Path | None
    lang: Lang

    def all_workers(self, *, workers: int = 1, renew_after: int = 0) -> ProcessExecutor:
        """Workers that stand back behind those that examine new pages."""
        return ProcessExecutor(self.setup, workers, renew_after=renew_after)

    def alone(self) -> ProcessExecutor:
        """One worker for second tries."""
        return ProcessExecutor(self.setup, 1, fresh=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """The whole folder as it was judged: the view, the reports, and how many pages have unread text."""

    view: LedgerView
    result: RunResult
    unread: int

    def news(self, inbox: str, out: Path) -> ReportNews:
        """What there is to tell of it; `inbox` is the name of the folder, `out` its output folder."""
        decision, coverage = self.result.summary.decision, self.result.summary.coverage
        return ReportNews(
            inbox=inbox,
            outcome=decision.outcome,
            reasons=decision.reasons,
            pages=coverage.pages,
            folder=str(out),
            at=decision.decided_at,
        )


def refresh(
    behind: Behind, *, taken: Mapping[str, object], moved: Sequence[BatchFile], stop: threading.Event
) -> Refreshed:
    """Judge all that was taken in and write the reports.

    Parameters
    ----------
    behind
        What it stands on.
    taken
        Paths of the files that were taken in: others are not yet part of the batch.
    moved
        Files that were taken in and have been moved out of the folder.
    stop
        Set where the work is to be given up.

    Raises
    ------
    InputError
        If the folder, the catalogue or the disk lets us down.
    StoppedError
        If `stop` was set.
    """
    progress = Interruptible(stop)
    with behind.standstill:
        batch = _batch(behind, taken, moved)
        catalogue = load_catalogue(
            behind.asked_catalogue,
            batch,
            behind.root,
            behind.profile.catalogue.columns,
            behind.alone,
        )
        ledger, run = behind.ledger, behind.run
        ledger.record_batch(run, batch)
        ledger.record_catalogue(run, catalogue)
        put_items(ledger, run, {file.path: file.item for file in batch.files})
        view = LedgerView(batch=batch, catalogue=catalogue, ledger=ledger, run=run, plan=behind.plan)
        FileStage(view=view, progress=progress).read("", behind.all_workers, behind.alone)
        PairStage(view=view, out=behind.out, progress=progress).compare("", behind.all_workers, behind.alone)
        judgement = judge_run(
            ledger,
            run,
            batch=batch,
            catalogue=catalogue,
            profile=behind.profile,
            plan=behind.plan,
            record=behind.record,
        )
        ledger.finish_run(run, finished_at=datetime.now(UTC), from_cache=0)
        draw_missing_pictures(
            behind.root,
            behind.out,
            behind.plan,
            ledger=ledger,
            judgement=judgement,
            progress=progress,
            workers=1,
        )
        result = write_reports(ledger, judgement, behind.plan, behind.out, lang=behind.lang)
    reasons = result.summary.decision.reasons
    unread = sum(reason.count for reason in reasons if reason.code == TEXT_NOT_READ)
    return Refreshed(view=view, result=result, unread=unread)


def _batch(behind: Behind, taken: Mapping[str, object], moved: Sequence[BatchFile]) -> Batch:
    def belongs(file: BatchFile) -> bool:
        if file.path.startswith(behind.excluded):
            return False
        return not file.role.is_opened or file.path in taken

    elsewhere = {file.path for file in moved}
    are_expected = any(  # then a folder without any is away; markers and catalogues stay behind
        role_of(path, behind.layout)[0].is_of_item for path in taken if path not in elsewhere
    )
    batch = walk(behind.root, behind.profile.layout, takes=belongs, may_be_empty=not are_expected)
    return rearrange(replace(batch, files=(*batch.files, *moved)), behind.profile.layout) if moved else batch
