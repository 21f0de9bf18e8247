"""Encoding 编码: how the pixels are compressed 压缩, and whether the file is locked."""

from collections.abc import Iterator, Sequence

from pydantic import Field

from ybda_qc.checks._base import Method, Needs, PageCheck
from ybda_qc.checks._limits import Below, Code, Flag, Limits
from ybda_qc.imaging.formats.jpeg_quality import luminance_tables
from ybda_qc.imaging.ops.double_jpeg import find_earlier_jpeg, pick_tiles
from ybda_qc.imaging.view import PageView
from ybda_qc.model import CheckResult, Facts, Finding, Measured, Measurement, Observation, Unit


class AllowedCompression(Flag):
    """The compressions that a page may have; any other is the defect."""

    allowed: tuple[str, ...] = Field(
        description="of none, lzw, deflate, packbits, g3, g4, rle, jpeg, jpeg2000, jbig2, mixed (a PDF page "
        "of several images), vector (a PDF page that is drawn), or the name of a rarer codec"
    )


class EncodingCheck(PageCheck):
    """Every page is compressed by a common method, gently enough to keep the strokes, and is not locked.

    Why: heavy JPEG compression surrounds strokes with grey blocks; fine print and pale seals suffer
    first, and no later step brings them back. Rare codecs and encryption put reading in later years at
    risk. No standard gives a JPEG quality number; here it is estimated from the quantisation tables on
    the usual scale of 1 to 100. Those tables show the last saving only: a picture that was saved at a low
    quality before, and then again at a higher one, has lost the same. Its coefficients still keep to the
    coarser steps, and the earlier quality is estimated from them; also where the picture was cropped between.

    Remedy: set the scan software to a higher JPEG quality and scan or export again from the raw images.
    Saving a file again at a higher quality makes it larger, not better. Remove encryption with the
    software that set it.
    """

    id = "encoding"
    title = "Encoding"
    version = 3
    # damaged pixels must not hide what the header says
    needs = Needs.PIXELS_IF_ANY
    method = Method
    codes = (
        Code(
            name="compression-not-allowed",
            title="compression not allowed",
            template="compression {compression} is not among those allowed: {allowed}",
            limits=AllowedCompression,
        ),
        Code(
            name="lossy",
            title="lossy compression",
            template="compression {compression} loses detail",
            limits=Flag,
        ),
        Code(
            name="low-jpeg-quality",
            title="low JPEG quality",
            template="JPEG quality is about {value:.0f}, below {limit:g}",
            limits=Below,
        ),
        Code(
            name="recompressed",
            title="saved again after a lower JPEG quality",
            template="saved as JPEG before, at a quality of about {value:.0f}, below {limit:g}",
            limits=Below,
        ),
        Code(
            name="encrypted",
            title="encrypted files that open without a password",
            template="the file is encrypted, though it opens without a password",
            limits=Flag,
        ),
    )

    def measure(self, view: PageView, method: Method) -> Sequence[Measured]:  # noqa: ARG002
        """Take the encoding from the header, and traces of an earlier one from the pixels of a sound JPEG.

        Returns
        -------
        measurements and observations
            ``compression``; ``lossy`` (yes, no, unknown); ``encrypted`` (yes, no); for JPEG
            ``jpeg_quality`` (score 1..100, step 1, an estimate), ``chroma_subsampling`` and
            ``progressive`` (yes, no); where a coarser JPEG went before, ``earlier_jpeg_quality`` (score
            1..100, step 1, an estimate).
        """
        header = view.header
        measured: list[Measured] = [
            Observation(quantity="compression", text=header.compression),
            Observation(quantity="lossy", text=_word(header.lossy)),
            Observation(quantity="encrypted", text=_word(header.encrypted)),
        ]
        if header.jpeg_quality is not None:
            quality = float(round(header.jpeg_quality))
            measured.append(
                Measurement(quantity="jpeg_quality", value=quality, unit=Unit.SCORE, confidence=0.9)
            )
            measured.append(Observation(quantity="progressive", text=_word(header.progressive)))
        if header.chroma_subsampling is not None:
            measured.append(Observation(quantity="chroma_subsampling", text=header.chroma_subsampling))
        measured.extend(_earlier(view))
        return measured

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """Compression not allowed, lossy, too strong; encrypted."""
        compression = result.text("compression") or ""
        allowed = limits["compression-not-allowed"].allowed
        if compression not in allowed:
            yield from limits.flag(
                "compression-not-allowed", compression=compression, allowed=", ".join(allowed)
            )
        if result.text("lossy") == "yes":
            yield from limits.flag("lossy", compression=compression)
        quality = result.number("jpeg_quality")
        if quality is not None:
            yield from limits.grade("low-jpeg-quality", quality.value, unit=Unit.SCORE)
        earlier = result.number("earlier_jpeg_quality")
        if earlier is not None:
            yield from limits.grade("recompressed", earlier.value, unit=Unit.SCORE)
        if result.text("encrypted") == "yes":
            yield from limits.flag("encrypted")


def _earlier(view: PageView) -> Iterator[Measurement]:
    """The quality at which the pixels were saved before, where that shows."""
    table = view.header.luma_table
    if table is None or not view.has_pixels:
        return
    tiles = pick_tiles(view.pixels, view.grey.pixels, view.factor)
    found = find_earlier_jpeg(tiles, table, luminance_tables())
    if found is not None and found.quality is not None:
        yield Measurement(
            quantity="earlier_jpeg_quality",
            value=float(found.quality),
            unit=Unit.SCORE,
            confidence=min(0.9, round(found.share, 2)),
        )


def _word(answer: bool | None) -> str:
    if answer is None:
        return "unknown"
    return "yes" if answer else "no"
