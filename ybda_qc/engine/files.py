"""Files beside the pages: workers read checksum lists, digest what they name, and tell the formats of media.

The parent is the only one who writes. What was read is kept in small transactions, so that a kill loses at
most the files in flight.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from ybda_qc.engine.executors.base import Executor, work_off
from ybda_qc.engine.file_reading import unread_file
from ybda_qc.engine.judging import LedgerView
from ybda_qc.engine.ports import Progress
from ybda_qc.engine.tasks import Answer, Death, FileRef, FileTask
from ybda_qc.intake.checksum_paths import FileNames, locate_entries
from ybda_qc.model import BatchFile, ChecksumList, FileFacts, FileRole

_FLUSH_FILES = 2000
_FLUSH_SECONDS = 2.0


class FileStage:
    """Reads the files of one run that its batch checks ask for.

    Parameters
    ----------
    view
        The measured batch.
    progress
        Told of every file.
    """

    def __init__(self, *, view: LedgerView, progress: Progress) -> None:
        self._view = view
        self._progress = progress
        self._wanted = {role for planned in view.plan.batch_checks for role in planned.check.reads_files}
        self._lists: dict[str, ChecksumList] = {}
        self._names = FileNames(view.batch.files)
        self._again: list[FileTask] = []
        self._tried: set[FileTask] = set()
        self._buffer: list[FileFacts] = []
        self._flushed_at = time.monotonic()

    def read(self, step: str, executor: Callable[[], Executor], alone: Callable[[], Executor]) -> None:
        """Read the checksum lists, then the media and the files that the lists name.

        Parameters
        ----------
        step
            Name of this part of the work for the display.
        executor
            Makes the executor that does the work; not called where there is none.
        alone
            Makes an executor that takes one task at a time in a fresh process: for a second try at files
            over which a worker died.

        Raises
        ------
        InputError
            If the disk is full.
        """
        lists = [FileTask(file=FileRef.of(file), is_list=True) for file in self._files_of(FileRole.CHECKSUM)]
        if not lists and not self._files_of(FileRole.MEDIA):
            return
        self._progress.step(step)
        try:
            with executor() as workers:
                self._work(workers, alone, lists)
                self._work(workers, alone, self._further_files())
        finally:
            self._flush()

    def _files_of(self, role: FileRole) -> list[BatchFile]:
        files = self._view.batch.files if role in self._wanted else ()
        return [file for file in files if file.role is role]

    def _further_files(self) -> list[FileTask]:
        """The media, and the files in the lists with the algorithms of digests not known of pages."""
        wanted: defaultdict[str, set[str]] = defaultdict(set)
        for checksums in self._lists.values():
            for entry in checksums.entries:
                wanted[entry.path].add(entry.algorithm)
        contents: dict[str, tuple[str, int]] = {}
        for page in self._view.pages():
            if page.sha256 and page.page.path in wanted:
                contents[page.page.path] = (page.sha256, page.size_bytes)
        self._recall(wanted, contents)
        media = {file.path for file in self._files_of(FileRole.MEDIA)}
        return [
            FileTask(
                file=FileRef.of(file),
                algorithms=tuple(sorted(wanted.get(file.path, ()))),
                is_media=file.path in media,
            )
            for file in self._view.batch.files
            if wanted.get(file.path) or file.path in media
        ]

    def _recall(self, wanted: Mapping[str, set[str]], contents: Mapping[str, tuple[str, int]]) -> None:
        """Take the digests of pages, given by SHA-256 and size, from earlier readings of the same content.

        Where they are not known, SHA-256 is asked for beside them: computed in one reading they belong to
        one content, whatever happened to the file since its page was measured.
        """
        known = self._view.ledger.digests(sha256 for sha256, _ in contents.values())
        for path, (sha256, size_bytes) in contents.items():
            wanted[path].discard("sha256")
            if not wanted[path]:
                continue
            digests = known.get(sha256, {})
            if wanted[path] <= digests.keys():
                self._buffer.append(FileFacts(path=path, size_bytes=size_bytes, digests=digests))
                wanted[path].clear()
            else:
                wanted[path].add("sha256")

    def _work(self, executor: Executor, alone: Callable[[], Executor], tasks: Sequence[FileTask]) -> None:
        self._progress.expect(len(tasks))
        self._do(executor, tasks)
        if self._again:
            again, self._again = self._again, []
            with alone() as worker:
                self._do(worker, again)

    def _do(self, executor: Executor, tasks: Iterable[FileTask]) -> None:
        for task, answer in work_off(executor, tasks):
            self._take(task, answer)

    def _take(self, task: FileTask, answer: Answer | Death) -> None:
        if isinstance(answer, Death):
            if task not in self._tried:
                self._tried.add(task)
                self._again.append(task)
                return
            answer = unread_file(task, answer.detail)
        assert isinstance(answer, FileFacts)
        if answer.checksums is not None:
            self._lists[answer.path] = locate_entries(answer.checksums, answer.path, self._names)
        self._buffer.append(replace(answer, checksums=self._lists.get(answer.path)))
        self._progress.advance()
        overdue = time.monotonic() - self._flushed_at > _FLUSH_SECONDS
        if overdue or len(self._buffer) >= _FLUSH_FILES:
            self._flush()

    def _flush(self) -> None:
        if self._buffer:
            self._view.ledger.put_file_facts(self._view.run, self._buffer)
            self._buffer = []
        self._flushed_at = time.monotonic()
