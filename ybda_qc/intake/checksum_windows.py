"""Checksum lists as the tools of Windows print them, put into the words of BSD tools.

Known are the table, the list and the CSV of PowerShell's ``Get-FileHash``, and what ``certutil -hashfile``
prints in English and Chinese. A path that the console cut, or broke over two lines, is never guessed: its
lines stay as they are.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

_WORD = "[A-Z][A-Z0-9]{1,11}"
_HEX = "[0-9A-Fa-f]{32,128}"
_TABLE = re.compile(rf"({_WORD}) +({_HEX}) +(.+)", re.DOTALL)
_CSV = re.compile(rf'"?({_WORD})"?,"?({_HEX})"?,"?([^"]+)"?')
_HEADINGS: Final = frozenset(
    {"Algorithm Hash Path", "--------- ---- ----", '"Algorithm","Hash","Path"', "Algorithm,Hash,Path"}
)
_CUT = ("...", "…")

_FIELD = re.compile(r"\s*(Algorithm|Hash|Path) +: (.+)", re.DOTALL)
_FIELDS = ["Algorithm", "Hash", "Path"]

_CERTUTIL = re.compile(
    rf"({_WORD}) (?:hash of (?:file )?(.+):|的 (.+) 哈希:|哈希 ?\((?:文件 )?(.+)\):)", re.DOTALL
)
_BYTES = re.compile("(?:[0-9A-Fa-f]{2} ?){16,64}")  # with blanks between them in older Windows
_DONE = re.compile(r"CertUtil: -hashfile (?:command completed successfully|命令成功完成)[.。]")

_LINES_AT_ONCE = len(_FIELDS) + 1  # and the one that shows whether the path goes on


def in_bsd_words(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Write what Windows tools print as ``SHA256 (path) = digest``; other lines stay as they are.

    Parameters
    ----------
    lines
        The lines of a list.

    Returns
    -------
    Iterator[tuple[int, str]]
        Lines with their numbers from 1, the first one's where there were several; without headings.
    """
    coming = iter(lines)
    window = deque(islice(coming, _LINES_AT_ONCE))
    number = 1
    while window:
        count, line = _record(window)
        if line:
            yield number, line
        for _ in range(count):
            window.popleft()
            window.extend(islice(coming, 1))
        number += count


def _record(lines: Sequence[str]) -> tuple[int, str]:
    """How many of the lines belong together, and what they say in one line; empty for a heading."""
    line = lines[0].strip()
    if match := _TABLE.fullmatch(line) or _CSV.fullmatch(line):
        word, digest, path = match.groups()
        return 1, lines[0] if path.endswith(_CUT) else _bsd(word, path, digest)
    if match := _CERTUTIL.fullmatch(line):
        word, *paths = match.groups()
        if len(lines) > 1 and _BYTES.fullmatch(lines[1].strip()):
            return 2, _bsd(word, next(filter(None, paths)), lines[1].replace(" ", "").strip())
    elif fields := _fields(lines):
        word, digest, path = fields
        return len(_FIELDS), _bsd(word, path, digest)
    is_heading = _DONE.fullmatch(line) or " ".join(line.split()) in _HEADINGS
    return 1, "" if is_heading else lines[0]


def _fields(lines: Sequence[str]) -> list[str] | None:
    """The values of a list of properties; None for what is none, or goes on after the path."""
    found = [_FIELD.fullmatch(line) for line in islice(lines, len(_FIELDS))]
    if [match and match[1] for match in found] != _FIELDS or any(
        map(str.strip, islice(lines, len(_FIELDS), None))
    ):
        return None
    return [match[2].strip() for match in found if match]


def _bsd(word: str, path: str, digest: str) -> str:
    return f"{word} ({path}) = {digest}"
