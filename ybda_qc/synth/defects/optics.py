"""Arithmetic that several faults share: convolution with spots of light, soft masks, partial mixing."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.synth.spec import Pixels

Mask = NDArray[np.float32]
_FINE = 8  # sub-pixels a pixel and axis, with which the edge of a disk is drawn


def disk(radius_px: float) -> NDArray[np.float32]:
    """Point spread of a lens out of focus: a uniform disk with anti-aliased rim, sum 1."""
    half = int(np.ceil(radius_px))
    side = (2 * half + 1) * _FINE
    offsets = (np.arange(side) + 0.5) / _FINE - side / _FINE / 2
    inside = (offsets[:, None] ** 2 + offsets[None, :] ** 2 <= max(radius_px, 0.5) ** 2).astype(np.float32)
    kernel = inside.reshape(2 * half + 1, _FINE, 2 * half + 1, _FINE).mean(axis=(1, 3))
    return np.asarray(kernel / kernel.sum(), np.float32)


def stroke(length_px: float, angle_degrees: float) -> NDArray[np.float32]:
    """Point spread of an even movement: a line of this length, sum 1."""
    half = int(np.ceil(length_px / 2)) + 1
    side = (2 * half + 1) * _FINE
    canvas = np.zeros((side, side), np.uint8)
    turn = np.radians(angle_degrees)
    reach = np.array([np.cos(turn), np.sin(turn)]) * length_px * _FINE / 2
    middle = (side - 1) / 2
    start, end = (middle - reach).round().astype(int), (middle + reach).round().astype(int)
    cv2.line(canvas, (int(start[0]), int(start[1])), (int(end[0]), int(end[1])), 255, _FINE)
    kernel = canvas.astype(np.float32).reshape(2 * half + 1, _FINE, 2 * half + 1, _FINE).mean(axis=(1, 3))
    return np.asarray(kernel / kernel.sum(), np.float32)


def convolve(pixels: Pixels, kernel: NDArray[np.float32]) -> Pixels:
    """Convolve the picture; its edge is repeated outwards."""
    return np.asarray(cv2.filter2D(pixels, -1, kernel, borderType=cv2.BORDER_REPLICATE), np.uint8)


def mix(pixels: Pixels, other: Pixels, share: Mask) -> Pixels:
    """Fade from one picture to another where `share`, (H, W) from 0 to 1, says so."""
    weight = share if pixels.ndim == 2 else share[..., None]
    blended = pixels.astype(np.float32) * (1 - weight) + other.astype(np.float32) * weight
    return np.clip(blended + 0.5, 0, 255).astype(np.uint8)


def paper_level(pixels: Pixels) -> NDArray[np.float64]:
    """Commonest bright tone of each channel, (C,): that of the paper on a page of writing."""
    sample = pixels[:: max(pixels.shape[0] // 400, 1), :: max(pixels.shape[1] // 400, 1)]
    return np.percentile(sample.reshape(-1, 1 if pixels.ndim == 2 else 3), 75, axis=0)


def add_noise(pixels: Pixels, sigma: float, rng: np.random.Generator) -> Pixels:
    """Gaussian noise of this standard deviation in grey levels, each channel for itself."""
    out = np.empty_like(pixels)
    for top in range(0, pixels.shape[0], 512):  # strips keep memory small
        strip = pixels[top : top + 512]
        grain = rng.standard_normal(strip.shape, dtype=np.float32) * np.float32(sigma)
        out[top : top + 512] = np.clip(strip + grain + 0.5, 0, 255)
    return out
