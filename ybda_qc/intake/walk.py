"""What lies in a batch folder: every file, and everything that is neither a file nor a plain folder.

Nothing is opened, nothing is followed and nothing is left out: whatever cannot be a page is a stray.
Paths are bytes while walking, so that any name the disk can hold can be read.
"""

import errno
import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ybda_qc.errors import InputError
from ybda_qc.intake.grouping import group
from ybda_qc.intake.kinds import is_executable, is_hidden, is_system
from ybda_qc.intake.layout import Layout, LayoutOptions
from ybda_qc.intake.names import hex_of, to_text
from ybda_qc.model import Batch, BatchFile, FileRole, Stray


def walk(
    root: Path,
    options: LayoutOptions,
    *,
    takes: Callable[[BatchFile], bool] = lambda _: True,
    may_be_empty: bool = False,
) -> Batch:
    """Find everything in a batch.

    Parameters
    ----------
    root
        The batch folder; may itself be a symbolic link.
    options
        The ``[layout]`` of the profile.
    takes
        Whether a file belongs to the batch yet; asked before it is given to an item.
    may_be_empty
        Whether a folder without pages or media is no mistake.

    Returns
    -------
    Batch
        Files sorted by path bytes, items by code bytes, strays by path bytes and kind.

    Raises
    ------
    InputError
        If `root` is missing, not a folder, unreadable, empty or without a single file of pages or media.
    """
    layout = Layout(options)
    walker = _Walker(root=os.fsencode(root), layout=layout)
    walker.run()
    walker.files = list(filter(takes, walker.files))
    shown = to_text(os.path.abspath(walker.root))  # noqa: PTH100 - bytes: the name need not be UTF-8
    if not may_be_empty:
        _refuse_if_nothing(shown, walker, options)
    files, items = group(walker.files, layout)
    strays = sorted(walker.strays, key=lambda stray: (stray.path.encode(), stray.kind))
    return Batch(root=shown, files=files, items=items, strays=tuple(strays), copies=layout.copies_in(files))


