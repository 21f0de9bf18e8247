from pathlib import Path

import numpy as np
import pytest

from ybda_qc.checks.page.resolution import ResolutionCheck
from ybda_qc.model import Finding, Measurement, State, Unit
from ybda_qc.synth.files import write_page
from ybda_qc.testing import assert_finding, assert_no_finding, judge, run_check

BOUNDS: dict[str, object] = {
    "least_dpi": 50,
    "most_dpi": 2400,
    "least_side_mm": 20,
    "most_short_side_mm": 1100,
    "most_long_side_mm": 2700,
}
A5_300 = np.full((2480, 1748), 235, np.uint8)
SMALL = np.full((600, 400, 3), 235, np.uint8)


def measured(
    x: float, y: float | None = None, width_mm: float = 210, height_mm: float = 297
) -> list[Measurement]:
    return [
        Measurement(quantity="resolution_x", value=x, unit=Unit.DPI),
        Measurement(quantity="resolution_y", value=x if y is None else y, unit=Unit.DPI),
        Measurement(quantity="width_mm", value=width_mm, unit=Unit.MILLIMETRE),
        Measurement(quantity="height_mm", value=height_mm, unit=Unit.MILLIMETRE),
    ]


def judged(values: list[Measurement]) -> list[Finding]:
    return judge(
        ResolutionCheck,
        values,
        below_minimum={"fail": 199.5},
        below_advised={"note": 299.5},
        unequal={"review": 0.01},
        implausible=BOUNDS,
    )


@pytest.mark.parametrize("suffix", [".jpg", ".tif", ".png", ".bmp", ".pdf"])
def test_the_declared_resolution_is_measured(tmp_path: Path, suffix: str) -> None:
    path = write_page(tmp_path / f"0001{suffix}", A5_300, dpi=300)

    result, findings = run_check(ResolutionCheck, path, below_minimum={"fail": 299.5}, implausible=BOUNDS)

    for quantity, value in (
        ("resolution_x", 300),
        ("resolution_y", 300),
        ("width_mm", 148),
        ("height_mm", 210),
    ):
        found = result.number(quantity)
        assert found is not None
        assert found.value == pytest.approx(value, abs=0.1)
    assert_no_finding(findings)


def test_missing(tmp_path: Path) -> None:
    path = write_page(tmp_path / "0001.png", SMALL, dpi=None)

    result, findings = run_check(ResolutionCheck, path, missing={"verdict": "fail"}, implausible=BOUNDS)

    assert result.measured == ()
    assert [finding.key for finding in findings] == ["resolution/missing"]
    assert_finding(findings, "resolution/missing", verdict="fail")


@pytest.mark.parametrize(
    ("dpi", "key"), [(199.5, "below-advised"), (199.49, "below-minimum"), (72, "below-minimum")]
)
def test_below_minimum_on_each_side_of_the_limit(dpi: float, key: str) -> None:
    assert [finding.code for finding in judged(measured(dpi))] == [key]


@pytest.mark.parametrize(("dpi", "found"), [(299.5, False), (299.97, False), (299.49, True), (200, True)])
def test_below_advised_on_each_side_of_the_limit(dpi: float, found: bool) -> None:
    assert [finding.code for finding in judged(measured(dpi))] == (["below-advised"] if found else [])


def test_the_lower_axis_counts() -> None:
    findings = judged(measured(300, 150))

    assert assert_finding(findings, "resolution/below-minimum").value == 150
    assert_finding(findings, "resolution/unequal")


@pytest.mark.parametrize(("y", "found"), [(300, False), (303, False), (303.1, True), (297, True)])
def test_unequal_on_each_side_of_the_limit(y: float, found: bool) -> None:
    findings = judged(measured(300, y))

    if found:
        assert "300 x" in assert_finding(findings, "resolution/unequal", verdict="review").message
    else:
        assert_no_finding(findings, "resolution/unequal")


def test_unequal_is_read_from_a_file(tmp_path: Path) -> None:
    path = write_page(tmp_path / "0001.tif", SMALL, dpi=(204, 98))

    _, findings = run_check(ResolutionCheck, path, unequal={"review": 0.01}, implausible=BOUNDS)

    assert assert_finding(findings, "resolution/unequal").value == pytest.approx(204 / 98 - 1, abs=0.01)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (measured(300, width_mm=20, height_mm=300), False),
        (measured(300, width_mm=19.9, height_mm=300), True),
        (measured(300, width_mm=2700, height_mm=1100), False),
        (measured(300, width_mm=2700, height_mm=1100.1), True),
        (measured(300, width_mm=2700.1, height_mm=900), True),
        (measured(2400), False),
        (measured(2400.1), True),
        (measured(50), False),
        (measured(49.9), True),
    ],
)
def test_implausible_on_each_side_of_each_bound(values: list[Measurement], found: bool) -> None:
    findings = judged(values)

    if found:
        assert_finding(findings, "resolution/implausible")
    else:
        assert_no_finding(findings, "resolution/implausible")


def test_a_page_of_wall_size_is_implausible(tmp_path: Path) -> None:
    """An A5 scan at 300 dpi that was tagged with 20."""
    path = write_page(tmp_path / "0001.tif", A5_300, dpi=20)

    _, findings = run_check(ResolutionCheck, path, implausible=BOUNDS)

    finding = assert_finding(findings, "resolution/implausible")
    assert finding.message == "at 20 x 20 dpi the page is 2220 x 3150 mm, no known paper"


def test_a_turn_by_a_quarter_changes_nothing_but_the_axes() -> None:
    upright = judged(measured(300, 150, width_mm=10, height_mm=300))
    lying = judged(measured(150, 300, width_mm=300, height_mm=10))

    assert [finding.key for finding in upright] == [finding.key for finding in lying]


def test_not_applicable_to_a_page_that_is_drawn(tmp_path: Path) -> None:
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, NameObject

    writer = PdfWriter()
    page = writer.add_blank_page(width=595, height=842)
    stream = DecodedStreamObject()
    stream.set_data(b"100 100 200 300 re S")
    page[NameObject("/Contents")] = writer._add_object(stream)
    path = tmp_path / "0001.pdf"
    writer.write(path)

    result, findings = run_check(ResolutionCheck, path, implausible=BOUNDS)

    assert result.state is State.NOT_APPLICABLE
    assert_no_finding(findings)
