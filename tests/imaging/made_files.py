"""Sound image files of every kind the package reads, made on the spot, with the pixels they should give."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image

Array = NDArray[Any]
WIDTH, HEIGHT = 333, 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A file and what it should give; `tolerance` is the mean difference allowed in grey levels."""

    name: str
    data: bytes
    pixels: Array
    tolerance: float = 0.0
    frame: int = 1
    """The page whose pixels these are."""


def colour_page(width: int = WIDTH, height: int = HEIGHT) -> Array:
    """Tinted paper with a picture, lines and text; RGB, with the fine noise of a scan."""
    page = np.full((height, width, 3), (246, 240, 226), np.uint8)
    for y in range(14, height - 60, 16):
        cv2.putText(
            page, f"Protocol no. {y} of the meeting", (12, y), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (40, 40, 60)
        )
    ramp = np.linspace(0, 255, 100).astype(np.uint8)
    page[height - 50 : height - 10, 20:120, 0] = ramp
    page[height - 50 : height - 10, 20:120, 1] = ramp[::-1]
    cv2.circle(page, (width - 60, height - 60), 30, (200, 30, 40), 3)
    noise = np.random.default_rng(7).normal(0, 2.5, page.shape)
    return np.clip(page + noise, 0, 255).astype(np.uint8)


def grey_page(width: int = WIDTH, height: int = HEIGHT) -> Array:
    """The same in grey."""
    return cv2.cvtColor(colour_page(width, height), cv2.COLOR_RGB2GRAY)


def bitonal_page(width: int = WIDTH, height: int = HEIGHT) -> Array:
    """The same in black (0) and white (255)."""
    return np.where(grey_page(width, height) > 150, 255, 0).astype(np.uint8)


def _pillow(array: Array, kind: str, mode: str | None = None, **options: Any) -> bytes:
    image = Image.fromarray(array)
    if mode is not None:
        image = image.convert(mode)
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def jpegs() -> Iterator[Made]:
    colour, grey = colour_page(), grey_page()
    yield Made(name="grey", data=_pillow(grey, "JPEG", quality=92), pixels=grey, tolerance=3)
    for name, sampling in (("444", 0), ("422", 1), ("420", 2)):
        data = _pillow(colour, "JPEG", quality=92, subsampling=sampling)
        yield Made(name=f"rgb-{name}", data=data, pixels=colour, tolerance=6)
    yield Made(
        name="progressive",
        data=_pillow(colour, "JPEG", quality=92, progressive=True),
        pixels=colour,
        tolerance=6,
    )
    restart = _pillow(colour, "JPEG", quality=92, restart_marker_rows=1)
    assert b"\xff\xd1" in restart
    yield Made(name="restart-markers", data=restart, pixels=colour, tolerance=6)
    keep = _pillow(colour, "JPEG", quality=95, keep_rgb=True)
    yield Made(name="stored-as-rgb", data=keep, pixels=colour, tolerance=3)
    plain = _pillow(colour, "JPEG", quality=92)
    yield Made(name="trailing-bytes", data=plain + b"\0garbage after the end" * 9, pixels=colour, tolerance=6)
    padded = plain[:-2] + b"\0" * 7 + plain[-2:]
    yield Made(name="filled-before-end", data=padded, pixels=colour, tolerance=6)
    yield Made(name="fill-bytes", data=plain[:2] + b"\xff" * 5 + plain[2:], pixels=colour, tolerance=6)
    odd_jfif = plain.replace(b"JFIF\0\x01\x01", b"JFIF\0\x07\x09", 1)
    assert odd_jfif != plain
    yield Made(name="odd-jfif-revision", data=odd_jfif, pixels=colour, tolerance=6)
    thumbnail = _pillow(cv2.resize(colour, (60, 40)), "JPEG")
    exif = Image.Exif()
    exif[0x0110] = "Scanner"
    block = exif.tobytes() + thumbnail
    app1 = b"\xff\xe1" + (2 + len(block)).to_bytes(2, "big") + block
    yield Made(name="thumbnail", data=plain[:2] + app1 + plain[2:], pixels=colour, tolerance=6)
    ink = np.dstack([255 - colour, np.zeros_like(grey)])
    cmyk = io.BytesIO()
    Image.frombytes("CMYK", (WIDTH, HEIGHT), ink.tobytes()).save(cmyk, "JPEG", quality=95)
    yield Made(name="cmyk-adobe", data=cmyk.getvalue(), pixels=colour, tolerance=4)
    ycck = imagecodecs.jpeg8_encode(255 - ink, level=95, colorspace="cmyk", outcolorspace="ycck")
    yield Made(name="ycck-adobe", data=ycck, pixels=colour, tolerance=6)


