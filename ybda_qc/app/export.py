"""Export derived copies of a run's pages: searchable PDF, ALTO, hOCR, plain text."""

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Literal

from ybda_qc.app.copy_list import CopyList
from ybda_qc.app.copy_names import copy_names, page_name
from ybda_qc.app.judgement import last_judgement
from ybda_qc.app.output import folder_to_write, run_folder
from ybda_qc.app.profiles import recorded_plan, registered_checks
from ybda_qc.engine.executors.base import work_off
from ybda_qc.engine.executors.process import ProcessExecutor, default_workers
from ybda_qc.engine.exporting import PARTS
from ybda_qc.engine.ports import Ledger, Progress
from ybda_qc.engine.tasks import Answer, Death, Exported, ExportPage, ExportTask, FileRef
from ybda_qc.engine.worker import WorkerSetup
from ybda_qc.errors import DISK_TAKES_NOTHING, InputError, disk_full
from ybda_qc.model import PageContent, PageId, PageResult, PageText
from ybda_qc.model.ledger import RunRecord
from ybda_qc.ocr.export.document import About
from ybda_qc.ocr.export.kinds import KINDS, Kind
from ybda_qc.report import mark as _
from ybda_qc.store import ledger_to_read, lock_output

Per = Literal["page", "item"]

_FAILURES_KEPT = 20
_LOCK_NAME = "export.lock"  # of its own: the ledger and the reports may be written meanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A copy that was not written: which, on which page it failed, and why, in English sentences."""

    target: str
    page: PageId | None
    why: str


@dataclass(slots=True, kw_only=True)
class ExportResult:
    """What became of an export.

    Parameters
    ----------
    folder
        Where the copies lie.
    written, kept
        Copies written now, and those that were there.
    failed
        Copies that were not written, and the first of them.
    textless
        Pages in the copies on which no text was read.
    outside
        Pages that belong to no item, and are left out where items are exported.
    """

    folder: Path
    written: int = 0
    kept: int = 0
    failed: int = 0
    failures: list[Failure]
    textless: int = 0
    outside: int = 0


@dataclass(frozen=True, slots=True)
class _File:
    """A file of pages as it was measured; without a digest, it could not be read."""

    ref: FileRef
    sha256: str | None
    frames: int


@dataclass(frozen=True, slots=True)
class _Copy:
    title: str
    target: str
    pages: tuple[tuple[_File, int], ...]


def export(
    folder: Path,
    progress: Progress,
    *,
    to: str,
    per: Per = "page",
    items: Sequence[str] = (),
    out: Path | None = None,
) -> ExportResult:
    """Write derived copies of the pages of a run below ``export/`` in its folder, or in another one.

    A copy is written where all its originals still have the content that was measured. Copies that are
    there already and were made of the same are left alone, so that an interrupted export goes on. The
    ledger is only read, as it stands at the beginning; a service may go on writing it.

    Parameters
    ----------
    folder
        The run folder.
    progress
        Told of every page.
    to
        ``pdf``, ``alto``, ``hocr`` or ``txt``.
    per
        One file a page, or one an item.
    items
        Codes of the items to export; none: all.
    out
        The other folder.

    Raises
    ------
    InputError
        If there is no finished run in the folder, its text was not read to the end, the batch is gone,
        there is no such item, another export writes there, or the disk is full.
    ProfileError
        If the profile of the run cannot be read any more.
    """
    folder = run_folder(folder)
    out = folder_to_write(folder, out, "export", progress)
    with lock_output(out, "export", name=_LOCK_NAME), ledger_to_read(folder, "export", progress) as ledger:
        last = last_judgement(ledger, folder)
        run = ledger.run(last.run)
        root, reading_key = Path(run.batch_root), run.plan.reading_key
        _require_text(folder, run)
        _require_batch(out, root, to)
        keys = ledger.item_keys(last.run)
        _require_items(keys, items)
        plan = recorded_plan(run.plan, registered_checks())[1]
        counts = _page_counts(ledger, last.run, items)
        outside = counts.pop(None, 0) if per == "item" else 0
        if per == "item":
            copies, most = _of_items(ledger, last.run, items, keys, to), len(counts)
        else:
            copies, most = _of_pages(ledger, last.run, items, to), sum(counts.values())
        progress.step(_("exporting"))
        progress.expect(sum(counts.values()))
        setup = WorkerSetup(root=root, out=out, plan=plan)
        try:
            work = _Work(out, to, ledger, reading_key, progress)
            with ProcessExecutor(setup, min(default_workers(), max(1, most))) as executor:
                for task, answer in work_off(executor, work.tasks(copies)):
                    work.take(task, answer)
        except OSError as error:
            raise _not_written(out, error) from error
        finally:
            shutil.rmtree(out / PARTS, ignore_errors=True)
        work.result.outside = outside
        return work.result


