"""Searchable PDF 双层PDF: the picture of a page as it is, and its text over it, unseen (ISO 19005-2)."""

import io
import math
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream
from PIL import ImageCms

from ybda_qc import __version__
from ybda_qc.imaging.embedding import Embedded, embed
from ybda_qc.imaging.view import PageView
from ybda_qc.model import PageText
from ybda_qc.ocr.export.characters import printable, printable_page
from ybda_qc.ocr.export.document import About, NamedViews
from ybda_qc.ocr.export.glyphless import InvisibleFont
from ybda_qc.ocr.export.pdf_source import form_of
from ybda_qc.ocr.export.sheet import Sheet
from ybda_qc.ocr.export.text_layer import FONT, draw_text

POINTS_AN_INCH = 72.0
"""Also the dots an inch of a picture that declares no resolution: a pixel is a point."""

_PICTURE = "P"
_SIDE_LEAST, _SIDE_MOST = 3.0, 14_400.0  # units: limits of readers and of PDF/A (ISO 32000-1, annex C)
_PART_BYTES = 64 * 1024 * 1024
_PRODUCER = f"ybda-qc {__version__}"
_ICC_VERSION, _ICC_DATE = (
    bytes((4, 0x20)),
    bytes(12),
)  # ISO 15076-1:2005 and no date: the same file every time


def write_pdf(pages: NamedViews, path: Path, about: About) -> None:
    """Write pages as a searchable PDF; PDF/A-2u where each is the picture of an image file in grey or RGB.

    Pages of an image file are embedded with their data as they are; pages of a PDF file become forms on a
    page of their own. The same pages give the same file.

    Raises
    ------
    ImageFault
        An original is damaged.
    OSError
        The file cannot be written.
    """
    with ExitStack() as stack:
        parts = _Parts(stack, path.parent)
        conforms = True
        for _, view in pages:
            is_pdf = view.header.format == "PDF"
            sheet = (form_of if is_pdf else _sheet_of)(parts.pdf, view)
            _append(parts.pdf, sheet, None if view.text is None else printable_page(view.text))
            parts.count(sheet.size_bytes)
            conforms &= sheet.conforms
        pdf = parts.joined()
        _describe(pdf, printable(about.title), is_archival=conforms)
        _save(pdf, path)


class _Parts:
    """Pages of a file in the making, put aside in a folder where they grow larger than memory should."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._stack = stack
        self._folder = folder
        self._paths: list[Path] = []
        self._bytes = 0
        self.pdf = stack.enter_context(pikepdf.new())

    def count(self, size_bytes: int) -> None:
        """A page with so many bytes was appended."""
        self._bytes += size_bytes
        if self._bytes > _PART_BYTES:
            self._put_aside()

    def _put_aside(self) -> None:
        folder = Path(self._stack.enter_context(TemporaryDirectory(dir=self._folder)))
        self._paths.append(folder / "part.pdf")
        _save(self.pdf, self._paths[-1])
        self.pdf.close()
        self.pdf = self._stack.enter_context(pikepdf.new())
        self._bytes = 0

    def joined(self) -> Pdf:
        """All pages."""
        if not self._paths:
            return self.pdf
        self._put_aside()
        for path in self._paths:
            self.pdf.pages.extend(self._stack.enter_context(pikepdf.open(path)).pages)
        return self.pdf


def _save(pdf: Pdf, path: Path) -> None:
    with path.open("wb") as file:
        sink = _Sink(file)
        with io.BufferedWriter(sink) as stream:
            pdf.save(
                stream,
                min_version="1.7",
                deterministic_id=True,
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
            )
        if sink.error is not None:
            raise sink.error


class _Sink(io.RawIOBase):
    """Takes whatever is written, and keeps the error of a full disk: qpdf may end the process over it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.error: OSError | None = None

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        if self.error is None:
            try:
                self._file.write(data)
            except OSError as error:
                self.error = error
        return memoryview(data).nbytes


