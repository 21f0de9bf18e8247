"""What an operator has to know now."""

from dataclasses import replace
from datetime import timedelta

from tests.watch.scenes import (
    INBOX,
    ITEM,
    NOON,
    border,
    broken,
    closed,
    page,
    replaced,
    skew,
    standing,
    trouble,
)
from ybda_qc.model import Outcome, Verdict
from ybda_qc.model.watching import EventKind
from ybda_qc.watch.board import Board, Sight
from ybda_qc.watch.news import FileNews, Message, News, OpenPages, ServiceNews


def after(*news: News) -> Sight:
    board = Board()
    for piece in news:
        board.hear(piece, NOON)
    return board.sight(NOON)


def names(sight: Sight) -> list[str]:
    return [bad.news.judged.result.page.path.rsplit("/", 1)[-1] for bad in sight.bad]


def test_bad_pages_stay_until_they_were_scanned_again_and_are_good() -> None:
    bad = (page(1, skew()), page(2), broken(3))
    assert names(after(*bad)) == ["0003.tif", "0001.tif"], "the newest first"
    assert [each.is_again for each in after(*bad, replaced(1)).bad] == [False, True]
    assert names(after(*bad, replaced(1), page(1, skew(5.0), scan=2, was="x"))) == ["0001.tif", "0003.tif"]
    assert names(after(*bad, replaced(1), page(1, border(), scan=2, was="x"))) == ["0003.tif"]


def test_a_page_for_review_is_none_to_be_scanned_again() -> None:
    assert after(page(1, border())).bad_count == 0


def test_pages_of_other_items_and_folders_have_the_same_name_and_are_others() -> None:
    news = (page(1, skew()), page(1, skew(), item="B469-WS·2023-Y-BGS-0002"), page(1, inbox="other"))
    assert after(*news).bad_count == 2


def test_removed_renamed_and_moved_pages_are_followed() -> None:
    bad = (page(1, skew()), page(2, skew()))
    gone = FileNews(inbox=INBOX, kind=EventKind.FILE_REMOVED, path=f"{ITEM}/0001.tif", at=NOON)
    assert names(after(*bad, gone)) == ["0002.tif"]
    renamed = FileNews(
        inbox=INBOX,
        kind=EventKind.FILE_RENAMED,
        path=f"{ITEM}/0009.tif",
        other=f"{ITEM}/0001.tif",
        at=NOON,
    )
    assert sorted(names(after(*bad, renamed))) == ["0002.tif", "0009.tif"]
    assert names(after(*bad, renamed, page(9, scan=2))) == ["0002.tif"]
    moved = replace(closed(Outcome.REJECT), kind=EventKind.ITEM_MOVED)
    assert after(*bad, moved).bad_count == 0
    assert after(*bad, closed(Outcome.REJECT)).bad_count == 2


def test_a_renamed_page_counts_once_and_a_removed_one_no_more() -> None:
    board = Board()
    gone = FileNews(inbox=INBOX, kind=EventKind.FILE_REMOVED, path=f"{ITEM}/0002.tif", at=NOON)
    renamed = replace(gone, kind=EventKind.FILE_RENAMED, path=f"{ITEM}/0009.tif", other=f"{ITEM}/0001.tif")
    for news in (page(1), page(2, border()), page(9), renamed, gone):
        board.hear(news, NOON)
    assert dict(board.sight(NOON).today) == {Verdict.PASS: 1}


def test_text_read_later_does_not_take_the_place_of_the_last_page() -> None:
    sight = after(page(1), page(2), page(1))
    assert sight.last is not None
    assert str(sight.last.judged.result.page).endswith("0002.tif#1")
    assert len(sight.lines) == 2
    worse = after(page(1), page(2), page(1, skew()))
    assert worse.last is not None
    assert worse.last.judged.verdict is Verdict.FAIL


def test_pages_of_an_earlier_life_stand_behind_those_of_this_one() -> None:
    earlier = OpenPages(inbox=INBOX, pages=(page(4, skew()), page(3, skew()), page(1, skew())))
    assert names(after(earlier)) == ["0004.tif", "0003.tif", "0001.tif"]
    assert after(earlier).lines == ()
    assert names(after(earlier, page(2, skew()))) == ["0002.tif", "0004.tif", "0003.tif", "0001.tif"]
    assert names(after(earlier, page(3, scan=2, was="x"))) == ["0004.tif", "0001.tif"]
    known = after(page(1, skew()), replaced(1), earlier)  # as after the configuration was read anew
    assert names(known) == ["0001.tif", "0004.tif", "0003.tif"]
    assert known.bad[0].is_again


def test_text_of_a_page_of_long_ago_is_a_line_and_takes_the_large_area_only_where_it_is_bad() -> None:
    later = replace(page(1, border()), is_told_again=True)
    sight = after(page(2), later)
    assert sight.last is not None
    assert str(sight.last.judged.result.page).endswith("0002.tif#1")
    assert [line for line in sight.lines if line is later]
    assert dict(sight.today) == {Verdict.PASS: 1}, "it was not examined today"
    worse = after(page(2), replace(page(1, skew()), is_told_again=True))
    assert worse.last is not None
    assert worse.last.judged.verdict is Verdict.FAIL
    assert names(worse) == ["0001.tif"]


def test_only_a_new_reason_to_scan_again_is_told() -> None:
    board = Board()
    told = [board.hear(news, NOON) for news in (page(1, skew()), page(1, skew()), page(2), standing())]
    assert told == [True, False, False, False]
    assert board.hear(page(1, skew(), scan=2, was="x"), NOON)


def test_pages_are_counted_by_their_present_verdict_and_anew_each_day() -> None:
    board = Board()
    for news in (page(1, skew()), page(2), page(1, scan=2, was="x"), page(3, border())):
        board.hear(news, NOON)
    assert dict(board.sight(NOON).today) == {Verdict.PASS: 2, Verdict.REVIEW: 1}
    assert dict(board.sight(NOON + timedelta(days=1)).today) == {}
    assert board.sight(NOON + timedelta(days=1)).last is not None
    board.hear(page(4), NOON)
    assert dict(board.sight(NOON).today) == {Verdict.PASS: 1}, "the clock was set back to the right day"


def test_trouble_is_kept_once_since_it_began() -> None:
    board = Board()
    full = trouble()
    board.hear(standing(trouble=full.message), NOON)
    board.hear(full, full.at)
    board.hear(standing(trouble=Message(template=full.message.template, values={"size": 400})), full.at)
    sight = board.sight(full.at)
    assert [(each.inbox, each.since) for each in sight.troubles] == [(INBOX, NOON)]
    board.hear(trouble(EventKind.RECOVERED), full.at)
    board.hear(standing(), full.at)
    assert board.sight(full.at).troubles == ()


def test_trouble_of_the_service_outlives_folders_that_stand_well() -> None:
    news = ServiceNews(kind=EventKind.TROUBLE, message=Message(template="the ledger is locked"), at=NOON)
    assert len(after(news, standing()).troubles) == 1


def test_lines_and_bad_pages_do_not_grow_without_end() -> None:
    sight = after(*(page(number, skew()) for number in range(1000)))
    assert len(sight.lines) <= 200
    assert len(sight.bad) <= 50
    assert sight.bad_count == 1000
