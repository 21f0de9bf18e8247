"""Names of files and folders: what the profile asks, and what survives a copy to another system."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from ybda_qc.checks._base import BatchCheck, BatchView, Method, about
from ybda_qc.checks._limits import Above, Code, Flag, Limits
from ybda_qc.checks._listing import UNLISTED, first_pages, listed
from ybda_qc.model import BatchFile, FileRole, Finding, Unit

# Names that Windows cannot store: learn.microsoft.com, "Naming Files, Paths, and Namespaces".
_WINDOWS_CHARACTERS = re.compile(r'[<>:"\\|?*]')
_WINDOWS_DEVICES = re.compile(r"(con|prn|aux|nul|(com|lpt)[1-9¹²³])(\..*)?", re.IGNORECASE | re.DOTALL)
_LONGEST_NAME = 255  # UTF-16 units; NTFS, exFAT, APFS and HFS+ agree


class FileNameCheck(BatchCheck):
    """Page files are named as the profile asks, and every name can be stored and read on any system.

    Why: DA/T 31-2017 builds names on the archival code 档号 and a running number, so that each image is
    found from its record. A name in another encoding, with a line break, or of a kind that Windows cannot
    store is lost, changed or overwritten on the first copy.

    Remedy: rename the file in the program that made the delivery, so that catalogue and checksum lists
    change with it.
    """

    id = "file_name"
    title = "File names"
    version = 1
    judges_items = True
    method = Method
    codes = (
        Code(
            name="no-match",
            title="names that fit no pattern",
            template="the name {name} fits no pattern of the profile",
            limits=Flag,
        ),
        Code(
            name="not-utf8",
            title="names that are not UTF-8",
            template="the name is not UTF-8; its odd bytes are shown as \\xHH",
            limits=Flag,
        ),
        Code(
            name="control-character",
            title="invisible characters in names",
            template="the name holds a line break or another invisible character",
            limits=Flag,
        ),
        Code(
            name="unportable",
            title="names that Windows cannot store",
            template="Windows cannot store the name {name}",
            limits=Flag,
        ),
        Code(
            name="long-path",
            title="long paths",
            template="the path has {value:g} characters; more than {limit:g} may be too long for Windows",
            limits=Above,
        ),
        Code(
            name="case-clash",
            title="names that differ only in capital letters or accents",
            template="the name differs from {other} only by capital letters or the encoding of accents",
            limits=Flag,
        ),
        UNLISTED,
    )

    def inspect(self, view: BatchView, method: Method, limits: Limits) -> Iterator[Finding]:  # noqa: ARG002
        """Look at each file name, and once at the name of each folder that holds files."""
        yield from listed(_findings(view.batch.files, limits), limits)


class _Entry(NamedTuple):
    """A file, or a folder on the way to one (then ``file`` is None)."""

    path: str
    raw_name: bytes
    file: BatchFile | None


def _findings(files: tuple[BatchFile, ...], limits: Limits) -> Iterator[Finding]:
    seen: dict[tuple[str, str], str] = {}
    for entry in _entries(files):
        folder, _, name = entry.path.rpartition("/")
        is_page = entry.file is not None and entry.file.role is FileRole.PAGE
        pages = first_pages([entry.path] if is_page else [])
        yield from about(_odd_name(entry, limits), entry.path, pages)
        first = seen.setdefault((folder, _folded(name)), name)
        if first != name:
            yield from about(limits.flag("case-clash", other=first), entry.path, pages)
        if entry.file is not None:
            yield from about(_odd_path(entry.file, limits), entry.path, pages)


def _entries(files: tuple[BatchFile, ...]) -> Iterator[_Entry]:
    """Each folder once, before its first file, and each file."""
    folders: set[str] = set()
    for file in files:
        raw = bytes.fromhex(file.path_hex) if file.path_hex else file.path.encode()
        names, raw_names = file.path.split("/"), raw.split(b"/")
        for depth in range(1, len(names)):
            folder = "/".join(names[:depth])
            if folder not in folders:
                folders.add(folder)
                yield _Entry(folder, raw_names[depth - 1], None)
        yield _Entry(file.path, raw_names[-1], file)


def _odd_name(entry: _Entry, limits: Limits) -> Iterator[Finding]:
    """Say what is wrong with the name of a file or folder by itself."""
    try:
        name = entry.raw_name.decode()
    except UnicodeDecodeError:
        yield from limits.flag("not-utf8")
        return
    # Cc: control; Cf: invisible, some of them turn the order of letters round; Zl, Zp: line breaks.
    if any(unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") for character in name):
        yield from limits.flag("control-character")
    if (
        _WINDOWS_CHARACTERS.search(name)
        or _WINDOWS_DEVICES.fullmatch(name)
        or name.endswith((" ", "."))
        or _utf16_length(name) > _LONGEST_NAME
    ):
        yield from limits.flag("unportable", name=name)


def _odd_path(file: BatchFile, limits: Limits) -> Iterator[Finding]:
    """Say what is wrong with the path of a file as a whole."""
    if file.name_matches is False:
        yield from limits.flag("no-match", name=file.path.rpartition("/")[2])
    yield from limits.grade("long-path", float(_utf16_length(file.path)), unit=Unit.COUNT)


def _utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _folded(name: str) -> str:
    """Write a name as systems see it that do not tell capitals or encodings of accents apart."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).lower())
