"""Patterns of paths, written so that an archivist can read them.

A pattern is a regular expression for the path below the batch folder, without the extension, in which
words in braces stand for named pieces: ``{folders}{item}/{number}`` is any folders, then a folder named
by the archival code 档号, then a file named by the page number.
"""

import functools
import itertools
import re
import time
from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_PIECE = re.compile(r"\{([a-z_]+)\}")
_FOLDERS = "(?:[^/]+/)*"

# Names come from strangers; a pattern like (\w+)+ would take for ever on some of them. A part of a path
# has at most 255 bytes, so patterns are tried on awkward names up to that length before they are used.
_LONGEST_NAME = 255
_PATIENCE_SECONDS = 0.05  # a sound pattern needs microseconds
_ATTEMPTS = 3  # the fastest counts: a busy machine is not the pattern's fault
_AWKWARD = ("a", "A", "0", "档", "-", "_", ".", "·", " ", "a-", "0-", "0.", "a0", "a/", "0/")
_TAILS = ("\n", "/", "!")
_JOINT = re.compile(r"\b|(?<=_)")  # where awkward runs are put into the examples
_AWKWARD_INSIDE = ("a", "0", "a-")
_LENGTHS = (*range(8, 40, 4), *range(40, _LONGEST_NAME, 12), _LONGEST_NAME)
_LENGTHS_INSIDE = (*range(10, 30, 4), _LONGEST_NAME)


def split_extension(path: str) -> tuple[str, str]:
    """Part a path before its extension: ``("a/0001", "jpg")``; the extension in small letters, no dot."""
    stem, dot, extension = path.rpartition(".")
    if not dot or "/" in extension or not stem or stem.endswith("/"):
        return path, ""
    return stem, extension.lower()


def _extension(text: str) -> str:
    text = text.lower().removeprefix(".")
    if not text or "/" in text or "." in text:
        raise ValueError("an extension is the part of a name after the last dot, for example jpg")
    return text


Extension = Annotated[str, AfterValidator(_extension)]


class LayoutPattern(BaseModel):
    """One way in which page files may be named and placed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(min_length=1, description="what the pattern stands for, in words")
    path: str = Field(
        min_length=1,
        description="regular expression for the path below the batch folder, without the extension; "
        "{folders}, {item}, {number} and the names in parts stand for named pieces",
    )
    item: str | None = Field(
        default=None,
        min_length=1,
        description="the code of the item, put together from pieces of the path where it does not stand "
        "there as a whole, for example {fonds}-WS·{year}-{retention}-{piece}",
    )
    extensions: tuple[Extension, ...] = Field(
        default=(), description="the pattern holds for these extensions only; empty: for all pages"
    )
    examples: tuple[str, ...] = Field(min_length=1, description="paths that must fit the pattern")


def compile_pattern(pattern: LayoutPattern, pieces: dict[str, str]) -> re.Pattern[str]:
    """Put the named pieces in and compile the pattern.

    The first ``{item}`` becomes the group ``item``; a second one must repeat the same text.

    Raises
    ------
    ValueError
        If it is not a regular expression or names an unknown piece, or if the code of the item cannot be
        put together from its pieces.
    """
    path = pattern.path
    seen: set[str] = set()

    def put_in(match: re.Match[str]) -> str:
        name = match[1]
        if name == "folders":
            return _FOLDERS
        if name not in pieces:
            known = ", ".join(sorted({*pieces, "folders"}))
            raise ValueError(f"{path!r}: {{{name}}} is not one of {known}")
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return f"(?P<{name}>{pieces[name]})"

    try:
        compiled = re.compile(_PIECE.sub(put_in, path))
    except re.error as error:
        words = str(error)
        raise ValueError(f"{path!r} is not a regular expression: {words}") from None
    if pattern.item is not None:
        _require_pieces(pattern.item, path, seen)
    return compiled


def _require_pieces(item: str, path: str, pieces: set[str]) -> None:
    wanted = set(_PIECE.findall(item))
    if "item" in pieces:
        raise ValueError(f"{path!r} has the code of the item in it; {item!r} would be another one")
    if not wanted:
        raise ValueError(f"{item!r} would be the code of every item: put pieces of the path into it")
    if unknown := sorted(wanted - (pieces - {"number"})):
        names = ", ".join(f"{{{name}}}" for name in unknown)
        raise ValueError(f"{item!r}: {names} does not stand in {path!r}, or is no piece of an item")


def item_in(pattern: LayoutPattern, match: re.Match[str]) -> str | None:
    """The code of the item in a path that fits a pattern; None where it holds none."""
    pieces = match.groupdict()
    if pattern.item is None:
        return pieces.get("item")
    return _PIECE.sub(lambda piece: pieces[piece[1]] or "", pattern.item)


def prove_pattern(pattern: LayoutPattern, pieces: dict[str, str]) -> None:
    """Try a pattern on its own examples and on awkward names.

    Raises
    ------
    ValueError
        If it does not compile, an example does not fit, or some name takes far too long.
    """
    path, compiled = pattern.path, compile_pattern(pattern, pieces)
    for example in pattern.examples:
        stem, extension = split_extension(example)
        if not compiled.fullmatch(stem) or (pattern.extensions and extension not in pattern.extensions):
            raise ValueError(f"the example {example!r} does not fit {path!r}")
    if _is_slow(compiled, pattern.examples):
        raise ValueError(f"{path!r} takes too long on some names: avoid repeats inside repeats")


@functools.cache
def _is_slow(compiled: re.Pattern[str], examples: tuple[str, ...]) -> bool:
    return any(_seconds(compiled, name) > _PATIENCE_SECONDS for name in _awkward_names(examples))


def _awkward_names(examples: tuple[str, ...]) -> Iterator[str]:
    """Names that grow step by step, so that a bad expression is caught while it takes milliseconds."""
    for piece, tail, length in itertools.product(_AWKWARD, _TAILS, _LENGTHS):
        yield (piece * length)[:length] + tail
    starts = {example[: joint.start()] for example in examples for joint in _JOINT.finditer(example)}
    for start, piece, tail, length in itertools.product(
        sorted(starts), _AWKWARD_INSIDE, _TAILS, _LENGTHS_INSIDE
    ):
        yield start + (piece * length)[:length] + tail


def _seconds(compiled: re.Pattern[str], name: str) -> float:
    fastest = float("inf")
    for _ in range(_ATTEMPTS):
        started = time.process_time()
        compiled.fullmatch(name)
        fastest = min(fastest, time.process_time() - started)
        if fastest < _PATIENCE_SECONDS:
            break
    return fastest
