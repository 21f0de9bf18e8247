"""Judge stored measurements again, by the same or another profile; no image is opened."""

from pathlib import Path

from ybda_qc.app.judgement import RunResult, judge_run, last_judgement, plan_record, write_reports
from ybda_qc.app.output import run_folder
from ybda_qc.app.profiles import load_plan, load_profile, registered_checks
from ybda_qc.app.regrouping import put_items
from ybda_qc.engine.ports import Ledger, Progress
from ybda_qc.intake.layout import LayoutOptions
from ybda_qc.intake.rearrange import rearrange
from ybda_qc.model import Batch
from ybda_qc.report import Lang
from ybda_qc.report import mark as _
from ybda_qc.store import lock_output, open_ledger


def rejudge(folder: Path, *, profile: str | None, lang: Lang, progress: Progress | None = None) -> RunResult:
    """Judge the last run in `folder` again and write its reports.

    Names and folders are read by the layout of the profile, from what was found when the batch was walked.

    Parameters
    ----------
    folder
        The run folder.
    profile
        Id or file; None for the profile of the run as it stands today.
    lang
        Language of messages and reports.
    progress
        Told where the index of text has to be written anew.

    Raises
    ------
    InputError
        If there is no finished run in the folder.
    ProfileError
        If the profile is wrong.
    """
    folder = run_folder(folder)
    checks = registered_checks()
    with lock_output(folder, "rejudge"), open_ledger(folder, progress=progress) as ledger:
        last = last_judgement(ledger, folder)
        name = profile or str(last.plan.resolved["name"])
        measured = ledger.run(last.run).plan
        resolved = load_profile(name, checks, ocr=measured.ocr)
        reading_key = "" if resolved.ocr.engine == "off" else measured.reading_key
        plan = load_plan(resolved, checks, reading_key=reading_key)
        record = plan_record(resolved, plan, name, ocr=measured.ocr)
        if progress is not None:
            progress.step(_("judging"))
        batch = _read_names_again(ledger, last.run, resolved.layout)
        judgement = judge_run(
            ledger,
            last.run,
            batch=batch,
            catalogue=ledger.load_catalogue(last.run),
            profile=resolved,
            plan=plan,
            record=record,
        )
        if progress is not None:
            progress.step(_("writing the reports"))
        return write_reports(ledger, judgement, plan, folder, lang=lang)


def _read_names_again(ledger: Ledger, run: int, layout: LayoutOptions) -> Batch:
    """The batch of a run as the layout reads it; what is kept of the run follows."""
    before = ledger.load_batch(run)
    batch = rearrange(before, layout)
    if batch == before:
        return before
    ledger.record_batch(run, batch)
    put_items(ledger, run, {file.path: file.item for file in batch.files})
    return batch
