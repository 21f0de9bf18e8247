"""What a watched folder needs before the first file is seen: profile, output folder, ledger, run."""

import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from ybda_qc import __version__
from ybda_qc.app.judgement import plan_record
from ybda_qc.app.output import output_folder
from ybda_qc.app.profiles import load_plan, load_profile, registered_checks
from ybda_qc.app.run import engine_of
from ybda_qc.engine.executors.server import start_server
from ybda_qc.engine.ports import Progress
from ybda_qc.engine.worker import WorkerSetup
from ybda_qc.errors import InputError
from ybda_qc.intake.layout import Layout
from ybda_qc.intake.mounts import is_remote
from ybda_qc.model.ledger import PlanRecord
from ybda_qc.ocr.choice import open_reader
from ybda_qc.report import Lang
from ybda_qc.store import ledger_to_read, open_ledger
from ybda_qc.store.ledger import SqlLedger
from ybda_qc.watch.config import InboxConfig
from ybda_qc.watch.refresh import Behind
from ybda_qc.watch.targets import require_targets, targets_within

_BUSY_SECONDS: Final = 2.0  # waited for a program that holds the ledger; then it is said, and tried again
_NICENESS: Final = 10  # of workers whose results nobody waits for


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A folder that is ready to be watched.

    Parameters
    ----------
    config
        Of the folder.
    behind
        What judging and reports stand on.
    setup
        Of the workers that examine pages.
    excluded
        Folders that are passed over: those to which decided items are moved.
    polls
        Whether the folder has to be asked for changes.
    knows_contents
        Whether the ledger may know contents that lie in the folder now.
    titles, remedies
        Finding key -> what the defect is called; check id -> what to do.
    begun_at
        When the run was begun.
    """

    config: InboxConfig
    behind: Behind
    setup: WorkerSetup
    excluded: tuple[Path, ...]
    polls: bool
    knows_contents: bool
    titles: Mapping[str, str]
    remedies: Mapping[str, str]
    begun_at: datetime
    stack: ExitStack

    def has_its_ledger(self) -> bool:
        """Whether the ledger that lies in the output folder now holds this run, on whatever disk that is."""
        try:
            with ledger_to_read(self.behind.out, "watch") as ledger:
                return ledger.run(self.behind.run).started_at == self.begun_at
        except (InputError, KeyError):
            return False

    def close(self) -> None:
        """Let go of ledger and output folder."""
        self.stack.close()


def open_inbox(
    config: InboxConfig,
    *,
    jobs: int,
    lang: Lang,
    others: Sequence[InboxConfig] = (),
    progress: Progress | None = None,
) -> Opened:
    """Make ready what watching a folder needs, and hold its output folder for this process alone.

    Parameters
    ----------
    config
        Of the folder.
    jobs
        Workers that examine its pages.
    lang
        Language of reports.
    others
        All folders that are watched at the same time.
    progress
        Told where the ledger is brought up to date first.

    Raises
    ------
    ProfileError
        If the profile is wrong, or has items moved where they may not lie.
    InputError
        If the folder is not there, the output folder cannot be used or is held by another process, or what
        reads text is not installed.
    """
    checks = registered_checks()
    profile = load_profile(config.profile, checks, ocr=config.ocr)
    _require_folder(config.path)
    require_targets(config, profile, others)
    start_server()
    engine = engine_of(profile.ocr)
    plan = load_plan(profile, checks, reading_key=engine.identity if engine else "")
    record = plan_record(profile, plan, config.profile, ocr=config.ocr)
    root = config.path.absolute()
    with ExitStack() as undo:
        out = undo.enter_context(output_folder(root, config.out, "watch"))
        ledger = undo.enter_context(
            open_ledger(out, create=True, busy_seconds=_BUSY_SECONDS, progress=progress)
        )
        knows_contents = ledger.latest_run() is not None
        batch_root = str(root.resolve())
        run = _resume_or_begin(ledger, batch_root, record, jobs)
        setup = WorkerSetup(root=root, out=out, plan=plan)
        excluded = targets_within(root, profile.watch)
        behind = Behind(
            root=root,
            out=out,
            excluded=tuple(f"{folder.relative_to(root).as_posix()}/" for folder in excluded),
            ledger=ledger,
            run=run,
            standstill=threading.Lock(),
            profile=profile,
            plan=plan,
            record=record,
            layout=Layout(profile.layout),
            setup=WorkerSetup(
                root=root,
                out=out,
                plan=plan,
                open_reader=partial(open_reader, engine) if engine else None,
                niceness=_NICENESS,
            ),
            asked_catalogue=config.catalogue,
            lang=lang,
        )
        return Opened(
            config=config,
            behind=behind,
            setup=setup,
            excluded=excluded,
            polls=config.events == "poll" or (config.events == "auto" and is_remote(root) is not False),
            knows_contents=knows_contents,
            titles=plan.titles,
            remedies=plan.remedies,
            begun_at=ledger.run(run).started_at,
            stack=undo.pop_all(),
        )


def _resume_or_begin(ledger: SqlLedger, batch_root: str, record: PlanRecord, jobs: int) -> int:
    run = ledger.watching.resume_run(batch_root=batch_root, engine_version=__version__, plan=record)
    if run is not None:
        return run
    return ledger.begin_run(
        batch_root=batch_root,
        started_at=datetime.now(UTC),
        engine_version=__version__,
        plan=record,
        executor="process",
        workers=jobs,
    )


def check_inbox(config: InboxConfig, others: Sequence[InboxConfig] = ()) -> None:
    """See that a folder could be watched, as far as that can be told while another one is.

    Raises
    ------
    QcError
        As `open_inbox`.
    """
    checks = registered_checks()
    profile = load_profile(config.profile, checks, ocr=config.ocr)
    _require_folder(config.path)
    require_targets(config, profile, others)
    engine = engine_of(profile.ocr)
    load_plan(profile, checks, reading_key=engine.identity if engine else "")


def _require_folder(path: Path) -> None:
    try:
        if path.is_dir():
            return
    except OSError as error:  # a share that has broken off
        raise InputError(
            "{path} cannot be read ({reason}). Ask for the right to read it, or check the disk.",
            path=str(path),
            reason=error.strerror or str(error),
        ) from error
    template = "{path} does not exist. Check how it is written, and that the disk or share is connected."
    if path.exists():
        template = "{path} is a file, not a folder. Give the folder that holds the scans."
    raise InputError(template, path=str(path))