class _Work:
    """Hands out copies and counts what became of them."""

    def __init__(self, folder: Path, to: str, ledger: Ledger, reading_key: str, progress: Progress) -> None:
        self._kind: Kind = KINDS[to]
        self._ledger = ledger
        self._reading_key = reading_key
        self._progress = progress
        self._list = CopyList(folder / "export" / f"{to}.jsonl", folder)
        self._made_of: dict[str, str] = {}  # of copies in flight
        self.result = ExportResult(folder=folder / "export" / to, failures=[])

    def tasks(self, copies: Iterable[_Copy]) -> Iterator[ExportTask]:
        """What workers are to do; a copy whose originals were never read is none of it."""
        self._list.tidy()
        for copy in copies:
            unread = next((file for file, _ in copy.pages if file.sha256 is None), None)
            if unread is None:
                yield self._task(copy)
            else:
                page = PageId(path=unread.ref.path)
                self._fail(Failure(target=copy.target, page=page, why=_("The file could not be read.")))
                self._progress.advance(len(copy.pages))

    def _task(self, copy: _Copy) -> ExportTask:
        pages = tuple(self._page(file, frame) for file, frame in copy.pages)
        self._made_of[copy.target] = made_of = self._identity(copy, pages)
        return ExportTask(
            target=copy.target,
            pages=pages,
            write=partial(self._kind.write, about=About(title=copy.title, reading=self._reading_key)),
            is_there=self._list.holds(copy.target, made_of),
        )

    def _page(self, file: _File, frame: int) -> ExportPage:
        assert file.sha256 is not None, "files that were never read are left out"
        return ExportPage(
            page=PageId(path=file.ref.path, frame=frame),
            file=file.ref,
            sha256=file.sha256,
            text=self._text(file.sha256, frame),
        )

    def _text(self, sha256: str, frame: int) -> PageText | None:
        return self._ledger.text(self._reading_key, PageContent(sha256, frame))

    def _identity(self, copy: _Copy, pages: Sequence[ExportPage]) -> str:
        """Digest of all that a copy depends on."""
        made_of = [
            self._kind.version,
            self._reading_key,
            copy.title,
            [(str(page.page), page.sha256, page.text is not None) for page in pages],
        ]
        return hashlib.sha256(json.dumps(made_of).encode()).hexdigest()

    def take(self, task: ExportTask, answer: Answer | Death) -> None:
        """Note what became of a copy.

        Raises
        ------
        InputError
            If the disk is full.
        """
        made_of = self._made_of.pop(task.target)
        self._progress.advance(len(task.pages))
        if isinstance(answer, Death):
            answer = Exported(page=task.pages[0].page, why=answer.detail)
        assert isinstance(answer, Exported)
        if answer.disk_full is not None:
            raise disk_full(answer.disk_full)
        if answer.why:
            self._fail(Failure(target=task.target, page=answer.page, why=answer.why))
            return
        self.result.textless += sum(page.text is None for page in task.pages)
        if task.is_there:
            self.result.kept += 1
        else:
            self.result.written += 1
            self._list.add(task.target, made_of)

    def _fail(self, failure: Failure) -> None:
        self.result.failed += 1
        if len(self.result.failures) < _FAILURES_KEPT:
            self.result.failures.append(failure)


def _not_written(folder: Path, error: OSError) -> InputError:
    if error.errno in DISK_TAKES_NOTHING:
        return disk_full(error.strerror)
    return InputError(
        "the output folder {out} cannot be used: {reason}",
        out=str(folder),
        reason=error.strerror or str(error),
    )


def _require_text(folder: Path, run: RunRecord) -> None:
    if not run.plan.reading_key:
        raise InputError(
            "the text of the run in {folder} was not read; read it first: of a watched folder by starting"
            " `watch` with --ocr auto, else by `ybda-qc run {batch} --profile … --out {folder} --ocr auto`"
            " with the profile of before",
            folder=str(folder),
            batch=run.batch_root,
        )
    if run.finished_at is None:
        raise InputError(
            "the run in {folder} was interrupted before all text was read; run it again: "
            "what is read is kept",
            folder=str(folder),
        )


def _require_batch(out: Path, root: Path, to: str) -> None:
    """The originals are there, and no copy would come to lie among them."""
    if not root.is_dir():
        raise InputError("the batch {batch} is not there: copies are made of the originals", batch=str(root))
    target = (out / "export" / to).resolve()
    if target.is_relative_to(root.resolve()):
        raise InputError(
            "{folder} leads into the batch, where nothing is ever written; remove it", folder=str(target)
        )


def _require_items(keys: Iterable[tuple[str, str]], items: Sequence[str]) -> None:
    known = {code for code, _ in keys}
    for code in items:
        if code not in known:
            raise InputError("there is no item {code} in this run", code=code)


def _page_counts(ledger: Ledger, run: int, items: Sequence[str]) -> dict[str | None, int]:
    counts = ledger.page_counts(run)
    return {code: count for code, count in counts.items() if not items or code in items}


def _of_pages(ledger: Ledger, run: int, items: Sequence[str], to: str) -> Iterator[_Copy]:
    """A copy of each page, in the order of the pages; a million of them stream through."""
    for file in _files(page for page in ledger.pages(run) if not items or page.item in items):
        path = file.ref.path
        for frame in range(1, file.frames + 1):
            name = f"{path}.{frame}" if file.frames > 1 else path
            target = f"export/{to}/{page_name(name)}.{KINDS[to].extension}"
            yield _Copy(str(PageId(path=path, frame=frame)), target, ((file, frame),))


def _of_items(
    ledger: Ledger, run: int, items: Sequence[str], keys: Sequence[tuple[str, str]], to: str
) -> Iterator[_Copy]:
    """A copy of each item that has pages."""
    names = copy_names(keys)
    for key, pages in ledger.pages_of_items(run):
        if not items or key[0] in items:
            target = f"export/{to}/{names[key]}.{KINDS[to].extension}"
            of_pages = ((file, frame) for file in _files(pages) for frame in range(1, file.frames + 1))
            yield _Copy(key[0], target, tuple(of_pages))


def _files(pages: Iterable[PageResult]) -> Iterator[_File]:
    """The files of pages, those of a file one after the other."""
    for path, frames in groupby(pages, key=lambda page: page.page.path):
        first, *further = frames
        ref = FileRef(path=path, path_hex=first.path_hex, size_bytes=first.size_bytes, item=first.item)
        yield _File(ref, first.sha256, 1 + len(further))
