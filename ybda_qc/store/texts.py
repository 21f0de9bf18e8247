"""The text of pages: kept once a content and way of reading, packed."""

import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from ybda_qc.model import Box, PageContent, PageText, TextLine, Word, WritingDirection
from ybda_qc.store import schema
from ybda_qc.store.sqlite import Database

_text = schema.text
_insert = insert(_text)
_PUT = _insert.on_conflict_do_update(
    index_elements=["sha256", "frame", "reading_key"], set_={"document": _insert.excluded.document}
).returning(_text.c.id)
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
    """Whether the text of a content is known and unspoilt: forty times as fast as reading it."""
    document = _load_document(database, key, content)
    try:
        return document is not None and bool(zlib.decompress(document))
    except zlib.error:
        return False


def _load_document(database: Database, key: str, content: PageContent) -> bytes | None:
    statement = select(_text.c.document).where(
        _text.c.sha256 == content.sha256, _text.c.frame == content.frame, _text.c.reading_key == key
    )
    with database.read() as connection:
        return connection.execute(statement).scalar()


def dump_text(text: PageText) -> bytes:
    """Write a text: packed JSON of numbers in fixed places, for there may be a million of them."""
    lines = [
        [
            line.text,
            line.direction.value,
            line.confidence,
            *line.box.as_list(),
            [[word.start, word.text, word.confidence, *word.box.as_list()] for word in line.words],
        ]
        for line in text.lines
    ]
    document = [text.width_px, text.height_px, text.turn, lines]
    return zlib.compress(json.dumps(document, separators=(",", ":"), allow_nan=False).encode())


def load_text(document: bytes) -> PageText:
    """Read what `dump_text` wrote.

    Raises
    ------
    zlib.error, ValueError
        If the disk has spoilt it.
    """
    width_px, height_px, turn, lines = json.loads(zlib.decompress(document))
    return PageText(width_px=width_px, height_px=height_px, turn=turn, lines=tuple(map(_line, lines)))


def _line(row: list[Any]) -> TextLine:
    text, direction, confidence, left, top, width, height, words = row
    return TextLine(
        text=text,
        box=Box(left=left, top=top, width=width, height=height),
        confidence=confidence,
        direction=_DIRECTIONS[direction],
        words=tuple(map(_word, words)),
    )


def _word(row: list[Any]) -> Word:
    start, text, confidence, left, top, width, height = row
    box = Box(left=left, top=top, width=width, height=height)
    return Word(start=start, text=text, box=box, confidence=confidence)
