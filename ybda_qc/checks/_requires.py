"""What a check of the batch reads of the checks of pages: that it was measured at all."""

from itertools import islice

from ybda_qc.checks._base import BatchView


def require_measured(view: BatchView, *checks: str) -> None:
    """Refuse to pass a batch whose pages were not looked at by the checks that are read.

    Raises
    ------
    LookupError
        If there are pages, and one of the checks was planned for none of them.
    """
    if not list(islice(view.pages(), 1)):
        return
    missing = set(checks)
    for page in view.pages():
        missing -= page.checks.keys()
        if not missing:
            return
    raise LookupError(f"no page was looked at by {', '.join(sorted(missing))}")
