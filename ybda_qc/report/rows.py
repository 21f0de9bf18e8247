"""Rows of findings: what the tables of every report are made of."""

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace

from ybda_qc.model import Finding, JudgedPage, Verdict
from ybda_qc.report.labels import COVERAGE_CARD
from ybda_qc.report.translate import mark as _

_FAULT = _("the program itself failed on this page, in stage {stage} ({cause}): {detail}")
_NOT_RUN = _("planned checks that did not run: {checks}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A finding and the place it was found.

    Parameters
    ----------
    finding
        The finding.
    path, frame
        The page; both None for findings about an item or the batch.
    path_hex
        Bytes of the path where it is not UTF-8.
    item
        Item the page belongs to.
    evidence
        Picture below the run folder.
    """

    finding: Finding
    path: str | None = None
    frame: int | None = None
    path_hex: str | None = None
    item: str | None = None
    evidence: str | None = None

    @property
    def page(self) -> str | None:
        """``path#frame`` or None."""
        return None if self.path is None else f"{self.path}#{self.frame}"

    @property
    def is_rework(self) -> bool:
        """Whether somebody has to act on it: review or worse."""
        return self.finding.verdict >= Verdict.REVIEW


def page_rows(judged: JudgedPage) -> Iterator[Row]:
    """The findings of a page; a fault of ours and checks that did not run get rows of their own.

    Without these a page could weigh as an error and stand in no list.
    """
    result = judged.result
    bare = Row(
        finding=Finding(check=COVERAGE_CARD.id, code="fault", verdict=Verdict.ERROR, template=_FAULT),
        path=result.page.path,
        frame=result.page.frame,
        path_hex=result.path_hex,
        item=result.item,
    )
    for finding in judged.findings:
        yield replace(bare, finding=finding, evidence=judged.evidence.get(finding.key))
    fault = result.fault
    if fault is not None:
        values = {"stage": str(fault.stage), "cause": fault.cause, "detail": fault.detail}
        yield replace(bare, finding=replace(bare.finding, values=values))
        return
    if judged.verdict is Verdict.ERROR:
        missing = [check for check, verdict in judged.verdicts.items() if verdict is Verdict.NOT_RUN]
        if missing:
            finding = replace(
                bare.finding, code="not-run", template=_NOT_RUN, values={"checks": ", ".join(missing)}
            )
            yield replace(bare, finding=finding)


def item_of(row: Row, items: Container[str | None]) -> str | None:
    """The item of `items` that a row stands under; None for what belongs to the batch as a whole."""
    if row.path is not None:
        return row.item
    places = (row.finding.subject, *row.finding.pages)
    found = {_item_at(place, items) for place in places if place not in (None, "/")}
    return found.pop() if len(found) == 1 else None


def _item_at(place: str | None, items: Container[str | None]) -> str | None:
    """The item whose code is `place` or the name of a folder in it, the deepest first."""
    if place is None or place in items:
        return place
    folders = place.split("/")[:-1]
    for depth in range(len(folders), 0, -1):
        for name in ("/".join(folders[:depth]), folders[depth - 1]):
            if name in items:
                return name
    return None
