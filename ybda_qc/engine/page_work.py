"""The pages of files: what is asked of the workers, and what their answers mean.

Nothing here waits and nothing is written: whoever drives it hands the tasks to an executor and takes in what
comes back, for a whole batch or for the files of a watched folder as they come.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ybda_qc.engine.hashing import digest_file
from ybda_qc.engine.plan import Plan
from ybda_qc.engine.reuse import reuse
from ybda_qc.engine.runner import broken_page, damaged_page, file_path
from ybda_qc.engine.tasks import Answer, Death, Examined, FileRef, FileStamp, Hashed, HashTask, PageTask, Task
from ybda_qc.errors import disk_full
from ybda_qc.model import PageFault, PageResult, Stage
from ybda_qc.model.ledger import CachedFile

_FILES_PER_HASH_TASK = 16
_FILE_STAGES = frozenset({Stage.OPEN, Stage.HEADER, Stage.DECODE})
_DAMAGE_OF_CAUSE = {"crashed": "crashed", "timeout": "timeout", "memory": "too-large"}


class PageWork:
    """Turns files into tasks, and answers into the results of their pages.

    Parameters
    ----------
    root
        The batch.
    plan
        What is measured.
    cached
        Looks up what was measured on contents earlier, by SHA-256.
    expect
        Told how many more pages a file turned out to have.
    keep
        Given each page, with the number of pages of its file where that is known; its first page is kept
        after the number has become known to `frame_count`.
    """

    def __init__(
        self,
        *,
        root: Path,
        plan: Plan,
        cached: Callable[[Iterable[str]], Mapping[str, CachedFile]],
        expect: Callable[[int], None],
        keep: Callable[[PageResult, int | None], None],
    ) -> None:
        self._root = root
        self._plan = plan
        self._cached = cached
        self._expect = expect
        self._keep = keep
        self._unfolded: set[str] = set()  # files whose further pages have been handed over
        self._tried: set[tuple[str, int]] = set()  # pages over which a worker died once
        self._partial: dict[tuple[str, int], PageResult] = {}
        self._stamps: dict[str, FileStamp] = {}
        self._frame_counts: dict[str, int] = {}  # of files with more than one page
        self.pending: deque[Task] = deque()
        """Tasks that earlier answers gave rise to, to be handed over next."""
        self.again: deque[PageTask] = deque()
        """Pages over which a worker died, for one more try with a worker of their own."""
        self.from_cache = 0
        """Pages whose results are all from earlier measurements."""

    def frame_count(self, path: str) -> int:
        """How many pages a file has, as far as is known; 1 before its first page was looked at."""
        return self._frame_counts.get(path, 1)

    def forget(self, path: str) -> None:
        """Let go of what is known of a file that is done, so that it can be examined anew."""
        for frame in range(1, self.frame_count(path) + 1):
            self._tried.discard((path, frame))
            self._partial.pop((path, frame), None)
        self._unfolded.discard(path)
        self._stamps.pop(path, None)
        self._frame_counts.pop(path, None)

    def take(self, task: Task, answer: Answer | Death) -> None:
        """Take in the answer to a task.

        Raises
        ------
        InputError
            If the disk is full.
        """
        match task, answer:
            case HashTask(), Hashed():
                self._take_hashes(task, answer)
            case HashTask(), Death():
                self.pending.extend(page_tasks(task.files))
            case PageTask(), Examined():
                self._take_page(task, answer)
            case PageTask(), Death():
                self._take_death(task, answer)
            case _:  # pragma: no cover
                raise AssertionError(f"no place for {answer} to {task}")

    def _take_hashes(self, task: HashTask, answer: Hashed) -> None:
        digests = {path: found for path, found in answer.digests.items() if found is not None}
        cached = self._cached({sha256 for sha256, _ in digests.values()})
        for file in task.files:
            sha256, stamp = digests.get(file.path, (None, None))
            stored = cached.get(sha256) if sha256 else None
            if sha256 is None or stamp is None or stored is None or not self._knows_frames(stored):
                self.pending.append(PageTask(file=file))
                continue
            assert stored.frame_count is not None
            self._stamps[file.path] = stamp
            self._frame_counts[file.path] = stored.frame_count
            self._expect(stored.frame_count - 1)
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
                    self.pending.append(
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
        self._expect(frame_count - 1)
        self.pending.extend(replace(known, frame=frame) for frame in range(2, frame_count + 1))

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
        if is_of_file and (task.file.path, task.frame) not in self._tried:
            self._tried.add((task.file.path, task.frame))
            self.again.append(replace(task, checks=None))
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

    def changed(self, files: Sequence[FileRef]) -> Iterator[PageResult]:
        """The pages of files that are no longer as they were read: no report may speak for them."""
        for file in files:
            stamp = self._stamps.get(file.path)
            kind = _change(file_path(self._root, file), stamp) if stamp else None
            if kind is not None:
                detail = "the file changed or vanished after it was examined"
                for frame in range(1, self.frame_count(file.path) + 1):
                    yield damaged_page(PageTask(file=file, frame=frame), self._plan, kind, detail)


def page_tasks(files: Sequence[FileRef]) -> Iterator[Task]:
    """Tasks that examine the first page of each file; the answers tell of the others."""
    return (PageTask(file=file) for file in files)


def hash_tasks(files: Sequence[FileRef]) -> Iterator[Task]:
    """Tasks that find out which of the files hold contents that are known."""
    step = _FILES_PER_HASH_TASK
    return (HashTask(files=tuple(files[start : start + step])) for start in range(0, len(files), step))


def _is_first(task: PageTask) -> bool:
    """Whether the task is to find out how many pages the file has."""
    return task.frame == 1 and task.stamp is None


def _change(path: Path, stamp: FileStamp) -> str | None:
    try:
        now = path.stat()
    except OSError:
        return "vanished"
    return None if FileStamp(size_bytes=now.st_size, modified_ns=now.st_mtime_ns) == stamp else "changed"
