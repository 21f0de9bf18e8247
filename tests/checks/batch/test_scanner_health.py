"""One scanner, one column, one alarm; coincidences and printed rules make none."""

from collections.abc import Iterable, Mapping

import numpy as np
import pytest

from tests.checks.batch.memory import ANY, MemoryView, limits_of, make_batch
from ybda_qc.checks._base import Above
from ybda_qc.checks._listing import LISTED, WHOLE_BATCH
from ybda_qc.checks.batch.scanner_health import ScannerHealthCheck
from ybda_qc.model import (
    CheckResult,
    Finding,
    LimitSource,
    Measurement,
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
) -> PageResult:
    lines: list[Measurement] = [Measurement(quantity="streaks", value=0, unit=Unit.COUNT)]
    for name, places in (("column", columns), ("row", rows)):
        for index, place in enumerate(places, start=1):
            lines += [
                Measurement(quantity=f"{name}_{index}", value=place, unit=Unit.PIXEL, confidence=confidence),
                Measurement(quantity=f"{name}_{index}_contrast", value=contrast, unit=Unit.LEVEL),
            ]
    checks = {"scanner_line": CheckResult(state=State.MEASURED, measured=tuple(lines))}
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
    chosen: Mapping[str, Above] = {"same_column": LIMIT, "same_row": LIMIT, **limits}
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
    bare = PageResult(page=PageId(path="x.jpg"), sha256=None, size_bytes=0)
    assert look([bare] * 5) == []
    assert look([]) == []


@pytest.mark.parametrize("count", [3 * LISTED])
def test_a_long_list_of_pages_is_cut(count: int) -> None:
    (finding,) = look(page(n, [700.0]) for n in range(count))
    assert len(finding.pages) == LISTED
    assert finding.value == count
    assert f"{count - 1:06d}.jpg" in finding.message
