"""Files, events and steps of a watched folder to put into a ledger."""

from collections.abc import Sequence
from dataclasses import replace

from tests.store import ledger_values as some
from ybda_qc.model.watching import Event, EventKind, FileState, TakenFile
from ybda_qc.store import SqlLedger
from ybda_qc.store.watching import WatchBook


def sha_of(name: str) -> str:
    return name.encode().hex()[:64].ljust(64, "0")


def scan(path: str, frames: int = 1, *, content: str = ""):
    """A file with its pages; `content` names what is in it."""
    sha256 = sha_of(content or path)
    state = FileState(size_bytes=100, modified_ns=1_700_000_000_123_456_789, changed_ns=5, inode=7)
    pages = tuple(some.page_result(path, frame, sha256=sha256) for frame in range(1, frames + 1))
    return TakenFile(path=path, state=state, sha256=sha256), pages


def shown(pages):
    return [(page.page.path, page.page.frame, page.sha256) for page in pages]


def event(kind: EventKind = EventKind.PAGE, subject: str = "a.jpg", **document) -> Event:
    return Event(kind=kind, at=some.NOON, subject=subject, document=document)


def plain(events):
    return [replace(entry, id=0) for entry in events]


def refresh(ledger: SqlLedger, run: int) -> int:
    judgement = ledger.begin_judgement(run, judged_at=some.NOON, plan=some.PLAN)
    ledger.put_judged(judgement, (some.judged_page(page) for page in ledger.pages(run)))
    some.decide(ledger, judgement)
    return judgement


def resume(ledger: SqlLedger, **changed) -> int | None:
    asked = {"batch_root": "/batch", "engine_version": "1.0", "plan": some.PLAN} | changed
    return ledger.watching.resume_run(**asked)


def tell(book: WatchBook, events: Sequence[Event]) -> None:
    """Append events of which nothing else is kept."""
    book.take_in(0, [], events)
