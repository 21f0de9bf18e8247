"""A derived copy of some pages: written from originals that still have the content that was measured."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from ybda_qc.engine.faults import describe
from ybda_qc.engine.plan import Plan
from ybda_qc.engine.runner import Publish, file_path
from ybda_qc.engine.tasks import Exported, ExportPage, ExportTask, FileStamp
from ybda_qc.errors import DISK_TAKES_NOTHING
from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.source import Source, open_source
from ybda_qc.imaging.view import PageView
from ybda_qc.model import PageId, Stage

PARTS = "export/.parts"
"""Folder below the run folder for what is being written; what a kill leaves there means nothing."""


class Exporter:
    """Writes derived copies.

    Parameters
    ----------
    root
        The batch.
    plan
        Its limits of decoding.
    out
        The run folder.
    publish
        Told the stage before each step.
    """

    def __init__(self, root: Path, plan: Plan, out: Path | None, publish: Publish) -> None:
        self._root = root
        self._plan = plan
        self._out = out
        self._publish = publish
        self._page: PageId | None = None
        self._hashed: tuple[str, FileStamp, str] | None = None  # of a file of many pages, hashed once

    def export(self, task: ExportTask) -> Exported:
        """Write one copy, or see that the originals of one that is there already are unchanged.

        Raises
        ------
        MemoryError
            If the worker's memory limit is reached.
        """
        self._page = None
        try:
            if task.is_there:
                for _ in self._views(task):
                    pass
            else:
                self._write(task)
        except ImageFault as fault:
            return Exported(page=self._page, why=fault.detail)
        except MemoryError:
            raise
        except OSError as error:
            words = os.strerror(error.errno) if error.errno else str(error)
            if error.errno in DISK_TAKES_NOTHING:
                return Exported(disk_full=words)
            return Exported(why=words)
        except Exception as error:  # noqa: BLE001 - here our breakage becomes data
            return Exported(page=self._page, why=describe(error))
        return Exported()

    def _write(self, task: ExportTask) -> None:
        """Write under another name, then rename: a kill leaves no half copy."""
        assert self._out is not None, "copies need a run folder"
        path, partial = self._out / task.target, self._out / PARTS / str(os.getpid())
        batch = self._root.resolve()
        if any(file.parent.resolve().is_relative_to(batch) for file in (path, partial)):
            raise ImageFault(
                "unsupported", "The folder of the copy leads into the batch, where nothing is written."
            )
        partial.parent.mkdir(parents=True, exist_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            task.write(self._views(task), partial)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)

    def _views(self, task: ExportTask) -> Iterator[tuple[PageId, PageView]]:
        """The pages, each file opened when its first page is asked for."""
        with ExitStack() as stack:
            opened: tuple[str, Source] | None = None
            for wanted in task.pages:
                self._page = wanted.page
                self._publish(Stage.OPEN, "", 0)
                if opened is None or opened[0] != wanted.file.path:
                    stack.close()
                    opened = (wanted.file.path, stack.enter_context(self._open(wanted)))
                self._publish(Stage.DECODE, "", 0)
                view = PageView(opened[1], wanted.page.frame, limits=self._plan.decode_limits)
                view.text = wanted.text
                yield wanted.page, view

    def _open(self, wanted: ExportPage) -> Source:
        """The file of a page, if it still has the content that was measured."""
        source = open_source(file_path(self._root, wanted.file))
        stamp = FileStamp(size_bytes=source.size_bytes, modified_ns=source.modified_ns)
        if self._hashed != (wanted.file.path, stamp, wanted.sha256):
            if source.sha256() != wanted.sha256:
                source.close()
                raise ImageFault("changed", "The file is no longer the one that was measured.")
            self._hashed = (wanted.file.path, stamp, wanted.sha256)
        return source
