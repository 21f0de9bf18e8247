"""Reads the names of a batch again by another layout, from what was found when it was walked."""

from collections.abc import Iterator
from dataclasses import replace

from ybda_qc.intake.grouping import group
from ybda_qc.intake.kinds import is_hidden, is_system
from ybda_qc.intake.layout import Layout, LayoutOptions
from ybda_qc.intake.walk import role_of
from ybda_qc.model import Batch, BatchFile, FileRole, Stray

_BY_LAYOUT = frozenset({"page-name-folder", "too-deep", "unknown", "executable"})
"""Strays of which the layout says what they are; all others are facts of the disk."""


def rearrange(batch: Batch, options: LayoutOptions) -> Batch:
    """The same files and folders with roles, items and numbers as another layout reads them.

    Parameters
    ----------
    batch
        As it was walked.
    options
        The layout to read it by.
    """
    layout = Layout(options)
    files: list[BatchFile] = []
    strays = [stray for stray in batch.strays if not _is_by_layout(stray)]
    for file in batch.files:
        if _lies_hidden(file.path):
            files.append(file)
            continue
        role, kind = role_of(file.path, layout)
        files.append(_unread(file, role))
        if kind is not None:
            strays.append(Stray(path=file.path, kind=kind))
    strays += _odd_folders(batch, layout)
    named, items = group(files, layout)
    ordered = sorted(strays, key=lambda stray: (stray.path.encode(), stray.kind))
    return replace(batch, files=named, items=items, strays=tuple(ordered), copies=layout.copies_in(named))


def _unread(file: BatchFile, role: FileRole) -> BatchFile:
    return BatchFile(path=file.path, path_hex=file.path_hex, size_bytes=file.size_bytes, role=role)


def _is_by_layout(stray: Stray) -> bool:
    """Hidden and system *folders* carry the count of their files and stay; single files are read again."""
    return stray.kind in _BY_LAYOUT or (stray.kind in ("hidden", "system") and not stray.detail)


def _lies_hidden(path: str) -> bool:
    return any(is_hidden(part) or is_system(part) for part in path.split("/")[:-1])


def _odd_folders(batch: Batch, layout: Layout) -> Iterator[Stray]:
    folders = {stray.path for stray in batch.strays if stray.kind in ("empty-folder", "page-name-folder")}
    for file in batch.files:
        parts = file.path.split("/")[:-1]
        folders.update("/".join(parts[: depth + 1]) for depth in range(len(parts)))
    for folder in folders:
        if _lies_hidden(folder + "/"):
            continue
        depth = folder.count("/") + 1
        if layout.is_page(folder):
            yield Stray(path=folder, kind="page-name-folder")
        if depth == layout.options.max_depth + 1:
            yield Stray(path=folder, kind="too-deep", detail=str(depth))
