"""A batch: hand pages to the executor, a bounded number at a time, and keep what comes back.

The parent is the only one who writes. Results are kept in small transactions, so that a kill loses at most
the pages in flight.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ybda_qc.engine.executors.base import Executor
from ybda_qc.engine.hashing import digest_file
from ybda_qc.engine.plan import Plan
from ybda_qc.engine.ports import Ledger, Progress
from ybda_qc.engine.reuse import reuse
from ybda_qc.engine.runner import broken_page, damaged_page, file_path
from ybda_qc.engine.tasks import Answer, Death, Examined, FileRef, FileStamp, Hashed, HashTask, PageTask, Task
from ybda_qc.errors import disk_full
from ybda_qc.model import PageFault, PageResult, Stage
from ybda_qc.model.ledger import CachedFile

_FLUSH_PAGES = 200
_FLUSH_SECONDS = 1.0
_FILES_PER_HASH_TASK = 16
_FILE_STAGES = frozenset({Stage.OPEN, Stage.HEADER, Stage.DECODE})
_DAMAGE_OF_CAUSE = {"crashed": "crashed", "timeout": "timeout", "memory": "too-large"}


class Measuring:
    """Measures the pages of one run and keeps the results in the ledger.

    Parameters
    ----------
    root
        The batch.
    plan
        What is measured.
    ledger, run
        Where results are kept.
    progress
        Told of every page.
    """

    def __init__(self, *, root: Path, plan: Plan, ledger: Ledger, run: int, progress: Progress) -> None:
        self._root = root
        self._plan = plan
        self._ledger = ledger
        self._run = run
        self._progress = progress
        self._pending: deque[Task] = deque()
        self._again: list[PageTask] = []
        self._unfolded: set[str] = set()  # files whose further pages have been handed over
        self._second_try = False
        self._partial: dict[tuple[str, int], PageResult] = {}
        self._stamps: dict[str, FileStamp] = {}
        self._frame_counts: dict[str, int] = {}  # of files with more than one page
        self._buffer: list[tuple[PageResult, int | None]] = []
        self._flushed_at = time.monotonic()
        self.from_cache = 0

    def measure(
        self, files: Sequence[FileRef], executor: Executor, alone: Callable[[], Executor], *, known: bool
    ) -> None:
        """Measure all pages of the files.

        Parameters
        ----------
        files
            Files that hold pages.
        executor
            Does the work.
        alone
            Makes an executor that takes one task at a time in a fresh process: for a second try at pages over
            which a worker died.
        known
            Whether the ledger may know some of the contents: files are then hashed first.

        Raises
        ------
        InputError
            If the disk is full.
        """
        self._progress.expect(len(files))
        try:
            with executor:
                self._work(executor, _hash_tasks(files) if known else _page_tasks(files))
            self._try_again(alone)
        finally:
            self._flush()
        self._look_for_changes(files)
        self._flush()

    def _work(self, executor: Executor, tasks: Iterator[Task]) -> None:
        while True:
            while executor.has_room:
                task = self._pending.popleft() if self._pending else next(tasks, None)
                if task is None:
                    break
                executor.submit(task)
            if not executor.in_flight:
                return
            for task, answer in executor.wait():
                self._take(task, answer)

    def _try_again(self, alone: Callable[[], Executor]) -> None:
        """Give pages over which a worker died one more chance, with nothing else running."""
        if self._again:
            self._second_try = True
            with alone() as executor:
                self._work(executor, iter(self._again))

    def _take(self, task: Task, answer: Answer | Death) -> None:
        match task, answer:
            case HashTask(), Hashed():
                self._take_hashes(task, answer)
            case HashTask(), Death():
                self._pending.extend(_page_tasks(task.files))
            case PageTask(), Examined():
                self._take_page(task, answer)
            case PageTask(), Death():
                self._take_death(task, answer)
            case _:  # pragma: no cover
                raise AssertionError(f"no place for {answer} to {task}")

    def _take_hashes(self, task: HashTask, answer: Hashed) -> None:
        digests = {path: found for path, found in answer.digests.items() if found is not None}
        cached = self._ledger.cached({sha256 for sha256, _ in digests.values()})
        for file in task.files:
            sha256, stamp = digests.get(file.path, (None, None))
            stored = cached.get(sha256) if sha256 else None
            if sha256 is None or stamp is None or stored is None or not self._knows_frames(stored):
                self._pending.append(PageTask(file=file))
                continue
            assert stored.frame_count is not None
            self._stamps[file.path] = stamp
            self._frame_counts[file.path] = stored.frame_count
            self._progress.expect(stored.frame_count - 1)
            for frame in range(1, stored.frame_count + 1):
                page, missing = reuse(
                    file,
                    frame,
                    stored.frames.get(frame),
                    self._plan,
                    sha256=sha256,
                    size_bytes=stamp.size_bytes,
                )
                if missing:
                    self._partial[file.path, frame] = page
                    self._pending.append(
                        PageTask(file=file, frame=frame, checks=missing, stamp=stamp, sha256=sha256)
                    )
                else:
                    self.from_cache += 1
                    self._keep(page, stored.frame_count)

    def _knows_frames(self, stored: CachedFile) -> bool:
        """Whether the pages of a file were counted by the decoder of today."""
        first = stored.frames.get(1)
        if stored.frame_count is None or first is None:
            return False
        return any((check, key) in first.results for check, key in self._plan.keys.items())

    def _take_page(self, task: PageTask, answer: Examined) -> None:
        if answer.disk_full is not None:
            raise disk_full(answer.disk_full)
        if answer.stamp is not None:
            self._stamps[task.file.path] = answer.stamp
        known = replace(task, stamp=answer.stamp, sha256=answer.result.sha256)
        self._unfold(task, answer.frame_count, known)
        self._keep(self._merge(task, answer.result), answer.frame_count if _is_first(task) else None)

    def _unfold(self, first: PageTask, frame_count: int, known: PageTask) -> None:
        """Hand over the further pages of a file once its first page has told how many there are."""
        if not _is_first(first) or frame_count < 2 or first.file.path in self._unfolded:
            return
        self._unfolded.add(first.file.path)
        self._frame_counts[first.file.path] = frame_count
        self._progress.expect(frame_count - 1)
        self._pending.extend(replace(known, frame=frame) for frame in range(2, frame_count + 1))

    def _merge(self, task: PageTask, result: PageResult) -> PageResult:
        """Join what was stored of a page with what was measured now."""
        stored = self._partial.pop((task.file.path, task.frame), None)
        if stored is None or result.sha256 != stored.sha256:
            return result
        known = {**stored.checks, **result.checks}
        return replace(
            result, checks={check: known[check] for check in self._plan.page_check_ids if check in known}
        )

    def _take_death(self, task: PageTask, death: Death) -> None:
        # Not where opening it was what failed: the medium that hung the worker would hang the parent.
        ask = task.sha256 is None and death.stage is not Stage.OPEN
        digest = digest_file(file_path(self._root, task.file)) if ask else None
        if digest is not None:
            task = replace(task, sha256=digest[0])
        self._unfold(task, death.frame_count, task)
        is_of_file = death.stage in _FILE_STAGES and death.cause in _DAMAGE_OF_CAUSE
        if is_of_file and not self._second_try:
            self._again.append(replace(task, checks=None))
            return
        if is_of_file:
            result = damaged_page(task, self._plan, _DAMAGE_OF_CAUSE[death.cause], death.detail)
        else:
            fault = PageFault(
                cause=death.cause, stage=death.stage, detail=death.detail, check=death.check or None
            )
            result = broken_page(task, self._plan, fault)
        self._partial.pop((task.file.path, task.frame), None)
        self._keep(result, None)

    def _keep(self, result: PageResult, frame_count: int | None) -> None:
        self._buffer.append((result, frame_count))
        self._progress.advance()
        overdue = time.monotonic() - self._flushed_at > _FLUSH_SECONDS
        if overdue or len(self._buffer) >= _FLUSH_PAGES:
            self._flush()

    def _flush(self) -> None:
        if self._buffer:
            self._ledger.put_pages(self._run, self._buffer)
            self._buffer = []
        self._flushed_at = time.monotonic()

    def _look_for_changes(self, files: Sequence[FileRef]) -> None:
        """Files that are no longer as they were read: the report may not speak for them."""
        for file in files:
            stamp = self._stamps.get(file.path)
            kind = _change(file_path(self._root, file), stamp) if stamp else None
            if kind is not None:
                detail = "the file changed or vanished after it was examined"
                for frame in range(1, self._frame_counts.get(file.path, 1) + 1):
                    page = damaged_page(PageTask(file=file, frame=frame), self._plan, kind, detail)
                    self._buffer.append((page, None))


def _is_first(task: PageTask) -> bool:
    """Whether the task is to find out how many pages the file has."""
    return task.frame == 1 and task.stamp is None


def _page_tasks(files: Sequence[FileRef]) -> Iterator[Task]:
    return (PageTask(file=file) for file in files)


def _hash_tasks(files: Sequence[FileRef]) -> Iterator[Task]:
    step = _FILES_PER_HASH_TASK
    return (HashTask(files=tuple(files[start : start + step])) for start in range(0, len(files), step))


def _change(path: Path, stamp: FileStamp) -> str | None:
    try:
        now = path.stat()
    except OSError:
        return "vanished"
    return None if FileStamp(size_bytes=now.st_size, modified_ns=now.st_mtime_ns) == stamp else "changed"
