"""News as the service tells them."""

from datetime import UTC, datetime

from tests.report.delivery import page, skew_finding
from ybda_qc.model import Outcome
from ybda_qc.model.watching import EventKind
from ybda_qc.watch.news import (
    FileNews,
    ItemNews,
    Message,
    PageNews,
    ServiceNews,
    StationNews,
    WaitingFile,
)

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
GONE = Message(template="the folder {path} is not there", values={"path": "/srv/收件"})
GROWING = Message(template="still growing")


def page_news(inbox: str = "in", *, bad: bool = False, seconds: float | None = 0.4) -> PageNews:
    findings = (skew_finding(4.0),) if bad else ()
    judged = page("A·1/0001.jpg", item="A·1", findings=findings)
    return PageNews(inbox=inbox, judged=judged, item="A·1", titles={}, remedies={}, seconds=seconds, at=AT)


def station_news(inbox: str = "in", *, trouble: Message | None = None, restarts: int = 0) -> StationNews:
    waiting = tuple(WaitingFile(path=f"{s}.tif", seconds=s, why=GROWING) for s in (40.0, 2.5))
    return StationNews(
        inbox=inbox,
        waiting=waiting,
        queued=3,
        unread=7,
        files=120,
        open_items=2,
        trouble=trouble,
        worker_restarts=restarts,
    )


def item_news(kind: EventKind = EventKind.ITEM_CLOSED, outcome: Outcome = Outcome.REJECT) -> ItemNews:
    return ItemNews(inbox="in", kind=kind, item="A·1", outcome=outcome, at=AT)


def file_news(kind: EventKind) -> FileNews:
    return FileNews(inbox="in", kind=kind, path="A·1/0001.jpg", at=AT)


def service_news(kind: EventKind, inbox: str = "") -> ServiceNews:
    return ServiceNews(kind=kind, inbox=inbox, message=GONE, at=AT)
