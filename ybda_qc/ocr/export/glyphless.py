"""A font that draws nothing, for text that is selected and copied but never seen.

A character takes the width that it has on the page: there is a glyph for each width, a line there and back,
for readers take a glyph without extent for none. What the characters are, only the map to Unicode says
(ISO 32000-1, 9.7.4 and 9.10.3): codes are given in the order in which they come, so that two bytes are enough
for any page.
"""

import struct
from collections.abc import Sequence

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

WIDTH_STEP = 0.05
"""Of the size of the font: widths are multiples of it."""

_NAME = "Invisible"
_EM = 1000
_STEP = round(WIDTH_STEP * _EM)
_WIDEST = 1200  # steps
_ENTRIES_A_BLOCK = 100  # as many as a CMap may hold
_WHOLE_FILE = 0xB1B0AFBA


class InvisibleFont:
    """Collects the characters of a page with their widths, then is put into a file."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, int], int] = {}
        self._glyphs: dict[int, int] = {}  # width in steps -> glyph; that for missing characters is 0

    def encode(self, text: str, length: float) -> tuple[str, float]:
        """Codes of characters that share a length evenly, in hexadecimal, and the length that they take.

        Parameters
        ----------
        text
            At least one character.
        length
            In sizes of the font.
        """
        codes, at = "", 0
        for place in range(1, len(text) + 1):
            width = min(max(1, round(place * length / len(text) / WIDTH_STEP) - at), _WIDEST)
            codes += f"{self._code(text[place - 1], width):04X}"
            at += width
        return codes, at * WIDTH_STEP

    def _code(self, character: str, width: int) -> int:
        self._glyphs.setdefault(width, len(self._glyphs) + 1)
        return self._codes.setdefault((character, width), len(self._codes) + 1)

    def add_to(self, pdf: Pdf) -> Object:
        """Put the font into a file."""
        name = Name(f"/{_NAME}")
        widths = [width * _STEP for width in self._glyphs]
        program = _program(widths)
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            Flags=4,  # symbolic: its characters have no names
            FontBBox=[0, 0, max(widths, default=_EM), _EM],
            ItalicAngle=0,
            Ascent=_EM,
            Descent=0,
            CapHeight=_EM,
            StemV=0,
            FontFile2=pdf.make_indirect(Stream(pdf, program, Length1=len(program))),
        )
        glyphs = [0, *(self._glyphs[width] for _, width in self._codes)]
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=name,
            CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
            CIDToGIDMap=pdf.make_indirect(Stream(pdf, struct.pack(f">{len(glyphs)}H", *glyphs))),
            DW=_EM,
            W=Array([1, Array([width * _STEP for _, width in self._codes])]),
            FontDescriptor=pdf.make_indirect(descriptor),
        )
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=name,
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([pdf.make_indirect(descendant)]),
                ToUnicode=pdf.make_indirect(Stream(pdf, self._to_unicode())),
            )
        )

    def _to_unicode(self) -> bytes:
        entries = [
            f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>"
            for (character, _), code in self._codes.items()
        ]
        lines = [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<0000> <FFFF>",
            "endcodespacerange",
        ]
        for at in range(0, len(entries), _ENTRIES_A_BLOCK):
            block = entries[at : at + _ENTRIES_A_BLOCK]
            lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
        lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end", ""]
        return "\n".join(lines).encode()


def _program(widths: Sequence[int]) -> bytes:
    """The font as a TrueType file (OpenType 1.9), with the tables that PDF asks for and readers look for."""
    count, widest = len(widths) + 1, max(widths, default=_EM)
    glyphs = [_glyph(width) for width in widths]
    places = [0, *(len(_glyph(0)) * number for number in range(count))]
    no_mapping = struct.pack(">4HL7H5H", 0, 1, 3, 0, 12, 4, 24, 0, 2, 2, 0, 0, 0xFFFF, 0, 0xFFFF, 1, 0)
    head = (0x10000, 0x10000, 0, 0x5F0F3CF5, 0, _EM, 0, 0, 0, 0, widest, _EM, 0, 8, 2, 0, 0)
    tables = {
        b"cmap": no_mapping,
        b"glyf": b"".join(glyphs) or bytes(4),
        b"head": struct.pack(">4L2H2q4h2H3h", *head),
        b"hhea": struct.pack(">L3hH11hH", 0x10000, _EM, 0, 0, widest, 0, 0, widest, 1, *[0] * 7, count),
        b"hmtx": b"".join(struct.pack(">Hh", width, 0) for width in (_EM, *widths)),
        b"loca": struct.pack(f">{len(places)}H", *(place // 2 for place in places)),
        b"maxp": struct.pack(">L14H", 0x10000, count, 2, 1, 0, 0, 1, *[0] * 8),
        b"name": struct.pack(">3H", 0, 0, 6),
        b"post": struct.pack(">2L2h5L", 0x30000, 0, 0, 0, 1, 0, 0, 0, 0),
    }
    place = 12 + 16 * len(tables)
    directory = struct.pack(">L4H", 0x10000, len(tables), 128, 3, 16 * len(tables) - 128)
    body = b""
    for tag, table in tables.items():
        directory += tag + struct.pack(">3L", _checksum(table), place + len(body), len(table))
        body += table + b"\0" * (-len(table) % 4)
    font = directory + body
    at = font.index(tables[b"head"]) + 8
    adjustment = (_WHOLE_FILE - _checksum(font)) & 0xFFFFFFFF
    return font[:at] + struct.pack(">L", adjustment) + font[at + 4 :]


def _glyph(width: int) -> bytes:
    """A contour of two points, from corner to corner of its cell."""
    return struct.pack(">5h2H2s4h2x", 1, 0, 0, width, _EM, 1, 0, b"\1\1", 0, width, 0, _EM)


def _checksum(table: bytes) -> int:
    padded = table + b"\0" * (-len(table) % 4)
    return sum(int(number) for (number,) in struct.iter_unpack(">L", padded)) & 0xFFFFFFFF
