"""What the parent asks of workers, and what comes back; all small and picklable."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from ybda_qc.imaging.view import PageView
from ybda_qc.model import (
    BatchFile,
    Catalogue,
    CheckResult,
    FileFacts,
    Finding,
    PageFault,
    PageId,
    PagePair,
    PageResult,
    PageText,
    Stage,
)

_SLOWEST_BYTES_A_SECOND = 2_000_000
_EXPORT_SECONDS_A_PAGE = 20.0
_READING_SECONDS_A_MEGAPIXEL = 5.0  # some ten times what a page full of small print takes


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRef:
    """A file of the batch as a worker opens it."""

    path: str
    path_hex: str | None
    size_bytes: int
    item: str | None

    @classmethod
    def of(cls, file: BatchFile) -> Self:
        """A file that the walk found."""
        return cls(path=file.path, path_hex=file.path_hex, size_bytes=file.size_bytes, item=file.item)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStamp:
    """Size and time of a file when it was read; a different stamp later means that it has changed."""

    size_bytes: int
    modified_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HashTask:
    """Hash some files, to see which of them are known already."""

    files: tuple[FileRef, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hashed:
    """Answer to a `HashTask`: path -> (SHA-256, stamp), or None for a file that could not be read."""

    digests: Mapping[str, tuple[str, FileStamp] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTask:
    """Examine one page.

    Parameters
    ----------
    file, frame
        Which page.
    checks
        Ids of the checks to measure, None for all that are planned.
    stamp
        Of the file when its first page was examined; None for the first page.
    sha256
        Digest of the file where it is known already, so that it is not hashed for every frame.
    """

    file: FileRef
    frame: int = 1
    checks: tuple[str, ...] | None = None
    stamp: FileStamp | None = None
    sha256: str | None = None

    @property
    def page(self) -> PageId:
        """Which page."""
        return PageId(path=self.file.path, frame=self.frame)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """Answer to a `PageTask`.

    ``frame_count`` is 1 where the file could not be opened. ``disk_full`` says that a picture of a finding
    could not be written, which ends the run.
    """

    result: PageResult
    frame_count: int = 1
    stamp: FileStamp | None = None
    disk_full: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceTask:
    """Draw pictures of findings that arose after the page was examined."""

    file: FileRef
    frame: int
    sha256: str
    findings: tuple[Finding, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class PairTask:
    """Have a batch check compare a pair of pages; draw them at the path `picture` if they are alike."""

    check: str
    pair: PagePair
    picture: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCompared:
    """Answer to a `PairTask`; a fault where one of the files is no longer what was measured.

    ``disk_full`` says that the picture could not be written, which ends the run.
    """

    result: CheckResult
    disk_full: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueTask:
    """Read a catalogue; ``columns`` are names of columns that the profile adds, by field."""

    path: Path
    columns: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueRead:
    """Answer to a `CatalogueTask`: the catalogue, or the message that says why there is none."""

    catalogue: Catalogue | None = None
    template: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTask:
    """Read a file that is no page, or that a checksum list names; answered by `FileFacts`.

    ``algorithms`` are those of the digests to take, all in one reading; ``is_list`` asks for the content of a
    checksum list, ``is_media`` for the format of a photograph, of audio or video.
    """

    file: FileRef
    algorithms: tuple[str, ...] = ()
    is_list: bool = False
    is_media: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTask:
    """Read the text of a page whose file still has that digest, and measure the checks of text.

    ``text`` is what is known already; only the checks are then measured.
    """

    file: FileRef
    frame: int
    sha256: str
    megapixels: float
    text: PageText | None = None

    @property
    def page(self) -> PageId:
        """Which page."""
        return PageId(path=self.file.path, frame=self.frame)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRead:
    """Answer to a `TextTask`: the text, None where it could not be read, and what the checks measured.

    ``damage`` says why the file cannot be read any more, kind and detail; ``fault`` is ours. ``disk_full``
    says that a picture of a finding could not be written, which ends the run.
    """

    text: PageText | None
    checks: Mapping[str, CheckResult]
    damage: tuple[str, str] | None = None
    fault: PageFault | None = None
    disk_full: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPage:
    """A page to be copied: its file as it was measured, and what was read on it (None: nothing)."""

    page: PageId
    file: FileRef
    sha256: str
    text: PageText | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportTask:
    """Write a derived copy of some pages, all or nothing.

    Parameters
    ----------
    target
        Path of the copy below the run folder.
    pages
        In order.
    write
        Writes the opened pages into a file.
    is_there
        The copy was written earlier: only see that the originals are unchanged.
    """

    target: str
    pages: tuple[ExportPage, ...]
    write: Callable[[Iterable[tuple[PageId, PageView]], Path], None]
    is_there: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """Answer to an `ExportTask`.

    ``why`` says why there is no copy, if there is none, and ``page`` on which page it failed. ``disk_full``
    ends the export.
    """

    page: PageId | None = None
    why: str = ""
    disk_full: str | None = None


Task = HashTask | PageTask | EvidenceTask | PairTask | CatalogueTask | FileTask | TextTask | ExportTask
Answer = Hashed | Examined | PairCompared | CatalogueRead | FileFacts | TextRead | Exported


def more_seconds(task: Task) -> float:
    """Time that a task may take beyond that of measuring a page.

    A film is read whole, from a slow share perhaps.
    """
    if isinstance(task, TextTask):
        return task.megapixels * _READING_SECONDS_A_MEGAPIXEL
    if isinstance(task, ExportTask):
        return len(task.pages) * _EXPORT_SECONDS_A_PAGE
    if isinstance(task, FileTask) and task.algorithms:
        return task.file.size_bytes / _SLOWEST_BYTES_A_SECOND
    return 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """A worker died, or was ended at a limit, over a task.

    ``cause`` is ``crashed``, ``timeout``, ``memory`` or ``exception``; ``stage``, ``check`` and
    ``frame_count`` (0 where not known) are its last words.
    """

    cause: str
    stage: Stage
    check: str
    detail: str
    frame_count: int = 0
