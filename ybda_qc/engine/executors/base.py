"""What the engine asks of an executor."""

from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import Protocol, TypeVar, cast

from ybda_qc.engine.tasks import Answer, Death, Task

IN_FLIGHT_PER_WORKER = 4
"""Enough that no worker waits for the parent, few enough that a batch of any size stays out of memory."""


TaskT = TypeVar("TaskT", bound=Task)


class Executor(Protocol):
    """Does tasks somewhere, in any order; a context manager that leaves no process behind.

    ``name`` and ``workers`` stand in the report.
    """

    name: str
    workers: int

    @property
    def in_flight(self) -> int:
        """Tasks submitted and not yet answered."""

    @property
    def has_room(self) -> bool:
        """Whether one more task may be submitted now."""

    def submit(self, task: Task) -> None:
        """Hand over a task."""

    def wait(self) -> Sequence[tuple[Task, Answer | Death]]:
        """Block until at least one task is answered; all that are."""

    def __enter__(self) -> "Executor":
        """Start the workers."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the workers; at once if there was an error."""


def submit(executor: Executor, tasks: Iterator[Task]) -> None:
    """Hand over tasks as long as there is room for them."""
    while executor.has_room and (task := next(tasks, None)) is not None:
        executor.submit(task)


def work_off(executor: Executor, tasks: Iterable[TaskT]) -> Iterator[tuple[TaskT, Answer | Death]]:
    """Have tasks of one kind done, a bounded number at a time; each with its answer, in any order."""
    waiting = iter(tasks)
    submit(executor, waiting)
    while executor.in_flight:
        for done, answer in executor.wait():
            yield cast("TaskT", done), answer
        submit(executor, waiting)
