"""Embedded metadata 元数据: what the file says of the scanner, the software and the time of scanning."""

from collections.abc import Iterator, Sequence
from typing import Final

from pydantic import Field

from ybda_qc.checks._base import Method, Needs, PageCheck
from ybda_qc.checks._limits import Code, Flag, Limits
from ybda_qc.imaging.view import PageView
from ybda_qc.model import CheckResult, Facts, Finding, Measured, Measurement, Observation, Unit

_PREFIX: Final = "tag:"
_TEXT_LENGTH_MAX: Final = 200
_UPRIGHT: Final = 1


class RequiredElements(Flag):
    """The elements that must be embedded; one missing is the defect."""

    required: tuple[str, ...] = Field(
        description="of make, model, software, datetime, artist, description, document-name, host-computer, "
        "copyright, comment, icc-profile"
    )


class MetadataCheck(PageCheck):
    """Every page carries the metadata 元数据 that the profile asks for, embedded in its file.

    Why: DA/T 31-2017 has the technical environment and the parameters of digitisation kept, so that a
    doubtful image can be traced to the scanner and the day. It names no elements, and a separate record
    will do; what is embedded cannot be parted from the image. A tag that asks viewers to turn the page
    is metadata too: programs that ignore it show the page turned.

    Remedy: switch on the embedding of scanner, software and time in the scan software. For pages
    already delivered hand over the record of technical metadata instead; do not write invented values
    into files. Turn pages in the scan software, not by a tag.
    """

    id = "metadata"
    title = "Metadata"
    version = 1
    needs = Needs.HEADER
    method = Method
    codes = (
        Code(
            name="missing",
            title="metadata missing",
            template="embedded metadata lack {missing}",
            limits=RequiredElements,
        ),
        Code(
            name="turned-by-tag",
            title="turned by a tag only",
            template="a tag (orientation {orientation}) asks viewers to turn or mirror the stored image",
            limits=Flag,
        ),
    )

    def measure(self, view: PageView, method: Method) -> Sequence[Measured]:  # noqa: ARG002
        """Elements that are embedded.

        Returns
        -------
        measurements and observations
            One observation ``tag:<element>`` for each element, its text cut at 200 characters, the
            colour profile as ``tag:icc-profile``; ``exif_orientation`` (1..8) where it is declared.
        """
        header = view.header
        measured: list[Measured] = [
            Observation(quantity=_PREFIX + name, text=text[:_TEXT_LENGTH_MAX])
            for name, text in header.metadata
            if text.strip()
        ]
        if header.icc_profile is not None:
            text = header.icc_profile[:_TEXT_LENGTH_MAX]
            measured.append(Observation(quantity=_PREFIX + "icc-profile", text=text))
        if header.exif_orientation is not None:
            orientation = float(header.exif_orientation)
            measured.append(Measurement(quantity="exif_orientation", value=orientation, unit=Unit.COUNT))
        return measured

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """Report required elements that are missing, and a tag that turns the page."""
        missing = [name for name in limits["missing"].required if result.text(_PREFIX + name) is None]
        if missing:
            yield from limits.flag("missing", missing=", ".join(missing))
        orientation = result.number("exif_orientation")
        if orientation is not None and orientation.value != _UPRIGHT:
            yield from limits.flag("turned-by-tag", orientation=int(orientation.value))
