"""Text that is read behind the answers, and what is told of it."""

import json
import shutil
from pathlib import Path

from tests.watch.conftest import MakeWatched
from tests.watch.watched import Watched, scan
from ybda_qc.model import Verdict
from ybda_qc.model.watching import EventKind
from ybda_qc.synth import PageSpec, draw_page, write_page
from ybda_qc.watch.news import PageNews

NEVER_SURE = """
[checks.text_confidence.unsure]
note = "off"
review = 0.999
fail = 0.998
source = "project-choice"
clause = "a test"
"""


def test_a_page_that_its_text_makes_bad_is_told_again(watch: MakeWatched) -> None:
    watched = watch(rest=600, ocr="tesseract", more=NEVER_SURE)
    spec = PageSpec(layout="text", paper_mm=(130.0, 120.0), dpi=150.0)
    path = watched.inbox / "A" / "0001.tif"
    path.parent.mkdir()
    write_page(path, draw_page(spec).pixels, dpi=150)
    scan(watched.inbox / "A" / "0002.tif")  # nothing is written on it
    watched.until(lambda: len(watched.pages()) == 3 and watched.station.is_quiet)
    told = [news for news in watched.news if isinstance(news, PageNews)]
    assert [news.is_told_again for news in told] == [False, False, True]
    assert told[2].judged.result.page.path == "A/0001.tif"
    assert told[2].judged.verdict is Verdict.FAIL
    assert told[2].item == "A"
    assert "text_confidence/unsure" in {finding.key for finding in told[2].judged.findings}
    events = watched.opened.behind.ledger.watching.events(kinds=[EventKind.PAGE])
    assert [event.document["again"] for event in events] == [False, False, True]
    assert events[2].document["verdict"] == "fail"


def test_a_copy_of_a_page_that_was_read_is_judged_by_the_text_that_is_known(watch: MakeWatched) -> None:
    watched = watch(ocr="tesseract")
    page = written(watched.inbox / "A" / "0001.tif")
    text_verdicts(watched, 1)
    shutil.copyfile(page, page.with_name("0002.tif"))
    first, second = text_verdicts(watched, 2)
    assert first == second != "not_run"


def test_a_blank_page_that_comes_when_all_text_is_read_is_said_to_have_none(watch: MakeWatched) -> None:
    watched = watch(ocr="tesseract")
    page = written(watched.inbox / "A" / "0001.tif")
    text_verdicts(watched, 1)
    blank = draw_page(PageSpec(layout="blank", dpi=100)).pixels
    write_page(page.with_name("0002.tif"), blank, dpi=100)
    assert text_verdicts(watched, 2)[1] == "not_applicable"


def test_a_known_page_that_comes_after_its_item_was_moved_is_judged_by_its_text(watch: MakeWatched) -> None:
    watched = watch(ocr="tesseract", rejected="rejected", more=NEVER_SURE)
    page = written(watched.inbox / "A" / "0001.tif")
    content = page.read_bytes()
    watched.until(lambda: watched.items(EventKind.ITEM_MOVED) and watched.station.is_quiet, "not moved")
    page.parent.mkdir(exist_ok=True)
    page.write_bytes(content)
    watched.until(lambda: len(watched.items()) == 2, "not closed again")
    watched.until(lambda: watched.station.is_quiet)
    assert text_verdicts(watched, 1) == ["fail"]


def written(path: Path) -> Path:
    """A page with writing on it."""
    path.parent.mkdir(exist_ok=True)
    spec = PageSpec(layout="text", paper_mm=(130.0, 120.0), dpi=150.0)
    return write_page(path, draw_page(spec).pixels, dpi=150)


def text_verdicts(watched: Watched, pages: int) -> list[str]:
    """Verdicts of the item A by its text, once it is closed with so many pages and nothing is left to do."""
    report = watched.out / "A.qc.json"

    def verdicts() -> list[str]:
        if not report.exists():
            return []
        found = json.loads(report.read_text(encoding="utf-8"))["pages"]
        return [page["checks"]["text_confidence"] for page in found]

    watched.until(lambda: len(verdicts()) == pages and watched.station.is_quiet, "not decided")
    return verdicts()
