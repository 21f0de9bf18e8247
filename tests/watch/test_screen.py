"""The picture on the terminal."""

import io
import itertools
import threading
from dataclasses import replace

import pytest
from rich.console import Console

from tests.report.delivery import HOSTILE
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
    waited,
)
from ybda_qc.model import Outcome, Verdict
from ybda_qc.report import Lang, translator
from ybda_qc.watch.big_letters import draw
from ybda_qc.watch.board import Board, Sight
from ybda_qc.watch.news import News, StationNews
from ybda_qc.watch.screen import Screen, compose
from ybda_qc.watch.screen_text import cut_middle, page_number, wrapped

SIZES = [(80, 24), (40, 12), (120, 36), (200, 60), (60, 20), (20, 5), (1, 1), (300, 8)]


def sight(*news: News) -> Sight:
    board = Board()
    for piece in news:
        board.hear(piece, NOON)
    return board.sight(NOON)


def shown(*news: News, width: int = 80, height: int = 24, lang: Lang = "en") -> str:
    lines = compose(sight(*news), width, height, NOON, translator(lang))
    return "\n".join(line.plain for line in lines)


def has_big(text: str, picture: str) -> bool:
    """Whether the big letters stand in a picture, at one of their sizes."""
    lines = text.splitlines()
    for size in range(5):
        big = draw(picture, size)
        for first in range(len(lines) - len(big) + 1):
            place = lines[first].find(big[0])
            while place >= 0:
                if all(lines[first + n][place:].startswith(line) for n, line in enumerate(big)):
                    return True
                place = lines[first].find(big[0], place + 1)
    return False


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_fills_any_terminal_exactly(width: int, height: int, lang: Lang) -> None:
    for news in (
        [],
        a_morning(),
        [*a_morning(), page(9, skew()), trouble()],
        [*(page(name, skew(), item=name) for name in HOSTILE), standing(waited(HOSTILE[-1], 31))],
    ):
        lines = compose(sight(*news), width, height, NOON, translator(lang))
        assert [line.cell_len for line in lines] == [width] * height
        assert all("\n" not in line.plain and "\t" not in line.plain for line in lines)


@pytest.mark.parametrize(
    ("findings", "english", "chinese"),
    [
        ((), "PASSED", "通过"),
        ((skew(1.2, Verdict.NOTE),), "NOTE", "提示"),
        ((border(),), "LOOK", "请看"),
        ((skew(),), "RESCAN", "重扫"),
    ],
)
@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 36), (200, 60)])
def test_the_last_page_is_big(findings: tuple, english: str, chinese: str, width: int, height: int) -> None:
    for lang, word in (("en", english), ("zh", chinese)):
        text = shown(*a_morning(), page(42, *findings), width=width, height=height, lang=lang)
        assert has_big(text, word)
        assert has_big(text, "0042")
        assert f"{word}  0042.tif  {ITEM}" in text


def test_says_what_is_wrong_and_what_to_do_in_both_languages() -> None:
    english = shown(page(1, skew(), border()), width=100, height=30)
    assert "skewed pages: skew +4.20 degrees is over 3" in english
    assert "→ scan again with the sheet against the stop, or straighten the image" in english
    assert english.index("skewed pages") < english.index("wide dark borders"), "the heaviest first"
    chinese = shown(page(1, skew(), border()), width=100, height=30, lang="zh")
    assert "页面偏斜：偏斜 +4.20 度，超过 3 度" in chinese
    assert "→ 将纸张靠齐定位边重新扫描，或由原始扫描件纠偏。" in chinese


def test_a_page_that_the_program_failed_on_says_what_to_do() -> None:
    text = shown(broken(3), lang="zh")
    assert has_big(text, "出错")
    assert "此页无法检查" in text
    assert "→ 重新扫描" in text


def test_more_findings_than_there_is_room_for_are_counted() -> None:
    findings = [replace(skew(), check=f"check-{number}", code="x") for number in range(12)]
    assert "more" in shown(page(1, *findings))


