"""Runs one page check on one page, as a run would: a real file, one view, measured and then judged."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from ybda_qc.checks._base import Check, Method, Needs, PageCheck
from ybda_qc.checks._limits import CodeLimits, Flag, Limits
from ybda_qc.checks.page.readable import damage
from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.source import open_source
from ybda_qc.imaging.view import PageView
from ybda_qc.model import (
    CheckResult,
    Facts,
    Finding,
    LimitSource,
    Measured,
    NotApplicable,
    PageText,
    State,
)
from ybda_qc.synth.files import write_page

CodeSettings = Mapping[str, object]


def run_check(
    check: type[PageCheck],
    page: Path | NDArray[np.uint8],
    *,
    frame: int = 1,
    dpi: float | tuple[float, float] | None = 300.0,
    method: Method | None = None,
    facts: Facts | None = None,
    text: PageText | None = None,
    **codes: CodeSettings,
) -> tuple[CheckResult, list[Finding]]:
    """Measure and judge one page with one check.

    Parameters
    ----------
    check
        Class of the check.
    page
        A file; or pixels, uint8 (H, W) grey or (H, W, 3) RGB, which are written to a PNG file first.
    frame
        Page of a multi-page file, from 1.
    dpi
        Resolution that the file declares, where pixels are given.
    method
        How to measure; None for the defaults.
    facts
        What judging may know; None for the name of the file and the frame.
    text
        What was read of the page, for checks of text; None for nothing.
    **codes
        Limits, as a profile has them, by finding code with underscores: ``over_limit={"review": 1.0}``.
        See `limits_of`.

    Returns
    -------
    CheckResult
        Not run, as in a real run, where the file is damaged and the check looks beyond that.
    list of Finding
        Empty unless the check measured something.

    Raises
    ------
    AssertionError
        The check breaks the contract of checks: it decoded twice, or found what it does not declare.
    """
    name, result = _measured(check(), page, frame, dpi, method or check.method(), text=text)
    known = facts or Facts(path=name, frame=frame)
    return result, judge(check, result, facts=known, **codes)


def judge(
    check: type[PageCheck],
    result: CheckResult | Sequence[Measured],
    *,
    facts: Facts | None = None,
    **codes: CodeSettings,
) -> list[Finding]:
    """Judge what was measured, without a file.

    Parameters
    ----------
    check
        Class of the check.
    result
        What was measured; measurements alone will do.
    facts
        What judging may know; None for page 1 of ``page.tif``.
    **codes
        As for `run_check`.

    Raises
    ------
    AssertionError
        A finding is not declared by the check, or its message lacks a value.
    """
    if not isinstance(result, CheckResult):
        result = CheckResult.of(result, key="")
    limits = limits_of(check, **codes)
    if result.state is not State.MEASURED:
        return []
    known = facts or Facts(path="page.tif", frame=1)
    findings = list(check().judge(result, limits, known))
    _assert_declared(check, findings)
    return findings


def limits_of(check: type[Check], **codes: CodeSettings) -> Limits:
    """Limits of a check as a profile would set them.

    Parameters
    ----------
    check
        Class of the check.
    **codes
        Settings by finding code with underscores for hyphens. ``source`` may be left out. Codes left out: a
        defect that is there or not is a review (a note if it may be no more), a number has no limit.

    Raises
    ------
    TypeError
        The check has no such code.
    pydantic.ValidationError
        Settings are wrong, or a code has settings that cannot be left out.
    """
    given = {name.replace("_", "-"): dict(settings) for name, settings in codes.items()}
    unknown = given.keys() - {code.name for code in check.codes}
    if unknown:
        raise TypeError(f"{check.id} has no code {', '.join(sorted(unknown))}")
    models = {code.name: _code_limits(code.limits, given.get(code.name, {})) for code in check.codes}
    return Limits(check.id, check.codes, models)


def _code_limits(model: type[CodeLimits], settings: Mapping[str, object]) -> CodeLimits:
    values: dict[str, Any] = {"source": LimitSource.PROJECT_CHOICE, **settings}
    if issubclass(model, Flag):
        words = get_args(model.model_fields["verdict"].annotation)
        values.setdefault("verdict", "review" if "review" in words else words[0])
    return model.model_validate(values)


def _measured(
    check: PageCheck,
    page: Path | NDArray[np.uint8],
    frame: int,
    dpi: float | tuple[float, float] | None,
    method: Method,
    *,
    text: PageText | None,
) -> tuple[str, CheckResult]:
    """Name of the file, and what was measured on it."""
    if isinstance(page, Path):
        return page.name, _measure(check, page, frame, method, text=text)
    with TemporaryDirectory() as folder:
        path = write_page(Path(folder, "page.png"), page, dpi=dpi, effort=1)
        return path.name, _measure(check, path, frame, method, text=text)


def _measure(
    check: PageCheck, path: Path, frame: int, method: Method, *, text: PageText | None
) -> CheckResult:
    measured: Sequence[Measured] | NotApplicable
    try:
        with open_source(path) as source:
            view = PageView(source, frame)
            if check.needs is Needs.TEXT:
                view.text = text or _nothing_read(view)
            if check.needs is Needs.PIXELS_IF_ANY:
                _decode_if_possible(view)
            measured = check.measure(view, method)
            assert view.decodes <= 1, f"{check.id} decoded the page {view.decodes} times"
            if check.needs is Needs.HEADER:
                assert view.decodes == 0, f"{check.id} declares to need the header and decoded the page"
    except ImageFault as fault:
        if check.needs is not Needs.FILE:
            return CheckResult(state=State.NOT_RUN)
        measured = damage(fault.kind, fault.detail)
    return CheckResult.of(measured, key=f"{check.id}/{check.version}")


def _nothing_read(view: PageView) -> PageText:
    header = view.header
    return PageText(width_px=header.width_px, height_px=header.height_px, turn=0, lines=())


def _decode_if_possible(view: PageView) -> None:
    """As a run does before any check: damage to the pixels leaves the header."""
    _ = view.header
    with suppress(ImageFault):
        _ = view.pixels


def _assert_declared(check: type[PageCheck], findings: Sequence[Finding]) -> None:
    templates = {code.name: code.template for code in check.codes}
    for finding in findings:
        assert finding.check == check.id, f"{check.id} reports a finding of {finding.check}"
        assert templates.get(finding.code) == finding.template, f"{finding.key} is not declared by the check"
        assert finding.message, f"{finding.key} has no message"
