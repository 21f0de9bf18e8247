"""What happens to files that lie there already, and files that are no pages."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from _watch.desk import Desk, Fresh
from _watch.journal import NOT_A_PAGE, Moment
from _watch.sheets import Sheet
from _watch.writing import EMPTY, Steps, write_whole


def scanned_again(desk: Desk) -> Steps:
    """Emptied and written again with another content."""
    way = "scanned again"
    if (path := desk.take_held()) is None:
        return
    fresh = desk.fresh(path.suffix)
    desk.begun(way, path)
    with path.open("wb", buffering=0) as file:
        for start in range(0, len(fresh.data), len(fresh.data) // 3 + 1):
            if start:
                yield desk.chance.choice((0.05, 0.2, 0.8))
            file.write(fresh.data[start : start + len(fresh.data) // 3 + 1])
        moment = Moment.now()
    desk.written(way, path, fresh, moment)


def written_over(desk: Desk) -> Steps:
    """Written over from the front, cut to its length at the end: old and new stand side by side till then."""
    way = "written over in place"
    if (path := desk.take_held()) is None:
        return
    fresh = desk.fresh(path.suffix)
    desk.begun(way, path)
    with path.open("r+b", buffering=0) as file:
        for start in range(0, len(fresh.data), len(fresh.data) // 3 + 1):
            if start:
                yield desk.chance.choice((0.05, 0.2, 0.8, 1.5))
            file.write(fresh.data[start : start + len(fresh.data) // 3 + 1])
        moment = Moment.now()
        file.truncate()
    desk.written(way, path, fresh, moment)


def same_size_and_time(desk: Desk) -> Steps:
    """Written again with as many bytes, and set to the time it had."""
    way = "same size and time"
    if (path := desk.take_held()) is None:
        return
    if desk.held[path].pages < 1:
        desk.busy.discard(path)
        return
    fresh = desk.stamped(desk.held[path].sheet)
    times = path.stat()
    desk.begun(way, path)
    moment = write_whole(path, fresh.data)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    desk.written(way, path, fresh, moment)
    yield 0.0


def replaced_by_rename(desk: Desk) -> Steps:
    """Another content under a temporary name, renamed over the page."""
    way = "renamed over a page"
    if (path := desk.take_held()) is None:
        return
    fresh = desk.fresh(path.suffix)
    temporary = path.with_name(path.name + ".tmp")
    desk.begun(way, temporary)
    write_whole(temporary, fresh.data)
    yield desk.chance.choice((0.02, 0.3, 1.0))
    moment = Moment.now()
    temporary.replace(path)
    desk.written(way, path, fresh, moment)


def renamed(desk: Desk) -> Steps:
    """A page gets another name, in its item, in another one or in the other inbox."""
    if (path := desk.take_held()) is None:
        return
    target = desk.new_path(path.suffix)
    moment = Moment.now()
    path.rename(target)
    desk.renamed("page renamed", path, target, moment)
    desk.busy -= {path, target}
    yield 0.0


def exchanged(desk: Desk) -> Steps:
    """Two pages exchange their names."""
    way = "names exchanged"
    if (one := desk.take_held()) is None:
        return
    other = desk.take_held(one.suffix)
    if other is None:
        desk.busy.discard(one)
        return
    aside = one.with_name("~aside.tmp")
    desk.busy.add(aside)
    for earlier, later in ((one, aside), (other, one), (aside, other)):
        moment = Moment.now()
        earlier.rename(later)
        desk.renamed(way, earlier, later, moment)
        yield desk.chance.choice((0.0, 0.05, 0.7))
    desk.busy -= {one, other, aside}


def folder_renamed(desk: Desk) -> Steps:
    """A whole item gets another code."""
    _whole_folder(desk, _rename_folder)
    yield 0.0


def folder_removed(desk: Desk) -> Steps:
    """A whole item is removed."""
    _whole_folder(desk, _remove_folder)
    yield 0.0


def _whole_folder(desk: Desk, change: Callable[[Desk, Path, list[Path]], None]) -> None:
    """Change an item that nobody works on, if there is one."""
    folders: dict[Path, list[Path]] = {}
    for path in desk.held:
        folders.setdefault(path.parent, []).append(path)
    free = [
        folder
        for folder, paths in folders.items()
        if not desk.is_being_filled(folder)
        and all(path.parent != folder for path in desk.busy)
        and len(paths) == sum(1 for _ in folder.iterdir())
    ]
    if free:
        folder = desk.chance.choice(free)
        change(desk, folder, folders[folder])


def _rename_folder(desk: Desk, folder: Path, paths: list[Path]) -> None:
    inbox, _ = desk.place(folder)
    target = desk.new_folder(inbox)
    target.parent.mkdir(parents=True, exist_ok=True)
    moment = Moment.now()
    folder.rename(target)
    for path in paths:
        desk.renamed("item renamed", path, target / path.name, moment)


def _remove_folder(desk: Desk, folder: Path, paths: list[Path]) -> None:
    moment = Moment.now()
    shutil.rmtree(folder)
    for path in paths:
        desk.removed("item removed", path, moment)


def removed(desk: Desk) -> Steps:
    """A page is deleted."""
    if (path := desk.take_held()) is None:
        return
    moment = Moment.now()
    path.unlink()
    desk.removed("page deleted", path, moment)
    yield 0.0


def marked(desk: Desk) -> Steps:
    """The file that says an item is complete."""
    if (path := desk.take_held()) is None:
        return
    desk.busy.discard(path)
    folder = path.parent
    if not desk.is_being_filled(folder) and all(busy.parent != folder for busy in desk.busy):
        _no_page(desk, "marker", path.with_name("item.done"), b"")
    yield 0.0


def no_page(desk: Desk) -> Steps:
    """What lies about in folders of scans, and is no page or none that can be read."""
    path = desk.new_path(".tif")
    kind = desk.chance.choice(("note", "thumbnails", "hidden", "empty", "folder", "link", "pipe"))
    if kind == "note":
        _no_page(desk, kind, path.with_name(f"note {path.stem}.txt"), b"page 3 is folded\n")
    elif kind == "thumbnails":
        _no_page(desk, kind, path.with_name("Thumbs.db"), bytes(2048))
    elif kind == "hidden":
        _no_page(desk, kind, path.with_name(f"._{path.name}"), bytes(4096))
    elif kind == "empty":
        nothing = Fresh(sheet=Sheet(suffix=".tif", data=b"", pages=1), data=b"", pages=1)
        desk.begun(EMPTY, path)
        desk.written(EMPTY, path, nothing, write_whole(path, b""))
    elif kind == "folder":
        path.mkdir()
    elif kind == "link":
        path.symlink_to(desk.staging / "nowhere.tif")
    else:
        os.mkfifo(path)
    desk.busy.discard(path)
    yield 0.0


def _no_page(desk: Desk, way: str, path: Path, data: bytes) -> None:
    desk.begun(way, path)
    moment = write_whole(path, data)
    file = Fresh(sheet=Sheet(suffix="", data=data, pages=0), data=data, pages=NOT_A_PAGE)
    desk.written(way, path, file, moment)
    del desk.held[path]
