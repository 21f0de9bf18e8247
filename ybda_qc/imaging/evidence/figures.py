"""Numbers as they stand on pictures: Latin letters, digits and units."""

from ybda_qc.model import Finding, Unit

_FORMATS = {
    Unit.DEGREE: "{:.2f}°",
    Unit.MILLIMETRE: "{:.1f} mm",
    Unit.PIXEL: "{:.3g} px",
    Unit.DPI: "{:.0f} dpi",
}


def figure_of(finding: Finding) -> str | None:
    """The measured number of a finding with its unit; None where a bare number would tell nothing."""
    if finding.value is None or finding.unit is None:
        return None
    if finding.unit is Unit.RATIO:
        return f"{100 * finding.value:.1f} %" if 0 <= finding.value <= 1 else None
    if finding.unit is Unit.MILLIMETRE and abs(finding.value) < 1:
        return f"{finding.value:.2f} mm"
    form = _FORMATS.get(finding.unit)
    return None if form is None else form.format(finding.value)


def number_in(finding: Finding, name: str) -> float:
    """A number among the finding's values, else its measured value, else 0."""
    value = finding.values.get(name, finding.value)
    return float(value) if isinstance(value, int | float) else 0.0
