"""From stored samples to the pixels that checks know: uint8 grey (H, W) and RGB (H, W, 3)."""

import sys

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.errors import ImageFault
from ybda_qc.imaging.values import DecodeLimits, Pixels

_BAND_PIXELS = 1 << 20
"""Conversions that need wide intermediates go band by band, so that a large page is not held twice."""


def check_size(width_px: int, height_px: int, limits: DecodeLimits) -> None:
    """Refuse an empty page, or one of more pixels than the limits allow.

    Raises
    ------
    ImageFault
        ``unreadable`` or ``too-large``.
    """
    if width_px < 1 or height_px < 1:
        raise ImageFault("unreadable", f"Declared size {width_px} x {height_px} is not a page.")
    most = limits.max_pixels
    if width_px * height_px > most:
        raise ImageFault("too-large", f"{width_px} x {height_px} pixels are more than the {most} allowed.")


def bands(height: int, width: int) -> list[slice]:
    """Row slices of about a megapixel."""
    step = max(1, _BAND_PIXELS // max(1, width))
    return [slice(top, min(top + step, height)) for top in range(0, height, step)]


def bits_to_grey(packed: Pixels, width: int, *, one_is_white: bool) -> Pixels:
    """Unpack bits, most significant first, to 0 (black) and 255 (white).

    Parameters
    ----------
    packed
        uint8, (H, ceil(W / 8)).
    width
        Pixels in a row.
    one_is_white
        Meaning of a set bit.
    """
    bits = np.unpackbits(packed, axis=1, count=width)
    return spread_bits(bits, one_is_white=one_is_white)


def spread_bits(bits: Pixels, *, one_is_white: bool) -> Pixels:
    """Turn 0/1 into 0/255 in place."""
    if one_is_white:
        np.negative(bits, out=bits)
    else:
        np.subtract(bits, 1, out=bits)
    return bits


def cmyk_to_rgb(ink: Pixels, *, inverted: bool) -> Pixels:
    """CMYK to RGB by the plain formula R = 255 (1 - C)(1 - K); no profile is applied.

    Parameters
    ----------
    ink
        uint8, (H, W, 4); 255 is full ink, or none where `inverted` (as Adobe writes JPEG).
    """
    height, width = ink.shape[:2]
    colour = np.empty((height, width, 3), np.uint8)
    for rows in bands(height, width):
        paper = ink[rows] if inverted else 255 - ink[rows]
        black = cv2.merge([paper[..., 3]] * 3)
        cv2.multiply(np.ascontiguousarray(paper[..., :3]), black, dst=colour[rows], scale=1 / 255)
    return colour


def composite_on_white(colour: Pixels, alpha: Pixels, *, premultiplied: bool = False) -> Pixels:
    """Lay transparent pixels on white.

    Parameters
    ----------
    colour
        uint8, (H, W) or (H, W, 3).
    alpha
        uint8, (H, W); 255 is opaque.
    premultiplied
        Whether colours already carry their alpha (TIFF associated alpha).
    """
    height, width = alpha.shape
    flat = np.empty(colour.shape, np.uint8)
    for rows in bands(height, width):
        opacity = alpha[rows].astype(np.uint16)
        if colour.ndim == 3:
            opacity = opacity[..., None]
        shown = colour[rows].astype(np.uint16)
        if not premultiplied:
            shown = (shown * opacity + 127) // 255
        flat[rows] = np.minimum(shown + (255 - opacity), 255)
    return flat


def apply_palette(indices: Pixels, palette: Pixels, alpha: Pixels | None = None) -> Pixels:
    """Colours of palette indices; grey (H, W) where the whole palette is grey.

    Parameters
    ----------
    indices
        uint8, (H, W).
    palette
        uint8, (N, 3); an index beyond it is an error.
    alpha
        uint8, (M,) with M <= N; missing entries are opaque; composited on white.

    Raises
    ------
    ImageFault
        ``unreadable``: an index without a colour.
    """
    count = len(palette)
    if count < 256 and indices.size and int(indices.max()) >= count:
        raise ImageFault("unreadable", "A pixel refers to a colour that the palette does not have.")
    table = np.zeros((256, 3), np.uint8)
    table[:count] = palette
    if alpha is not None and len(alpha):
        opacity = np.full(256, 255, np.uint8)
        opacity[: len(alpha)] = alpha[:256]
        table = composite_on_white(table[:, None, :], opacity[:, None])[:, 0, :]
    if palette_is_grey(table[:count]):
        return np.asarray(cv2.LUT(indices, np.ascontiguousarray(table[:, 0])), dtype=np.uint8)
    colour = np.empty((*indices.shape, 3), np.uint8)
    for rows in bands(*indices.shape):
        colour[rows] = table[indices[rows]]
    return colour


def palette_is_grey(palette: Pixels) -> bool:
    """Whether every colour of an (N, 3) palette is a grey."""
    return bool((palette[:, 0] == palette[:, 1]).all() and (palette[:, 1] == palette[:, 2]).all())


def palette_is_bitonal(palette: Pixels) -> bool:
    """Whether a palette is just black and white, in either order."""
    return len(palette) == 2 and {tuple(row) for row in palette.tolist()} == {(0, 0, 0), (255, 255, 255)}


def high_bytes(samples: NDArray[np.generic]) -> Pixels:
    """The upper eight of sixteen bits (uint16, this machine's byte order), as uint8 of the same shape."""
    both = np.ascontiguousarray(samples, dtype=np.uint16).view(np.uint8).reshape(*samples.shape, 2)
    return np.ascontiguousarray(both[..., 1 if sys.byteorder == "little" else 0])


def lab_to_rgb(lab: Pixels, *, signed: bool) -> Pixels:
    """CIE L*a*b* of eight bits to sRGB; the white point is taken as D65 (checks cannot see the difference).

    Parameters
    ----------
    lab
        uint8, (H, W, 3).
    signed
        a and b as signed bytes (TIFF CIELab) rather than shifted by 128 (ICCLab).
    """
    height, width = lab.shape[:2]
    colour = np.empty((height, width, 3), np.uint8)
    for rows in bands(height, width):
        band = lab[rows].copy()
        if signed:
            band[..., 1:] ^= 0x80
        cv2.cvtColor(band, cv2.COLOR_Lab2RGB, dst=colour[rows])
    return colour


def ycc_to_rgb(ycc: Pixels) -> Pixels:
    """Y Cb Cr (ITU-R BT.601, full range) of uint8 (H, W, 3) to RGB."""
    height, width = ycc.shape[:2]
    colour = np.empty((height, width, 3), np.uint8)
    for rows in bands(height, width):
        swapped = np.ascontiguousarray(ycc[rows][..., (0, 2, 1)])
        cv2.cvtColor(swapped, cv2.COLOR_YCrCb2RGB, dst=colour[rows])
    return colour
