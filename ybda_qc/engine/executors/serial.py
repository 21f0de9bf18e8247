"""Everything in this process: for debugging, profiling and single pages. A crash ends the run."""

from collections import deque
from collections.abc import Sequence
from types import TracebackType

from ybda_qc.engine.tasks import Answer, Death, Task
from ybda_qc.engine.worker import Worker, WorkerSetup
from ybda_qc.model import stored


class SerialExecutor:
    """Does each task when it is waited for."""

    name = "serial"
    workers = 1

    def __init__(self, setup: WorkerSetup) -> None:
        self._setup = setup
        self._worker: Worker | None = None
        self._queue: deque[Task] = deque()

    @property
    def in_flight(self) -> int:
        """Tasks submitted and not yet done."""
        return len(self._queue)

    @property
    def has_room(self) -> bool:
        """One at a time."""
        return not self._queue

    def submit(self, task: Task) -> None:
        """Keep the task until `wait`."""
        self._queue.append(task)

    def wait(self) -> Sequence[tuple[Task, Answer | Death]]:
        """Do the oldest task."""
        assert self._worker is not None, "use the executor as a context manager"
        task = self._queue.popleft()
        try:
            return [(task, self._worker.do(0, task))]
        except MemoryError as error:
            detail = str(error) or stored("more memory was asked for than there is")
            return [(task, Death(cause="memory", stage=self._worker.stage, check="", detail=detail))]

    def __enter__(self) -> "SerialExecutor":
        self._worker = Worker(self._setup)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._worker = None
        self._queue.clear()
