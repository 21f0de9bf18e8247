"""Measured numbers and limits beside their messages."""

from dataclasses import replace

import pytest

from tests.report.delivery import resolution_finding, skew_finding
from ybda_qc.checks._limits import Graded
from ybda_qc.checks._registry import BATCH_CHECKS, PAGE_CHECKS
from ybda_qc.model import Finding, Unit
from ybda_qc.report.display import storage
from ybda_qc.report.figures import LIMIT_UNITS, figure, limit_text, rounded
from ybda_qc.report.translate import translator

EN, ZH = translator("en"), translator("zh")


def finding(template: str, value: float, limit: float, unit: Unit, **values: float) -> Finding:
    return replace(
        resolution_finding(1),
        template=template,
        values={"value": value, "limit": limit, **values},
        value=value,
        limit=limit,
        unit=unit,
    )


def test_every_graded_limit_of_the_built_in_checks_has_a_unit() -> None:
    graded = {
        f"{check.id}/{code.name}"
        for check in (*PAGE_CHECKS, *BATCH_CHECKS)
        for code in check.codes
        if issubclass(code.limits, Graded)
    }
    assert set(LIMIT_UNITS) == graded


def test_the_column_is_rounded_like_the_message() -> None:
    blurred = finding("edges are {value:.2f} mm wide (limit {limit:g} mm)", 0.947, 0.4, Unit.MILLIMETRE)
    assert blurred.message.startswith("edges are 0.95 mm")
    assert figure(blurred, "value", EN) == "0.95\N{NO-BREAK SPACE}mm"
    assert figure(blurred, "limit", EN) == "0.4\N{NO-BREAK SPACE}mm"
    assert rounded(blurred, "value") == 0.95


def test_shares_are_per_cent_and_rates_of_compression_are_not() -> None:
    unequal = finding("differs between the axes", 0.5, 0.01, Unit.RATIO)
    assert [figure(unequal, which, EN) for which in ("value", "limit")] == [
        "50\N{NO-BREAK SPACE}%",
        "1\N{NO-BREAK SPACE}%",
    ]
    told = finding("{percent:.0f} % is white", 0.9371, 0.3, Unit.RATIO, percent=93.71)
    assert rounded(told, "value") == 94
    packed = finding("compression of {value:.0f}:1 is over {limit:.0f}:1", 34.6, 30, Unit.RATIO)
    assert [figure(packed, which, EN) for which in ("value", "limit")] == ["35:1", "30:1"]


@pytest.mark.parametrize("angle", [4.5, -4.5])
def test_the_sign_of_an_angle_stands_beside_its_size(angle: float) -> None:
    skewed = replace(skew_finding(4.5), values={"angle": angle, "limit": 3.0})
    assert figure(skewed, "value", EN) == f"4.50° ({angle:+.2f}°)"
    assert figure(skewed, "limit", EN) == "3°"
    assert rounded(skewed, "value") == 4.5


def test_a_number_without_unit_or_with_a_broken_template_is_shown() -> None:
    odd = replace(resolution_finding(150), template="{broken", unit=None)
    assert figure(odd, "value", ZH) == "150"
    assert figure(replace(odd, value=None), "value", ZH) == ""
    assert limit_text(1234.5, None, "{broken", EN) == "1,234.5"


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (8_400_000, "8.4 MB"),
        (2_340_000_000, "2.3 GB"),
        (5_100_000_000_000, "5.1 TB"),
    ],
)
def test_sizes_on_disk(size: int, text: str) -> None:
    assert storage(size).replace("\N{NO-BREAK SPACE}", " ") == text
