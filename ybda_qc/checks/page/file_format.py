"""Storage format 存储格式: told by the content, compared with the name and with what the profile allows."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from pydantic import Field

from ybda_qc.checks._base import Method, Needs, PageCheck
from ybda_qc.checks._limits import Code, Flag, Limits
from ybda_qc.imaging.header import extensions_of
from ybda_qc.imaging.view import PageView
from ybda_qc.model import CheckResult, Facts, Finding, Measured, Measurement, Observation, Unit


class AllowedFormats(Flag):
    """The formats that a page may have; any other is the defect."""

    allowed: tuple[str, ...] = Field(description="of JPEG, TIFF, JPEG2000, PNG, BMP, PDF")


class FileFormatCheck(PageCheck):
    """Every page is stored in a format that the profile allows, and its file name tells that format.

    Why: an archive keeps what it can still open in decades. DA/T 31-2017 names TIFF, JPEG and JPEG 2000
    as common formats for keeping, leaves PDF to use, and advises single-page files. A name that tells
    another format than the content misleads every program that trusts names.

    Remedy: export the pages again from the scan software in the format agreed. Do not rename one format
    to another, and do not convert JPEG files to TIFF to meet the letter: what JPEG has lost does not
    come back.
    """

    id = "file_format"
    title = "File format"
    version = 1
    needs = Needs.HEADER
    method = Method
    codes = (
        Code(
            name="not-allowed",
            title="file format not allowed",
            template="{format} is not among the formats allowed: {allowed}",
            limits=AllowedFormats,
        ),
        Code(
            name="extension-mismatch",
            title="name and content disagree",
            template="the file holds {format}, but its name is {name}",
            limits=Flag,
        ),
        Code(
            name="multi-page", title="multi-page files", template="the file holds {pages} pages", limits=Flag
        ),
    )

    def measure(self, view: PageView, method: Method) -> Sequence[Measured]:  # noqa: ARG002
        """``format`` as the content tells it, and ``pages`` of the file; the name is not looked at."""
        header = view.header
        return (
            Observation(quantity="format", text=header.format),
            Measurement(quantity="pages", value=header.frame_count, unit=Unit.COUNT),
        )

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:
        """Format not allowed, name of another format, several pages in one file (said on the first one)."""
        format_name = result.text("format")
        pages = result.number("pages")
        if format_name is None or pages is None:
            return
        allowed = limits["not-allowed"].allowed
        if format_name not in allowed:
            yield from limits.flag("not-allowed", format=format_name, allowed=", ".join(allowed))
        name = PurePosixPath(facts.path)
        if name.suffix.lower() not in extensions_of(format_name):
            yield from limits.flag("extension-mismatch", format=format_name, name=name.name)
        if pages.value > 1 and facts.frame == 1:
            yield from limits.flag("multi-page", pages=int(pages.value), value=pages.value, unit=Unit.COUNT)
