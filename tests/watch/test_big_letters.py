"""Letters as high as several lines."""

import string

import pytest

from ybda_qc.report import translator
from ybda_qc.watch.big_letters import SIZES, can_draw, draw
from ybda_qc.watch.screen_text import LOOKS


@pytest.mark.parametrize("size", range(SIZES))
def test_every_line_of_a_text_is_equally_long(size: int) -> None:
    lines = draw(string.digits + string.ascii_uppercase + "-_.#!?✔✘ ·", size)
    assert len(lines) == (4, 7, 11, 14, 21)[size]
    assert len({len(line) for line in lines}) == 1


def test_no_two_characters_look_alike() -> None:
    characters = string.digits + string.ascii_uppercase + "-_.#!?✔✘·通过提示请看重扫出错"
    pictures = {draw(char, 0): char for char in characters}
    assert len(pictures) == len(characters) - 2, "only 0 and O, X and ✘ may look alike"


def test_the_word_of_every_verdict_can_be_drawn_in_both_languages() -> None:
    for lang in ("zh", "en"):
        say = translator(lang)
        for look in LOOKS.values():
            assert can_draw(say(look.word))
            assert can_draw(look.sign)


def test_four_digits_stand_beside_a_chinese_word_on_eighty_columns() -> None:
    assert len(draw("重扫", 0)[0]) + 3 + len(draw("0123", 1)[0]) <= 78


def test_small_letters_are_drawn_as_capitals_and_strange_ones_not_at_all() -> None:
    assert draw("ab", 0) == draw("AB", 0)
    assert not can_draw("页")
    assert not can_draw("")
    assert draw("页", 0) == ()


def test_a_one_is_drawn_as_it_should_be() -> None:
    assert draw("1", 0) == (" ▄█  ", "  █  ", "  █  ", " ▀▀▀ ")
