"""The text of one page: decode it again, have it read, measure the checks of text, draw findings."""

from collections.abc import Callable
from pathlib import Path

from ybda_qc.engine.faults import fault_of
from ybda_qc.engine.judge import judge_page
from ybda_qc.engine.pictures import draw_pictures
from ybda_qc.engine.plan import Plan
from ybda_qc.engine.ports import Reader
from ybda_qc.engine.runner import Publish, file_path, measure_check
from ybda_qc.engine.tasks import TextRead, TextTask
from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.source import open_source
from ybda_qc.imaging.view import PageView
from ybda_qc.model import CheckResult, PageFault, PageResult, PageText, Stage, State


class TextReading:
    """Reads the text of pages by a plan.

    Parameters
    ----------
    root
        The batch.
    plan
        Which checks of text.
    out
        The run folder, for pictures of findings; None draws none.
    open_reader
        Opens what reads text; called once, when the first page is to be read.
    publish
        Told stage and check before each step.
    """

    def __init__(
        self,
        root: Path,
        plan: Plan,
        out: Path | None,
        open_reader: Callable[[], Reader] | None,
        publish: Publish,
    ) -> None:
        self._root = root
        self._plan = plan
        self._out = out
        self._open_reader = open_reader
        self._reader: Reader | None = None
        self._tell = publish
        self._stage = Stage.IDLE

    def _publish(self, stage: Stage, check: str = "") -> None:
        self._stage = stage
        self._tell(stage, check, 0)

    def read(self, task: TextTask) -> TextRead:
        """Read a page; whatever goes wrong is a fault of the page.

        Raises
        ------
        MemoryError
            If the worker's memory limit is reached: the parent tries once more, alone.
        """
        self._publish(Stage.OPEN)
        try:
            with open_source(file_path(self._root, task.file)) as source:
                if source.sha256() != task.sha256:
                    raise ImageFault("changed", "The file changed while its pages were being examined.")
                return self._read(task, PageView(source, task.frame, limits=self._plan.decode_limits))
        except ImageFault as fault:
            return TextRead(text=None, checks={}, damage=(fault.kind, fault.detail))
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - here the breakage of an engine becomes data
            return unread_page(self._plan, fault_of(error, self._stage))

    def _read(self, task: TextTask, view: PageView) -> TextRead:
        view.text = task.text or self._text_of(view)
        checks: dict[str, CheckResult] = {}
        fault: PageFault | None = None
        for planned in self._plan.text_checks:
            self._publish(Stage.MEASURE, planned.check.id)
            checks[planned.check.id], broken = measure_check(planned, view)
            fault = fault or broken
        disk_full = self._draw(task, view, checks)
        return TextRead(text=view.text, checks=checks, fault=fault, disk_full=disk_full)

    def _text_of(self, view: PageView) -> PageText:
        self._publish(Stage.DECODE)
        _ = view.pixels
        self._publish(Stage.READ)
        if self._reader is None:
            assert self._open_reader is not None, "the plan reads no text"
            self._reader = self._open_reader()
        return self._reader.read(view)

    def _draw(self, task: TextTask, view: PageView, checks: dict[str, CheckResult]) -> str | None:
        """Draw what the checks of text find by the plan's limits; says so if the disk is full."""
        if self._out is None:
            return None
        self._publish(Stage.EVIDENCE)
        result = PageResult(
            page=task.page, sha256=task.sha256, size_bytes=view.source.size_bytes, checks=checks
        )
        return draw_pictures(view, judge_page(result, self._plan), self._out, self._plan)


def unread_page(plan: Plan, fault: PageFault) -> TextRead:
    """What stands for a page that could not be read; the next run tries again."""
    checks = {planned.check.id: CheckResult(state=State.FAULT) for planned in plan.text_checks}
    return TextRead(text=None, checks=checks, fault=fault)
