"""Which directions the lines of a page run in: energy of its Fourier spectrum along rays."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

_SIZE = 480
_ROOM = 30  # zeros between the page and its periodic copy
_STEP_DEGREES = 0.25
_LOWEST = 0.02  # cycles a pixel: coarser than this is arrangement, not lines
_HIGHEST = 0.46


def radial_energy(
    plane: NDArray[np.uint8],
) -> tuple[NDArray[np.float64], NDArray[np.float32], NDArray[np.float32]]:
    """Strength of level and of upright lines for every skew from -45 to 45 degrees.

    Lines of writing turned by t put their energy on the ray at right angles to them, rules and
    strokes at right angles to the writing on the ray along it. The magnitude, not the power, is
    summed, each ring weighted by its radius (which makes it the spectrum of the gradient): single
    strong edges then count for less than many weak lines.

    Source: Postl, US patent 4,723,297 (1988), in the Fourier form of adaptive radial projection,
    Pham et al., ICIP 2022 (doi 10.1109/ICIP46576.2022.9897910).

    Parameters
    ----------
    plane : uint8, (h, w)
        Ink on zero.

    Returns
    -------
    angles : float64, (n,)
        Degrees, positive = clockwise on screen.
    level, upright : float32, (n,)
        Excess over the median direction: 0 = no more than in most directions.
    """
    # a whole factor: OpenCV's area reduction is fast for these only
    factor = -(-max(plane.shape) // (_SIZE - _ROOM))
    height, width = (side // factor for side in plane.shape)
    small = cv2.resize(
        plane[: height * factor, : width * factor], (width, height), interpolation=cv2.INTER_AREA
    )
    padded = np.zeros((_SIZE, _SIZE), np.float32)
    # without a soft end, a dense picture would bring the level edges of the plane itself
    padded[:height, :width] = (small - np.float32(cv2.mean(small)[0])) * _window(height, width)
    magnitude = _magnitude(cv2.dft(padded).astype(np.float32, copy=False))
    angles, radii, across, down = _rays()
    sampled = cv2.remap(magnitude, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    energy = sampled.astype(np.float32, copy=False) @ radii
    half = len(angles)
    # the first half of the rays points across upright lines, the second across level ones
    upright, level = energy[:half], energy[half:]
    return angles, _excess(level), _excess(upright)


def _excess(energy: NDArray[np.float32]) -> NDArray[np.float32]:
    middle = float(np.median(energy))
    if middle <= 0:
        return np.zeros_like(energy)
    excess: NDArray[np.float32] = energy / np.float32(middle) - np.float32(1)
    return excess


@lru_cache(maxsize=8)
def _window(height: int, width: int) -> NDArray[np.float32]:
    return np.outer(_taper(height), _taper(width))


def _taper(length: int) -> NDArray[np.float32]:
    """Window that rises over the first twentieth and falls over the last."""
    inside = np.minimum(np.arange(length) + 0.5, np.arange(length, 0, -1) - 0.5) / max(length / 20, 1)
    taper: NDArray[np.float32] = (0.5 - 0.5 * np.cos(np.pi * np.minimum(inside, 1))).astype(np.float32)
    return taper


def _magnitude(packed: NDArray[np.float32]) -> NDArray[np.float32]:
    """Unpack the spectrum of a real picture, (n, n), to magnitudes of x >= 0: (n, n / 2).

    OpenCV packs column x > 0 as real and imaginary parts side by side, and column 0 downwards.
    """
    size = packed.shape[0]
    magnitude = np.empty((size, size // 2), np.float32)
    real, imaginary = (np.ascontiguousarray(packed[:, start:-1:2]) for start in (1, 2))
    magnitude[:, 1:] = cv2.magnitude(real, imaginary)  # many times faster than numpy's hypot
    first = np.hypot(packed[1:-1:2, 0], packed[2:-1:2, 0])
    magnitude[0, 0], magnitude[size // 2, 0] = abs(packed[0, 0]), abs(packed[-1, 0])
    magnitude[1 : size // 2, 0] = first
    magnitude[size // 2 + 1 :, 0] = first[::-1]
    return magnitude


@lru_cache(maxsize=1)
def _rays() -> tuple[NDArray[np.float64], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Skews, radii, and where the rays meet the spectrum (x, y), -45 to 135 degrees."""
    turn = np.arange(-45.0, 135.0, _STEP_DEGREES)
    radii = np.arange(_LOWEST * _SIZE, _HIGHEST * _SIZE)
    along = np.radians(turn)[:, None]
    # the spectrum of a real picture is symmetric: only x >= 0 is looked at, y wraps around
    sign = np.where(np.cos(along) < 0, -1.0, 1.0)
    across = (sign * np.cos(along) * radii).astype(np.float32)
    down = np.mod(sign * np.sin(along) * radii, _SIZE).astype(np.float32)
    return turn[: len(turn) // 2], radii.astype(np.float32), across, down