def _tiff(array: Array, **options: Any) -> bytes:
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, array, **options)
    return buffer.getvalue()


def _pillow_fax(array: Array, compression: str, **tags: Any) -> bytes:
    buffer = io.BytesIO()
    image = Image.fromarray(array).convert("1")
    image.save(buffer, "TIFF", compression=compression, tiffinfo=tags.get("tiffinfo", {}))
    return buffer.getvalue()


def tiffs() -> Iterator[Made]:
    colour, grey, bits = colour_page(), grey_page(), bitonal_page()
    for name in ("none", "lzw", "zlib", "packbits"):
        compression = None if name == "none" else name
        yield Made(
            name=f"rgb-{name}", data=_tiff(colour, compression=compression, rowsperstrip=40), pixels=colour
        )
        yield Made(
            name=f"grey-{name}", data=_tiff(grey, compression=compression, rowsperstrip=40), pixels=grey
        )
        yield Made(
            name=f"bits-{name}",
            data=_tiff(bits > 0, compression=compression, rowsperstrip=33, photometric="minisblack"),
            pixels=bits,
        )
    for name in ("lzw", "zlib"):
        data = _tiff(colour, compression=name, predictor=True, rowsperstrip=64)
        yield Made(name=f"rgb-{name}-predictor", data=data, pixels=colour)
        deep = colour.astype(np.uint16) * 257
        data = _tiff(deep, compression=name, predictor=True, rowsperstrip=64)
        yield Made(name=f"rgb16-{name}-predictor", data=data, pixels=colour)
    yield from _more_tiffs(colour, grey, bits)
    yield from fax_tiffs(bits)
    yield from jpeg_tiffs(colour, grey)


