"""What of an earlier measurement can stand for a page, so that only what changed is measured again."""

from ybda_qc.checks._base import Needs
from ybda_qc.engine.plan import Plan
from ybda_qc.engine.tasks import FileRef
from ybda_qc.model import CheckResult, PageId, PageResult, State
from ybda_qc.model.ledger import CachedPage


def reuse(
    file: FileRef, frame: int, cached: CachedPage | None, plan: Plan, *, sha256: str, size_bytes: int
) -> tuple[PageResult, tuple[str, ...]]:
    """Put together the page from stored results.

    Returns
    -------
    PageResult
        The page with every check that is known.
    tuple of str
        Ids of the planned checks that are still to be measured; empty if nothing needs to be opened.
    """
    checks: dict[str, CheckResult] = {}
    if cached is not None:
        for check, key in plan.keys.items():
            known = cached.results.get((check, key))
            if known is not None:
                checks[check] = known
    missing = [
        planned
        for planned in plan.page_checks
        if planned.check.id not in checks and planned.check.needs is not Needs.TEXT  # the text stage's
    ]
    if _is_damaged(checks):
        has_header = cached is not None and cached.width_px is not None
        for planned in tuple(missing):
            if planned.check.needs is Needs.PIXELS or not has_header:
                checks[planned.check.id] = CheckResult(state=State.NOT_RUN, key=planned.key)
                missing.remove(planned)
    page = PageResult(
        page=PageId(path=file.path, frame=frame),
        path_hex=file.path_hex,
        item=file.item,
        sha256=sha256,
        size_bytes=size_bytes,
        width_px=cached.width_px if cached else None,
        height_px=cached.height_px if cached else None,
        checks={check: checks[check] for check in plan.page_check_ids if check in checks},
    )
    return page, tuple(planned.check.id for planned in missing)


def _is_damaged(checks: dict[str, CheckResult]) -> bool:
    readable = checks.get("readable")
    return readable is not None and readable.text("damage") is not None
