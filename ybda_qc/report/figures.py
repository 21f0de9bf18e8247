"""Measured numbers and limits as people read them: rounded as in the message beside them, with their unit."""

import math
import re
from string import Formatter

from ybda_qc.model import Finding, Unit
from ybda_qc.report.display import number
from ybda_qc.report.labels import UNITS
from ybda_qc.report.translate import Translator

_PERCENT = "%"
_TO_ONE = ":1"
_COMPRESSION = re.compile(r"\{value[^}]*\}:1")
_FIXED = re.compile(r"\.(\d+)[f%]$")

LIMIT_UNITS: dict[str, Unit] = {
    "cropped_content/cut-seal": Unit.RATIO,
    "cropped_content/cut-strip": Unit.COUNT,
    "cropped_content/cut-table": Unit.COUNT,
    "cropped_content/cut-text": Unit.COUNT,
    "cropped_content/no-margin": Unit.COUNT,
    "dark_border/margin-too-small": Unit.MILLIMETRE,
    "dark_border/over-limit": Unit.MILLIMETRE,
    "dark_border/over-share": Unit.RATIO,
    "encoding/low-jpeg-quality": Unit.SCORE,
    "encoding/recompressed": Unit.SCORE,
    "exposure/clipped": Unit.RATIO,
    "exposure/low-contrast": Unit.RATIO,
    "exposure/too-bright": Unit.LEVEL,
    "exposure/too-dark": Unit.LEVEL,
    "file_name/long-path": Unit.COUNT,
    "file_size/above": Unit.BYTE,
    "file_size/below": Unit.BYTE,
    "file_size/over-compressed": Unit.RATIO,
    "folded_corner/folded": Unit.MILLIMETRE,
    "folded_corner/folded-share": Unit.RATIO,
    "media_format/sample-bits": Unit.BIT,
    "media_format/sample-rate": Unit.HERTZ,
    "page_outlier/other-brightness": Unit.LEVEL,
    "page_outlier/other-contrast": Unit.RATIO,
    "page_outlier/other-resolution": Unit.RATIO,
    "page_outlier/other-size": Unit.RATIO,
    "page_outlier/other-tint": Unit.SCORE,
    "resolution/below-advised": Unit.DPI,
    "resolution/below-minimum": Unit.DPI,
    "resolution/unequal": Unit.RATIO,
    "scanner_health/same-column": Unit.COUNT,
    "scanner_health/same-row": Unit.COUNT,
    "scanner_health/same-speck": Unit.COUNT,
    "scanner_line/streak": Unit.LEVEL,
    "sharpness/blurred": Unit.MILLIMETRE,
    "sharpness/blurred-px": Unit.PIXEL,
    "sharpness/partly-blurred": Unit.RATIO,
    "show_through/strong": Unit.RATIO,
    "skew/over-limit": Unit.DEGREE,
    "speckle/pepper": Unit.PER_CM2,
    "speckle/specks": Unit.PER_CM2,
    "text_confidence/unread": Unit.RATIO,
    "text_confidence/unsure": Unit.RATIO,
    "text_layer/different": Unit.RATIO,
    "text_layer/misplaced": Unit.RATIO,
    "true_colour/colour-cast": Unit.SCORE,
    "true_resolution/upsampled": Unit.RATIO,
}
"""Units of the graded limits, by finding code; those of other makers' checks are printed without a unit."""


def unit_word(unit: Unit | None, template: str, say: Translator) -> str:
    """The unit as it is printed; shares are printed per cent, rates of compression as so many to one."""
    if unit is Unit.RATIO:
        return _TO_ONE if _COMPRESSION.search(template) else _PERCENT
    return say(UNITS[unit]) if unit is not None else ""


def scaled(value: float, unit: Unit | None, template: str) -> float:
    """The number that stands before the unit."""
    share = unit is Unit.RATIO and not _COMPRESSION.search(template)
    return float(f"{100 * value:.12g}") if share else value


def limit_text(value: float, unit: Unit | None, template: str, say: Translator) -> str:
    """A limit of the profile with its unit."""
    return _joined(number(scaled(value, unit, template)), unit, template, say)


def rounded(finding: Finding, which: str) -> float | None:
    """The number before the unit, rounded as in the message.

    Parameters
    ----------
    finding
        Where it stands.
    which
        ``value`` or ``limit``.
    """
    amount = finding.value if which == "value" else finding.limit
    if amount is None:
        return None
    shown = scaled(amount, finding.unit, finding.template)
    told = _told(finding, amount, shown, which)
    decimals = _decimals(told[1], amount, shown) if told is not None else None
    return shown if decimals is None else round(shown, decimals)


def figure(finding: Finding, which: str, say: Translator) -> str:
    """The measured number or its limit, rounded as in the message, with unit; empty where there is none.

    Where the message gives a direction by a sign, the signed number stands behind.
    """
    amount = finding.value if which == "value" else finding.limit
    if amount is None:
        return ""
    shown = scaled(amount, finding.unit, finding.template)
    told = _told(finding, amount, shown, which)
    decimals = _decimals(told[1], amount, shown) if told is not None else None
    digits = number(shown) if decimals is None else f"{shown:,.{decimals}f}"
    text = _joined(digits, finding.unit, finding.template, say)
    if told is not None and told[1].startswith("+"):
        signed = format(told[0], told[1])
        text += f" ({_joined(signed, finding.unit, finding.template, say)})"
    return text


def _joined(digits: str, unit: Unit | None, template: str, say: Translator) -> str:
    word = unit_word(unit, template, say)
    close = not word or word == _TO_ONE or unit is Unit.DEGREE
    return digits + ("" if close else "\N{NO-BREAK SPACE}") + word


def _told(finding: Finding, amount: float, shown: float, which: str) -> tuple[float, str] | None:
    """The number in the message that is this one, perhaps with a sign or per cent, and its format."""
    try:
        parsed = list(Formatter().parse(finding.template))
    except ValueError:
        return None
    other = "limit" if which == "value" else "value"
    found = [(name, spec or "") for _, name, spec, _ in parsed if name is not None and name != other]
    for name, spec in sorted(found, key=lambda pair: pair[0] != which):
        told = finding.values.get(name)
        if isinstance(told, int | float) and any(
            math.isclose(abs(told), abs(form), rel_tol=1e-9) for form in (amount, shown)
        ):
            return told, spec
    return None


def _decimals(spec: str, amount: float, shown: float) -> int | None:
    """Decimals of the printed number where the message has fixed ones."""
    fixed = _FIXED.search(spec)
    if fixed is None:
        return None
    decimals = int(fixed.group(1))
    if shown != amount and not spec.endswith("%") and "." in spec and decimals >= 2:
        return decimals - 2  # the message tells a share as a part of one, the column per cent
    return decimals
