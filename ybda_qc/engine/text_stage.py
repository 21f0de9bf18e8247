"""The second stage of a run: the text of its pages, read by workers, kept under their contents.

The parent is the only one who writes. Texts are kept in small transactions, so that a kill loses at most the
pages in flight.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from ybda_qc.checks.page.blank_page import NOTHING
from ybda_qc.engine.executors.base import Executor, submit, work_off
from ybda_qc.engine.judging import LedgerView
from ybda_qc.engine.ports import Progress
from ybda_qc.engine.reading import unread_page
from ybda_qc.engine.runner import damaged_page
from ybda_qc.engine.tasks import Answer, Death, FileRef, PageTask, TextRead, TextTask
from ybda_qc.errors import disk_full
from ybda_qc.model import (
    CheckResult,
    NotApplicable,
    PageContent,
    PageFault,
    PageId,
    PageResult,
    PageText,
    State,
)

_FLUSH_PAGES = 50
_FLUSH_SECONDS = 2.0
_SETTLED = (State.MEASURED, State.NOT_APPLICABLE)


def is_unread(page: PageResult, view: LedgerView) -> bool:
    """Whether the text of a page, as measured, is still to be read, or the page to be judged by it.

    The text of a page may be known, by another page of the same content, before its checks have measured it;
    and of a blank page it is still to be said that it has none.
    """
    if not _is_seen(page):
        return False
    is_measured = all(planned.check.id in page.checks for planned in view.plan.text_checks)
    return not is_measured or not (_is_blank(page) or view.knows_text_of(page))


class TextStage:
    """Has the text of the pages of one run read.

    Pages that are blank, damaged or known are not opened.

    Parameters
    ----------
    view
        The measured batch.
    progress
        Told of every page.
    keep
        Keeps pages with what was measured of their text; None: the ledger of the view does.
    """

    def __init__(
        self,
        *,
        view: LedgerView,
        progress: Progress,
        keep: Callable[[Sequence[PageResult]], None] | None = None,
    ) -> None:
        self._view = view
        self._keep_pages = keep or self._put_pages
        self._plan = view.plan
        self._key = view.plan.reading_key
        self._progress = progress
        self._reading: dict[PageId, PageResult] = {}  # pages in flight, as they were measured
        self._again: list[TextTask] = []
        self._second_try = False
        self._texts: dict[PageContent, PageText] = {}
        self._pages: list[PageResult] = []
        self._flushed_at = time.monotonic()

    @cached_property
    def expected(self) -> int:
        """How many pages are to be read, or to be judged by text that is known."""
        return sum(1 for page in self._view.pages() if self._is_wanted(page))

    def read(
        self,
        step: str,
        executor: Callable[[], Executor],
        alone: Callable[[], Executor],
        meanwhile: Callable[[], object],
    ) -> None:
        """Read what is not known yet.

        Parameters
        ----------
        step
            Name of this part of the work for the display.
        executor
            Makes the executor that does the work; not called where there is none.
        alone
            Makes an executor that takes one task at a time in a fresh process: for a second try at pages over
            which a worker died.
        meanwhile
            Called when workers have begun; sees the ledger as it was before the first text is kept. Not
            called where there is nothing to be read.

        Raises
        ------
        InputError
            If the disk is full.
        """
        self._say_blank()
        if not self.expected:
            return
        try:
            with executor() as workers:
                tasks = self._tasks()
                submit(workers, tasks)
                meanwhile()
                self._progress.step(step)
                self._progress.expect(self.expected)
                self._work(workers, tasks)
            if self._again:
                self._second_try = True
                with alone() as worker:
                    self._work(worker, iter(self._again))
        finally:
            self._flush()

    def _say_blank(self) -> None:
        """Blank pages have no text to be judged; said by every run, for another may find them otherwise."""
        said = CheckResult.of(NotApplicable(reason="the page is blank: there is no text to read"), key="")
        checks = {planned.check.id: said for planned in self._plan.text_checks}
        for page in self._view.pages():
            if checks and _is_seen(page) and _is_blank(page):
                self._keep(replace(page, checks={**page.checks, **checks}))
        self._flush()

    def _is_wanted(self, page: PageResult) -> bool:
        if not _is_seen(page) or _is_blank(page):
            return False
        results = (page.checks.get(planned.check.id) for planned in self._plan.text_checks)
        is_measured = all(result is not None and result.state in _SETTLED for result in results)
        return not is_measured or not self._view.knows_text_of(page)

    def _tasks(self) -> Iterator[TextTask]:
        for page in self._view.pages():
            if self._is_wanted(page):
                self._reading[page.page] = page
                yield _task(page, self._view.text_of(page))

    def _work(self, executor: Executor, tasks: Iterator[TextTask]) -> None:
        for task, answer in work_off(executor, tasks):
            self._take(task, answer)

    def _take(self, task: TextTask, answer: Answer | Death) -> None:
        if isinstance(answer, Death):
            if not self._second_try:
                self._again.append(task)
                return
            fault = PageFault(
                cause=answer.cause, stage=answer.stage, detail=answer.detail, check=answer.check or None
            )
            answer = unread_page(self._plan, fault)
        assert isinstance(answer, TextRead)
        if answer.disk_full is not None:
            raise disk_full(answer.disk_full)
        if answer.text is not None:
            self._texts[PageContent(task.sha256, task.frame)] = answer.text
        self._keep(self._joined(task, answer))
        self._progress.advance()

    def _joined(self, task: TextTask, answer: TextRead) -> PageResult:
        """What was measured of a page and what was read of it."""
        page = self._reading.pop(task.page)
        if answer.damage is not None:
            kind, detail = answer.damage
            return damaged_page(PageTask(file=task.file, frame=task.frame), self._plan, kind, detail)
        checks = {**page.checks, **answer.checks}
        return replace(
            page,
            checks={check: checks[check] for check in self._plan.page_check_ids if check in checks},
            fault=page.fault or answer.fault,
        )

    def _keep(self, page: PageResult) -> None:
        self._pages.append(page)
        overdue = time.monotonic() - self._flushed_at > _FLUSH_SECONDS
        if overdue or len(self._pages) >= _FLUSH_PAGES:
            self._flush()

    def _flush(self) -> None:
        """Keep the texts before the pages: what a kill leaves between the two is measured again, not read."""
        self._view.ledger.put_texts(self._key, self._texts)
        self._keep_pages(self._pages)
        self._texts, self._pages = {}, []
        self._flushed_at = time.monotonic()

    def _put_pages(self, pages: Sequence[PageResult]) -> None:
        self._view.ledger.put_pages(self._view.run, [(page, None) for page in pages])


def _is_seen(page: PageResult) -> bool:
    """Whether the image stage has seen the pixels of a page."""
    is_open = page.sha256 is not None and page.width_px is not None
    return is_open and page.text("readable", "damage") is None


def _is_blank(page: PageResult) -> bool:
    return page.text("blank_page", "content") == NOTHING


def _task(page: PageResult, text: PageText | None) -> TextTask:
    assert page.sha256 is not None and page.width_px is not None and page.height_px is not None
    megapixels = page.width_px * page.height_px / 1_000_000
    file = FileRef(path=page.page.path, path_hex=page.path_hex, size_bytes=page.size_bytes, item=page.item)
    return TextTask(file=file, frame=page.page.frame, sha256=page.sha256, megapixels=megapixels, text=text)
