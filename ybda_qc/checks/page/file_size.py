"""File size 文件大小 of a page, in bytes and against its pixels."""

from collections.abc import Iterator, Sequence

from ybda_qc.checks._base import Method, Needs, PageCheck
from ybda_qc.checks._limits import Above, Below, Code, Limits
from ybda_qc.imaging.view import PageView
from ybda_qc.model import CheckResult, Facts, Finding, Measured, Measurement, Unit

_BITS_PER_BYTE = 8


class FileSizeCheck(PageCheck):
    """Every page takes a believable number of bytes, alone and for the number of its pixels.

    Why: a page of very few bytes is often blank, cut down to a preview or squeezed until faint writing
    is gone; a page of very many was stored without compression and fills the store. Of a multi-page
    file the mean is taken. How far a lossy file is compressed is its raw size over its stored size: 36
    CFR 1236 (United States) lets JPEG 2000 go to 20:1.

    Remedy: open the page at full size and look at its finest strokes. If they are worn, scan again with less
    compression; if they are sharp, the size is no defect.
    """

    id = "file_size"
    title = "File size"
    version = 1
    needs = Needs.HEADER
    method = Method
    codes = (
        Code(
            name="below",
            title="very small files",
            template="{value:,.0f} bytes a page is less than {limit:,.0f}",
            limits=Below,
        ),
        Code(
            name="above",
            title="very large files",
            template="{value:,.0f} bytes a page is more than {limit:,.0f}",
            limits=Above,
        ),
        Code(
            name="over-compressed",
            title="compressed too strongly",
            template="lossy compression of {value:.0f}:1 is stronger than {limit:.0f}:1",
            limits=Above,
        ),
    )

    def measure(self, view: PageView, method: Method) -> Sequence[Measured]:  # noqa: ARG002
        """Sizes.

        Returns
        -------
        measurements
            ``page_bytes``: bytes of the file over its pages, step 1; ``compression_ratio`` (step 0.1),
            raw bytes to stored bytes, of raster pages whose compression may lose detail.
        """
        header = view.header
        page_bytes = view.source.size_bytes / header.frame_count
        measured = [Measurement(quantity="page_bytes", value=float(round(page_bytes)), unit=Unit.BYTE)]
        may_lose_tone = header.lossy is not False and header.bits_per_sample > 1
        if header.is_single_image and may_lose_tone:
            bits = header.width_px * header.height_px * header.bits_per_sample * header.samples_per_pixel
            ratio = round(bits / _BITS_PER_BYTE / page_bytes, 1)
            measured.append(Measurement(quantity="compression_ratio", value=ratio, unit=Unit.RATIO))
        return measured

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """Too few bytes, too many, compressed too strongly."""
        size = result.number("page_bytes")
        if size is not None:
            yield from limits.grade("below", size.value, unit=Unit.BYTE)
            yield from limits.grade("above", size.value, unit=Unit.BYTE)
        ratio = result.number("compression_ratio")
        if ratio is not None:
            yield from limits.grade("over-compressed", ratio.value, unit=Unit.RATIO)
