"""The text of pages: kept once a content and way of reading, packed."""

import json
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import count
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from ybda_qc.model import Box, PageContent, PageText, TextLine, Word, WritingDirection
from ybda_qc.model.packed_words import PackedWords, unpacked_word
from ybda_qc.store import schema
from ybda_qc.store.sqlite import Database

_text = schema.text
_insert = insert(_text)
_PUT = _insert.on_conflict_do_update(
    index_elements=["sha256", "frame", "reading_key"], set_={"document": _insert.excluded.document}
).returning(_text.c.id)
_DOCUMENT: Final = "SELECT document FROM text WHERE sha256 = ? AND frame = ? AND reading_key = ?"
_FORM: Final = 1  # first byte; that of earlier versions is 0x78, with which packed JSON begins
_HEAD: Final = struct.Struct(">BII")
_DIRECTIONS = {direction.value: direction for direction in WritingDirection}


def put_texts(
    connection: Connection, key: str, texts: Mapping[PageContent, PageText]
) -> Iterator[tuple[int, PageText]]:
    """Keep what was read; what stands there is replaced. Yields each text with its id."""
    for content, text in texts.items():
        row = {
            "sha256": content.sha256,
            "frame": content.frame,
            "reading_key": key,
            "document": dump_text(text),
        }
        yield connection.execute(_PUT, row).scalar_one(), text


def load_text_of(database: Database, key: str, content: PageContent) -> PageText | None:
    """Find the text of a content; what the disk has spoilt is not known."""
    document = _load_document(database, key, content)
    try:
        return load_text(document) if document is not None else None
    except (zlib.error, ValueError):
        return None


def has_text_of(database: Database, key: str, content: PageContent) -> bool:
    """Whether the text of a content is known and unspoilt; much faster than reading it."""
    document = _load_document(database, key, content)
    if document is None:
        return False
    with suppress(zlib.error, ValueError):
        _require_whole(document)
        return True
    return False


def _load_document(database: Database, key: str, content: PageContent) -> bytes | None:
    with database.read() as connection:
        return connection.exec_driver_sql(_DOCUMENT, (content.sha256, content.frame, key)).scalar()


def dump_text(text: PageText) -> bytes:
    """Write a text: packed JSON of numbers in fixed places, for there may be a million of them.

    The words stand behind the lines, packed for themselves, so that who asks for the lines alone has them at
    a twentieth of the time. Before both stand what form this is, a checksum, and how long the lines are.
    """
    lines = [[line.text, line.direction.value, line.confidence, *line.box.as_list()] for line in text.lines]
    document = [text.width_px, text.height_px, text.turn, lines]
    packed = zlib.compress(json.dumps(document, separators=(",", ":"), allow_nan=False).encode())
    content = packed + PackedWords.of(text.lines).packed
    return _HEAD.pack(_FORM, zlib.crc32(content), len(packed)) + content


def load_text(document: bytes) -> PageText:
    """Read what `dump_text` wrote, in this version or in an earlier one.

    Raises
    ------
    zlib.error, ValueError
        If the disk has spoilt it.
    """
    if not _is_divided(document):
        return _text_of(json.loads(zlib.decompress(document)), _line_with_words)
    lines, words = _divide(document)
    packed = PackedWords(words)
    numbers = count()
    return _text_of(json.loads(zlib.decompress(lines)), lambda row: _line(row, packed.of_line(next(numbers))))


def _require_whole(document: bytes) -> None:
    """Raise ValueError or zlib.error if the disk has spoilt a text."""
    if _is_divided(document):
        _divide(document)
    else:
        zlib.decompress(document)


def _is_divided(document: bytes) -> bool:
    """Whether lines and words stand apart; earlier versions wrote both into one."""
    return document[:1] == bytes([_FORM])


def _divide(document: bytes) -> tuple[bytes, bytes]:
    """Lines and words, packed; ValueError: the disk has spoilt them."""
    if len(document) < _HEAD.size:
        raise ValueError("a text is cut off")
    _, checksum, length = _HEAD.unpack_from(document)
    content = document[_HEAD.size :]
    if zlib.crc32(content) != checksum:
        raise ValueError("a text does not fit its checksum")
    return content[:length], content[length:]


def _text_of(document: Sequence[Any], line: Callable[[list[Any]], TextLine]) -> PageText:
    width_px, height_px, turn, lines = document
    return PageText(width_px=width_px, height_px=height_px, turn=turn, lines=tuple(map(line, lines)))


def _line(row: Sequence[Any], words: Sequence[Word]) -> TextLine:
    text, direction, confidence, left, top, width, height = row
    return TextLine(
        text=text,
        box=Box(left=left, top=top, width=width, height=height),
        confidence=confidence,
        direction=_DIRECTIONS[direction],
        words=words,
    )


def _line_with_words(row: Sequence[Any]) -> TextLine:
    """A line as earlier versions wrote it."""
    *line, words = row
    return _line(line, tuple(map(unpacked_word, words)))
