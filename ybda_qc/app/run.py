"""The main job: from a folder of scans to a decision."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ybda_qc import __version__
from ybda_qc.app.catalogue import load_catalogue
from ybda_qc.app.evidence import draw_missing_pictures
from ybda_qc.app.judgement import RunResult, judge_run, plan_record, write_reports
from ybda_qc.app.output import default_output, output_folder, require_ledger
from ybda_qc.app.profiles import load_plan, load_profile, registered_checks
from ybda_qc.engine.executors.base import Executor
from ybda_qc.engine.executors.process import ProcessExecutor, default_workers, start_server
from ybda_qc.engine.executors.serial import SerialExecutor
from ybda_qc.engine.files import FileStage
from ybda_qc.engine.judging import LedgerView
from ybda_qc.engine.measuring import Measuring
from ybda_qc.engine.pairing import PairStage
from ybda_qc.engine.ports import Progress
from ybda_qc.engine.tasks import FileRef
from ybda_qc.engine.worker import WorkerSetup
from ybda_qc.intake.walk import walk
from ybda_qc.model import Batch, FileRole
from ybda_qc.report import Lang
from ybda_qc.report import mark as _
from ybda_qc.store import open_ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """What the user asked for.

    Parameters
    ----------
    batch
        Folder of scans.
    profile
        Id of a shipped profile or path of a TOML file.
    catalogue
        The catalogue; None for the one in the batch folder, if there is one.
    out
        Output folder, None for the default.
    jobs
        Worker processes, None for one a core.
    executor
        ``process`` or ``serial``.
    ocr
        Engine that overrides the profile's, None to follow the profile.
    lang
        Language of messages and reports.
    """

    batch: Path
    profile: str = "da-t-31-2017"
    catalogue: Path | None = None
    out: Path | None = None
    jobs: int | None = None
    executor: str = "process"
    ocr: str | None = None
    lang: Lang = "en"


def run(request: RunRequest, progress: Progress) -> RunResult:
    """Examine a batch, decide, and write the reports.

    Raises
    ------
    ProfileError, InputError
        Before any page is looked at if the profile, the batch or the output folder cannot be used; later only
        if the disk fills up.
    """
    started_at = datetime.now(UTC)
    checks = registered_checks()
    profile = load_profile(request.profile, checks, ocr=request.ocr)
    if request.executor == "process":
        with suppress(OSError):  # only to save time: the executor tells what is wrong
            start_server()
    plan = load_plan(profile, checks)
    batch = walk(request.batch, profile.layout)
    root = request.batch.absolute()
    reader = WorkerSetup(root=root, out=None, plan=plan)
    reading = _executors(request.executor, reader, 1)[1]
    catalogue = load_catalogue(request.catalogue, batch, root, profile.catalogue.columns, reading)
    out = request.out or default_output(request.batch)
    with output_folder(request.batch, out) as folder, open_ledger(folder, create=True) as ledger:
        known = ledger.latest_run() is not None
        workers = 1 if request.executor == "serial" else request.jobs or default_workers()
        record = plan_record(profile, plan, request.profile)
        run_id = ledger.begin_run(
            batch_root=str(root.resolve()),
            started_at=started_at,
            engine_version=__version__,
            plan=record,
            executor=request.executor,
            workers=workers,
        )
        ledger.record_batch(run_id, batch)
        ledger.record_catalogue(run_id, catalogue)
        setup = WorkerSetup(root=root, out=folder, plan=plan)
        measuring = Measuring(root=root, plan=plan, ledger=ledger, run=run_id, progress=progress)
        executor, alone = _executors(request.executor, setup, workers)
        measuring.measure(_page_files(batch), executor, alone, known=known)
        view = LedgerView(batch=batch, catalogue=catalogue, ledger=ledger, run=run_id, plan=plan)
        FileStage(view=view, progress=progress).read(
            _("reading checksum lists and media"),
            lambda: _executors(request.executor, setup, workers)[0],
            alone,
        )
        PairStage(view=view, out=folder, progress=progress).compare(
            _("comparing pages that look alike"),
            lambda: _executors(request.executor, setup, workers)[0],
            alone,
        )
        progress.step(_("judging"))
        judgement = judge_run(
            ledger, run_id, batch=batch, catalogue=catalogue, profile=profile, plan=plan, record=record
        )
        ledger.finish_run(run_id, finished_at=datetime.now(UTC), from_cache=measuring.from_cache)
        if known:  # judged by other limits than when they were drawn, perhaps
            draw_missing_pictures(
                root, folder, plan, ledger=ledger, judgement=judgement, progress=progress, workers=workers
            )
        require_ledger(folder)
        progress.step(_("writing the reports"))
        return write_reports(ledger, judgement, plan, folder, lang=request.lang)


def _page_files(batch: Batch) -> tuple[FileRef, ...]:
    return tuple(FileRef.of(file) for file in batch.files if file.role is FileRole.PAGE)


def _executors(name: str, setup: WorkerSetup, workers: int) -> tuple[Executor, Callable[[], Executor]]:
    """The executor of a run, and how to make one for second tries."""
    if name == "serial":
        return SerialExecutor(setup), lambda: SerialExecutor(setup)
    return ProcessExecutor(setup, workers), lambda: ProcessExecutor(setup, 1, fresh=True)
