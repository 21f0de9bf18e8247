"""One scanner, one place, one alarm; coincidences and what is printed make none."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pytest

from tests.checks.batch.memory import ANY, MemoryView, limits_of, make_batch
from ybda_qc.checks._limits import Above
from ybda_qc.checks._listing import LISTED, WHOLE_BATCH
from ybda_qc.checks.batch.scanner_health import ScannerHealthCheck
from ybda_qc.model import (
    CheckResult,
    Finding,
    LimitSource,
    Measurement,
    Observation,
    PageId,
    PageResult,
    State,
    Unit,
)

CHECK = ScannerHealthCheck()
LIMIT = Above(review=2, source=LimitSource.PROJECT_CHOICE)
SURE, FAINT = 1.0, 0.4


def page(
    number: int,
    columns: Iterable[float] = (),
    rows: Iterable[float] = (),
    *,
    confidence: float = SURE,
    contrast: float = -20.0,
    width: int = 2480,
    dpi: float | None = 300.0,
    specks: str = "",
) -> PageResult:
    lines: list[Measurement] = [Measurement(quantity="streaks", value=0, unit=Unit.COUNT)]
    for name, places in (("column", columns), ("row", rows)):
        for index, place in enumerate(places, start=1):
            lines += [
                Measurement(quantity=f"{name}_{index}", value=place, unit=Unit.PIXEL, confidence=confidence),
                Measurement(quantity=f"{name}_{index}_contrast", value=contrast, unit=Unit.LEVEL),
            ]
    places = Observation(quantity="places", text=specks)
    checks = {
        "scanner_line": CheckResult(state=State.MEASURED, measured=tuple(lines)),
        "speckle": CheckResult(state=State.MEASURED, measured=(places,)),
    }
    if dpi:
        both = [Measurement(quantity=f"resolution_{axis}", value=dpi, unit=Unit.DPI) for axis in "xy"]
        checks["resolution"] = CheckResult(state=State.MEASURED, measured=tuple(both))
    return PageResult(
        page=PageId(path=f"{number:06d}.jpg"),
        sha256="0" * 64,
        size_bytes=1,
        width_px=width,
        height_px=3508,
        checks=checks,
    )


def look(pages: Iterable[PageResult], **limits: Above) -> list[Finding]:
    view = MemoryView(make_batch([], ANY), tuple(pages))
    chosen: Mapping[str, Above] = {
        "same_column": LIMIT,
        "same_row": LIMIT,
        "same_speck": Above(review=3, source=LIMIT.source),
        **limits,
    }
    return list(CHECK.inspect(view, CHECK.method(), limits_of(CHECK, **chosen)))


def test_the_same_column_on_many_pages_is_one_alarm() -> None:
    pages = [page(n, [1000.2 + 0.3 * (n % 3)] if 5 <= n < 25 else []) for n in range(40)]

    (finding,) = look(pages)

    assert (finding.code, finding.subject, finding.value) == ("same-column", WHOLE_BATCH, 20)
    assert finding.pages[0] == "000005.jpg#1"
    assert finding.pages[-1] == "000024.jpg#1"
    assert "84.7 mm" in finding.message


def test_the_same_row_has_its_own_word() -> None:
    (finding,) = look(page(n, rows=[500.0]) for n in range(5))
    assert finding.code == "same-row"


def test_each_side_of_the_limit() -> None:
    assert look(page(n, [700.0]) for n in range(2)) == []
    assert len(look(page(n, [700.0]) for n in range(3))) == 1
    assert look((page(n, [700.0]) for n in range(3)), same_column=Above(review=3, source=LIMIT.source)) == []


def test_duplex_pages_show_it_on_every_second_page() -> None:
    (finding,) = look(page(n, [700.0] if n % 2 else []) for n in range(30))
    assert finding.value == 15


def test_pages_of_two_scanners_may_alternate() -> None:
    pages = [page(n, [700.0] if n % 2 else [], width=2480 if n % 2 else 2550) for n in range(12)]
    (finding,) = look(pages)
    assert finding.value == 6


def test_a_streak_on_pages_cropped_one_by_one_is_one_alarm() -> None:
    (finding,) = look(page(n, [700.0], width=2480 + 3 * n) for n in range(12))
    assert finding.value == 12


def test_without_a_resolution_only_pages_of_one_size_are_of_one_scanner() -> None:
    assert look(page(n, [700.0], width=2480 + 3 * n, dpi=None) for n in range(12)) == []


def test_faint_lines_need_more_pages() -> None:
    assert look(page(n, [700.0], confidence=FAINT) for n in range(6)) == []
    assert len(look(page(n, [700.0], confidence=FAINT) for n in range(10))) == 1


def test_dark_and_bright_are_two_faults() -> None:
    pages = [page(n, [700.0], contrast=-20 if n % 2 else 20) for n in range(20)]
    assert [finding.value for finding in look(pages)] == [10, 10]


def test_printed_rules_move_from_sheet_to_sheet() -> None:
    random = np.random.default_rng(4)
    assert look(page(n, [700 + random.normal(0, 4)]) for n in range(60)) == []


def test_chance_makes_no_alarm() -> None:
    random = np.random.default_rng(5)
    lines = random.uniform(100, 2400, (4000, 1))
    assert look(page(n, lines[n], confidence=FAINT) for n in range(4000)) == []


def test_without_a_resolution_the_place_is_told_in_pixels() -> None:
    (finding,) = look(page(n, [700.0], dpi=None) for n in range(4))
    assert "700 px" in finding.message


def test_pages_that_were_not_measured_do_not_count() -> None:
    unseen = {check: CheckResult(state=State.NOT_RUN) for check in ("scanner_line", "speckle")}
    bare = PageResult(page=PageId(path="x.jpg"), sha256=None, size_bytes=0, checks=unseen)
    assert look([bare] * 5) == []
    assert look([]) == []


@pytest.mark.parametrize("count", [3 * LISTED])
def test_a_long_list_of_pages_is_cut(count: int) -> None:
    (finding,) = look(page(n, [700.0]) for n in range(count))
    assert len(finding.pages) == LISTED
    assert finding.value == count
    assert f"{count - 1:06d}.jpg" in finding.message


def only(made: PageResult, *checks: str) -> PageResult:
    return replace(made, checks={name: result for name, result in made.checks.items() if name in checks})


def test_pages_that_were_not_looked_at_do_not_pass() -> None:
    with pytest.raises(LookupError, match="scanner_line, speckle"):
        look([only(page(1), "resolution")])


@pytest.mark.parametrize(("check", "code"), [("scanner_line", "same-column"), ("speckle", "same-speck")])
def test_where_one_of_both_is_switched_off_the_other_is_judged(check: str, code: str) -> None:
    pages = [only(page(n, [700.0], specks="1000,500"), check, "resolution") for n in range(8)]
    assert [finding.code for finding in look(pages)] == [code]


def dusty(random: np.random.Generator, *own: str, count: int = 20) -> str:
    """Specks of this page alone, and those given."""
    specks = [f"{x},{y}" for x, y in random.integers(50, 2400, (count, 2)).tolist()]
    return " ".join([*specks, *own])


def test_the_same_speck_on_many_pages_is_one_alarm() -> None:
    random = np.random.default_rng(6)
    pages = [
        page(n, specks=dusty(random, *([f"{1000 + n % 2},{500 - n % 3}"] if 5 <= n < 25 else [])))
        for n in range(40)
    ]

    (finding,) = look(pages)

    assert (finding.code, finding.subject, finding.value) == ("same-speck", WHOLE_BATCH, 20)
    assert finding.pages == tuple(f"{n:06d}.jpg#1" for n in range(5, 25))
    assert "x 84.7 mm, y 42.2 mm" in finding.message


def test_a_speck_on_pages_cropped_one_by_one_is_one_alarm() -> None:
    (finding,) = look(page(n, specks="1000,500", width=2480 + n) for n in range(8))
    assert finding.value == 8


def test_three_pages_with_the_same_speck_may_be_chance() -> None:
    assert look(page(n, specks="1000,500") for n in range(3)) == []
    assert look(page(n, specks="1000,500" if n % 4 == 0 else "") for n in range(40)) == []
    assert len(look(page(n, specks="1000,500") for n in range(4))) == 1


def test_a_glass_full_of_dust_is_one_alarm_and_a_later_speck_another() -> None:
    pages = [page(n, specks="1000,500 1500,900+" if n < 30 else "") for n in range(100)]
    pages += [page(n, specks="400,300") for n in range(100, 120)]

    one, other = look(pages)

    assert (one.value, other.value) == (30, 20)
    assert "x 84.7 mm" in one.message
    assert "x 127.0 mm" in one.message


def test_dots_of_a_printed_form_move_from_sheet_to_sheet() -> None:
    random = np.random.default_rng(7)
    places = random.normal((1000, 500), 5, (60, 2)).round().astype(int).tolist()
    assert look(page(n, specks=f"{x},{y}") for n, (x, y) in enumerate(places)) == []


def test_dust_by_chance_makes_no_alarm() -> None:
    random = np.random.default_rng(8)
    assert look(page(n, specks=dusty(random, count=32)) for n in range(1000)) == []


def test_a_speck_without_a_resolution_is_told_in_pixels_and_within_one_size() -> None:
    (finding,) = look(page(n, specks="1000,500", dpi=None) for n in range(6))
    assert "x 1000 px, y 500 px" in finding.message
    assert look(page(n, specks="1000,500", dpi=None, width=2000 + n) for n in range(6)) == []


def test_of_pages_of_very_many_sizes_few_are_watched_at_a_time() -> None:
    same = [page(n, specks="1000,500", dpi=None) for n in range(5)]
    others = [page(n, specks="1000,500", dpi=None, width=3000 + n) for n in range(5, 205)]
    later = [page(n, specks="1000,500", dpi=None) for n in range(205, 211)]
    assert [finding.value for finding in look([*same, *others, *later])] == [5, 6]


def test_a_speck_over_thousands_of_pages_is_still_one_alarm() -> None:
    (finding,) = look(page(n, specks="1000,500") for n in range(2 * LISTED))
    assert (finding.value, len(finding.pages)) == (2 * LISTED, LISTED)
    assert f"{2 * LISTED - 1:06d}.jpg" in finding.message
