"""Judge stored measurements again, by the same or another profile; no image is opened."""

from pathlib import Path

from ybda_qc.app.judgement import judge_run, plan_record, write_reports
from ybda_qc.app.output import run_folder
from ybda_qc.app.profiles import load_plan, load_profile, registered_checks
from ybda_qc.app.run import RunResult
from ybda_qc.errors import InputError
from ybda_qc.report import Lang
from ybda_qc.store import lock_output, open_ledger


def rejudge(folder: Path, *, profile: str | None, lang: Lang) -> RunResult:
    """Judge the last run in `folder` again and write its reports.

    Parameters
    ----------
    folder
        The run folder.
    profile
        Id or file; None for the profile of the run as it stands today.

    Raises
    ------
    InputError
        If there is no finished run in the folder.
    ProfileError
        If the profile is wrong.
    """
    folder = run_folder(folder)
    checks = registered_checks()
    with lock_output(folder), open_ledger(folder) as ledger:
        last = ledger.latest_judgement()
        if last is None:
            raise InputError(
                "no run in {folder} has come to its end; run it again: what is measured is kept",
                folder=str(folder),
            )
        name = profile or str(last.plan.resolved["name"])
        resolved = load_profile(name, checks)
        plan = load_plan(resolved, checks)
        record = plan_record(resolved, plan, name)
        batch = ledger.load_batch(last.run)
        judgement = judge_run(ledger, last.run, batch=batch, profile=resolved, plan=plan, record=record)
        summary = write_reports(ledger, judgement, plan, folder, lang=lang)
    return RunResult(summary=summary, folder=folder)
