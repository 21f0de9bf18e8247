"""Many rectangles asked at once answer as each of them does; thousands of lines are no matter of minutes."""

from hypothesis import given
from hypothesis import strategies as st

from ybda_qc.ocr.order import reading_order
from ybda_qc.ocr.rectangle import Rectangle, Rectangles

_PLACES = st.integers(0, 60) | st.floats(0, 60)
_SIZES = st.integers(0, 30) | st.floats(0, 30)
RECTANGLES = st.builds(
    lambda left, top, width, height: Rectangle(left, top, left + width, top + height),
    _PLACES,
    _PLACES,
    _SIZES,
    _SIZES,
)


@given(st.lists(RECTANGLES, max_size=8), RECTANGLES, st.sampled_from([0.2, 0.4, 1.0]))
def test_many_answer_as_each_does(lines: list[Rectangle], one: Rectangle, share: float) -> None:
    every = Rectangles(lines)

    assert every.beside(one, share).tolist() == [line.is_beside(one, share) for line in lines]
    assert every.over_or_under(one).tolist() == [line.is_over_or_under(one) for line in lines]
    assert every.about_as_high_as(one, 1.4).tolist() == [line.is_about_as_high_as(one, 1.4) for line in lines]


def test_an_index_of_thousands_of_lines_is_read_column_by_column() -> None:
    lines = [
        Rectangle(100 * column, 8 * row, 100 * column + 90, 8 * row + 5)
        for column in range(5)
        for row in range(400)
    ]

    assert reading_order(lines) == list(range(2000))