def _more_tiffs(colour: Array, grey: Array, bits: Array) -> Iterator[Made]:
    deep = grey.astype(np.uint16) * 256 + 77
    yield Made(name="grey16", data=_tiff(deep), pixels=grey)
    yield Made(name="grey16-big-endian", data=_tiff(deep, byteorder=">", compression="zlib"), pixels=grey)
    wide = colour.astype(np.uint16) * 257
    big = _tiff(wide, byteorder=">", compression="lzw", predictor=True)
    yield Made(name="rgb16-big-endian-predictor", data=big, pixels=colour)
    yield Made(name="big-endian", data=_tiff(colour, byteorder=">", compression="lzw"), pixels=colour)
    yield Made(name="bigtiff", data=_tiff(colour, bigtiff=True, compression="lzw"), pixels=colour)
    yield Made(name="min-is-white", data=_tiff(255 - grey, photometric="miniswhite"), pixels=grey)
    yield Made(name="bits-min-is-white", data=_tiff(bits == 0, photometric="miniswhite"), pixels=bits)
    yield Made(name="tiled", data=_tiff(colour, tile=(64, 96), compression="lzw"), pixels=colour)
    tiled = _tiff(colour, tile=(64, 96), compression="zlib", predictor=True)
    yield Made(name="tiled-predictor", data=tiled, pixels=colour)
    yield Made(name="bits-tiled", data=_tiff(bits > 0, tile=(64, 96), photometric="minisblack"), pixels=bits)
    planes = np.moveaxis(colour, -1, 0)
    separate = {"photometric": "rgb", "planarconfig": "separate", "rowsperstrip": 50}
    yield Made(name="planar", data=_tiff(planes, compression="lzw", **separate), pixels=colour)
    planar = _tiff(planes, compression="zlib", predictor=True, **separate)
    yield Made(name="planar-predictor", data=planar, pixels=colour)
    tiled_planes = _tiff(planes, photometric="rgb", planarconfig="separate", tile=(64, 64))
    yield Made(name="planar-tiled", data=tiled_planes, pixels=colour)
    palette = np.random.default_rng(3).integers(0, 256, (3, 256)).astype(np.uint16) * 257
    data = _tiff(grey, photometric="palette", colormap=palette, compression="lzw")
    yield Made(name="palette", data=data, pixels=(palette // 257).T.astype(np.uint8)[grey])
    ramp = np.tile(np.arange(256, dtype=np.uint16)[::-1] * 257, (3, 1))
    yield Made(name="palette-grey", data=_tiff(grey, photometric="palette", colormap=ramp), pixels=255 - grey)
    ink = np.dstack([255 - colour, np.zeros_like(grey)])
    yield Made(
        name="cmyk", data=_tiff(ink, photometric="separated", compression="lzw"), pixels=colour, tolerance=1
    )
    half = np.full(grey.shape, 128, np.uint8)
    rgba = _tiff(np.dstack([colour, half]), photometric="rgb", extrasamples=["unassalpha"])
    mixed = (colour.astype(int) * 128 + 255 * 127) / 255
    yield Made(name="rgba", data=rgba, pixels=np.round(mixed).astype(np.uint8), tolerance=1)
    buffer = io.BytesIO()
    with tifffile.TiffWriter(buffer) as writer:
        writer.write(grey, compression="lzw")
        writer.write(colour[:100], photometric="rgb", compression="zlib")
        writer.write(bits[:77] > 0, photometric="minisblack")
    yield Made(name="multi-page-2", data=buffer.getvalue(), pixels=colour[:100], frame=2)
    yield Made(name="multi-page-3", data=buffer.getvalue(), pixels=bits[:77], frame=3)
    yield Made(name="one-pixel", data=_tiff(grey[:1, :1]), pixels=grey[:1, :1])


def fax_tiffs(bits: Array) -> Iterator[Made]:
    """G3 in one and two dimensions, G4, both photometrics, both fill orders, one strip and many."""
    yield Made(name="g3-1d", data=_pillow_fax(bits, "group3"), pixels=bits)
    yield Made(name="g3-2d", data=_pillow_fax(bits, "group3", tiffinfo={292: 1}), pixels=bits)
    yield Made(name="g3-1d-filled", data=_pillow_fax(bits, "group3", tiffinfo={292: 4}), pixels=bits)
    yield Made(name="ccitt-rle", data=_pillow_fax(bits, "tiff_ccitt"), pixels=bits)
    yield Made(name="g4", data=_pillow_fax(bits, "group4"), pixels=bits)
    yield Made(name="g4-strips", data=_pillow_fax(bits, "group4", tiffinfo={278: 19}), pixels=bits)
    reverse = _pillow_fax(bits, "group4", tiffinfo={266: 2})
    yield Made(name="g4-fill-order-2", data=reverse, pixels=bits)
    as_white = _pillow_fax(bits, "group4", tiffinfo={262: 0})
    yield Made(name="g4-min-is-white", data=as_white, pixels=bits)


def jpeg_tiffs(colour: Array, grey: Array) -> Iterator[Made]:
    """JPEG in strips and tiles, as RGB and as YCbCr, with shared tables and without."""
    stored = _tiff(colour, compression="jpeg", compressionargs={"level": 92, "outcolorspace": "rgb"})
    yield Made(name="jpeg-rgb", data=stored, pixels=colour, tolerance=4)
    options = {"compression": "jpeg", "photometric": "ycbcr", "compressionargs": {"level": 92}}
    ycc = cv2.cvtColor(colour, cv2.COLOR_RGB2YCrCb)[..., (0, 2, 1)]
    yield Made(name="jpeg-ycbcr", data=_tiff(ycc, **options), pixels=colour, tolerance=6)
    yield Made(name="jpeg-tiled", data=_tiff(ycc, tile=(64, 96), **options), pixels=colour, tolerance=6)
    yield Made(
        name="jpeg-grey",
        data=_tiff(grey, compression="jpeg", compressionargs={"level": 92}),
        pixels=grey,
        tolerance=4,
    )
    tables = _pillow(colour, "TIFF", compression="jpeg", quality=92)
    yield Made(name="jpeg-shared-tables", data=tables, pixels=colour, tolerance=6)


def pngs() -> Iterator[Made]:
    colour, grey, bits = colour_page(), grey_page(), bitonal_page()
    yield Made(name="rgb", data=_pillow(colour, "PNG"), pixels=colour)
    yield Made(name="grey", data=_pillow(grey, "PNG"), pixels=grey)
    yield Made(name="bits", data=_pillow(bits, "PNG", "1"), pixels=bits)
    yield Made(name="grey16", data=png(grey.astype(np.uint16) * 256 + 9, 16, 0), pixels=grey)
    yield Made(name="rgb16", data=png(colour.astype(np.uint16) * 257, 16, 2), pixels=colour)
    yield Made(name="grey4", data=png(grey // 16, 4, 0), pixels=grey // 16 * 17)
    yield Made(name="grey2", data=png(grey // 64, 2, 0), pixels=grey // 64 * 85)
    alpha = np.full((*grey.shape, 1), 64, np.uint8)
    expected = np.round((colour.astype(float) * 64 + 255 * 191) / 255).astype(np.uint8)
    yield Made(name="rgba", data=png(np.dstack([colour, alpha]), 8, 6), pixels=expected, tolerance=1)
    clear = np.dstack([grey, np.zeros_like(grey)])
    yield Made(name="grey-alpha", data=png(clear, 8, 4), pixels=np.full_like(grey, 255))
    palette = np.random.default_rng(5).integers(0, 256, (16, 3)).astype(np.uint8)
    extra = [(b"PLTE", palette.tobytes())]
    yield Made(name="palette4", data=png(grey // 16, 4, 3, extra), pixels=palette[grey // 16])
    black_white = [(b"PLTE", b"\xff\xff\xff\0\0\0")]
    yield Made(name="palette1", data=png((bits == 0).astype(np.uint8), 1, 3, black_white), pixels=bits)
    yield Made(name="interlaced", data=png(colour, 8, 2, interlaced=True), pixels=colour)
    yield Made(name="many-idat", data=png(colour, 8, 2, piece=500), pixels=colour)


_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def chunk(kind: bytes, payload: bytes) -> bytes:
    """A PNG chunk with its length and checksum."""
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def png(
    samples: Array,
    bits: int,
    kind: int,
    extra: list[tuple[bytes, bytes]] | None = None,
    *,
    interlaced: bool = False,
    piece: int = 1 << 20,
) -> bytes:
    """A PNG file, written out here because no library writes all of its kinds."""
    grid = samples if samples.ndim == 3 else samples[..., None]
    if interlaced:
        parts = [grid[y::dy, x::dx] for x, y, dx, dy in _PASSES]
        body = b"".join(_png_rows(part, bits) for part in parts if part.size)
    else:
        body = _png_rows(grid, bits)
    head = struct.pack(">IIBBBBB", grid.shape[1], grid.shape[0], bits, kind, 0, 0, int(interlaced))
    packed = zlib.compress(body)
    pieces = [chunk(b"IDAT", packed[at : at + piece]) for at in range(0, len(packed), piece)]
    others = [chunk(name, payload) for name, payload in extra or []]
    return b"\x89PNG\r\n\x1a\n" + b"".join([chunk(b"IHDR", head), *others, *pieces, chunk(b"IEND", b"")])


def _png_rows(grid: Array, bits: int) -> bytes:
    rows = []
    for row in grid.reshape(len(grid), -1):
        if bits == 16:
            raw = row.astype(">u2").tobytes()
        elif bits == 8:
            raw = row.astype(np.uint8).tobytes()
        else:
            wide = np.unpackbits(row.astype(np.uint8)[:, None], axis=1)[:, 8 - bits :]
            raw = np.packbits(wide.reshape(-1)).tobytes()
        rows.append(b"\0" + raw)
    return b"".join(rows)


def bmps() -> Iterator[Made]:
    colour, grey, bits = colour_page(), grey_page(), bitonal_page()
    yield Made(name="rgb24", data=_pillow(colour, "BMP"), pixels=colour)
    yield Made(name="grey8", data=_pillow(grey, "BMP"), pixels=grey)
    yield Made(name="bits", data=_pillow(bits, "BMP", "1"), pixels=bits)
    ramp = np.repeat(np.arange(16, dtype=np.uint8)[:, None] * 17, 3, axis=1)
    sixteen = grey // 16
    yield Made(name="grey4", data=bmp(sixteen, 4, ramp), pixels=sixteen * 17)
    tints = np.random.default_rng(2).integers(0, 256, (16, 3)).astype(np.uint8)
    yield Made(name="palette4", data=bmp(sixteen, 4, tints), pixels=tints[sixteen])
    yield Made(name="top-down", data=bmp(sixteen, 4, tints, top_down=True), pixels=tints[sixteen])
    full = np.zeros((256, 3), np.uint8)
    full[:16] = tints
    yield Made(name="rle8", data=bmp(sixteen, 8, full, runs=_rle8), pixels=tints[sixteen])
    yield Made(name="rle4", data=bmp(sixteen, 4, tints, runs=_rle4), pixels=tints[sixteen])
    raw = np.dstack([colour[..., ::-1], np.full_like(grey, 9)])
    yield Made(name="rgb32", data=_bmp_file(raw[::-1].tobytes(), 32, b""), pixels=colour)


def bmp(
    indices: Array,
    bits: int,
    palette: Array,
    *,
    top_down: bool = False,
    runs: Callable[[Array], bytes] | None = None,
) -> bytes:
    """A BMP file with a palette."""
    table = np.dstack([palette[:, ::-1][None], np.zeros((1, len(palette), 1), np.uint8)]).tobytes()
    rows = indices if top_down else indices[::-1]
    if runs is not None:
        return _bmp_file(runs(rows), bits, table, compression=1 if bits == 8 else 2)
    body = b""
    for row in rows:
        wide = np.unpackbits(row[:, None], axis=1)[:, 8 - bits :]
        raw = np.packbits(wide.reshape(-1)).tobytes()
        body += raw + b"\0" * (-len(raw) % 4)
    return _bmp_file(body, bits, table, height=-HEIGHT if top_down else HEIGHT)


def _bmp_file(body: bytes, bits: int, table: bytes, *, height: int = HEIGHT, compression: int = 0) -> bytes:
    begin = 54 + len(table)
    info = struct.pack("<IiiHHIIiiII", 40, WIDTH, height, 1, bits, compression, len(body), 11811, 11811, 0, 0)
    return struct.pack("<2sIHHI", b"BM", begin + len(body), 0, 0, begin) + info + table + body


def _rle8(rows: Array) -> bytes:
    out = bytearray()
    for row in rows:
        place = 0
        while place < len(row):
            run = 1
            while place + run < len(row) and run < 255 and row[place + run] == row[place]:
                run += 1
            literal = row[place : place + 5]
            if run == 1 and len(literal) == 5:
                out += bytes((0, 5)) + literal.tobytes() + b"\0"
                place += 5
                continue
            out += bytes((run, int(row[place])))
            place += run
        out += b"\0\0"
    return bytes(out + b"\0\1")


def _rle4(rows: Array) -> bytes:
    out = bytearray()
    for row in rows:
        for place in range(0, len(row), 2):
            pair = row[place : place + 2]
            out += bytes((len(pair), int(pair[0]) << 4 | (int(pair[1]) if len(pair) > 1 else 0)))
        out += b"\0\0"
    return bytes(out + b"\0\1")


def jp2s() -> Iterator[Made]:
    colour, grey = colour_page(), grey_page()
    yield Made(name="jp2-lossless", data=_pillow(colour, "JPEG2000"), pixels=colour)
    lossy = {"irreversible": True, "quality_mode": "rates", "quality_layers": [8]}
    yield Made(name="jp2-lossy", data=_pillow(colour, "JPEG2000", **lossy), pixels=colour, tolerance=6)
    yield Made(name="jp2-grey", data=_pillow(grey, "JPEG2000"), pixels=grey)
    tiled = _pillow(colour, "JPEG2000", tile_size=(100, 100))
    yield Made(name="jp2-tiled", data=tiled, pixels=colour)
    yield Made(name="codestream", data=_pillow(colour, "JPEG2000", no_jp2=True), pixels=colour)
    deep = imagecodecs.jpeg2k_encode(grey.astype(np.uint16) * 257, level=0, reversible=True)
    yield Made(name="jp2-16-bit", data=deep, pixels=grey, tolerance=1)
