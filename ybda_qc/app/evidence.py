"""Pictures of findings that arose after their page was examined."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ybda_qc.app.judgement import full_disk_explained
from ybda_qc.engine.executors.process import ProcessExecutor, default_workers
from ybda_qc.engine.pictures import pictures_of, write_picture
from ybda_qc.engine.plan import Plan
from ybda_qc.engine.ports import Ledger, Progress
from ybda_qc.engine.tasks import EvidenceTask, Examined, FileRef
from ybda_qc.engine.worker import WorkerSetup
from ybda_qc.errors import disk_full
from ybda_qc.report import mark as _


def draw_missing_pictures(
    root: Path,
    out: Path,
    plan: Plan,
    *,
    ledger: Ledger,
    judgement: int,
    progress: Progress,
    workers: int | None = None,
) -> None:
    """Cut the pictures that findings of a judgement lack from originals that still have the same digest.

    Raises
    ------
    InputError
        If the disk is full.
    """
    tasks = _missing(out, plan, ledger, judgement)
    task = next(tasks, None)
    if task is None or not root.is_dir():
        return
    progress.step(_("drawing pictures of new findings"))
    setup = WorkerSetup(root=root, out=out, plan=plan)
    with ProcessExecutor(setup, workers or default_workers()) as executor:
        while task is not None or executor.in_flight:
            while task is not None and executor.has_room:
                executor.submit(task)
                task = next(tasks, None)
            for _task, answer in executor.wait():
                if isinstance(answer, Examined) and answer.disk_full is not None:
                    raise disk_full(answer.disk_full)


def bring_pictures(run: Path, out: Path, plan: Plan, *, ledger: Ledger, judgement: int) -> None:
    """Copy the pictures of a judgement's findings that lie in the run folder into another one.

    Raises
    ------
    InputError
        If the disk is full.
    """
    with full_disk_explained():
        for name in _names(ledger, judgement, plan):
            if not (out / name).exists():
                with suppress(FileNotFoundError):
                    write_picture(out / name, (run / name).read_bytes())


def _names(ledger: Ledger, judgement: int, plan: Plan) -> Iterator[str]:
    for finding in ledger.batch_findings(judgement):
        if finding.evidence:
            yield finding.evidence
    for judged in ledger.judged_pages(judgement):
        yield from pictures_of(judged, plan).values()


def _missing(out: Path, plan: Plan, ledger: Ledger, judgement: int) -> Iterator[EvidenceTask]:
    """Pages with a finding that deserves a picture and has none."""
    for judged in ledger.judged_pages(judgement):
        names = pictures_of(judged, plan).values()
        result = judged.result
        if result.sha256 is not None and any(not (out / name).exists() for name in names):
            file = FileRef(
                path=result.page.path,
                path_hex=result.path_hex,
                size_bytes=result.size_bytes,
                item=result.item,
            )
            yield EvidenceTask(
                file=file, frame=result.page.frame, sha256=result.sha256, findings=judged.findings
            )
