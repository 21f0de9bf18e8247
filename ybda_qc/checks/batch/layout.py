"""What lies in the batch beside the pages, and how the folders are laid out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from ybda_qc.checks._base import BatchCheck, BatchView, Method, about
from ybda_qc.checks._copies import CopiedItem, FrameCounts, Surplus, copied_items, present_copies, surplus
from ybda_qc.checks._limits import Code, Flag, Limits
from ybda_qc.checks._listing import UNLISTED, WHOLE_BATCH, first_pages, listed, spans, write_spans
from ybda_qc.model import Batch, BatchFile, DeliveryCopy, FileRole, Finding, Item, Stray, Unit
from ybda_qc.model.look_alikes import folded_code

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
    folder an item that was forgotten; a link, a program or a hidden file has no place in an archive. Where
    masters and access copies do not agree page by page, a page was lost on the way from one to the other.

    Remedy: ask whoever packed the delivery. Give pages their proper names, remove what does not belong, name
    under [layout] in the profile what does.
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
        Code(
            name="copy-missing",
            title="copies that are missing",
            template="the batch should hold {count} copies and lacks: {missing}",
            limits=Flag,
        ),
        Code(
            name="outside-copies",
            title="files outside all copies",
            template="{count} files of pages or media lie in the folder of no copy",
            limits=Flag,
        ),
        Code(
            name="copy-missing-item",
            title="items missing from a copy",
            template="this item is in {present}, but not in {missing}",
            limits=Flag,
        ),
        Code(
            name="copies-differ",
            title="copies that differ in their pages",
            template="pages in {present} that are not in {missing} ({count}): {numbers}",
            limits=Flag,
        ),
        UNLISTED,
    )

    def inspect(self, view: BatchView, method: Method, limits: Limits) -> Iterator[Finding]:  # noqa: ARG002
        """Report each stray, folders that mix pages with folders of pages, and items in several folders.

        Copies that the profile names, as masters and access copies, must hold the same items and pages.

        Items whose codes read the same, but for capital letters or signs that look alike, are one item
        under two names, or two that a disk or a person will confuse.
        """
        yield from listed(_findings(view, limits), limits)


def _findings(view: BatchView, limits: Limits) -> Iterator[Finding]:
    batch = view.batch
    for stray in batch.strays:
        yield from about(_stray(stray, limits), stray.path)
    yield from _mixed_folders(batch, limits)
    yield from _split_items(batch, limits)
    yield from _items_alike(batch, limits)
    if batch.copies:
        yield from _copies(view, limits)


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
                yield from about(found, item.code, _pages(first_of[folder] for folder in folders))


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


def _copies(view: BatchView, limits: Limits) -> Iterator[Finding]:
    batch, present = view.batch, present_copies(view.batch)
    missing = [copy.title for copy in batch.copies if copy not in present]
    if missing:
        found = limits.flag("copy-missing", count=len(batch.copies), missing=", ".join(missing))
        yield from about(found, WHOLE_BATCH)
    outside = [file for item in batch.items if not item.copy for file in (*item.files, *item.media)]
    if present and outside:
        found = limits.flag("outside-copies", count=len(outside), value=float(len(outside)), unit=Unit.COUNT)
        yield from about(found, WHOLE_BATCH, _pages(outside))
    if len(present) > 1:
        frames = FrameCounts(view)
        for item in copied_items(batch):
            first, *others = [copy for copy in present if copy.name in item.files]
            for absent in present:
                if absent.name not in item.files:
                    found = limits.flag("copy-missing-item", present=first.title, missing=absent.title)
                    yield from about(found, item.code, _pages(item.files[first.name]))
            for other in others:
                yield from _differences(item, first, other, frames, limits)


def _differences(
    item: CopiedItem, one: DeliveryCopy, other: DeliveryCopy, frames: FrameCounts, limits: Limits
) -> Iterator[Finding]:
    """By numbers, page by page; by counts where files of many pages have none."""
    ones, others = item.files[one.name], item.files[other.name]
    if any(map(frames.is_whole, (*ones, *others))):
        count, wanted = frames.total(ones), frames.total(others)
        if count is not None and wanted is not None and count != wanted:
            found = limits.flag(
                "copies-differ", present=one.title, missing=other.title, count=count, others=wanted
            )
            yield from about(map(_of_counts, found), item.code, _pages((*ones[:1], *others[:1])))
        return
    for present, missing in ((one, other), (other, one)):
        more = surplus(item.files[present.name], item.files[missing.name])
        if more is not None:
            found = limits.flag(
                "copies-differ",
                present=present.title,
                missing=missing.title,
                count=len(more.numbers) + len(more.names),
                numbers=_numbers(more),
            )
            yield from about(found, item.code, _pages(more.files))


def _of_counts(finding: Finding) -> Finding:
    return replace(finding, template="{present} has {count} pages of this item, {missing} has {others}")


def _numbers(more: Surplus) -> str:
    names = [*more.names[:_SHOWN], "…"] if len(more.names) > _SHOWN else more.names
    return ", ".join([write_spans(spans(more.numbers)), *names] if more.numbers else names)


def _pages(files: Iterable[BatchFile]) -> tuple[str, ...]:
    """The first page of each file that has any."""
    return first_pages(file.path for file in files if file.role is FileRole.PAGE)