def test_bad_pages_stay_in_sight_with_their_remedies() -> None:
    text = shown(page(5, skew()), page(6), width=120, height=40)
    assert "scan these again: 1" in text
    assert has_big(text, "0005")
    assert has_big(text, "0006")
    assert "scan again with the sheet" in text
    assert "scanned again" in shown(page(5, skew()), page(6), replaced(5), width=120, height=40)
    assert "scan these again" not in shown(page(5, skew()), page(6), page(5, scan=2, was="x"))


def test_bad_pages_that_have_no_room_are_counted() -> None:
    text = shown(*(page(number, skew()) for number in range(1, 31)), page(31))
    assert "scan these again: 30" in text
    assert "0030.tif" in text
    assert "more" in text


def test_waiting_files_say_how_long_and_why_the_oldest_first() -> None:
    files = (waited("a/0002.tif", 3), waited("a/0001.tif", 40.2), waited("a/0003.tif", 700))
    text = shown(page(1), standing(*files), height=40)
    assert "0001.tif  waiting 40 s: still growing" in text
    assert text.index("12 min") < text.index("40 s") < text.index("waiting 3 s")
    assert "已等待 40 秒" in shown(standing(*files), height=40, lang="zh")
    many = [waited(f"a/{number:04d}.tif", 5) for number in range(5000)]
    assert "0000.tif  waiting 5 s" in shown(standing(*many), height=20), "the footer has their number"
    assert "4997 more are waited for" in shown(standing(*many), height=40)


def test_counts_and_items_and_trouble() -> None:
    text = shown(*a_morning(), closed(Outcome.ACCEPT, item="X-1"), trouble(), width=130, height=40)
    assert "pages today: 8  ✔ 4  · 1  ! 1  ✘ 2  ? 0" in text
    assert "queue: 3  waited for: 2  open items: 2  text unread: 120  files: 1024" in text
    assert "✔ Machine part passed" in text, "no machine accepts"
    assert f"✘ since {trouble().at.astimezone():%H:%M}: {INBOX}: less than 500 MB are free" in text


def test_folders_are_told_apart_where_there_are_several() -> None:
    text = shown(standing(), standing(inbox="share"), page(1, inbox="share"), width=130)
    assert " scans, share " in text
    assert "share: PASSED" in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_name_moves_the_cursor_or_is_taken_for_markup(lang: Lang) -> None:
    names = [*HOSTILE, "[bold red]0001[bold].tif", "\x1b[2J\x07.tif", "\udcff0001.tif", "[/]", "{0}.tif"]
    for name in names:
        text = shown(page(name, skew(), item=name), page(2), standing(inbox=name), lang=lang)
        assert not set(text) & {chr(code) for code in (*range(10), *range(11, 32), 127)}
        assert "\u202e" not in text
    assert "[bold red]0001[bold].tif" in shown(page("[bold red]0001[bold].tif"))


def test_long_names_keep_the_page_number() -> None:
    name = "档案" * 60 + "-0123.tif"
    for width in (30, 40, 80, 120):
        assert "0123.tif" in shown(page(name), width=width, height=12)


def test_the_number_of_a_page() -> None:
    def of(path: str, frame: int = 1) -> str:
        return page_number(replace(page(1).judged.result.page, path=path, frame=frame))

    assert of("B469-WS·2023-Y-BGS-0001/0007.tif") == "0007"
    assert of("B469-WS·2023-Y-BGS-0001-003.jpg") == "003"
    assert of("book.pdf") == "1"
    assert of("0001.tif", 12) == "12"
    assert of("a/cover.tif") == "cover"


