"""The main job: from a folder of scans to a decision."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from ybda_qc import __version__
from ybda_qc.app.catalogue import load_catalogue
from ybda_qc.app.evidence import draw_missing_pictures
from ybda_qc.app.judgement import RunResult, judge_run, plan_record, write_reports
from ybda_qc.app.output import default_output, output_folder, require_ledger
from ybda_qc.app.profiles import load_plan, load_profile, registered_checks
from ybda_qc.engine.executors.base import Executor
from ybda_qc.engine.executors.process import ProcessExecutor, default_workers
from ybda_qc.engine.executors.serial import SerialExecutor
from ybda_qc.engine.executors.server import start_server
from ybda_qc.engine.files import FileStage
from ybda_qc.engine.judging import LedgerView
from ybda_qc.engine.measuring import Measuring
from ybda_qc.engine.pairing import PairStage
from ybda_qc.engine.ports import Progress
from ybda_qc.engine.tasks import FileRef
from ybda_qc.engine.text_stage import TextStage
from ybda_qc.engine.worker import WorkerSetup
from ybda_qc.intake.walk import walk
from ybda_qc.model import FileRole
from ybda_qc.ocr.choice import EngineChoice, choose_engine, open_reader
from ybda_qc.profile import OcrOptions
from ybda_qc.report import Lang
from ybda_qc.report import mark as _
from ybda_qc.store import open_ledger

_PAGES_PER_READER = 200
"""Pages after which a worker is renewed that reads text: the memory of engines grows over hours."""


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

    Where text is read, the reports of the images are written while workers begin to, and again at the end.

    Raises
    ------
    ProfileError, InputError
        Before any page is looked at if the profile, the batch, the output folder or the engine that reads
        text cannot be used; later only if the disk fills up.
    """
    started_at = datetime.now(UTC)
    checks = registered_checks()
    profile = load_profile(request.profile, checks, ocr=request.ocr)
    if request.executor == "process":
        with suppress(OSError):  # only to save time: the executor tells what is wrong
            start_server()
    engine = engine_of(profile.ocr)
    plan = load_plan(profile, checks, reading_key=engine.identity if engine else "")
    batch = walk(request.batch, profile.layout)
    root = request.batch.absolute()
    alone = partial(_alone, request.executor, WorkerSetup(root=root, out=None, plan=plan))
    catalogue = load_catalogue(request.catalogue, batch, root, profile.catalogue.columns, alone)
    out = request.out or default_output(request.batch)
    with (
        output_folder(request.batch, out) as folder,
        open_ledger(folder, create=True, progress=progress) as ledger,
    ):
        known = ledger.latest_run() is not None
        workers = 1 if request.executor == "serial" else request.jobs or default_workers()
        record = plan_record(profile, plan, request.profile, ocr=request.ocr)
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
        view = LedgerView(batch=batch, catalogue=catalogue, ledger=ledger, run=run_id, plan=plan)
        setup = WorkerSetup(
            root=root, out=folder, plan=plan, open_reader=partial(open_reader, engine) if engine else None
        )
        work = _Work(view, setup, progress, executor=request.executor, workers=workers)

        def judge() -> int:
            progress.step(_("judging"))
            return judge_run(
                ledger, run_id, batch=batch, catalogue=catalogue, profile=profile, plan=plan, record=record
            )

        def report(judgement: int) -> RunResult:
            require_ledger(folder)
            progress.step(_("writing the reports"))
            return write_reports(ledger, judgement, plan, folder, lang=request.lang)

        from_cache = work.measure_pages(known=known)
        work.read_files()
        work.compare_pairs(folder)
        if engine is not None:
            work.read_text(meanwhile=lambda: report(judge()))
        judgement = judge()
        ledger.finish_run(run_id, finished_at=datetime.now(UTC), from_cache=from_cache)
        if known:  # judged by other limits than when they were drawn, perhaps
            draw_missing_pictures(
                root, folder, plan, ledger=ledger, judgement=judgement, progress=progress, workers=workers
            )
        return report(judgement)


def engine_of(options: OcrOptions) -> EngineChoice | None:
    """What reads the text by a profile, None where none is read.

    Raises
    ------
    InputError
        If it is not installed, or lacks a language.
    """
    if options.engine == "off":
        return None
    return choose_engine("rapidocr" if options.engine == "auto" else options.engine, options.languages)


class _Work:
    """The stages of a run, each with workers of its own."""

    def __init__(
        self, view: LedgerView, setup: WorkerSetup, progress: Progress, *, executor: str, workers: int
    ) -> None:
        self._view = view
        self._setup = setup
        self._progress = progress
        self._executor = executor
        self._workers = workers

    def measure_pages(self, *, known: bool) -> int:
        """Measure every page; returns how many did not have to be."""
        view = self._view
        measuring = Measuring(
            root=self._setup.root, plan=view.plan, ledger=view.ledger, run=view.run, progress=self._progress
        )
        files = [FileRef.of(file) for file in view.batch.files if file.role is FileRole.PAGE]
        self._progress.step(_("pages examined"))  # a part of its own, where a ledger was brought up to date
        measuring.measure(files, self._all(), self._alone, known=known)
        return measuring.from_cache

    def read_files(self) -> None:
        """Read checksum lists, and files that are no pages."""
        stage = FileStage(view=self._view, progress=self._progress)
        stage.read(_("reading checksum lists and media"), self._all, self._alone)

    def compare_pairs(self, out: Path) -> None:
        """Compare pages that look alike; pictures of them go to the run folder."""
        stage = PairStage(view=self._view, out=out, progress=self._progress)
        stage.compare(_("comparing pages that look alike"), self._all, self._alone)

    def read_text(self, meanwhile: Callable[[], object]) -> None:
        """Read the text of pages; `meanwhile` is called when workers have begun, if any is to be read."""
        stage = TextStage(view=self._view, progress=self._progress)
        readers = partial(self._all, renew_after=_PAGES_PER_READER)
        stage.read(_("reading text"), readers, self._alone, meanwhile)

    def _all(self, renew_after: int = 0) -> Executor:
        """All workers at once."""
        if self._executor == "serial":
            return SerialExecutor(self._setup)
        return ProcessExecutor(self._setup, self._workers, renew_after=renew_after)

    def _alone(self) -> Executor:
        """One worker for one task at a time, for second tries."""
        return _alone(self._executor, self._setup)


def _alone(executor: str, setup: WorkerSetup) -> Executor:
    return SerialExecutor(setup) if executor == "serial" else ProcessExecutor(setup, 1, fresh=True)
