"""How good the checks are on pages that people have labelled, and limits for the wanted false alarms."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from ybda_qc.acceptance.scoring import Proposal, Row, Truth, proposals, score_rows
from ybda_qc.app.judgement import last_judgement
from ybda_qc.app.output import run_folder
from ybda_qc.app.profiles import recorded_plan, registered_checks
from ybda_qc.engine.declared import blanks_of_records
from ybda_qc.engine.judge import judge_page
from ybda_qc.engine.plan import Plan
from ybda_qc.engine.ports import Ledger
from ybda_qc.errors import InputError
from ybda_qc.intake.label_file import EVERY_CHECK, Label, read_labels, require_once
from ybda_qc.model import JudgedPage, PageResult
from ybda_qc.profile import Change, write_fragment
from ybda_qc.store import ledger_to_read


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What the labels say: a row a check or code, proposals, and these as a profile, if there are any."""

    pages: int
    rows: tuple[Row, ...]
    proposals: tuple[Proposal, ...]
    profile: str | None


def calibrate(labels: Path, folder: Path, *, false_alarms: float) -> Calibration:
    """Compare labels with the last run in a folder, judged by its profile as it stands; no image is opened.

    Parameters
    ----------
    labels
        See `read_labels`.
    folder
        The run folder.
    false_alarms
        Wanted share of false alarms, above 0 and below 1.

    Raises
    ------
    InputError
        If labels or run cannot be used.
    ProfileError
        If the profile of the run cannot be read any more.
    """
    given = read_labels(labels)
    if not given:
        raise InputError("{path} labels no page: write yes or no in its column label", path=str(labels))
    folder = run_folder(folder)
    checks = registered_checks()
    with ledger_to_read(folder, "calibrate") as ledger:
        last = last_judgement(ledger, folder)
        name = str(last.plan.resolved["name"])
        blanks = blanks_of_records(ledger.load_batch(last.run), ledger.load_catalogue(last.run))
        plan = recorded_plan(last.plan, checks)[1].declaring(blanks)
        results = _labelled(given, ledger, last.run, labels)
    pages = {str(result.page): judge_page(result, plan) for result in results.values()}
    named = {label.row: str(results[label.page].page) for label in given}
    require_once((replace(label, page=named[label.row]) for label in given), labels)  # by path, and path#1
    rows, proposed = _compare(plan, _truths(given, named, plan, labels), pages, false_alarms)
    profile = _profile(plan, name, proposed, len(pages))
    return Calibration(pages=len(pages), rows=rows, proposals=proposed, profile=profile)


def write_profile(path: Path, text: str) -> None:
    """Write the proposed profile.

    Raises
    ------
    InputError
        If the file is there already or cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise InputError("{path} is there already; name another file", path=str(path)) from None
    except OSError as error:
        raise InputError(
            "{path} cannot be written: {reason}", path=str(path), reason=error.strerror or str(error)
        ) from error


def _labelled(given: Sequence[Label], ledger: Ledger, run: int, file: Path) -> dict[str, PageResult]:
    """The pages that labels name, by the names they use: a path, or path and frame."""
    wanted = {label.page for label in given}
    found: dict[str, PageResult] = {}
    several: set[str] = set()
    for page in ledger.pages(run):
        if str(page.page) in wanted:
            found[str(page.page)] = page
        if page.page.path in wanted:
            several |= {page.page.path} & found.keys()
            found.setdefault(page.page.path, page)
    for label in given:
        if label.page not in found:
            raise InputError(
                "{path}, row {row}: the run has no page {page}; give the path as in findings.csv",
                path=str(file),
                row=label.row,
                page=label.page,
            )
        if label.page in several:
            raise InputError(
                "{path}, row {row}: {page} has several pages; name one of them as {page}#1",
                path=str(file),
                row=label.row,
                page=label.page,
            )
    return found


def _truths(given: Sequence[Label], named: dict[int, str], plan: Plan, file: Path) -> dict[str, Truth]:
    """Labels by check; a page without any defect is one without the defect of each check."""
    codes = {planned.check.id: [code.name for code in planned.check.codes] for planned in plan.page_checks}
    truths = {check: Truth() for check in codes}
    for label in given:
        page = named[label.row]
        if label.target == EVERY_CHECK:
            for truth in truths.values():
                truth.check.setdefault(page, False)
            continue
        check, slash, code = label.target.partition("/")
        if check not in codes or (slash and code not in codes[check]):
            _refuse(label, codes, plan, file)
        (truths[check].codes[code] if slash else truths[check].check)[page] = label.is_defective
    return {check: truth for check, truth in truths.items() if truth.check or truth.codes}


def _refuse(label: Label, codes: dict[str, list[str]], plan: Plan, file: Path) -> None:
    check = label.target.partition("/")[0]
    where = {"path": str(file), "row": label.row, "target": label.target}
    if check in plan.batch_check_ids:
        raise InputError(
            "{path}, row {row}: {target} is a check of the whole batch; only checks of pages can be labelled",
            **where,
        )
    known = [*codes, *(f"{id_}/{name}" for id_, names in codes.items() for name in names)]
    near = get_close_matches(label.target, known, n=1)
    if near:
        raise InputError(
            "{path}, row {row}: no check {target} in this run; is {near} meant?", near=near[0], **where
        )
    raise InputError(
        "{path}, row {row}: no check {target} in this run; it has: {known}", known=", ".join(codes), **where
    )


def _compare(
    plan: Plan, truths: dict[str, Truth], pages: dict[str, JudgedPage], rate: float
) -> tuple[tuple[Row, ...], tuple[Proposal, ...]]:
    rows: list[Row] = []
    proposed: list[Proposal] = []
    for planned in plan.page_checks:
        truth = truths.get(planned.check.id)
        if truth is not None:
            rows += score_rows(planned, truth, pages)
            proposed += proposals(plan, planned, truth, pages, rate)
    return tuple(rows), tuple(proposed)


def _profile(plan: Plan, name: str, proposed: Sequence[Proposal], pages: int) -> str | None:
    """The proposals as a profile that extends the run's."""
    changes = {
        proposal.key: Change(limits=proposal.settings(), clause=_clause(proposal))
        for proposal in proposed
        if proposal.limit is not None
    }
    if not changes:
        return None
    return write_fragment(
        id_=f"{plan.profile.id}-calibrated",
        title=f"{plan.profile.id}, calibrated on {pages} labelled pages",
        extends=name,
        changes=changes,
        comment="Limits proposed by `ybda-qc calibrate`. Read them before you use them.",
    )


def _clause(proposal: Proposal) -> str:
    score = proposal.score
    return (
        f"calibrated on {score.recall.of + score.false_alarms.of} labelled pages: finds "
        f"{score.recall.hits} of {score.recall.of} defective ones, "
        f"{score.false_alarms.hits} of {score.false_alarms.of} sound ones"
    )
