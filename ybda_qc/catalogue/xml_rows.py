"""Rows of the XML catalogue of an electronic hand-over (档发〔2012〕7号, 文件目录.XML).

Only the names of its columns are known for sure. So any XML is read in which entries repeat under one parent
and their children, or attributes, are named like the columns: each entry is a row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from ybda_qc.errors import InputError

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_CHINESE = {"gb2312": "gb18030", "gbk": "gb18030"}  # GB18030 holds both
_DEEPEST = 64
_LONGEST = 32_767

Fields = dict[str, str]


def xml_rows(path: Path) -> tuple[str, Iterator[tuple[str, ...]]]:
    """Encoding, and rows of which the first holds the names of the columns.

    Raises
    ------
    InputError
        If it is no sound XML, or holds definitions of entities: a catalogue needs none, and a few lines of
        them can fill any memory.
    """
    data = path.read_bytes()
    encoding = _encoding(data)
    try:
        entries = _entries(data.decode(encoding))
    except (UnicodeDecodeError, LookupError) as error:
        raise InputError(
            "the catalogue {path} cannot be read: {reason}", path=str(path), reason=str(error)
        ) from error
    except (expat.ExpatError, ValueError) as error:
        raise InputError(
            "the catalogue {path} is no sound XML: {reason}", path=str(path), reason=str(error)
        ) from error
    columns = list(dict.fromkeys(name for entry in entries for name in entry))
    rows = (tuple(entry.get(name, "") for name in columns) for entry in entries)
    return encoding, (row for part in ([tuple(columns)], rows) for row in part)


def _encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    found = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf"))
    name = found[1].decode("ascii").lower() if found else "utf-8"
    return "utf-8-sig" if name in ("utf-8", "utf8") else _CHINESE.get(name, name)


class _Reader:
    """Gathers, for each element, what its children and attributes say."""

    def __init__(self) -> None:
        self._open: list[tuple[str, Fields, list[str]]] = []
        self.found: list[tuple[str, Fields]] = []  # elements that hold fields, and where they stand

    def start(self, name: str, attributes: Fields) -> None:
        if len(self._open) >= _DEEPEST:
            raise ValueError(f"elements lie deeper than {_DEEPEST}")
        self._open.append((name, {_plain(key): value for key, value in attributes.items()}, []))

    def data(self, text: str) -> None:
        if self._open:
            self._open[-1][2].append(text)

    def end(self, name: str) -> None:
        _, fields, texts = self._open.pop()
        place = "/".join([*(opened[0] for opened in self._open), name])
        if fields:
            self.found.append((place, fields))
        elif self._open:
            self._open[-1][1].setdefault(_plain(name), "".join(texts).strip()[:_LONGEST])


def _entries(text: str) -> list[Fields]:
    """The fields of the elements that repeat most often."""
    reader = _Reader()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.EntityDeclHandler = _refuse
    parser.Parse(re.sub(r"^\s*<\?xml.*?\?>", "", text, count=1, flags=re.DOTALL).encode(), True)
    counts = Counter(place for place, _ in reader.found)
    if not counts:
        return []
    place, _ = counts.most_common(1)[0]
    return [fields for where, fields in reader.found if where == place]


def _refuse(*_: object) -> None:
    raise ValueError("it defines entities, which a catalogue does not need")


def _plain(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition(":")[2]
