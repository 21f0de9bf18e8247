"""Numbers on the pages against the order of the files."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.checks.batch.memory import MemoryView, inspect_batch, limits_of
from tests.checks.batch.texts import HEIGHT, WIDTH, Placed, make_view, place_text
from ybda_qc.checks._numbering import follow
from ybda_qc.checks._page_numbers import page_numbers, read_number
from ybda_qc.checks.batch.page_number_order import PageNumberOrderCheck
from ybda_qc.model import Box, Finding, NotApplicable, PageText, TextLine, WritingDirection

CHECK = PageNumberOrderCheck()
CODE = "A1-WS·2010-Y-0001"
BODY: tuple[Placed, ...] = tuple(("正文内容若干字不计页码", 0.5, 0.2 + at / 20) for at in range(10))


def page(number: object = None, *more: Placed, across: float = 0.5, down: float = 0.95) -> PageText:
    lines = [*BODY, *more]
    return place_text(lines if number is None else [*lines, (str(number), across, down)])


def pages(*numbers: object) -> list[PageText | None]:
    return [page(number) for number in numbers]


def view_of(texts: Sequence[PageText | None]) -> MemoryView:
    return make_view({CODE: texts})


def look(texts: Sequence[PageText | None]) -> list[Finding]:
    """Findings; none as well where the numbers cannot be followed."""
    view = view_of(texts)
    if isinstance(CHECK.inspect(view, CHECK.method(), limits_of(CHECK)), NotApplicable):
        return []
    return inspect_batch(CHECK, view)


def named(*numbers: int) -> tuple[str, ...]:
    return tuple(f"{CODE}/{number:04d}.tif#1" for number in numbers)


def test_numbers_that_run_on_are_sound() -> None:
    assert look(pages(*range(1, 9))) == []
    assert look(pages(*range(37, 45))) == []


def test_a_sheet_that_is_missing_is_a_shift() -> None:
    (finding,) = look(pages(1, 2, 3, 4, 7, 8, 9))
    assert (finding.code, finding.subject, finding.value) == ("missing", CODE, 2.0)
    assert finding.values["numbers"] == "5-6"
    assert finding.pages == named(4, 5)


def test_the_shift_is_found_behind_pages_without_a_number() -> None:
    (finding,) = look([*pages(1, 2, 3), None, page(), *pages(8, 9, 10)])
    assert (finding.code, finding.values["before"], finding.values["after"]) == ("missing", 3, 8)
    assert finding.value == 2.0


def test_pages_that_changed_places_are_named() -> None:
    (finding,) = look(pages(1, 2, 4, 3, 5, 6, 7))
    assert (finding.code, finding.values["numbers"], finding.pages) == ("swapped", "4, 3", named(3, 4))


@pytest.mark.parametrize(
    "numbers",
    [(1, 3, 4, 5, 6, 7, 8, 9, 10, 2, 11, 12), (1, 2, 6, 7, 8, 3, 4, 5, 9, 10), (1, 2, 5, 6, 3, 4, 7, 8, 9)],
)
def test_pages_that_were_moved_are_neither_missing_nor_repeated(numbers: tuple[int, ...]) -> None:
    assert [finding.code for finding in look(pages(*numbers))] == ["swapped"]


def test_a_page_that_was_scanned_twice_is_repeated() -> None:
    (finding,) = look(pages(1, 2, 3, 4, 4, 5, 6, 7))
    assert (finding.code, finding.values["numbers"], finding.pages) == ("repeated", "4", named(4, 5))


def test_attachments_start_again() -> None:
    assert look(pages(1, 2, 3, 4, 5, 1, 2, 3, 4)) == []
    assert look(pages(1, 2, 3, 4, 5, None, 2, 3, 4, 5)) == []
    (finding,) = look(pages(1, 2, 3, 4, 5, 6, 1, 2, 3, 6, 7))
    assert (finding.code, finding.pages) == ("missing", named(9, 10))


def test_an_extract_with_numbers_of_its_own_is_no_gap() -> None:
    assert look(pages(1, 2, 3, 4, 120, 121, 122)) == []
    assert [finding.code for finding in look(pages(1, 2, 3, 4, 25, 26, 27))] == ["missing"]
    assert look(pages(1, 2, 3, 4, 26, 27, 28)) == []


def test_front_matter_and_blank_backs_are_tolerated() -> None:
    assert look([page(), page("i"), page("ii"), *pages(1, 2, 3, 4)]) == []
    assert look(pages(1, None, 2, None, 3, None, 4, None)) == []
    assert look(pages(1, 1, 2, 2, 3, 3, 4, 4)) == []
    assert look(pages(1, 3, 5, 7, 9)) == []
    assert look([*pages(1, 2, 3), None, *pages(4, 5, 6)]) == []  # a blank leaf that was not numbered


def test_single_misread_numbers_are_tolerated() -> None:
    assert look(pages(1, 2, 8, 4, 5, 6, 7)) == []
    assert look(pages(8, 9, 1, 11, 1, 13, 14)) == []
    assert look(pages(1, 2, 3, 4, 5, 6, 9)) == []


def test_two_numberings_are_followed_apart() -> None:
    printed, stamped = (1, 2, 3, 6, 7, 8), (11, 12, 13, 14, 15, 16)
    texts = [page(one, (str(other), 0.9, 0.04)) for one, other in zip(printed, stamped, strict=True)]
    (finding,) = look(texts)
    assert (finding.code, finding.values["numbers"]) == ("missing", "4-5")


def test_numbers_in_changing_corners_are_one_numbering() -> None:
    numbers = (1, 2, 3, 4, 7, 8, 9)
    texts = [page(f"- {n} -", across=0.88 if n % 2 else 0.12) for n in numbers]
    (finding,) = look(texts)
    assert finding.pages == named(4, 5)


def test_numbers_within_the_text_are_no_page_numbers() -> None:
    rng = random.Random(3)
    texts = [page(None, (str(rng.randint(1, 400)), 0.5, 0.95), (str(at * 3), 0.5, 0.5)) for at in range(1, 9)]
    assert look(texts) == []


def test_few_numbers_are_not_judged() -> None:
    assert look(pages(1, 2, 5)) == []
    assert [finding.code for finding in look(pages(1, 2, 5, 6))] == ["missing"]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_pages_that_lie_turned(turn: int) -> None:
    """The number at the bottom of the upright page, where it stands on the stored one."""
    box = {
        90: Box(
            left=WIDTH - 60, top=HEIGHT // 2, width=20, height=20
        ),  # clockwise by 90: right edge is below
        180: Box(left=WIDTH // 2, top=40, width=20, height=20),
        270: Box(left=40, top=HEIGHT // 2, width=20, height=20),
    }[turn]
    line = TextLine(text="7", box=box, confidence=1.0, direction=WritingDirection.HORIZONTAL, words=())
    text = PageText(width_px=WIDTH, height_px=HEIGHT, turn=turn, lines=(line,))  # type: ignore[arg-type]
    assert [(n.series[:2], n.value) for n in page_numbers(text)] == [(("bottom", "centre"), 7)]


def test_without_text_or_numbers_it_does_not_apply() -> None:
    limits = limits_of(CHECK)
    for view in (MemoryView(view_of(pages(1)).batch), view_of([page(), page(), None])):
        assert isinstance(CHECK.inspect(view, CHECK.method(), limits), NotApplicable)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        *(
            ("12", 12),
            ("- 12 -", 12),
            ("—3—", 3),
            ("·5·", 5),
            ("(7)", 7),
            ("第12页", 12),
            ("第 3 页 共 8 页", 3),
        ),
        *(("3/8", 3), ("Page 3 of 8", 3), ("十二", 12), ("一二", 12), ("一〇", 10), ("二十", 20)),
        *(("一百零三", 103), ("第三頁", 3), ("⑫", 12), ("iv", 4), ("XII", 12), ("Ⅳ", 4)),
    ],
)
def test_forms_of_numbers(written: str, number: int) -> None:
    found = read_number(written)
    assert found is not None
    assert found[1] == number


@pytest.mark.parametrize(
    "written", ["", "2004年", "12345", "abc", "iiii", "0", "3月", "共8页", "1.5.2", "十十", "١٢", "१२"]
)
def test_what_is_no_page_number(written: str) -> None:
    assert read_number(written) is None


@given(st.text(max_size=20) | st.text(st.characters(categories=["Nd", "Nl", "No"]), max_size=4))
def test_any_line_is_read_or_left(text: str) -> None:
    found = read_number(text)
    assert found is None or 0 < found[1] <= 9999


def test_digits_of_other_scripts_are_no_number() -> None:
    assert read_number("\U000114d0") is None
    assert read_number("٣") is None
    assert read_number("１２") == ("digits", 12)


numbers = st.dictionaries(st.integers(0, 60), st.integers(1, 400), min_size=1, max_size=40)


@given(numbers)
def test_every_row_of_numbers_can_be_followed(some: dict[int, int]) -> None:
    found = follow(some)
    assert found.read + len(found.strays) == found.of == len(some)
    texts = [page(some.get(at)) for at in range(max(some) + 1)]
    look(texts)


@given(st.integers(1, 300), st.integers(6, 30), st.integers(1, 6), st.data())
def test_any_gap_in_the_middle_is_found(first: int, count: int, gap: int, data: st.DataObject) -> None:
    at = data.draw(st.integers(3, count - 3))
    row = [first + place + (gap if place >= at else 0) for place in range(count)]
    found = [finding for finding in look(pages(*row)) if finding.code == "missing"]
    assert [(finding.value, finding.pages) for finding in found] == [(float(gap), named(at, at + 1))]


@given(st.integers(1, 300), st.integers(6, 30), st.data())
def test_one_misread_number_is_never_found(first: int, count: int, data: st.DataObject) -> None:
    row = [first + place for place in range(count)]
    row[data.draw(st.integers(0, count - 1))] = data.draw(st.integers(1, 999))
    assert look(pages(*row)) == []
