"""One profile file as written."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Protocol

from pydantic import Field

from ybda_qc.profile import problems as say
from ybda_qc.profile.options import Options
from ybda_qc.profile.problems import Problems
from ybda_qc.profile.validation import Check, validate

HEADER = "profile"
_WHERE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")
_ID = re.compile(r"\w[\w.-]*")


class Header(Options):
    """``[profile]``: which profile this is."""

    id: str = Field(min_length=1, max_length=80)
    title: str = Field(min_length=1)
    extends: tuple[str, ...] = ()


class Readable(Protocol):
    """A file on disk or inside an installed package."""

    def read_bytes(self) -> bytes:
        """The whole file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A profile file: its header and its tables as they stand in the file.

    Parameters
    ----------
    file
        The file as it is named in messages.
    id, title, extends
        ``[profile]``.
    tables
        Everything else, not yet checked.
    """

    file: str
    id: str
    title: str
    extends: tuple[str, ...] = ()
    tables: Mapping[str, Any] = field(default_factory=dict)


def read_written(place: Readable, file: str, problems: Problems) -> Written | None:
    """Read a profile file.

    Parameters
    ----------
    place
        The file.
    file
        Its name for messages.
    problems
        Takes what is wrong with it.

    Returns
    -------
    Written | None
        None if the file cannot be read or is not TOML. Of a wrong header is used what can be.
    """
    tables = read_tables(place, file, problems)
    if tables is None:
        return None
    raw = tables.pop(HEADER, {})
    check = Check(key=(HEADER,), file_of=lambda _key: file, problems=problems)
    header = validate(Header, raw, check) or _salvage(raw, file)
    if not _ID.fullmatch(header.id):
        problems.add(say.ID_SHAPE, file=file, key=f"{HEADER}.id", id=header.id)
    return Written(file=file, id=header.id, title=header.title, extends=header.extends, tables=tables)


def _salvage(raw: object, file: str) -> Header:
    """What can be used of a wrong header, so that mistakes further down are told as well."""
    table = raw if isinstance(raw, dict) else {}
    id_, extends = table.get("id"), table.get("extends")
    names = extends if isinstance(extends, list) else []
    return Header(
        id=id_ if isinstance(id_, str) and _ID.fullmatch(id_) else PurePath(file).stem or "-",
        title="-",
        extends=tuple(name for name in names if isinstance(name, str)),
    )


def read_text(place: Readable, file: str, problems: Problems) -> str | None:
    """Read the text of a profile file; None if it cannot be read, which goes to `problems`."""
    try:
        # Notepad puts a byte order mark before UTF-8, which TOML does not know.
        return place.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        problems.add(say.NO_FILE, file=file)
    except OSError as error:
        problems.add(say.UNREADABLE, file=file, detail=error.strerror or str(error))
    except UnicodeDecodeError:
        problems.add(say.NOT_UTF8, file=file)
    return None


def read_tables(place: Readable, file: str, problems: Problems) -> dict[str, Any] | None:
    """Read a TOML file; None if it cannot be read or is not TOML, which goes to `problems`."""
    text = read_text(place, file, problems)
    if text is None:
        return None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        where = _WHERE.search(message)
        # At the end of the text no line is given: it is the last one.
        line = where[1] if where and where[1] else len(text.splitlines())
        problems.add(say.SYNTAX, file=file, line=line, detail=_WHERE.sub("", message))
    return None
