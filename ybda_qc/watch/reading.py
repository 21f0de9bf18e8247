"""Text that is read behind the answers, and the pages whose verdict it changes."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial

from ybda_qc.engine.declared import blanks_of_records
from ybda_qc.engine.judge import judge_page
from ybda_qc.engine.judging import LedgerView
from ybda_qc.engine.plan import Plan
from ybda_qc.engine.text_stage import TextStage
from ybda_qc.model import JudgedPage, PageResult
from ybda_qc.report import translator
from ybda_qc.watch.documents import event_of
from ybda_qc.watch.examining import without_unread_text
from ybda_qc.watch.news import PageNews
from ybda_qc.watch.refresh import Behind, Interruptible


def read_text(
    behind: Behind,
    view: LedgerView,
    *,
    inbox: str,
    workers: int,
    renew_after: int,
    is_current: Callable[[PageResult], bool],
    tell: Callable[[PageNews], None],
    stop: threading.Event,
) -> None:
    """Read the text of all pages that have some to be read, and measure what depends on it.

    Parameters
    ----------
    behind
        What it stands on.
    view
        The folder as it was judged last.
    inbox
        Name of the folder.
    workers, renew_after
        How many workers, and after how many pages they are renewed.
    is_current
        Whether a page still has the content that was read; what is no longer so is not kept.
    tell
        Told of pages that have another verdict by their text, when the ledger has that and its event.
    stop
        Set where the work is to be given up.

    Raises
    ------
    InputError
        If the disk or the ledger lets us down.
    StoppedError
        If `stop` was set.
    """
    plan = behind.plan.declaring(blanks_of_records(view.batch, view.catalogue))
    say = translator(behind.lang)
    news_of = partial(
        PageNews,
        inbox=inbox,
        titles=plan.titles,
        remedies=plan.remedies,
        seconds=None,
        is_told_again=True,
    )

    def keep(pages: Sequence[PageResult]) -> None:
        with behind.standstill:
            current = [page for page in pages if is_current(page)]
            told = [
                news_of(judged=judged, item=judged.result.item or "", at=datetime.now(UTC))
                for judged in _judged_otherwise(behind, plan, current)
            ]
            events = [event for news in told if (event := event_of(news, say)) is not None]
            behind.ledger.watching.put_pages(behind.run, current, events)
        for news in told:
            tell(news)

    stage = TextStage(view=view, progress=Interruptible(stop), keep=keep)
    executor = partial(behind.all_workers, workers=workers, renew_after=renew_after)
    stage.read("", executor, behind.alone, meanwhile=lambda: None)


def _judged_otherwise(behind: Behind, plan: Plan, pages: Sequence[PageResult]) -> Iterator[JudgedPage]:
    """The pages among those just read that have another verdict than was told before."""
    known = behind.ledger.watching.pages_of(behind.run, {page.page.path for page in pages})
    before = {page.page: without_unread_text(judge_page(page, plan), plan).verdict for page in known}
    for page in pages:
        judged = without_unread_text(judge_page(page, plan), plan)
        if page.page in before and judged.verdict is not before[page.page]:
            yield judged
