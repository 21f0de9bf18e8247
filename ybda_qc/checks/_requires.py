"""What a check of the batch reads of the checks of pages: that these were run at all."""

from ybda_qc.checks._base import BatchView


def require_looked_at(view: BatchView, *checks: str) -> None:
    """Refuse to pass a batch whose pages were not looked at by the checks that are read.

    Raises
    ------
    LookupError
        If there are pages, and one of the checks was planned for none of them.
    """
    missing = set(checks)
    is_empty = True
    for page in view.pages():
        is_empty = False
        missing -= page.checks.keys()
        if not missing:
            return
    if not is_empty:
        raise LookupError(f"no page was looked at by {', '.join(sorted(missing))}")
