"""Write the reports of the last judgement again, draw what pictures are missing, compare two deliveries."""

from collections.abc import Sequence
from pathlib import Path

from ybda_qc.app.evidence import bring_pictures, draw_missing_pictures
from ybda_qc.app.judgement import RunResult, last_judgement, write_reports
from ybda_qc.app.output import folder_to_write, run_folder
from ybda_qc.app.profiles import recorded_plan, registered_checks
from ybda_qc.engine.plan import Plan
from ybda_qc.engine.ports import Progress
from ybda_qc.errors import ProfileError
from ybda_qc.model.ledger import JudgementRecord
from ybda_qc.report import FORMATS, Lang
from ybda_qc.store import ledger_to_read, lock_output


def report(
    folder: Path,
    progress: Progress,
    *,
    formats: Sequence[str] = FORMATS,
    lang: Lang,
    against: Path | None = None,
    out: Path | None = None,
) -> RunResult:
    """Write report files of the last judgement in `folder`.

    Pictures of findings that arose after the pages were examined are cut from the originals first, where
    these still lie in place with the same digest. The ledger is only read.

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
    out
        Where the reports go, with the pictures that they show; None: into the run folder.

    Raises
    ------
    InputError
        If there is no judged run in the folder, no report in `against`, or another command writes where the
        reports go.
    ProfileError
        If the profile of the judgement cannot be read any more, or has changed since.
    """
    folder = run_folder(folder)
    out = folder_to_write(folder, out, "report", progress)
    with lock_output(out, "report"), ledger_to_read(folder, "report", progress) as ledger:
        last = last_judgement(ledger, folder)
        plan = _plan_of(last)
        root = Path(ledger.run(last.run).batch_root)
        if out != folder:
            bring_pictures(folder, out, plan, ledger=ledger, judgement=last.id)
        draw_missing_pictures(root, out, plan, ledger=ledger, judgement=last.id, progress=progress)
        return write_reports(ledger, last.id, plan, out, lang=lang, formats=formats, against=against)


def _plan_of(last: JudgementRecord) -> Plan:
    """The plan of a judgement: what a report says of limits must be what was judged by."""
    checks = registered_checks()
    profile, plan = recorded_plan(last.plan, checks)
    if profile.digest != last.plan.profile.digest:
        raise ProfileError(
            "the profile {name} has changed since the run was judged; judge by it with `ybda-qc rejudge`",
            name=str(last.plan.resolved["name"]),
        )
    return plan
