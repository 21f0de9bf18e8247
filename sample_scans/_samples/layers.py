"""Text layers of searchable PDF 双层PDF, right and wrong."""

import io
from collections.abc import Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name

from _samples.batch import DPI
from ybda_qc.synth import TextLine
from ybda_qc.synth.spec import MM_PER_INCH

_POINTS_AN_INCH = 72.0
_FOOT = 0.82  # of the height of a line, from its top to the foot of its letters


def with_layer(pdf: bytes, lines: Sequence[TextLine], *, down_mm: float = 0.0) -> bytes:
    """A PDF with the lines of a drawn page unseen over its only page, in their places or further down."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[0]
        font = page.add_resource(document.make_indirect(_song()), Name.Font, Name("/Song"))
        height = float(page.mediabox[3]) - down_mm * _POINTS_AN_INCH / MM_PER_INCH
        spans = "\n".join(_span(line, font, height) for line in lines)
        page.contents_add(document.make_stream(f"BT 3 Tr\n{spans}\nET".encode()))
        del document.docinfo  # which says when it was drawn
        made = io.BytesIO()
        document.save(made, static_id=True)
    return made.getvalue()


def _span(line: TextLine, font: str, height: float) -> str:
    """The operators that write a line so that it is as long as in the picture."""
    left, top, width, tall = (pixels * _POINTS_AN_INCH / DPI for pixels in line.box)
    place = f"1 0 0 1 {left:.2f} {height - top - _FOOT * tall:.2f} Tm"
    return f"{font} {width / len(line.text):.2f} Tf {place} <{line.text.encode('utf-16-be').hex()}> Tj"


def _song() -> Dictionary:
    """A typeface that every viewer has a stand-in for, with a square for every character."""
    system = Dictionary(Registry="Adobe", Ordering="GB1", Supplement=2)
    letters = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType0, BaseFont=Name("/STSong-Light"), CIDSystemInfo=system
    )
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name("/STSong-Light"),
        Encoding=Name("/UniGB-UTF16-H"),
        DescendantFonts=Array([letters]),
    )