def _refuse_if_nothing(shown: str, walker: "_Walker", options: LayoutOptions) -> None:
    if any(file.role in (FileRole.PAGE, FileRole.MEDIA) for file in walker.files):
        return
    kinds = Counter(stray.kind for stray in walker.strays)
    links = kinds["symlink"] + kinds["symlink-loop"]
    if kinds["unreadable-folder"]:
        raise InputError(
            "{path} holds no pages that can be seen: {folders} of its folders cannot be opened. "
            "Ask for the right to read them.",
            path=shown,
            folders=kinds["unreadable-folder"],
        )
    if links:
        raise InputError(
            "{path} holds no pages but {links} symbolic links, which are never followed. "
            "Copy the files they point to into the batch.",
            path=shown,
            links=links,
        )
    if walker.files:
        raise InputError(
            "{path} holds no pages: none of its {files} files is a scan ({extensions}). "
            "Give the folder that holds the scans, or name their extension under [layout] in the profile.",
            path=shown,
            files=len(walker.files),
            extensions=" ".join(options.extensions),
        )
    raise InputError("{path} is empty. Give the folder that holds the scans.", path=shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Folder:
    """A folder still to be read; ``relative`` is empty for the batch folder."""

    relative: bytes
    depth: int
    hidden: str | None  # path of the hidden or system folder it is or lies in


@dataclass(slots=True, kw_only=True)
class _Walker:
    """Collects files and strays; folders wait in a list, so that no depth overflows the stack."""

    root: bytes
    layout: Layout
    files: list[BatchFile] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)
    hidden_files: Counter[str] = field(default_factory=Counter)

    def run(self) -> None:
        """Read the batch folder and all folders below it."""
        waiting = [_Folder(relative=b"", depth=0, hidden=None)]
        hidden_folders: list[tuple[str, str]] = []
        while waiting:
            folder = waiting.pop()
            for child in self._read(folder):
                if child.hidden and not folder.hidden:
                    name = child.hidden.rpartition("/")[2]
                    hidden_folders.append((child.hidden, "system" if is_system(name) else "hidden"))
                waiting.append(child)
        for path, kind in hidden_folders:
            self.strays.append(Stray(path=path, kind=kind, detail=str(self.hidden_files[path])))

    def _read(self, folder: _Folder) -> list[_Folder]:
        """Read one folder; its subfolders are returned."""
        path = to_text(folder.relative)
        children: list[_Folder] = []
        plain = 0  # what a person would see in it
        try:
            for name, kind, size in self._entries(folder):
                child = folder.relative + b"/" + name if folder.relative else name
                if kind == "folder":
                    children.append(self._folder(child, folder))
                    plain += not children[-1].hidden
                elif kind == "file":
                    plain += self._file(child, size, folder)
                else:
                    self._link_or_special(child, kind, folder)
                    plain += 1
        except OSError as error:
            self._unreadable(path, error)
            return children
        if not plain and path and not folder.hidden:
            self.strays.append(Stray(path=path, kind="empty-folder"))
        return children

    def _entries(self, folder: _Folder) -> Iterator[tuple[bytes, str, int]]:
        """Name, kind (folder, file, symlink, special) and size of what lies in a folder."""
        with os.scandir(self.root + b"/" + folder.relative) as entries:
            for entry in entries:
                if entry.is_symlink():
                    yield entry.name, "symlink", 0
                elif entry.is_dir(follow_symlinks=False):
                    yield entry.name, "folder", 0
                else:
                    yield entry.name, *_file_or_special(entry)

    def _folder(self, relative: bytes, parent: _Folder) -> _Folder:
        path, depth = to_text(relative), parent.depth + 1
        name = path.rpartition("/")[2]
        hidden = parent.hidden or (path if is_hidden(name) or is_system(name) else None)
        if not hidden:
            if self.layout.is_page(path):
                self.strays.append(Stray(path=path, kind="page-name-folder"))
            if depth == self.layout.options.max_depth + 1:
                self.strays.append(Stray(path=path, kind="too-deep", detail=str(depth)))
        return _Folder(relative=relative, depth=depth, hidden=hidden)

    def _file(self, relative: bytes, size_bytes: int, folder: _Folder) -> bool:
        """Note a file; whether it is one that a person would see."""
        path = to_text(relative)
        kind = None
        if folder.hidden:
            role = FileRole.STRAY
            self.hidden_files[folder.hidden] += 1
        else:
            role, kind = role_of(path, self.layout)
        if kind:
            self.strays.append(Stray(path=path, kind=kind))
        file = BatchFile(path=path, path_hex=hex_of(relative), size_bytes=size_bytes, role=role)
        self.files.append(file)
        return not folder.hidden and kind not in ("hidden", "system")

    def _link_or_special(self, relative: bytes, kind: str, folder: _Folder) -> None:
        if folder.hidden:
            return
        if kind == "symlink":
            kind, detail = _describe_link(self.root + b"/" + relative)
        else:
            detail = ""
        self.strays.append(Stray(path=to_text(relative), kind=kind, detail=detail))

    def _unreadable(self, path: str, error: OSError) -> None:
        if path:
            self.strays.append(Stray(path=path, kind="unreadable-folder", detail=error.strerror or ""))
            return
        shown = to_text(self.root)
        if isinstance(error, FileNotFoundError):
            raise InputError(
                "{path} does not exist. Check how it is written, and that the disk or share is connected.",
                path=shown,
            ) from error
        if isinstance(error, NotADirectoryError):
            raise InputError(
                "{path} is a file, not a folder. Give the folder that holds the scans.", path=shown
            ) from error
        raise InputError(
            "{path} cannot be read ({reason}). Ask for the right to read it, or check the disk.",
            path=shown,
            reason=error.strerror or str(error),
        ) from error


def lies_hidden(path: str) -> bool:
    """Whether a folder on the way to a file is hidden or a system's own: no file in it is part of a batch."""
    return any(is_hidden(name) or is_system(name) for name in path.split("/")[:-1])


def role_of(path: str, layout: Layout) -> tuple[FileRole, str | None]:
    """Role of a file by its path, and which kind of stray it is, if any."""
    name = path.rpartition("/")[2]
    if layout.is_ignored(path):
        return FileRole.IGNORED, None
    for is_kind, kind in ((is_system, "system"), (is_hidden, "hidden"), (is_executable, "executable")):
        if is_kind(name):
            return FileRole.STRAY, kind
    for is_role, role in (
        (layout.is_page, FileRole.PAGE),
        (layout.is_checksum_list, FileRole.CHECKSUM),
        (layout.is_catalogue, FileRole.CATALOGUE),
        (layout.is_media, FileRole.MEDIA),
    ):
        if is_role(path):
            return role, None
    return FileRole.STRAY, "unknown"


def _file_or_special(entry: os.DirEntry[bytes]) -> tuple[str, int]:
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        # Gone since, or no right to look: it stands in the list, and reading it will say what is wrong.
        return "file", 0
    return ("file", status.st_size) if stat.S_ISREG(status.st_mode) else ("special", 0)


def _describe_link(path: bytes) -> tuple[str, str]:
    """Kind of a symbolic link, ``symlink`` or ``symlink-loop``, and its target as written."""
    try:
        target = to_text(os.readlink(path))  # noqa: PTH115 - bytes
    except OSError:
        return "symlink", ""
    try:
        real = os.path.realpath(path, strict=True)
    except OSError as error:
        return ("symlink-loop" if error.errno == errno.ELOOP else "symlink"), target
    folder = os.path.realpath(os.path.dirname(path))  # noqa: PTH120 - bytes
    inside = folder == real or folder.startswith(real.rstrip(b"/") + b"/")
    return ("symlink-loop" if inside else "symlink"), target
