"""Pages, items and batches as they lie on disk."""

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class PageId:
    """A page: batch-relative posix path and frame from 1.

    A name that is not UTF-8 stands in `path` with its odd bytes escaped; `BatchFile.path_hex` has the bytes.
    """

    path: str
    frame: int = 1

    def __str__(self) -> str:
        return f"{self.path}#{self.frame}"

    @property
    def sort_key(self) -> tuple[bytes, int]:
        """Order of pages in every report: path as UTF-8 bytes, then frame."""
        return self.path.encode(), self.frame


class FileRole(StrEnum):
    """What a file in a batch is, by its place and name; its content is the checks' business."""

    PAGE = "page"  # holds one or more page images
    CATALOGUE = "catalogue"  # the catalogue 目录 in use
    MEDIA = "media"  # audio, video and the like: looked at as files, not as pages
    CHECKSUM = "checksum"  # delivered checksum lists
    IGNORED = "ignored"  # named by the profile as belonging to a delivery (read-me, hand-over form)
    STRAY = "stray"  # nothing the layout knows

    @property
    def is_of_item(self) -> bool:
        """Whether such a file belongs to an item 件."""
        return self in (FileRole.PAGE, FileRole.MEDIA)

    @property
    def is_opened(self) -> bool:
        """Whether such a file is opened: all others are only named."""
        return self.is_of_item or self in (FileRole.CATALOGUE, FileRole.CHECKSUM)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFile:
    """A file found in a batch.

    Parameters
    ----------
    path
        Batch-relative posix path, printable (see `PageId`).
    path_hex
        The bytes of the path in hexadecimal where it is not UTF-8, else None.
    size_bytes
        Size when the batch was walked.
    role
        See `FileRole`.
    item
        Code or folder of the item 件 it belongs to, None for files outside items.
    copy
        Name of the delivery copy in whose folder it lies; empty outside these, or where none are named.
    number
        Page number read off the name by the layout, None where the name gives none.
    name_matches
        Whether the name fits the profile's pattern; None where the profile sets no pattern.
    """

    path: str
    path_hex: str | None = None
    size_bytes: int
    role: FileRole
    item: str | None = None
    copy: str = ""
    number: int | None = None
    number_width: int | None = None
    name_matches: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """Something in the batch that is neither a file nor a plain folder, or a folder worth a word.

    ``kind`` is one of ``empty-folder``, ``symlink-loop``, ``symlink``, ``special`` (socket, device),
    ``page-name-folder`` (a folder named like an image), ``unreadable-folder``, ``hidden``, ``executable``,
    ``too-deep``, ``system`` (left behind by a file browser), ``unknown``.
    """

    path: str
    kind: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """The unit of acceptance (件 item or 卷 volume): an archival code 档号 or folder, and its files.

    ``files`` hold its pages; recordings and the like stand in ``media``. Either may be empty. Where a batch
    holds several copies, such as masters and access copies, there is one item for each copy.
    """

    code: str
    copy: str = ""
    files: tuple[BatchFile, ...] = ()
    media: tuple[BatchFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryCopy:
    """A copy that a batch should hold in folders of its own, as masters 保存件 or access copies 利用件."""

    name: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A batch: its files sorted by path bytes, its items by code bytes and copy, and what is odd in it.

    ``copies`` are those that the profile wants, in its order; whether they are there, a check says.
    """

    root: str
    files: tuple[BatchFile, ...]
    items: tuple[Item, ...]
    strays: tuple[Stray, ...] = field(default=())
    copies: tuple[DeliveryCopy, ...] = ()
