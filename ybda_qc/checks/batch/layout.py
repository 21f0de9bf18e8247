"""What lies in the batch beside the pages, and how the folders are laid out."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ybda_qc.checks._alike import folded_code
from ybda_qc.checks._base import BatchCheck, BatchView, Code, Flag, Limits, Method, about
from ybda_qc.checks._listing import UNLISTED, first_pages, listed
from ybda_qc.model import Batch, BatchFile, FileRole, Finding, Item, Stray

_ROOT = "."
_SHOWN = 5  # names in a message
_CODE_OF_KIND: Final = {
    "unknown": "stray-file",
    "system": "system-file",
    "hidden": "hidden-file",
    "executable": "executable",
    "empty-folder": "empty-folder",
    "page-name-folder": "page-name-folder",
    "symlink": "symlink",
    "symlink-loop": "symlink",
    "unreadable-folder": "unreadable-folder",
    "special": "special-file",
    "too-deep": "too-deep",
}


class LayoutCheck(BatchCheck):
    """A batch holds page files in the folders of their items, catalogue and checksum lists, and nothing else.

    Why: what nobody expects is what nobody checks. A stray file may be a page under a wrong name; an empty
    folder an item that was forgotten; a link, a program or a hidden file has no place in an archive.

    Remedy: ask whoever packed the delivery. Give pages their proper names, remove what does not belong, name
    under ``[layout]`` in the profile what does.
    """

    id = "layout"
    title = "Layout"
    version = 1
    method = Method
    codes = (
        Code(
            name="stray-file",
            title="stray files",
            template="{path} is neither a page nor a catalogue",
            limits=Flag,
        ),
        Code(
            name="system-file",
            title="files left behind by programs",
            template="{path} was left behind by an operating system or office program",
            limits=Flag,
        ),
        Code(
            name="hidden-file",
            title="hidden files",
            template="{path} is hidden and was not checked",
            limits=Flag,
        ),
        Code(
            name="executable",
            title="programs and scripts",
            template="{path} is a program or script",
            limits=Flag,
        ),
        Code(name="empty-folder", title="empty folders", template="the folder {path} is empty", limits=Flag),
        Code(
            name="page-name-folder",
            title="folders named like pages",
            template="{path} is a folder, but is named like a page file",
            limits=Flag,
        ),
        Code(
            name="symlink",
            title="links",
            template="{path} is a link to {detail} and was not followed",
            limits=Flag,
        ),
        Code(
            name="unreadable-folder",
            title="folders that cannot be read",
            template="the folder {path} cannot be read: {detail}",
            limits=Flag,
        ),
        Code(
            name="special-file",
            title="pipes, sockets, devices",
            template="{path} is a pipe, socket or device and was not opened",
            limits=Flag,
        ),
        Code(
            name="too-deep",
            title="folders that lie too deep",
            template="the folder {path} lies too deep: level {detail}",
            limits=Flag,
        ),
        Code(
            name="mixed-folder",
            title="pages beside folders",
            template="pages lie in {path} itself and in folders below it",
            limits=Flag,
        ),
        Code(
            name="split-item",
            title="items spread over folders",
            template="this item lies in {count} folders: {folders}",
            limits=Flag,
        ),
        UNLISTED,
    )

    def inspect(self, view: BatchView, method: Method, limits: Limits) -> Iterator[Finding]:  # noqa: ARG002
        """Report each stray, folders that mix pages with folders of pages, and items in several folders.

        Items whose codes read the same, but for capital letters or signs that look alike, are one item
        under two names, or two that a disk or a person will confuse.
        """
        yield from listed(_findings(view.batch, limits), limits)


def _findings(batch: Batch, limits: Limits) -> Iterator[Finding]:
    for stray in batch.strays:
        yield from about(_stray(stray, limits), stray.path)
    yield from _mixed_folders(batch, limits)
    yield from _split_items(batch, limits)
    yield from _items_alike(batch, limits)


def _stray(stray: Stray, limits: Limits) -> Iterator[Finding]:
    code = _CODE_OF_KIND.get(stray.kind, "stray-file")
    yield from limits.flag(code, path=stray.path, detail=stray.detail)


def _folder(path: str) -> str:
    return path.rpartition("/")[0] or _ROOT


def _mixed_folders(batch: Batch, limits: Limits) -> Iterator[Finding]:
    folders = {_folder(file.path) for file in batch.files if file.role is FileRole.PAGE}
    mixed: set[str] = set()
    for folder in folders - {_ROOT}:
        above = folder
        while above != _ROOT:
            above = _folder(above)
            if above in folders:
                mixed.add(above)
    for folder in sorted(mixed, key=str.encode):
        found = limits.flag("mixed-folder", path=folder)
        yield from about(map(_of_root, found) if folder == _ROOT else found, folder)


def _of_root(finding: Finding) -> Finding:
    """In words: nobody reads a dot as a folder."""
    return replace(finding, template="pages lie in the batch folder itself and in folders below it")


def _split_items(batch: Batch, limits: Limits) -> Iterator[Finding]:
    """Items with pages in several folders, or with media in several: these two may well be kept apart."""
    for item in batch.items:
        for files in (item.files, item.media):
            first_of: dict[str, BatchFile] = {}
            for file in files:
                first_of.setdefault(_folder(file.path), file)
            if len(first_of) > 1:
                folders = sorted(first_of, key=str.encode)
                shown = ", ".join(folders[:_SHOWN]) + (", …" if len(folders) > _SHOWN else "")
                found = limits.flag("split-item", count=len(folders), folders=shown)
                pages = (first_of[folder] for folder in folders)
                yield from about(
                    found, item.code, first_pages(page.path for page in pages if page.role is FileRole.PAGE)
                )


def _items_alike(batch: Batch, limits: Limits) -> Iterator[Finding]:
    alike: defaultdict[str, dict[str, Item]] = defaultdict(dict)
    for item in batch.items:
        alike[folded_code(item.code)].setdefault(item.code, item)
    for items in alike.values():
        if len(items) > 1:
            first, *others = items
            shown = ", ".join(others[:_SHOWN]) + (", …" if len(others) > _SHOWN else "")
            found = limits.flag("split-item", count=len(items), one=first, others=shown)
            pages = (item.files[0].path for item in items.values() if item.files)
            yield from about(map(_of_like_codes, found), first, first_pages(pages))


def _of_like_codes(finding: Finding) -> Finding:
    return replace(
        finding,
        template="{one} and {others} differ only in capital letters or look-alike signs: are they one item?",
    )
