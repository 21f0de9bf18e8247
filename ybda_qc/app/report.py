"""Write the reports of the last judgement again, draw what pictures are missing, compare two deliveries."""

from collections.abc import Sequence
from pathlib import Path

from ybda_qc.app.evidence import draw_missing_pictures
from ybda_qc.app.judgement import write_reports
from ybda_qc.app.output import run_folder
from ybda_qc.app.profiles import load_plan, load_profile, registered_checks
from ybda_qc.app.run import RunResult
from ybda_qc.engine.ports import Progress
from ybda_qc.errors import InputError
from ybda_qc.report import FORMATS, Lang
from ybda_qc.store import lock_output, open_ledger


def report(
    folder: Path,
    progress: Progress,
    *,
    formats: Sequence[str] = FORMATS,
    lang: Lang,
    against: Path | None = None,
) -> RunResult:
    """Write report files of the last judgement in `folder`.

    Pictures of findings that arose after the pages were examined are cut from the originals first, where
    these still lie in place with the same digest.

    Parameters
    ----------
    folder
        The run folder.
    progress
        Told of every picture.
    formats
        Which files.
    lang
        Language of messages and reports.
    against
        An older run folder to compare with.

    Raises
    ------
    InputError
        If there is no judged run in the folder, or no report in `against`.
    ProfileError
        If the profile of the judgement cannot be read any more.
    """
    folder = run_folder(folder)
    with lock_output(folder), open_ledger(folder) as ledger:
        last = ledger.latest_judgement()
        if last is None:
            raise InputError(
                "no run in {folder} has come to its end; run it again: what is measured is kept",
                folder=str(folder),
            )
        checks = registered_checks()
        plan = load_plan(load_profile(str(last.plan.resolved["name"]), checks), checks)
        root = Path(ledger.run(last.run).batch_root)
        draw_missing_pictures(root, folder, plan, ledger=ledger, judgement=last.id, progress=progress)
        summary = write_reports(ledger, last.id, plan, folder, lang=lang, formats=formats, against=against)
    return RunResult(summary=summary, folder=folder)