def test_cuts_count_cells() -> None:
    assert cut_middle("档案档案档案0001.tif", 14) == "档案…0001.tif"
    assert cut_middle("short", 9) == "short"
    assert wrapped("由原始扫描件纠偏，或重新扫描", 10, 3) == ["由原始扫描", "件纠偏，或", "重新扫描"]
    assert wrapped("one two three four", 9, 2) == ["one two", "three fo…"]
    assert wrapped("一二三四五，六", 10, 2) == ["一二三四", "五，六"]


def console(stream: io.StringIO) -> Console:
    return Console(file=stream, force_terminal=True, width=80, height=24, color_system="truecolor")


def test_shows_news_and_gives_the_terminal_back() -> None:
    stream = io.StringIO()
    with (
        pytest.raises(RuntimeError, match="on purpose"),
        Screen(translator("en"), console=console(stream)) as it,
    ):
        for news in a_morning():
            it.hear(news)
        wait_for(stream, "0008.tif")
        raise RuntimeError("on purpose")
    written = stream.getvalue()
    assert "\x1b[?1049h" in written
    assert written.rindex("\x1b[?1049l") > written.rindex("0008.tif")
    assert written.rindex("\x1b[?25h") > written.rindex("\x1b[?25l")


def wait_for(stream: io.StringIO, text: str) -> None:
    for _ in range(600):
        if text in stream.getvalue():
            return
        threading.Event().wait(0.05)
    raise AssertionError(f"{text} was never shown")


@pytest.mark.parametrize(("bell", "rings"), [(True, True), (False, False)])
def test_rings_for_a_bad_page_where_it_is_asked_to(bell: bool, rings: bool) -> None:
    stream = io.StringIO()
    with Screen(translator("en"), bell=bell, console=console(stream)) as screen:
        screen.hear(page(1, skew()))
        wait_for(stream, "0001.tif")
        screen.hear(page(2))
        wait_for(stream, "0002.tif")
    assert ("\x07" in stream.getvalue()) is rings


def test_draws_nothing_where_there_is_no_terminal() -> None:
    stream = io.StringIO()
    with Screen(translator("en"), console=Console(file=stream)) as screen:
        screen.hear(page(1))
    assert stream.getvalue() == ""


class Gone(io.StringIO):
    def write(self, text: str) -> int:
        raise OSError(5, "the terminal has gone")


def test_a_terminal_that_has_gone_ends_nothing() -> None:
    with Screen(translator("en"), console=console(Gone())) as screen:
        for news in itertools.chain(a_morning(), a_morning()):
            screen.hear(news)


class Stopped(io.StringIO):
    def __init__(self) -> None:
        super().__init__()
        self.goes_on = threading.Event()

    def write(self, text: str) -> int:
        self.goes_on.wait()
        return super().write(text)


def test_a_terminal_that_was_stopped_keeps_nobody_waiting() -> None:
    stream = Stopped()
    with Screen(translator("en"), console=console(stream)) as screen:
        for news in a_morning():
            screen.hear(news)
        assert not stream.getvalue()
        stream.goes_on.set()


def test_news_that_cannot_be_drawn_end_nothing() -> None:
    stream = io.StringIO()
    with Screen(translator("en"), console=console(stream)) as screen:
        screen.hear(StationNews(inbox=None))  # type: ignore[arg-type]
        wait_for(stream, "cannot be drawn")


@pytest.mark.parametrize("size", [(80, 24), (130, 40)])
def test_every_cell_has_a_ground_of_its_own(size: tuple[int, int]) -> None:
    styled = Console(width=size[0], color_system="truecolor")
    for line in compose(sight(*a_morning(), page(9, skew()), trouble()), *size, NOON, translator("zh")):
        for segment in styled.render(line, styled.options.update_width(size[0])):
            assert segment.style is not None
            assert segment.style.bgcolor is not None, segment.text


def test_a_terminal_without_half_blocks_gets_plain_letters() -> None:
    lines = compose(sight(page(1)), 80, 24, NOON, translator("en"), is_big=False)
    assert not any("█" in line.plain for line in lines)
    assert any("PASSED  0001.tif" in line.plain for line in lines)
