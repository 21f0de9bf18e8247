"""Fingerprint of a page by which other scans of the same sheet are found again.

The size of the Fourier coefficients of a picture does not change when the picture is shifted, nor when it
is turned upside down; straightened and brought to one size first, two scans of a sheet share them (the
invariants of Casasent and Psaltis 1976 and of Reddy and Chatterji 1996, with the turn known from the skew).
The middle frequencies hold where words and lines stand; the lowest hold only that there is writing.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.pyramid import halved

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

_SIDE = 128  # cells of the field on which a page is laid, each way
_ROOM = 1.2  # the field is this much larger than the longer side of the picture
_LOWEST, _HIGHEST = 4.0, 24.0  # waves a field; 24 are 15 mm long on A4, which 1 degree of skew leaves alone
_AROUND = 3.0  # sigma, in waves a field, of the surroundings against which a coefficient is measured
_STEP = 0.2  # of the size of the surroundings: one level of the fingerprint
_LEVELS = 16

_rows, _columns = np.meshgrid(np.fft.fftfreq(_SIDE, 1 / _SIDE), np.arange(_SIDE // 2 + 1), indexing="ij")
_radius = np.hypot(_rows, _columns)
_half = (_columns > 0) | (_rows > 0)  # the other half says the same
_every_other = (_rows + _columns) % 2 == 0  # neighbours say nearly the same
_CHOSEN = (_radius >= _LOWEST) & (_radius <= _HIGHEST) & _half & _every_other

LENGTH = int(_CHOSEN.sum())
"""Hexadecimal digits of a fingerprint."""
_PACKED = (LENGTH + 1) // 2  # bytes


def fingerprint(ink: Pixels, skew_degrees: float) -> str:
    """Levels of the whitened amplitude spectrum of the density of ink, one hexadecimal digit each.

    Parameters
    ----------
    ink : uint8, (H, W)
        255 where there is ink; about 150 dpi is plenty. Not changed.
    skew_degrees : float
        Of the content, clockwise; it is straightened by that.
    """
    spectrum = np.sqrt(np.abs(np.fft.rfft2(_density(ink, skew_degrees))))
    around = _smooth(spectrum.astype(np.float32))
    relative = spectrum / np.maximum(around, 1e-6) - 1
    levels = np.clip(np.rint(relative[_CHOSEN] / _STEP) + 5, 0, _LEVELS - 1).astype(np.uint8)
    return "".join(f"{level:x}" for level in levels.tolist())


class Fingerprints:
    """Many fingerprints, in half a byte a digit: 210 bytes each."""

    def __init__(self) -> None:
        self._packed = bytearray()

    def __len__(self) -> int:
        return len(self._packed) // _PACKED

    def append(self, text: str) -> None:
        """Add a fingerprint.

        Raises
        ------
        ValueError
            If the text is no fingerprint.
        """
        if len(text) != LENGTH:
            raise ValueError(f"a fingerprint has {LENGTH} digits, not {len(text)}")
        self._packed += bytes.fromhex(text.ljust(2 * _PACKED, "0"))

    def __getitem__(self, rows: NDArray[np.intp]) -> NDArray[np.uint8]:
        """The levels of some: uint8 (len(rows), LENGTH)."""
        packed = np.frombuffer(self._packed, np.uint8).reshape(-1, _PACKED)[rows]
        return np.stack([packed >> 4, packed & 15], axis=2).reshape(len(packed), -1)[:, :LENGTH]


def _density(ink: Pixels, skew_degrees: float) -> Floats:
    """The page, straightened, on the field: float32 (_SIDE, _SIDE)."""
    times = max(0, int(np.log2(max(ink.shape) * _ROOM / _SIDE)) - 1)
    small = halved(ink, times)
    height, width = small.shape
    scale = _SIDE / (max(height, width) * _ROOM)
    cell = max(1, round(1 / scale))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew_degrees, scale)
    turn[:, 2] += (_SIDE / 2 - width / 2, _SIDE / 2 - height / 2)
    field = cv2.warpAffine(cv2.blur(small, (cell, cell)), turn, (_SIDE, _SIDE), flags=cv2.INTER_LINEAR)
    return field.astype(np.float32)


def _smooth(spectrum: Floats) -> Floats:
    """Mean of the surroundings of each coefficient; the half that is not stored mirrors the other."""
    half = _SIDE // 2
    mirrored = spectrum[-np.arange(_SIDE) % _SIDE, half - 1 : 0 : -1]
    whole = np.fft.fftshift(np.concatenate([spectrum, mirrored], axis=1))
    blurred = cv2.GaussianBlur(whole, (0, 0), _AROUND)
    return np.fft.ifftshift(blurred)[:, : half + 1].astype(np.float32)
