from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from pydantic import ValidationError

from ybda_qc.checks._base import Method, Needs, PageCheck
from ybda_qc.checks._limits import Above, Code, Flag, Limits
from ybda_qc.imaging.view import PageView
from ybda_qc.model import CheckResult, Facts, Finding, Measured, Measurement, State, Unit, Verdict
from ybda_qc.synth.files import write_page
from ybda_qc.testing import assert_finding, assert_no_finding, judge, limits_of, run_check

GREY = np.full((40, 30), 100, np.uint8)


class Lightness(PageCheck):
    """Every page is dark."""

    id = "lightness"
    title = "Lightness"
    version = 1
    needs = Needs.PIXELS
    codes = (
        Code(
            name="too-light",
            title="too light",
            template="lightness {value:g} is over {limit:g}",
            limits=Above,
        ),
        Code(name="flat", title="flat", template="the page is flat", limits=Flag),
    )

    def measure(self, view: PageView, method: Method) -> Sequence[Measured]:
        pixels = view.pixels
        return (
            Measurement(quantity="lightness", value=float(pixels.mean()), unit=Unit.LEVEL),
            Measurement(quantity="spread", value=float(pixels.std()), unit=Unit.LEVEL),
        )

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:
        lightness, spread = result.number("lightness"), result.number("spread")
        assert lightness is not None
        assert spread is not None
        yield from limits.grade("too-light", lightness.value)
        if spread.value == 0:
            yield from limits.flag("flat")


class Careless(Lightness):
    """Every page is dark, and the check breaks its contract."""

    needs = Needs.HEADER


class Inventive(Lightness):
    """Every page is dark, and the check reports what it does not declare."""

    codes: ClassVar[tuple[Code, ...]] = (
        *Lightness.codes[:1],
        Code(name="flat", title="flat", template="{what}", limits=Flag),
    )


def test_pixels_are_measured_as_they_are() -> None:
    result, findings = run_check(Lightness, GREY, too_light={"review": 99, "fail": 101})

    measured = result.number("lightness")
    assert measured is not None
    assert measured.value == 100
    assert_finding(findings, "lightness/too-light", verdict=Verdict.REVIEW)
    assert_finding(findings, "lightness/flat", verdict="review")


def test_a_file_is_measured_page_by_page(tmp_path: Path) -> None:
    path = write_page(tmp_path / "0001.tif", GREY, np.full_like(GREY, 200), dpi=300)

    values = [run_check(Lightness, path, frame=frame)[0].number("lightness") for frame in (1, 2)]

    assert [value.value for value in values if value] == [100, 200]


def test_without_limits_a_number_is_no_finding_and_a_flag_is_a_review() -> None:
    _, findings = run_check(Lightness, GREY)

    assert [finding.key for finding in findings] == ["lightness/flat"]


def test_damage_is_not_run(tmp_path: Path) -> None:
    path = tmp_path / "0001.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")

    result, findings = run_check(Lightness, path)

    assert result.state is State.NOT_RUN
    assert_no_finding(findings)


def test_facts_are_handed_on() -> None:
    seen: list[Facts] = []

    class Nosy(Lightness):
        """Every page is dark."""

        def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:
            seen.append(facts)
            return iter(())

    run_check(Nosy, GREY, facts=Facts(path="a/b.tif", frame=3, item="a"))

    assert seen == [Facts(path="a/b.tif", frame=3, item="a")]


def test_a_header_check_that_decodes_is_caught() -> None:
    with pytest.raises(AssertionError, match="declares to need the header"):
        run_check(Careless, GREY)


def test_a_message_without_its_values_is_caught() -> None:
    with pytest.raises(KeyError, match="what"):
        run_check(Inventive, GREY)


def test_limits_of_a_code_that_is_not_declared_are_refused() -> None:
    with pytest.raises(TypeError, match="too-dark"):
        limits_of(Lightness, too_dark={"review": 1})


def test_settings_that_no_profile_could_hold_are_refused() -> None:
    with pytest.raises(ValidationError):
        limits_of(Lightness, too_light={"verdict": "review"})


def test_measurements_alone_can_be_judged() -> None:
    values = [Measurement(quantity=name, value=9, unit=Unit.LEVEL) for name in ("lightness", "spread")]

    assert_finding(judge(Lightness, values, too_light={"fail": 8.9}), "lightness/too-light", verdict="fail")
    assert_no_finding(judge(Lightness, values, too_light={"fail": 9}))


def test_assert_finding_fails_and_says_what_there_is() -> None:
    _, findings = run_check(Lightness, GREY, too_light={"note": 1})

    with pytest.raises(AssertionError, match=r"too-light.*flat"):
        assert_finding(findings, "lightness/other")
    with pytest.raises(AssertionError, match="note, expected fail"):
        assert_finding(findings, "lightness/too-light", verdict="fail")
    with pytest.raises(AssertionError, match="no findings"):
        assert_finding([], "lightness/flat")
    with pytest.raises(AssertionError, match="got 2"):
        assert_finding([*findings, *findings], "lightness/flat")


def test_assert_no_finding_looks_at_one_key_or_at_all() -> None:
    _, findings = run_check(Lightness, GREY)

    assert_no_finding(findings, "lightness/too-light")
    with pytest.raises(AssertionError, match="the page is flat"):
        assert_no_finding(findings)
