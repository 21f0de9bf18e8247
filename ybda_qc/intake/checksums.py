r"""Checksum lists 校验值清单 as delivered: what they say of which file.

Read are the lists of ``md5sum`` and its kin, of BSD tools (``SHA256 (path) = digest``), of Windows tools such
as ``Get-FileHash`` and ``certutil``, and of BagIt bags, and the lists beside one file that hold only its
digest. Nothing is opened here: a list is bytes from strangers.
"""

import re
from collections.abc import Iterator
from typing import Final

from ybda_qc.intake.checksum_windows import in_bsd_words
from ybda_qc.intake.names import to_text
from ybda_qc.model import DIGEST_HEX_DIGITS, ChecksumEntry, ChecksumList, ChecksumProblem

MAX_LIST_BYTES: Final = 64 * 1024 * 1024
"""A longer list is not read."""

_MOST_ENTRIES = 500_000
_MOST_PROBLEMS = 1000
_LONGEST_LINE = 16 * 1024  # characters: four times the longest path of any system, with room for escapes
_SHOWN = 120  # characters of a line in a problem

_HEX = "[0-9A-Fa-f]{32,128}"
_PLAIN = re.compile(rf"(\\?)({_HEX})(?: [ *]|[ \t]+\*?)(.+)", re.DOTALL)
_BSD = re.compile(rf"(\\?)([A-Za-z][A-Za-z0-9/-]{{1,11}}) ?\((.+)\) ?= ?({_HEX})", re.DOTALL)
_ALONE = re.compile(_HEX)
_ALGORITHM = re.compile(r"md5|sm3|sha[-_]?(?:512|384|256|224|1)(?![0-9])", re.IGNORECASE)
_COMMENT = ("#", ";", "//")
_MANIFEST = re.compile(r"(?:tag)?manifest-[a-z0-9-]+\.txt", re.IGNORECASE)
_PERCENT = {"%0a": "\n", "%0d": "\r", "%25": "%"}
_ESCAPE = {r"\\": "\\", r"\n": "\n", r"\r": "\r"}
_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be", b"\xef\xbb\xbf": "utf-8"}


def parse_checksums(data: bytes, name: str) -> ChecksumList:
    """Read a checksum list.

    Parameters
    ----------
    data
        Its content, at most `MAX_LIST_BYTES`.
    name
        Its file name, which may tell the algorithm and says whether it is the manifest of a BagIt bag.

    Returns
    -------
    ChecksumList
        Entries with paths as they stand in the list.
    """
    reader = _Reader(name)
    for number, line in in_bsd_words(_lines(data)):
        if not reader.take(number, line):
            break
    return reader.result()


class _Reader:
    """Takes lines one after another."""

    def __init__(self, name: str) -> None:
        found = _ALGORITHM.search(name)
        self._named = _algorithm(found[0]) if found else ""
        self._is_manifest = _MANIFEST.fullmatch(name) is not None
        self._entries: list[ChecksumEntry] = []
        self._problems: list[ChecksumProblem] = []
        self._more = 0
        self._others: set[str] = set()
        self._is_cut = False

    def take(self, number: int, line: str) -> bool:
        """Take a line; whether to go on."""
        if not line.strip() or line.lstrip().startswith(_COMMENT):
            return True
        if len(self._entries) == _MOST_ENTRIES:
            self._is_cut = True
            return False
        entry = self._entry(number, line) if len(line) <= _LONGEST_LINE else None
        if entry is None:
            self._refuse(number, line)
        else:
            self._entries.append(entry)
        return True

    def result(self) -> ChecksumList:
        """What was taken; a digest without a name counts only where it is the only one."""
        if len(self._entries) > 1:
            for entry in self._entries:
                if not entry.path:
                    self._refuse(entry.line, entry.digest)
            self._entries = [entry for entry in self._entries if entry.path]
        return ChecksumList(
            entries=tuple(self._entries),
            problems=tuple(sorted(self._problems, key=lambda problem: problem.line)),
            more_problems=self._more,
            is_cut=self._is_cut,
        )

    def _refuse(self, number: int, line: str) -> None:
        if len(self._problems) == _MOST_PROBLEMS:
            self._more += 1
            return
        self._problems.append(ChecksumProblem(line=number, kind="bad-line", text=line.strip()[:_SHOWN]))

    def _entry(self, number: int, line: str) -> ChecksumEntry | None:
        line = line.lstrip(" \t")
        if match := _PLAIN.fullmatch(line):
            escaped, digest, path = match.groups()
            algorithm = self._algorithm_of(number, digest)
        elif match := _BSD.fullmatch(line):
            escaped, word, path, digest = match.groups()
            algorithm = _algorithm(word)
            if DIGEST_HEX_DIGITS.get(algorithm) != len(digest):
                return None
        elif _ALONE.fullmatch(line.strip()):
            escaped, digest, path = "", line.strip(), ""
            algorithm = self._algorithm_of(number, digest)
        else:
            return None
        if not algorithm:
            return None
        if escaped:
            path = re.sub(r"\\[\\nr]", lambda found: _ESCAPE[found[0]], path)
        elif self._is_manifest:
            path = re.sub("%(?:0a|0d|25)", lambda found: _PERCENT[found[0].lower()], path, flags=re.I)
        return ChecksumEntry(line=number, path=path, algorithm=algorithm, digest=digest.lower())

    def _algorithm_of(self, number: int, digest: str) -> str:
        """The algorithm by the length of a digest; where the name of the list tells another, that is said."""
        fitting = [word for word, digits in DIGEST_HEX_DIGITS.items() if digits == len(digest)]
        if not fitting or self._named in fitting:
            return self._named if fitting else ""
        if self._named and fitting[0] not in self._others:
            self._others.add(fitting[0])
            self._problems.append(
                ChecksumProblem(line=number, kind="other-algorithm", text=f"{self._named} / {fitting[0]}")
            )
        return fitting[0]


def _algorithm(word: str) -> str:
    """The word of `DIGEST_HEX_DIGITS` for what tools write: SHA-1, sha_256, SHA2-256."""
    return re.sub("[-_]", "", word.lower().replace("sha2-", "sha"))


def _lines(data: bytes) -> Iterator[str]:
    """The lines of a list, whatever its encoding, without their ends."""
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, errors="backslashreplace")
            return (line.removesuffix("\r") for line in text.split("\n"))
    lines = (line.removesuffix(b"\r") for line in data.split(b"\n"))
    encoding = _encoding(data)
    return (line.decode(encoding) for line in lines) if encoding else map(to_text, lines)


def _encoding(data: bytes) -> str:
    """UTF-8 or GB18030; empty for what is neither, and for UTF-8 with a few odd bytes."""
    if _decodes(data, "utf-8"):
        return "utf-8"
    if not _decodes(data, "gb18030"):
        return ""
    foreign = [line for line in data.split(b"\n") if not line.isascii()]
    in_utf8 = sum(_decodes(line, "utf-8") for line in foreign)
    return "" if in_utf8 > len(foreign) - in_utf8 else "gb18030"


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
