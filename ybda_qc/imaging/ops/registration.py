"""Registration of two scans of what may be one sheet: turn, scale and shift that lay one on the other."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.pyramid import halved
from ybda_qc.imaging.ops.sheet import SCALE, Sheet

Pixels = NDArray[np.uint8]
Matrix = NDArray[np.float64]

_COARSE_SIDE = 192  # px: longer side of the planes on which turn and shift are looked for
_FIELD = 256  # px: square on which the two are correlated; shifts wrap round
_TURNS = np.arange(-6.0, 6.01, 1.0)  # degrees; two scans may each lie 3 degrees askew
_FINER = (-0.5, 0.5)
_WHITENING = 0.5  # power to which the spectrum is levelled: 0 correlation, 1 phase only
_BLOCK_MM, _STEP_MM = 16.0, 12.0
_REACH_MM = (5.0, 2.0, 1.2)  # how far blocks may lie off, pass by pass
_FIT_MM = (1.5, 0.7, 0.5)  # and how far from the common movement
_LEAST_MATCH = 0.45  # correlation from which a block counts as found
_LEAST_INK = 0.012  # mean darkness of a block worth looking for
_LEAST_BLOCKS = 4
_PLENTY = (100, 120, 120)  # blocks in each pass; the first looks farthest
_HOPELESS = 0.2  # share of the blocks that agree in the first pass; scans of one sheet reach 0.85
_SCALE_RANGE = (0.9, 1.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """How one plane lies on another.

    Attributes
    ----------
    matrix : float64, (2, 3)
        Takes points (x, y) of the second plane to the first.
    found : float
        Share of the inked blocks that were found where the common movement puts them, 0..1.
    blocks : int
        Number of inked blocks.
    """

    matrix: Matrix
    found: float
    blocks: int

    @property
    def turn_degrees(self) -> float:
        """Clockwise turn on screen that takes the second plane to the first, -180..180."""
        return float(np.degrees(np.arctan2(self.matrix[1, 0], self.matrix[0, 0])))


def register(first: Sheet, second: Sheet) -> Registration | None:
    """Find the movement that lays the second plane on the first.

    Coarse: the second plane is turned in steps, upright and upside down, and correlated with the first in
    the Fourier domain with a partly levelled spectrum (between cross-correlation and the phase correlation of
    Kuglin and Hines 1975). Fine: blocks with ink are looked for around where they should lie, and a
    movement is fitted to those that agree (RANSAC, Fischler and Bolles 1981), three times with less freedom.

    Parameters
    ----------
    first, second : Sheet
        At about the same scale; a few per cent off will do.

    Returns
    -------
    Registration or None
        None if too little of one is found on the other to tell.
    """
    here_plane, there_plane = first.darkness, second.darkness
    matrix = _coarse(here_plane, there_plane)
    found, blocks = 0.0, 0
    for number, (reach_mm, fit_mm) in enumerate(zip(_REACH_MM, _FIT_MM, strict=True)):
        moved = cv2.warpAffine(there_plane, matrix, here_plane.shape[::-1])
        here, there, blocks = _match_blocks(
            here_plane, np.asarray(moved, np.uint8), reach_mm, _PLENTY[number]
        )
        if len(here) < _LEAST_BLOCKS:
            return None
        step, inliers = _fit(there, here, fit_mm * SCALE, free=number > 0)
        if step is None:
            return None
        found = inliers / blocks
        if found < _HOPELESS:
            return None
        matrix = _after(step, matrix)
        size = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
        if not _SCALE_RANGE[0] < size < _SCALE_RANGE[1]:
            return None
    return Registration(matrix=matrix, found=found, blocks=blocks)


def _coarse(first: Pixels, second: Pixels) -> Matrix:
    """Movement of the second plane to the first, to about a degree and two millimetres."""
    times = max(0, round(np.log2(max(*first.shape, *second.shape) / _COARSE_SIDE)))
    one, two = halved(first, times), halved(second, times)
    spectrum = np.conj(_levelled(one))
    best = max(_correlated(spectrum, one, two, turn + flip) for turn, flip in product(_TURNS, (0.0, 180.0)))
    best = max([best, *(_correlated(spectrum, one, two, best[1] + more) for more in _FINER)])
    _, turn, right, down = best
    centre = _centred(two, turn, one)
    centre[:, 2] += (right, down)
    factor = float(2**times)
    centre[:, 2] = centre[:, 2] * factor + (factor - 1) / 2 * (1 - centre[:, :2].sum(axis=1))
    return centre


def _centred(two: Pixels, turn: float, one: Pixels) -> Matrix:
    """Turn `two` about its middle and lay the middle on that of `one`."""
    middle = ((two.shape[1] - 1) / 2, (two.shape[0] - 1) / 2)
    matrix = np.asarray(cv2.getRotationMatrix2D(middle, turn, 1.0), np.float64)
    matrix[:, 2] += ((one.shape[1] - 1) / 2 - middle[0], (one.shape[0] - 1) / 2 - middle[1])
    return matrix


def _levelled(plane: Pixels) -> NDArray[np.complex64]:
    field = np.zeros((_FIELD, _FIELD), np.float32)
    height, width = (min(side, _FIELD) for side in plane.shape)
    field[:height, :width] = plane[:height, :width]
    # OpenCV's transform takes an eighth of the time of numpy's; the right half mirrors the left.
    pairs = cv2.dft(field - field.mean(), flags=cv2.DFT_COMPLEX_OUTPUT)[:, : _FIELD // 2 + 1]
    spectrum = np.ascontiguousarray(pairs).view(np.complex64)[..., 0]
    return np.asarray(spectrum / (np.abs(spectrum) ** _WHITENING + 1e-3), np.complex64)


def _correlated(
    conjugate: NDArray[np.complex64], one: Pixels, two: Pixels, turn: float
) -> tuple[float, float, int, int]:
    """Height of the correlation peak, the turn, and the shift (right, down) there."""
    turned = cv2.warpAffine(two, _centred(two, turn, one), one.shape[::-1])
    field = np.fft.irfft2(conjugate * _levelled(np.asarray(turned, np.uint8)), s=(_FIELD, _FIELD))
    down, right = divmod(int(field.argmax()), _FIELD)
    half = _FIELD // 2
    return (
        float(field[down, right]),
        float(turn),
        -((right + half) % _FIELD - half),
        -((down + half) % _FIELD - half),
    )


def _match_blocks(
    first: Pixels, moved: Pixels, reach_mm: float, most: int
) -> tuple[NDArray[np.float32], NDArray[np.float32], int]:
    """Middles of inked blocks of the first plane, where they are on the other, and how many were sought.

    About `most` blocks from all over the page will do.
    """
    size, step, reach = (max(2, round(value * SCALE)) for value in (_BLOCK_MM, _STEP_MM, reach_mm))
    height, width = first.shape
    ink = cv2.integral(first)
    here: list[tuple[float, float]] = []
    there: list[tuple[float, float]] = []
    places = [
        (top, left)
        for top, left in product(range(0, height - size + 1, step), range(0, width - size + 1, step))
        if ink[top + size, left + size] - ink[top, left + size] - ink[top + size, left] + ink[top, left]
        >= 255 * _LEAST_INK * size**2
    ]
    if len(places) > most:
        places = [places[at] for at in np.linspace(0, len(places) - 1, most).astype(int)]
    for top, left in places:
        block = first[top : top + size, left : left + size]
        up, back = min(reach, top), min(reach, left)
        around = moved[top - up : top + size + reach, left - back : left + size + reach]
        if float(around.max()) < 32:
            continue
        match = cv2.matchTemplate(around, block, cv2.TM_CCOEFF_NORMED)
        _, peak, _, (x, y) = cv2.minMaxLoc(match)
        if peak >= _LEAST_MATCH:
            here.append((left + size / 2, top + size / 2))
            there.append((left + size / 2 + x - back, top + size / 2 + y - up))
    return np.array(here, np.float32), np.array(there, np.float32), len(places)


def _fit(
    source: NDArray[np.float32], target: NDArray[np.float32], within: float, *, free: bool
) -> tuple[Matrix | None, int]:
    """Similarity, or with `free` an affine movement, that most of the pairs agree on; how many do."""
    estimate = cv2.estimateAffine2D if free else cv2.estimateAffinePartial2D
    found = estimate(source, target, method=cv2.RANSAC, ransacReprojThreshold=max(1.0, within))
    matrix, inliers = found[0], int(np.count_nonzero(found[1]))
    return (np.asarray(matrix, np.float64), inliers) if inliers >= _LEAST_BLOCKS else (None, 0)


def _after(second: Matrix, first: Matrix) -> Matrix:
    """The movement `second` after the movement `first`."""
    last = np.array([[0.0, 0.0, 1.0]])
    return np.asarray((np.vstack([second, last]) @ np.vstack([first, last]))[:2], np.float64)
