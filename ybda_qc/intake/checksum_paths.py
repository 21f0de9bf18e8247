"""Which files of a batch a checksum list means: by name only, nothing is opened."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace

from ybda_qc.model import BatchFile, ChecksumEntry, ChecksumList, ChecksumProblem, FileRole

_DRIVE = re.compile("[A-Za-z]:")
_PATHS_TRIED = 1000  # full paths of a list by which the folder is found that they count from


class FileNames:
    """The files of a batch, found under the spellings that other systems give their names.

    Parameters
    ----------
    files
        All files of the batch.
    """

    def __init__(self, files: Iterable[BatchFile]) -> None:
        self._paths: set[str] = set()
        self._alike: defaultdict[str, set[str]] = defaultdict(set)
        self._beside: defaultdict[str, set[str]] = defaultdict(set)
        for file in files:
            self._paths.add(file.path)
            for spelling in _spellings_of(file):
                self._alike[_folded(spelling)].add(file.path)
            if file.role is not FileRole.CHECKSUM:
                self._beside[_without_ending(file.path)].add(file.path)

    def __contains__(self, path: str) -> bool:
        return path in self._paths

    def alike(self, path: str) -> str | None:
        """The one file whose name differs in nothing but case, Unicode form or encoding."""
        return _only(self._alike.get(_folded(path), set()))

    def beside(self, list_path: str) -> str | None:
        """The file of a list that names none: ``0001.jpg`` for ``0001.jpg.md5`` or ``0001.md5``."""
        stem = _without_ending(list_path)
        return stem if stem in self._paths else _only(self._beside.get(stem, set()))


def locate_entries(checksums: ChecksumList, list_path: str, names: FileNames) -> ChecksumList:
    """Put paths in the batch in the place of those in a list.

    Paths count from the folder of the list, as its tools write them; from the batch folder where no file is
    found that way and some are from there. Full paths of the machine that made the list count from the folder
    there that held the delivery, if all of them lie in one. What leads out of the batch becomes a problem.

    Parameters
    ----------
    checksums
        As `parse_checksums` read it.
    list_path
        Path of the list in the batch.
    names
        The files of the batch.

    Returns
    -------
    ChecksumList
        Entries whose paths are those of files, or, of files that are missing, where they should lie; without
        those by which the list names itself.
    """
    folder = list_path.rpartition("/")[0]
    entries = _without_root(checksums.entries, folder, names)
    found = _found(entries, list_path, folder, names)
    if not found and folder:
        found = _found(entries, list_path, "", names)
        folder = "" if found else folder
    located: list[ChecksumEntry] = []
    problems = list(checksums.problems)
    for entry in entries:
        path = found.get(entry.line) or _expected(entry, list_path, folder)
        if (
            path == list_path
        ):  # ``md5sum * > list.md5`` digests the list while it is empty: no list holds its own
            continue
        if path is None:
            problems.append(ChecksumProblem(line=entry.line, kind="outside", text=entry.path))
        else:
            located.append(replace(entry, path=path))
    return replace(checksums, entries=tuple(located), problems=tuple(problems))


def _without_root(
    entries: tuple[ChecksumEntry, ...], folder: str, names: FileNames
) -> tuple[ChecksumEntry, ...]:
    """Take from full paths the folder that held the delivery: the one below which most files are found."""
    full = {entry.line: _parts(entry.path) for entry in entries if _is_full(entry.path)}
    paths = list(full.values())
    if not paths or any(part in (".", "..") for parts in paths for part in parts):
        return entries
    shared = _shared([parts[:-1] for parts in paths])

    sample = paths[:: len(paths) // _PATHS_TRIED + 1]

    def files_below(depth: int) -> int:
        return sum(_is_there("/".join(parts[depth:]), folder, names) for parts in sample)

    depth = max(range(shared + 1), key=files_below)
    if not files_below(depth):
        return entries
    return tuple(
        replace(entry, path="/".join(full[entry.line][depth:])) if entry.line in full else entry
        for entry in entries
    )


def _is_full(path: str) -> bool:
    return path.startswith(("/", "\\")) or _DRIVE.match(path) is not None


def _parts(path: str) -> list[str]:
    return [part for part in path.replace("\\", "/").strip().split("/") if part]


def _shared(paths: list[list[str]]) -> int:
    """How many parts all paths begin with alike."""
    first, last = min(paths), max(paths)
    return next(
        (depth for depth, (one, other) in enumerate(zip(first, last, strict=False)) if one != other),
        min(len(first), len(last)),
    )


def _is_there(path: str, folder: str, names: FileNames) -> bool:
    return any(
        where in names or names.alike(where) is not None for where in (f"{folder}/{path}".lstrip("/"), path)
    )


def _found(entries: Iterable[ChecksumEntry], list_path: str, folder: str, names: FileNames) -> dict[int, str]:
    """Line -> file: by its very name, else by one that is alike and not itself in the list."""
    exact: dict[int, str] = {}
    alike: dict[int, str] = {}
    for entry in entries:
        if not entry.path:
            beside = names.beside(list_path)
            if beside is not None:
                exact[entry.line] = beside
            continue
        for path in _readings(entry.path, folder):
            if path in names:
                exact[entry.line] = path
                break
            similar = names.alike(path)
            if similar is not None:
                alike.setdefault(entry.line, similar)
    taken = set(exact.values())
    return exact | {line: path for line, path in alike.items() if line not in exact and path not in taken}


def _readings(written: str, folder: str) -> Iterator[str]:
    """What a path in a list may mean: as it stands, as Windows writes it, without blanks around it."""
    for path in dict.fromkeys((written, written.replace("\\", "/"), written.replace("\\", "/").strip())):
        joined = _join(folder, path)
        if joined:
            yield joined


def _expected(entry: ChecksumEntry, list_path: str, folder: str) -> str | None:
    """Where a missing file should lie; None where that is outside the batch."""
    if not entry.path:
        return _without_ending(list_path)
    path = entry.path.replace("\\", "/").strip()
    return None if _DRIVE.match(path) else _join(folder, path)


def _join(folder: str, path: str) -> str | None:
    """The path seen from the batch folder; None where it leads out of it."""
    if path.startswith("/"):
        return None
    parts = folder.split("/") if folder else []
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) or None


def _spellings_of(file: BatchFile) -> Iterator[str]:
    yield file.path
    if file.path_hex is not None:
        with suppress(UnicodeDecodeError):
            yield bytes.fromhex(file.path_hex).decode("gb18030")


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def _without_ending(path: str) -> str:
    folder, slash, name = path.rpartition("/")
    stem, dot, _ = name.rpartition(".")
    return folder + slash + (stem if dot and stem else name)


def _only(paths: set[str]) -> str | None:
    return next(iter(paths)) if len(paths) == 1 else None
