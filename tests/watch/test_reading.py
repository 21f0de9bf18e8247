"""Text that is read behind the answers, and what is told of it."""

from tests.watch.conftest import MakeWatched
from tests.watch.watched import scan
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
