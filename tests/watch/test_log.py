"""The log of the service."""

import io
import json
import os
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.report.delivery import HOSTILE
from tests.watch.scenes import (
    INBOX,
    ITEM,
    NOON,
    a_morning,
    broken,
    closed,
    page,
    skew,
    standing,
    trouble,
    waited,
)
from ybda_qc.model import Outcome, Reason
from ybda_qc.model.watching import EventKind
from ybda_qc.report import Lang, translator
from ybda_qc.watch.log import JsonLog, TextLog
from ybda_qc.watch.news import Message, News


def text(*news: News, lang: Lang = "en") -> list[str]:
    stream = io.StringIO()
    log = TextLog(stream, translator(lang), clock=lambda: NOON)
    for piece in news:
        log.hear(piece)
    return stream.getvalue().split("\n")[:-1]


def documents(*news: News) -> list[dict[str, Any]]:
    stream = io.StringIO()
    log = JsonLog(stream, clock=lambda: NOON)
    for piece in news:
        log.hear(piece)
    return [json.loads(line) for line in stream.getvalue().split("\n")[:-1]]


def test_a_line_tells_of_a_page() -> None:
    (line,) = text(page(7, skew()))
    moment, kind, *rest = line.split(" ", 2)
    assert datetime.fromisoformat(moment) == page(7).at
    assert kind == "page"
    assert rest[0].startswith(
        f" {INBOX}  {ITEM}/0007.tif#1  fail  0.8 s  skew +4.20 degrees is over 3: scan again with the sheet"
    )


def test_a_line_tells_of_items_faults_and_trouble() -> None:
    lines = text(closed(), broken(2), trouble())
    assert lines[0].endswith(f"item-closed  {INBOX}  {ITEM}  reject  pages: 12  skewed pages (2)")
    assert lines[1].endswith("error  0.8 s  timeout (measure)")
    assert lines[2].endswith(f"trouble  {INBOX}  less than 500 MB are free")


@pytest.mark.parametrize("code", ["machine/passed", "coverage/not-run"])
def test_a_reason_that_is_a_sentence_is_followed_by_no_count(code: str) -> None:
    reason = Reason(
        code=code, outcome=Outcome.HOLD, template="all {pages} pages", values={"pages": 3}, count=3
    )
    (line,) = text(replace(closed(), reasons=(reason,)))
    assert line.endswith("  pages: 12  all 3 pages")


def test_a_chinese_line_has_no_english_word() -> None:
    told = text(page(7, skew()), closed(), broken(2), standing(waited("1", 40)), lang="zh")
    names = f"{INBOX}|{ITEM}/[0-9]+.tif#1|{ITEM}| MB |T[0-9:]+"
    assert [re.findall("[A-Za-z]+", re.sub(names, "", line)) for line in told] == [[]] * 4
    assert told[0].split(" ")[1] == "页面已检查"
    assert "  不合格  0.8 秒  " in told[0]
    assert "  退回  " in told[1]
    assert told[2].endswith("  无法判定  0.8 秒  超时（测量）")


def test_a_message_that_is_a_sentence_does_not_end_before_its_remedy() -> None:
    whole = replace(skew(), template="The page is skewed.")
    (line,) = text(page(7, whole))
    assert "The page is skewed: scan again" in line


def test_documents_have_the_keys_that_are_promised() -> None:
    told = documents(*a_morning(), trouble())
    assert all(list(document)[:4] == ["at", "kind", "inbox", "subject"] for document in told)
    assert {document["kind"] for document in told} <= {*map(str, EventKind), "waiting"}
    pages = [document for document in told if document["kind"] == "page"]
    assert [document["verdict"] for document in pages[:2]] == ["pass", "fail"]
    assert set(pages[1]["findings"][0]) >= {"check", "code", "verdict", "message"}
    assert all(datetime.fromisoformat(document["at"]).tzinfo for document in told)


def test_waiting_files_are_told_of_four_times() -> None:
    seconds = (1, 29, 30, 31, 200, 301, 900, 1801, 7000, 7300, 80_000)
    told = documents(*(standing(waited("a.tif", number)) for number in seconds))
    assert [document["seconds"] for document in told] == [30, 301, 1801, 7300]
    assert told[0] | {"at": ""} == {
        "at": "",
        "kind": "waiting",
        "inbox": INBOX,
        "subject": "a.tif",
        "seconds": 30,
        "message": "still growing",
    }
    again = (standing(waited("a.tif", 31)), standing(), standing(waited("a.tif", 31)))
    assert len(documents(*again)) == 2, "a file that came again is waited for anew"
    assert text(standing(waited("a.tif", 40)))[0].endswith(f"{INBOX}  a.tif  waiting 40 s: still growing")


def test_trouble_of_a_station_is_told_when_it_changes() -> None:
    full, gone = Message(template="the disk is full"), Message(template="the folder is gone")
    news = [standing(trouble=each) for each in (None, full, full, full, gone, None, None)]
    told = [(document["kind"], document["message"]) for document in documents(*news)]
    assert told == [("trouble", full.template), ("trouble", gone.template), ("recovered", "")]


def test_trouble_that_the_service_told_of_is_not_told_twice() -> None:
    told = documents(
        trouble(), standing(trouble=trouble().message), trouble(EventKind.RECOVERED), standing(), standing()
    )
    assert [document["kind"] for document in told] == ["trouble", "recovered"]


@pytest.mark.parametrize("name", [*HOSTILE, "a\rb\x1b[2J.tif", "a\x85b\u2028c\u2029.tif", "\udcff.tif"])
def test_a_line_is_one_line_whatever_stands_in_a_name(name: str) -> None:
    news = page(name, skew(), item=name)
    (line,) = text(news)
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line
    stream = io.StringIO()
    JsonLog(stream).hear(news)
    assert len(stream.getvalue().splitlines()) == 1
    assert json.loads(stream.getvalue())["item"] == name


def test_a_narrow_encoding_loses_nothing() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    JsonLog(stream, translator("zh")).hear(page("页é.tif", skew()))
    TextLog(stream, translator("zh")).hear(page("页é.tif", skew()))
    first, second = raw.getvalue().decode("ascii").splitlines()
    assert json.loads(first)["path"] == "页é.tif"
    assert "\\u9875\\xe9.tif" in second


def test_a_reader_that_has_gone_ends_nothing() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", encoding="utf-8", closefd=False) as stream:
        for log in (TextLog(stream, translator("en")), JsonLog(stream)):
            for news in a_morning():
                log.hear(news)
        os.dup2(os.open(os.devnull, os.O_WRONLY), writing)
    os.close(writing)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_ends_nothing() -> None:
    stream = Path("/dev/full").open("w", encoding="utf-8")  # noqa: SIM115  closing it is an error, too
    log = TextLog(stream, translator("en"))
    for news in a_morning() * 50:
        log.hear(news)
    with pytest.raises(OSError, match="space"):
        stream.close()


def test_a_closed_stream_ends_nothing() -> None:
    stream = io.StringIO()
    stream.close()
    TextLog(stream, translator("en")).hear(page(1))
