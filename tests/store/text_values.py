"""Runs whose pages have text, in a ledger."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from tests.store import ledger_values as some
from ybda_qc.model import Box, PageContent, PageText, TextLine, Word, WritingDirection
from ybda_qc.store import SqlLedger

KEY = "engine-1"
SIDE = 20


def page_text(text: str) -> PageText:
    """A page of lines, each character a word in a box of its own."""
    lines = tuple(_line(at, line) for at, line in enumerate(text.split("\n")))
    return PageText(width_px=2480, height_px=3508, turn=0, lines=lines)


def _line(row: int, text: str) -> TextLine:
    box = Box(left=0, top=row * SIDE, width=max(1, len(text)) * SIDE, height=SIDE)
    words = tuple(
        Word(
            start=at,
            text=char,
            box=Box(left=at * SIDE, top=row * SIDE, width=SIDE, height=SIDE),
            confidence=0.9,
        )
        for at, char in enumerate(text)
        if not char.isspace()
    )
    return TextLine(text=text, box=box, confidence=0.9, direction=WritingDirection.HORIZONTAL, words=words)


def content_of(text: str) -> PageContent:
    return PageContent(hashlib.sha256(text.encode()).hexdigest(), 1)


def begin_reading(ledger: SqlLedger, key: str = KEY, *, batch_root: str = "/batch") -> int:
    return ledger.begin_run(
        batch_root=batch_root,
        started_at=some.NOON,
        engine_version="1.0",
        plan=replace(some.PLAN, reading_key=key),
        executor="serial",
        workers=1,
    )


def put_run(ledger: SqlLedger, texts: Mapping[str, str], *, key: str = KEY, decided: bool = True) -> int:
    """A run of pages with these paths and texts; the first folder is the item."""
    run = begin_reading(ledger, key)
    results = [
        some.page_result(path, sha256=content_of(text).sha256, item=path.partition("/")[0])
        for path, text in texts.items()
    ]
    ledger.put_pages(run, [(result, 1) for result in results])
    contents = {content_of(text): page_text(text) for text in texts.values()}
    ledger.put_texts(key, {c: text for c, text in contents.items() if key and ledger.text(key, c) is None})
    if decided:
        judgement = ledger.begin_judgement(run, judged_at=some.NOON, plan=some.PLAN)
        ledger.put_judged(judgement, [some.judged_page(result) for result in results])
        some.decide(ledger, judgement)
    return run
