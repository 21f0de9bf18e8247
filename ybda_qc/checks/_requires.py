"""What a check of the batch reads of the checks of pages: that there is anything to read."""

from ybda_qc.checks._base import BatchView


def require_looked_at(view: BatchView, *checks: str) -> None:
    """Refuse to pass a batch whose pages were looked at by none of the checks that are read.

    A profile may switch off some of them; what they would have told is then not asked for.

    Raises
    ------
    LookupError
        If there are pages, and each of the checks was planned for none of them.
    """
    is_empty = True
    for page in view.pages():
        is_empty = False
        if not page.checks.keys().isdisjoint(checks):
            return
    if not is_empty:
        raise LookupError(f"no page was looked at by {', '.join(checks)}")
