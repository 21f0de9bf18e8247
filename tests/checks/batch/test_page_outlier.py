"""A page stands out from its item; covers, fold-outs and items of mixed pages are left in peace."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from tests.checks.batch.memory import ANY, OWN, MemoryView, inspect_batch, make_batch, make_page
from ybda_qc.checks._limits import Above
from ybda_qc.checks._listing import LISTED
from ybda_qc.checks.batch.page_outlier import PageOutlierCheck
from ybda_qc.model import BatchFile, FileRole, Finding, PageResult, Verdict

LIMITS = {
    "other_size": Above(note=0.1, source=OWN),
    "other_brightness": Above(note=25, review=90, source=OWN),
    "other_tint": Above(note=8, review=35, source=OWN),
    "other_contrast": Above(note=0.25, source=OWN),
    "other_resolution": Above(note=0.01, source=OWN),
}
Value = float | str
UNKNOWN = -999.0


def page(number: int, item: str = "A-1", **changed: Value) -> PageResult:
    """A sound A4 page in colour without coloured content, unless changed."""
    values: dict[str, Value] = {"level": 240, "contrast": 0.8, "a": 0, "b": 5, "width": 212, "height": 299}
    values |= {"dpi": 300, "mode": "rgb", "content": "colour", "colour": "none", "holds": "written"} | changed
    numbers = {
        ("exposure", "paper_level"): values["level"],
        ("exposure", "contrast"): values["contrast"],
        ("true_colour", "paper_a"): values["a"],
        ("true_colour", "paper_b"): values["b"],
        ("paper_size", "width_mm"): values["width"],
        ("paper_size", "height_mm"): values["height"],
        ("resolution", "resolution_x"): values["dpi"],
    }
    texts = {
        ("colour_mode", "mode"): str(values["mode"]),
        ("true_colour", "content"): str(values["content"]),
        ("true_colour", "colour_content"): str(values["colour"]),
        ("blank_page", "content"): str(values["holds"]),
    }
    made = make_page(
        f"{item}/{number:05d}.jpg",
        numbers={key: float(value) for key, value in numbers.items() if float(value) > UNKNOWN},
        texts={key: text for key, text in texts.items() if text},
    )
    return replace(made, item=item)


def item(count: int, *others: PageResult, **changed: Value) -> list[PageResult]:
    """So many like pages, some of them replaced by others of the same name."""
    pages = {str(made.page): made for made in (page(number, **changed) for number in range(1, count + 1))}
    pages |= {str(other.page): other for other in others}
    return [made for _, made in sorted(pages.items())]


def look(pages: Sequence[PageResult], **method: object) -> list[Finding]:
    return inspect_batch(PageOutlierCheck(), MemoryView(make_batch([], ANY), tuple(pages)), method, **LIMITS)


def test_an_item_of_like_pages_is_sound() -> None:
    assert look(item(10)) == []
    assert look([]) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"width": 297, "height": 420}, "other-size"),
        ({"width": 100, "height": 150}, "other-size"),
        ({"level": 200}, "other-brightness"),
        ({"b": 20}, "other-tint"),
        ({"a": 12, "b": -2}, "other-tint"),
        ({"contrast": 0.4}, "other-contrast"),
        ({"dpi": 200}, "other-resolution"),
    ],
)
def test_a_page_that_stands_out_is_noted(changed: dict[str, Value], code: str) -> None:
    (finding,) = look(item(10, page(6, **changed)))

    assert (finding.code, finding.verdict) == (code, Verdict.NOTE)
    assert (finding.subject, finding.pages) == ("A-1", ("A-1/00006.jpg#1",))


@pytest.mark.parametrize("changed", [{"level": 130}, {"a": 60, "b": -60}])
def test_a_great_jump_is_a_review(changed: dict[str, Value]) -> None:
    (finding,) = look(item(10, page(6, **changed)))

    assert finding.verdict is Verdict.REVIEW


@pytest.mark.parametrize(
    "changed",
    [
        {"level": 225},
        {"b": 9},
        {"contrast": 0.65},
        {"contrast": 0.99},
        {"width": 215, "height": 302},
        {"width": 299, "height": 212},
        {"dpi": 300.3},
    ],
)
def test_small_differences_turned_sheets_and_better_contrast_are_sound(changed: dict[str, Value]) -> None:
    assert look(item(10, page(6, **changed))) == []


def test_covers_are_no_outliers_but_lie_at_the_ends() -> None:
    cover = {"level": 150.0, "b": 25.0, "width": 230.0, "height": 320.0}

    assert look(item(10, page(1, **cover), page(10, **cover))) == []
    assert {finding.code for finding in look(item(10, page(2, **cover)))} == {
        "other-size",
        "other-brightness",
        "other-tint",
    }


def test_few_pages_tell_nothing() -> None:
    assert look(item(3, page(2, level=120))) == []
    assert len(look(item(4, page(2, level=120)))) == 1


def test_another_kind_of_page_is_no_outlier() -> None:
    assert look(item(10, *(page(number, level=180) for number in (3, 4, 5)))) == []


def test_in_an_item_of_many_papers_none_stands_out() -> None:
    random = np.random.default_rng(3)
    pages = [
        page(n, level=float(random.uniform(170, 250)), b=float(random.uniform(0, 30))) for n in range(30)
    ]

    assert look(pages) == []


def test_each_item_is_compared_with_itself() -> None:
    assert look([*item(6), *(page(n, item="A-2", level=150, dpi=200) for n in range(6))]) == []


def test_pages_outside_items_and_without_numbers_are_left_out() -> None:
    loose = [replace(made, item=None) for made in item(6, page(3, level=100))]
    unknown = item(6, page(3, **dict.fromkeys(("level", "a", "width", "dpi", "contrast"), UNKNOWN)))

    assert look(loose) == []
    assert look(unknown) == []


@pytest.mark.parametrize(
    "lost", [{"mode": "grey"}, {"mode": "bitonal"}, {"mode": "rgb", "content": "grey"}], ids=str
)
def test_a_grey_page_among_pages_with_seals_has_perhaps_lost_its_colour(lost: dict[str, Value]) -> None:
    pages = item(8, page(3, colour="red"), page(5, colour="", **lost))

    (finding,) = look(pages)

    assert (finding.code, finding.pages) == ("colour-lost", ("A-1/00005.jpg#1",))
    assert finding.values["coloured"] == 1


def test_colour_is_not_missed_where_nobody_has_any() -> None:
    grey = page(5, mode="grey", colour="")

    assert look(item(8, grey)) == [], "no sibling holds coloured content"
    assert look(item(8, grey, mode="grey", colour="")) == [], "all are grey"
    mixed = [page(number, mode="grey", colour="") for number in (2, 4, 5, 6)]
    assert look(item(8, page(3, colour="red"), *mixed)) == [], "grey is the rule of the item"
    blank = page(5, mode="bitonal", colour="", holds="nothing")
    assert look(item(8, page(3, colour="red"), blank)) == [], "a blank page had no colour to lose"


def test_a_long_list_is_cut_and_counted() -> None:
    pages = [
        made
        for number in range(LISTED + 5)
        for made in [page(n, item=f"I-{number:05d}", level=150 if n == 2 else 240) for n in range(5)]
    ]
    findings = look(pages)

    assert sum(finding.code == "other-brightness" for finding in findings) == LISTED
    assert findings[-1].code == "unlisted"


def test_pages_that_were_not_looked_at_do_not_pass() -> None:
    with pytest.raises(LookupError, match="true_colour"):
        look([replace(made, checks={}) for made in item(8)])


def test_checks_that_are_switched_off_are_not_asked() -> None:
    pages = [
        replace(made, checks={key: found for key, found in made.checks.items() if key != "paper_size"})
        for made in item(8, page(5, level=150))
    ]
    assert [finding.code for finding in look(pages)] == ["other-brightness"]


def test_items_that_lie_between_each_other_are_put_together() -> None:
    pages = [
        replace(page(n, item="flat", level=150 if n == 7 else 240), item=f"A-{n % 2}") for n in range(16)
    ]
    files = [
        BatchFile(path=str(made.page.path), size_bytes=1, role=FileRole.PAGE, item=made.item)
        for made in pages
    ]
    batch = replace(make_batch([], ANY), files=tuple(files))

    (finding,) = inspect_batch(PageOutlierCheck(), MemoryView(batch, tuple(pages)), {}, **LIMITS)

    assert (finding.subject, finding.pages) == ("A-1", ("flat/00007.jpg#1",))


def test_an_item_with_foreign_files_between_its_pages_is_one_item() -> None:
    pages = [page(n, level=150 if n == 4 else 240) for n in range(9)]
    for place in (6, 3):
        pages.insert(place, replace(page(place, item="foreign", level=20), item=None))
    files = [
        BatchFile(path=str(made.page.path), size_bytes=1, role=FileRole.PAGE, item=made.item)
        for made in pages
    ]
    batch = replace(make_batch([], ANY), files=tuple(files))

    (finding,) = inspect_batch(PageOutlierCheck(), MemoryView(batch, tuple(pages)), {}, **LIMITS)

    assert (finding.subject, finding.pages) == ("A-1", ("A-1/00004.jpg#1",))


def test_many_grey_pages_of_an_item_are_one_finding() -> None:
    grey = [page(number, colour="", mode="grey") for number in range(3, 15)]
    (finding,) = look(
        item(60, page(40, colour="red"), *[page(n, colour="red") for n in range(41, 50)], *grey)
    )
    assert (finding.code, len(finding.pages)) == ("colour-lost", 12)


def test_the_message_tells_the_figures_of_the_columns() -> None:
    (finding,) = look(item(8, page(5, level=150.4)))
    assert finding.value == finding.values["usual"] - finding.values["level"] == 90
