"""One page: open, decode once, measure with every planned check, picture the findings.

This is the only place where an exception of ours becomes data (`PageFault`).
"""

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2

from ybda_qc.checks._base import Needs
from ybda_qc.checks.page.readable import damage
from ybda_qc.engine.faults import fault_of
from ybda_qc.engine.judge import judge_page
from ybda_qc.engine.pictures import draw_pictures
from ybda_qc.engine.plan import Plan, PlannedPageCheck
from ybda_qc.engine.tasks import Examined, FileRef, FileStamp, PageTask
from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.source import Source, open_source
from ybda_qc.imaging.view import PageView
from ybda_qc.model import CheckResult, PageFault, PageResult, Stage, State

Publish = Callable[[Stage, str, int], None]
_OPENCV_NO_MEMORY = -4


def file_path(root: Path, file: FileRef) -> Path:
    """Where the file lies, also if its name is not UTF-8."""
    if file.path_hex is None:
        return root / file.path
    return Path(os.fsdecode(os.fsencode(root) + b"/" + bytes.fromhex(file.path_hex)))


class Runner:
    """Examines pages by a plan.

    Parameters
    ----------
    root
        The batch.
    plan
        What to do to every page.
    out
        The run folder, for pictures of findings; None draws none.
    publish
        Told stage, check and number of frames (0: not known yet) before each step.
    """

    def __init__(self, root: Path, plan: Plan, out: Path | None, publish: Publish) -> None:
        self._root = root
        self._plan = plan
        self._out = out
        self._tell = publish
        self._stage = Stage.IDLE
        self._frame_count = 0
        self._max_file_bytes = plan.page_limits.max_file_mb * 1024 * 1024

    def _publish(self, stage: Stage, check: str) -> None:
        self._stage = stage
        self._tell(stage, check, self._frame_count)

    def examine(self, task: PageTask) -> Examined:
        """Measure one page; never raises for what a file may hold.

        Raises
        ------
        MemoryError
            If the worker's memory limit is reached before measuring: the parent tries once more, alone.
        """
        self._frame_count = 0
        self._publish(Stage.OPEN, "")
        try:
            if task.file.size_bytes > self._max_file_bytes:
                megabytes = f"{self._plan.page_limits.max_file_mb:g}"
                raise ImageFault("too-large", f"The file is larger than {megabytes} MB.")
            with open_source(file_path(self._root, task.file)) as source:
                return self._examine_source(task, source)
        except ImageFault as fault:
            unknown = replace(task, sha256=None)
            return Examined(result=damaged_page(unknown, self._plan, fault.kind, fault.detail))
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - here our breakage becomes data
            broken = broken_page(task, self._plan, fault_of(error, self._stage))
            return Examined(result=broken, frame_count=max(1, self._frame_count))

    def _examine_source(self, task: PageTask, source: Source) -> Examined:
        stamp = FileStamp(size_bytes=source.size_bytes, modified_ns=source.modified_ns)
        if task.stamp is not None and task.stamp != stamp:
            raise ImageFault("changed", "The file changed while its pages were being examined.")
        sha256 = task.sha256 or source.sha256()
        view = PageView(source, task.frame, limits=self._plan.decode_limits)
        result = self._measure(task, view, sha256)
        disk_full = self._draw(view, result)
        frame_count = max(1, self._frame_count)
        return Examined(result=result, frame_count=frame_count, stamp=stamp, disk_full=disk_full)

    def _measure(self, task: PageTask, view: PageView, sha256: str) -> PageResult:
        result = PageResult(
            page=task.page,
            path_hex=task.file.path_hex,
            item=task.file.item,
            sha256=sha256,
            size_bytes=view.source.size_bytes,
        )
        fault = self._look(view)
        checks: dict[str, CheckResult] = {}
        page_fault: PageFault | None = None
        for planned in self._plan.page_checks:
            if planned.check.needs is Needs.TEXT:  # the text stage's
                continue
            if task.checks is not None and planned.check.id not in task.checks:
                continue
            if not _can_run(planned, view, fault):
                checks[planned.check.id] = CheckResult(state=State.NOT_RUN, key=planned.key)
                continue
            self._publish(Stage.MEASURE, planned.check.id)
            checks[planned.check.id], broken = measure_check(planned, view)
            page_fault = page_fault or broken
        return replace(
            result,
            checks=checks,
            fault=page_fault,
            width_px=view.header.width_px if view.has_header else None,
            height_px=view.header.height_px if view.has_header else None,
        )

    def _look(self, view: PageView) -> ImageFault | None:
        """Read header and pixels, so that a death here is laid at the file's door, not a check's."""
        self._publish(Stage.HEADER, "")
        try:
            self._frame_count = view.header.frame_count
            self._publish(Stage.DECODE, "")
            _ = view.pixels
        except ImageFault as fault:
            return fault
        except cv2.error as error:
            if error.code == _OPENCV_NO_MEMORY:
                raise MemoryError(str(error)) from error
            raise
        return None

    def _draw(self, view: PageView, result: PageResult) -> str | None:
        """Draw the findings that the plan's limits give; says so if the disk is full."""
        if self._out is None or not view.has_pixels:
            return None
        self._publish(Stage.EVIDENCE, "")
        return draw_pictures(view, judge_page(result, self._plan), self._out, self._plan)


def damaged_page(task: PageTask, plan: Plan, kind: str, detail: str) -> PageResult:
    """The result of a page that could not be opened, or over which workers died.

    Its ``readable`` has no key: the next run looks again.
    """
    page = _unseen_page(task, plan)
    if "readable" not in page.checks:
        return page
    found = CheckResult(state=State.MEASURED, measured=damage(kind, detail))
    return replace(page, checks={**page.checks, "readable": found})


def broken_page(task: PageTask, plan: Plan, fault: PageFault) -> PageResult:
    """The result of a page on which this program failed: our fault, not the file's."""
    page = _unseen_page(task, plan)
    checks = dict(page.checks)
    if fault.check in checks:
        checks[fault.check] = CheckResult(state=State.FAULT)
    return replace(page, checks=checks, fault=fault)


def _unseen_page(task: PageTask, plan: Plan) -> PageResult:
    return PageResult(
        page=task.page,
        path_hex=task.file.path_hex,
        item=task.file.item,
        sha256=task.sha256,
        size_bytes=task.file.size_bytes,
        checks={check: CheckResult(state=State.NOT_RUN) for check in plan.page_check_ids},
    )


def _can_run(planned: PlannedPageCheck, view: PageView, fault: ImageFault | None) -> bool:
    needs = planned.check.needs
    if fault is None or needs is Needs.FILE:
        return True
    return needs in (Needs.HEADER, Needs.PIXELS_IF_ANY) and view.has_header


def measure_check(planned: PlannedPageCheck, view: PageView) -> tuple[CheckResult, PageFault | None]:
    """Measure a page with one check; its breakage becomes a fault."""
    try:
        return CheckResult.of(planned.check.measure(view, planned.method), planned.key), None
    except BaseException as error:  # a plug-in may call exit(): that must not end the run
        if isinstance(error, KeyboardInterrupt) and signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            raise  # the user's; in a worker, which ignores Ctrl-C, only a check can have made it
        return CheckResult(state=State.FAULT), fault_of(error, Stage.MEASURE, planned.check.id)
