"""One pair of pages: decode each once more, one after the other, compare, draw them if they are alike."""

import os
from pathlib import Path

from ybda_qc.checks._base import PairCheck
from ybda_qc.engine.faults import describe
from ybda_qc.engine.pictures import write_picture
from ybda_qc.engine.plan import Plan, PlannedBatchCheck
from ybda_qc.engine.runner import Publish, file_path
from ybda_qc.engine.tasks import FileRef, PairCompared, PairTask
from ybda_qc.errors import DISK_TAKES_NOTHING
from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.evidence import draw_pair
from ybda_qc.imaging.source import open_source
from ybda_qc.imaging.view import PageView
from ybda_qc.model import CheckResult, PageContent, PairedPage, Stage, State


class Comparer:
    """Compares pairs of pages by the batch checks of a plan.

    Parameters
    ----------
    root
        The batch.
    plan
        Which checks.
    out
        The run folder, for pictures; None draws none.
    publish
        Told stage and check before each step.
    """

    def __init__(self, root: Path, plan: Plan, out: Path | None, publish: Publish) -> None:
        self._root = root
        self._plan = plan
        self._out = out
        self._publish = publish
        self._known: dict[PageContent, PageView] = {}  # of the last pair, for the next may share a page

    def compare(self, task: PairTask) -> PairCompared:
        """Compare a pair; whatever goes wrong is a fault of the pair.

        Raises
        ------
        MemoryError
            If the worker's memory limit is reached: the parent tries once more, alone.
        """
        planned = self._plan.pair_checks[task.check]
        self._publish(Stage.OPEN, task.check, 0)
        try:
            one, other = (self._reduced(task.check, page) for page in (task.pair.one, task.pair.other))
            return self._compare(task, planned, one, other)
        except ImageFault as fault:
            return PairCompared(result=not_compared(planned, fault.detail))
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - here our breakage becomes data
            return PairCompared(result=not_compared(planned, describe(error)))

    def _reduced(self, check: str, page: PairedPage) -> PageView:
        """The reduced planes of a page, of the last pair where it was in that."""
        view = self._known.pop(page.content, None) or self._open(check, page)
        self._known[page.content] = view
        return view

    def _open(self, check: str, page: PairedPage) -> PageView:
        """The reduced planes of a page whose file still has the content that was measured.

        Its stored pixels are let go before another page is opened, and older planes before this one is: a
        pair takes the memory of one page and of the planes of another.
        """
        for content in list(self._known)[:-1]:
            del self._known[content]
        with open_source(file_path(self._root, file_of(page))) as source:
            if source.sha256() != page.sha256:
                raise ImageFault("changed", "The file changed while its pages were being examined.")
            view = PageView(source, page.page.frame, limits=self._plan.decode_limits)
            self._publish(Stage.DECODE, check, 0)
            view.let_go()
        return view

    def _compare(
        self, task: PairTask, planned: PlannedBatchCheck, one: PageView, other: PageView
    ) -> PairCompared:
        check = planned.check
        assert isinstance(check, PairCheck)
        self._publish(Stage.MEASURE, task.check, 0)
        in_order = (one, other) if task.pair.one.content <= task.pair.other.content else (other, one)
        result = CheckResult.of(check.compare(*in_order), planned.key)
        if self._out is None or result.state is not State.MEASURED:
            return PairCompared(result=result)
        path = self._out / task.picture
        if path.exists() or not check.alike(result, planned.limits):
            return PairCompared(result=result)
        self._publish(Stage.EVIDENCE, task.check, 0)
        return PairCompared(result=result, disk_full=self._draw(path, one, other))

    def _draw(self, path: Path, one: PageView, other: PageView) -> str | None:
        """Draw both pages; says so if the disk is full."""
        picture = draw_pair(one, other, self._plan.evidence.thumbnail_px)
        try:
            write_picture(path, picture)
        except OSError as error:
            if error.errno in DISK_TAKES_NOTHING:
                return os.strerror(error.errno)
            raise
        return None


def file_of(page: PairedPage) -> FileRef:
    """The file of a page as a worker opens it."""
    return FileRef(path=page.page.path, path_hex=page.path_hex, size_bytes=page.size_bytes, item=None)


def not_compared(planned: PlannedBatchCheck, why: str) -> CheckResult:
    """The result of a pair that could not be compared; the next run tries again."""
    return CheckResult(state=State.FAULT, key=planned.key, reason=why)
