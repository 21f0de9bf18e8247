"""Lines are squeezed as far as the lines before them on the page stay legible."""

import pytest

from ybda_qc.ocr.squeezing import LineRead, Squeezing

CHINESE, ENGLISH = 5.0, 2.1  # steps of the network for a character at full width


def line_read(share: float, pitch: float, text: str = "会议材料备查", mean: float = 0.99) -> LineRead:
    return LineRead(
        share=share, steps=round(share * pitch * len(text)), text=text, mean=mean, least=mean - 0.05
    )


def after(pitch: float, lines: int, mean: float = 0.99, text: str = "会议材料备查") -> float:
    squeezing = Squeezing()
    for _ in range(lines):
        squeezing.note(line_read(squeezing.share(), pitch, text=text, mean=mean))
    return squeezing.share()


def test_square_characters_are_squeezed_further_than_narrow_letters():
    first = Squeezing().share()
    assert after(CHINESE, 1) < first < after(ENGLISH, 1) < 1.0


def test_very_narrow_letters_are_read_in_full():
    assert after(1.7, 1) == 1.0


@pytest.mark.parametrize("pitch", [CHINESE, ENGLISH])
def test_a_page_whose_squeezed_lines_keep_failing_is_read_in_full(pitch):
    assert after(pitch, 2, mean=0.7) < 1.0  # too early to tell
    assert after(pitch, 3, mean=0.7) == 1.0


def test_lines_are_squeezed_again_where_reading_goes_well_again():
    squeezing = Squeezing()
    for _ in range(5):
        squeezing.note(line_read(squeezing.share(), CHINESE, mean=0.7))
    for _ in range(5):
        squeezing.note(line_read(squeezing.share(), CHINESE))
    assert squeezing.share() < 1.0


def test_what_is_too_short_to_measure_by_changes_nothing():
    assert after(ENGLISH, 2, text="备查") == Squeezing().share()


def test_readings_that_need_a_second_one():
    assert line_read(0.5, CHINESE).reads_well
    assert not line_read(0.5, CHINESE, mean=0.96).reads_well
    assert line_read(0.8, ENGLISH, text="the minutes", mean=0.96).reads_well
    assert not line_read(0.8, 1.5, text="the minutes").reads_well  # too few steps to tell ll from l
    assert not line_read(0.5, CHINESE, text="会议.材料").reads_well  # a stop, or a speck
    assert line_read(0.8, CHINESE, text="会议.材料").reads_well
    assert not line_read(0.5, CHINESE, text="", mean=0.0).reads_well
