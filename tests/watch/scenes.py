"""News as a station would tell them, invented."""

import hashlib
from datetime import UTC, datetime, timedelta

from ybda_qc.checks.page.dark_border import DarkBorderCheck
from ybda_qc.checks.page.skew import SkewCheck
from ybda_qc.model import (
    CheckResult,
    Finding,
    JudgedPage,
    LimitSource,
    Outcome,
    PageFault,
    PageId,
    PageResult,
    Reason,
    Stage,
    State,
    Unit,
    Verdict,
)
from ybda_qc.model.watching import EventKind
from ybda_qc.watch.news import (
    FileNews,
    ItemNews,
    Message,
    News,
    PageNews,
    ReportNews,
    ServiceNews,
    StationNews,
    WaitingFile,
)

ITEM = "B469-WS·2023-Y-BGS-0001"
NOON = datetime(2026, 3, 4, 12, 0, 0, tzinfo=UTC)
INBOX = "scans"
_CHECKS = (SkewCheck, DarkBorderCheck)
TITLES = {f"{check.id}/{code.name}": code.title for check in _CHECKS for code in check.codes}
REMEDIES = {check.id: check.card().remedy for check in _CHECKS}


def skew(angle: float = 4.2, verdict: Verdict = Verdict.FAIL) -> Finding:
    return Finding(
        check="skew",
        code="over-limit",
        verdict=verdict,
        template="skew {angle:+.2f} degrees is over {limit:g}",
        values={"angle": angle, "limit": 3},
        value=angle,
        limit=3.0,
        unit=Unit.DEGREE,
        clause="DA/T 31-2017 10.2",
        source=LimitSource.PROJECT_CHOICE,
    )


def border(verdict: Verdict = Verdict.REVIEW) -> Finding:
    return Finding(
        check="dark_border",
        code="over-limit",
        verdict=verdict,
        template="dark border of {value:.1f} mm ({sides}) is wider than {limit:g} mm",
        values={"value": 6.0, "sides": "left", "limit": 5},
        value=6.0,
        limit=5.0,
        unit=Unit.MILLIMETRE,
    )


def page(
    number: int | str,
    *findings: Finding,
    seconds: float | None = 0.8,
    item: str = ITEM,
    frame: int = 1,
    scan: int = 1,
    was: str = "",
    inbox: str = INBOX,
    fault: PageFault | None = None,
    at: datetime | None = None,
) -> PageNews:
    """A page: a number stands for a file of an item, a text for a path."""
    path = f"{item}/{number:04d}.tif" if isinstance(number, int) else number
    verdicts = {"readable": Verdict.PASS, "skew": Verdict.PASS, "dark_border": Verdict.PASS}
    for finding in findings:
        verdicts[finding.check] = max(finding.verdict, verdicts.get(finding.check, Verdict.PASS))
    return PageNews(
        inbox=inbox,
        judged=JudgedPage(
            result=PageResult(
                page=PageId(path=path, frame=frame),
                item=item,
                sha256=hashlib.sha256(f"{path}{scan}".encode("utf-8", "surrogatepass")).hexdigest(),
                size_bytes=1_234_567,
                checks={"skew": CheckResult(state=State.MEASURED)},
                fault=fault,
            ),
            verdicts=verdicts,
            findings=findings,
        ),
        item=item,
        titles=TITLES,
        remedies=REMEDIES,
        seconds=seconds,
        was=was,
        at=at or NOON + timedelta(seconds=number if isinstance(number, int) else 0),
    )


def broken(number: int) -> PageNews:
    return page(number, fault=PageFault(cause="timeout", stage=Stage.MEASURE, detail="60 s"))


def replaced(number: int, item: str = ITEM) -> FileNews:
    return FileNews(inbox=INBOX, kind=EventKind.FILE_REPLACED, path=f"{item}/{number:04d}.tif", at=NOON)


def closed(outcome: Outcome = Outcome.REJECT, *, item: str = ITEM, pages: int = 12) -> ItemNews:
    reason = Reason(code="skew/over-limit", outcome=outcome, template="skewed pages", count=2)
    return ItemNews(
        inbox=INBOX,
        kind=EventKind.ITEM_CLOSED,
        item=item,
        outcome=outcome,
        reasons=(reason,),
        pages=pages,
        by="next",
        report=f"{item}.qc.json",
        at=NOON + timedelta(seconds=30),
    )


def trouble(kind: EventKind = EventKind.TROUBLE) -> ServiceNews:
    return ServiceNews(
        kind=kind,
        inbox=INBOX,
        message=Message(template="less than {size} MB are free", values={"size": 500}),
        at=NOON + timedelta(minutes=1),
    )


GROWING = Message(template="still growing")


def standing(*waiting: WaitingFile, inbox: str = INBOX, trouble: Message | None = None) -> StationNews:
    return StationNews(
        inbox=inbox,
        waiting=waiting,
        queued=3,
        unread=120,
        files=1024,
        open_items=2,
        trouble=trouble,
    )


def waited(path: str, seconds: float) -> WaitingFile:
    return WaitingFile(path=path, seconds=seconds, why=GROWING)


def a_morning() -> list[News]:
    """Pages good and bad, one of them scanned again, an item closed, two files waited for."""
    started = ServiceNews(kind=EventKind.STARTED, message=Message(template="1 folder"), at=NOON)
    return [
        started,
        standing(waited(f"{ITEM}/0010.tif", 40.4), waited(f"{ITEM}/0011.tif", 2)),
        page(1),
        page(2, skew()),
        page(3),
        page(4, border()),
        page(5, skew(), border(Verdict.FAIL)),
        page(6, skew(1.2, Verdict.NOTE)),
        replaced(2),
        closed(Outcome.HOLD, item="B469-WS·2023-Y-BGS-0000"),
        page(7),
        ReportNews(inbox=INBOX, outcome=Outcome.REJECT, reasons=(), pages=7, folder="scans-qc", at=NOON),
        page(8, seconds=1.24),
    ]
