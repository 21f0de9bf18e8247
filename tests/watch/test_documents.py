"""News as events of the ledger."""

import json
from dataclasses import replace

from tests.watch.scenes import (
    INBOX,
    ITEM,
    NOON,
    a_morning,
    border,
    broken,
    closed,
    page,
    replaced,
    skew,
    standing,
    trouble,
)
from ybda_qc.model import Outcome
from ybda_qc.model.watching import Event, EventKind
from ybda_qc.report import translator
from ybda_qc.watch.documents import MOST_FINDINGS, event_of
from ybda_qc.watch.news import News, ReportNews

ENGLISH, CHINESE = translator("en"), translator("zh")


def event(news: News) -> Event:
    found = event_of(news, ENGLISH)
    assert found is not None
    return found


def test_a_page_has_all_that_station_software_needs() -> None:
    news = page(7, border(), skew(), was="ab" * 32, seconds=0.81234)
    told = event(news)
    assert (told.kind, told.at, told.subject) == (EventKind.PAGE, news.at, f"{ITEM}/0007.tif#1")
    document = dict(told.document)
    findings = document.pop("findings")
    assert document == {
        "inbox": INBOX,
        "page": f"{ITEM}/0007.tif#1",
        "path": f"{ITEM}/0007.tif",
        "frame": 1,
        "item": ITEM,
        "sha256": news.judged.result.sha256,
        "verdict": "fail",
        "seconds": 0.812,
        "was": "ab" * 32,
        "again": False,
        "more": 0,
        "fault": None,
    }
    assert isinstance(findings, list)
    assert [finding["check"] for finding in findings] == ["skew", "dark_border"], "the heaviest first"
    assert findings[0] | {"remedy": ""} == {
        "check": "skew",
        "code": "over-limit",
        "verdict": "fail",
        "title": "skewed pages",
        "message": "skew +4.20 degrees is over 3",
        "remedy": "",
        "value": 4.2,
        "limit": 3,
        "unit": "deg",
    }
    assert findings[0]["remedy"].startswith("scan again")


def test_a_verdict_on_text_that_was_read_later_says_so() -> None:
    assert event(replace(page(7, border()), is_told_again=True)).document["again"] is True


def test_sentences_are_in_the_language_of_the_service_and_words_are_not() -> None:
    told = event_of(page(7, skew()), CHINESE)
    assert told is not None
    finding = told.document["findings"][0]  # type: ignore[index]
    assert finding["title"] == "页面偏斜"
    assert finding["message"] == "偏斜 +4.20 度，超过 3 度"
    assert finding["verdict"] == "fail"


def test_documents_stay_small() -> None:
    findings = tuple(replace(skew(), check=f"check_{number}") for number in range(500))
    document = event(page(7, *findings)).document
    assert len(document["findings"]) == MOST_FINDINGS  # type: ignore[arg-type]
    assert document["more"] == 500 - MOST_FINDINGS


def test_a_fault_of_the_program_is_told() -> None:
    document = event(broken(3)).document
    assert document["verdict"] == "error"
    assert document["fault"] == {"cause": "timeout", "stage": "measure"}


def test_items_files_reports_and_the_service() -> None:
    told = event(closed(Outcome.REJECT))
    assert (told.kind, told.subject) == (EventKind.ITEM_CLOSED, ITEM)
    assert told.document == {
        "inbox": INBOX,
        "item": ITEM,
        "outcome": "reject",
        "reasons": [{"code": "skew/over-limit", "text": "skewed pages", "count": 2}],
        "more": 0,
        "pages": 12,
        "by": "next",
        "report": f"{ITEM}.qc.json",
        "moved_to": None,
    }
    assert event(replaced(1)).document == {"inbox": INBOX, "path": f"{ITEM}/0001.tif", "other": None}
    reports = ReportNews(inbox=INBOX, outcome=Outcome.HOLD, reasons=(), pages=3, folder="qc", at=NOON)
    assert event(reports).document == {
        "inbox": INBOX,
        "outcome": "hold",
        "reasons": [],
        "more": 0,
        "pages": 3,
        "folder": "qc",
    }
    told = event(trouble())
    assert told.kind is EventKind.TROUBLE
    assert told.document == {"inbox": INBOX, "message": "less than 500 MB are free"}


def test_how_a_station_stands_is_no_event() -> None:
    assert event_of(standing(), ENGLISH) is None


def test_every_document_is_json() -> None:
    for news in a_morning():
        told = event_of(news, CHINESE)
        if told is not None:
            assert json.loads(json.dumps(told.document, allow_nan=False)) == told.document
