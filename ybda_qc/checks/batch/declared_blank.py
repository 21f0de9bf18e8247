"""Declared blanks 已申报空白页 that are no pages of the batch."""

from collections.abc import Iterator
from typing import Final

from ybda_qc.checks._base import BatchCheck, BatchView, Method, about
from ybda_qc.checks._limits import Code, Flag, Limits
from ybda_qc.checks._listing import WHOLE_BATCH
from ybda_qc.model import Finding, Unit

_SHOWN: Final = 40  # declarations in a message


class DeclaredBlankCheck(BatchCheck):
    """Every page that was declared blank beforehand is a page of the batch.

    Why: a declaration that fits no page says nothing, silently: a misspelt path, another folder, characters
    encoded another way, or a page that was not delivered or cannot be read. The blank page that was meant
    is then reported as if nobody had declared it.

    Remedy: compare the declaration under [blanks] in the profile with the names in the batch and correct
    it. If the page is not in the batch, ask whether it was scanned.
    """

    id = "declared_blank"
    title = "Declared blanks"
    version = 1
    method = Method
    codes = (
        Code(
            name="no-such-page",
            title="declared blanks that are no pages",
            template="declared blank, but no page of the batch ({count}): {names}",
            limits=Flag,
        ),
    )

    def inspect(self, view: BatchView, method: Method, limits: Limits) -> Iterator[Finding]:  # noqa: ARG002
        """One finding names all declarations that fit no page."""
        names = view.unmatched_blanks()
        if names:
            shown = ", ".join([*map(_printable, names[:_SHOWN]), *(["…"] if len(names) > _SHOWN else [])])
            found = limits.flag(
                "no-such-page", count=len(names), names=shown, value=float(len(names)), unit=Unit.COUNT
            )
            yield from about(found, WHOLE_BATCH)


def _printable(name: str) -> str:
    """A name as it may stand in a line: a declaration may hold anything, line breaks too."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)
