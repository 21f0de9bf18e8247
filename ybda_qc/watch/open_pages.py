"""Pages that were to be scanned again when the service ended, for the operator who goes on."""

from collections.abc import Collection, Iterator
from itertools import islice
from typing import Final

from ybda_qc.engine.judge import judge_page
from ybda_qc.model.watching import ToldVerdict
from ybda_qc.watch.examining import without_unread_text
from ybda_qc.watch.known import KnownFiles
from ybda_qc.watch.news import CALL_FOR_A_SCAN, PageNews
from ybda_qc.watch.opening import Opened

_MOST: Final = 50
_LOOKED_AT: Final = 20_000
"""Events: so many are gone through in a fraction of a second, however large the folder is."""
_WORDS: Final = frozenset(verdict.word for verdict in CALL_FOR_A_SCAN)


def open_pages(opened: Opened, known: KnownFiles) -> tuple[PageNews, ...]:
    """Pages that lie in the folder and of which it was told last that they are to be scanned again.

    Only the last events are looked at, and only the pages that are found there are judged.

    Parameters
    ----------
    opened
        The folder.
    known
        Its files as they were taken in.

    Returns
    -------
    tuple of PageNews
        The newest first, some dozens at most.

    Raises
    ------
    InputError
        If the ledger cannot be read.
    """
    behind = opened.behind
    book = behind.ledger.watching
    told = {one.page: one for one in islice(_bad(book.last_verdicts(_LOOKED_AT), known), _MOST)}
    found = []
    for result in book.pages_of(behind.run, {page.rpartition("#")[0] for page in told}):
        last = told.get(str(result.page))
        if last is None:
            continue
        judged = without_unread_text(judge_page(result, behind.plan), behind.plan)
        if judged.verdict in CALL_FOR_A_SCAN:
            news = PageNews(
                inbox=opened.config.name,
                judged=judged,
                item=result.item or "",
                titles=opened.titles,
                remedies=opened.remedies,
                seconds=None,
                at=last.at,
            )
            found.append(news)
    return tuple(sorted(found, key=lambda news: news.at, reverse=True))


def _bad(verdicts: Collection[ToldVerdict], known: KnownFiles) -> Iterator[ToldVerdict]:
    """The last verdicts on pages, where these call for another scan of a file that is still there."""
    seen: set[str] = set()
    for told in verdicts:
        if told.page in seen:
            continue
        seen.add(told.page)
        file = known.get(told.page.rpartition("#")[0])
        if told.verdict in _WORDS and file is not None and not file.moved_to:
            yield told