def _sheet_of(pdf: Pdf, view: PageView) -> Sheet:
    """The picture of an image file."""
    header, picture = view.header, embed(view)
    width = header.width_px * POINTS_AN_INCH / (header.dpi_x or POINTS_AN_INCH)
    height = header.height_px * POINTS_AN_INCH / (header.dpi_y or POINTS_AN_INCH)
    return Sheet(
        picture=_image(pdf, picture),
        is_form=False,
        width_points=max(width, _SIDE_LEAST),
        height_points=max(height, _SIDE_LEAST),
        conforms=picture.colours != "DeviceCMYK" or bool(picture.profile),
        size_bytes=len(picture.data),
    )


def _image(pdf: Pdf, picture: Embedded) -> Object:
    image = Stream(
        pdf,
        bytes(picture.data),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=picture.width_px,
        Height=picture.height_px,
        BitsPerComponent=picture.bits,
        Filter=Name(f"/{picture.filter}"),
    )
    if picture.parameters:
        image.DecodeParms = Dictionary({f"/{key}": value for key, value in picture.parameters.items()})
    if picture.colours:
        image.ColorSpace = _colours(pdf, picture)
    if picture.is_inverted:
        image.Decode = Array([1, 0] * _components(picture))
    return pdf.make_indirect(image)


def _components(picture: Embedded) -> int:
    return {"DeviceGray": 1, "DeviceRGB": 3, "DeviceCMYK": 4}[picture.colours]


def _colours(pdf: Pdf, picture: Embedded) -> Object:
    base: Object = Name(f"/{picture.colours}")
    if picture.profile:
        profile = Stream(pdf, picture.profile, N=_components(picture), Alternate=base)
        base = Array([Name.ICCBased, pdf.make_indirect(profile)])
    if picture.palette:
        return Array([Name.Indexed, base, len(picture.palette) // 3 - 1, pikepdf.String(picture.palette)])
    return base


def _append(pdf: Pdf, sheet: Sheet, text: PageText | None) -> None:
    """A page that shows a sheet, upright as it was read."""
    width, height = sheet.width_points, sheet.height_points
    unit = max(1, math.ceil(max(width, height) / _SIDE_MOST))
    width, height = width / unit, height / unit
    resources = Dictionary(XObject=Dictionary({f"/{_PICTURE}": sheet.picture}))
    page = Dictionary(Type=Name.Page, MediaBox=[0, 0, round(width, 3), round(height, 3)], Resources=resources)
    if unit > 1:
        page.UserUnit = unit
    if text is not None and text.turn:
        page.Rotate = text.turn
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    content = _placement(pdf.pages[-1], sheet, width, height)
    if text is not None and text.lines and not sheet.has_text:
        font = InvisibleFont()
        content += draw_text(text, width, height, font)
        pdf.pages[-1].Resources.Font = Dictionary({f"/{FONT}": font.add_to(pdf)})
    pdf.pages[-1].Contents = pdf.make_stream(content)


def _placement(page: pikepdf.Page, sheet: Sheet, width: float, height: float) -> bytes:
    if sheet.is_form:
        area = pikepdf.Rectangle(0, 0, width, height)
        return page.calc_form_xobject_placement(sheet.picture, Name(f"/{_PICTURE}"), area) + b"\n"
    return f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /{_PICTURE} Do Q\n".encode()


def _describe(pdf: Pdf, title: str, *, is_archival: bool) -> None:
    """Metadata, and what makes the file a PDF/A."""
    pdf.docinfo.Producer = _PRODUCER
    pdf.docinfo.Title = title
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["pdf:Producer"] = _PRODUCER
        metadata["dc:title"] = title
        if is_archival:
            metadata["pdfaid:part"], metadata["pdfaid:conformance"] = "2", "U"
    if is_archival:
        intent = Dictionary(
            Type=Name.OutputIntent,
            S=Name.GTS_PDFA1,
            OutputConditionIdentifier="sRGB",
            Info="sRGB IEC61966-2.1",
            DestOutputProfile=pdf.make_indirect(Stream(pdf, _srgb(), N=3)),
        )
        pdf.Root.OutputIntents = Array([intent])


def _srgb() -> bytes:
    """The profile of sRGB."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile[:8] + _ICC_VERSION + profile[10:24] + _ICC_DATE + profile[36:]
