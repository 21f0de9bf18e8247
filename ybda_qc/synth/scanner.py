"""What the scanner does to light: sharpness, tone, noise, one bit a pixel."""

from __future__ import annotations

import cv2
import numpy as np

from ybda_qc.synth.spec import PageSpec, Pixels


def soften(pixels: Pixels, spec: PageSpec) -> Pixels:
    """Blur, and hold no more detail than the optical resolution has."""
    if spec.optical_dpi is not None and spec.optical_dpi < spec.dpi:
        height, width = pixels.shape[:2]
        share = spec.optical_dpi / spec.dpi
        small = cv2.resize(
            pixels,
            (max(round(width * share), 1), max(round(height * share), 1)),
            interpolation=cv2.INTER_AREA,
        )
        pixels = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    if spec.blur_px > 0:
        pixels = cv2.GaussianBlur(pixels, (0, 0), spec.blur_px).astype(np.uint8)
    return pixels


def expose(pixels: Pixels, spec: PageSpec) -> Pixels:
    """Apply exposure and contrast through a table of 256 values."""
    if spec.exposure == 1.0 and spec.contrast == 1.0:
        return pixels
    level = np.arange(256, dtype=np.float64) * spec.exposure
    level = 128 + (level - 128) * spec.contrast
    return cv2.LUT(pixels, np.clip(np.round(level), 0, 255).astype(np.uint8)).astype(np.uint8)


def add_noise(pixels: Pixels, spec: PageSpec, rng: np.random.Generator) -> Pixels:
    """Add Gaussian noise, the same in all channels; strips keep memory small."""
    if spec.noise <= 0:
        return pixels
    noisy = pixels if pixels.flags.writeable else pixels.copy()
    for top in range(0, noisy.shape[0], 512):
        strip = noisy[top : top + 512]
        grain = rng.standard_normal(strip.shape[:2], dtype=np.float32) * np.float32(spec.noise)
        if strip.ndim == 3:
            grain = grain[..., None]
        strip[:] = np.clip(strip + grain + 0.5, 0, 255).astype(np.uint8)
    return noisy


def cut(pixels: Pixels, spec: PageSpec) -> Pixels:
    """Black or white, for bitonal pages."""
    if spec.mode != "bitonal":
        return pixels
    return cv2.threshold(pixels, spec.threshold, 255, cv2.THRESH_BINARY)[1].astype(np.uint8)
