"""Quantiles of many small sets at a time; `numpy.percentile` costs more than a whole tile of a page."""

import cv2
import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]


def quantile(values: Numbers | NDArray[np.uint8], share: float) -> float:
    """Quantile of one set, between neighbours in proportion (type 7 of Hyndman and Fan, 1996).

    Parameters
    ----------
    values
        float32 or uint8 (n,), n from 1; not changed.
    share
        0..1.
    """
    place = share * (values.size - 1)
    below = int(place)
    above = min(below + 1, values.size - 1)
    if values.dtype == np.uint8:  # counting levels is faster than moving them about
        counts = np.bincount(values).cumsum()
        low, high = (float(np.searchsorted(counts, place, side="right")) for place in (below, above))
    else:
        parted = np.partition(values, (below, above))
        low, high = float(parted[below]), float(parted[above])
    return low + (place - below) * (high - low)


def median_along(values: Numbers | NDArray[np.float64], axis: int = 0) -> Numbers:
    """Median along one axis, which goes; NumPy's own takes many times as long on few values.

    Parameters
    ----------
    values
        float32 or float64, at least one value along the axis; not changed.
    axis
        Which.
    """
    count = values.shape[axis]
    below, above = (count - 1) // 2, count // 2
    parted = np.partition(values, (below, above), axis=axis)
    return np.asarray((parted.take(below, axis) + parted.take(above, axis)) / 2, dtype=np.float32)


def level_quantile(plane: NDArray[np.uint8], share: float) -> float:
    """The same of the levels of a plane, by its histogram.

    Parameters
    ----------
    plane
        uint8 (H, W), at least one pixel.
    share
        0..1.
    """
    counts = np.asarray(cv2.calcHist([plane], [0], None, [256], [0, 256])).ravel().cumsum(dtype=np.float64)
    place = share * (plane.size - 1)
    below = int(place)
    above = min(below + 1, plane.size - 1)
    low, high = np.searchsorted(counts, (below, above), side="right").tolist()
    return float(low + (place - below) * (high - low))


def masked_levels(plane: NDArray[np.uint8], mask: NDArray[np.uint8]) -> Numbers:
    """How many pixels there are of each level, float32 (256,).

    Counting all pixels, those beyond the mask as black, takes a fraction of the time of a masked histogram.

    Parameters
    ----------
    plane
        uint8 (H, W).
    mask
        uint8 (H, W), 255 where pixels count and 0 elsewhere.
    """
    kept = cv2.bitwise_and(plane, mask)
    counts = np.asarray(cv2.calcHist([kept], [0], None, [256], [0, 256]), dtype=np.float32).ravel()
    counts[0] -= mask.size - cv2.countNonZero(mask)
    return counts


def group_quantiles(
    values: NDArray[np.int32], groups: NDArray[np.int32], count: int, share: float
) -> Numbers:
    """The same quantile of each of many groups, all from one sort.

    Parameters
    ----------
    values
        int32 (n,), 0..65535.
    groups
        int32 (n,), 0..`count` - 1 and under 32768: the group of each value.
    count
        Number of groups.
    share
        0..1.

    Returns
    -------
    ndarray
        float32 (count,); 0 for groups without a value.
    """
    sizes = np.bincount(groups, minlength=count)
    if not groups.size:
        return np.zeros(count, np.float32)
    ordered = np.sort((groups << 16) | values)
    ordered &= 0xFFFF
    return sorted_quantiles(ordered, sizes, share)


def sorted_quantiles(ordered: NDArray[np.int32], sizes: NDArray[np.intp], share: float) -> Numbers:
    """The same quantile of each of many groups that lie one after the other, each in order.

    Parameters
    ----------
    ordered
        int32 (n,), n from 1.
    sizes
        Of the groups, (groups,).
    share
        0..1.

    Returns
    -------
    ndarray
        float32 (groups,); 0 for groups without a value.
    """
    place = share * np.maximum(sizes - 1, 0)
    below = place.astype(np.intp)
    first = np.minimum(np.cumsum(sizes) - sizes, ordered.size - 1)
    low = ordered[first + below]
    high = ordered[first + np.minimum(below + 1, np.maximum(sizes - 1, 0))]
    return np.where(sizes > 0, low + (place - below) * (high - low), 0).astype(np.float32)
