"""Wear and scanning of a drawn tile: from clean ink to the grey plane of a scan."""

import random

import cv2
import numpy as np
from writing import SIDE, Ink

Rng = np.random.Generator
Plane = np.ndarray

_INNER = slice(40, SIDE - 40)  # what stays within the sheet, however it is turned
_PLANE = (SIDE - 80) // 2  # the tile is drawn at twice the resolution of the plane


def wear(ink: Ink, draw: random.Random, rng: Rng, size: int) -> Plane:
    """Grey plane, uint8, of a scan of a tile whose letters are `size` pixels high; its top stays on top."""
    ink = _print(_turn(_bend(ink, draw, rng, size), draw), draw, rng, size)
    paper = draw.uniform(150, 255)
    depth = paper * draw.uniform(0.25, 0.95)
    plane = paper - depth * ink
    if draw.random() < 0.35:
        light = cv2.resize(
            rng.random((3, 3)).astype(np.float32), ink.shape[::-1], interpolation=cv2.INTER_CUBIC
        )
        plane -= light * draw.uniform(5, 60)
    if draw.random() < 0.15:
        other_side = np.fliplr(np.roll(ink, (57, 33), (0, 1)))
        plane -= cv2.GaussianBlur(other_side, (0, 0), 2.5) * depth * draw.uniform(0.05, 0.3)
    grain = draw.choice([1, 3, 6, 14, 25 if depth > 120 else 10])
    plane += rng.standard_normal(plane.shape, dtype=np.float32) * grain
    return _store(np.clip(plane, 0, 255).astype(np.uint8), draw, rng, paper - depth * draw.uniform(0.3, 0.7))


def _bend(ink: Ink, draw: random.Random, rng: Rng, size: int) -> Ink:
    """The unsteadiness of a hand, or of a sheet that is not flat."""
    if draw.random() > 0.15:
        return ink
    knots = max(3, int(SIDE / size * draw.uniform(0.7, 2.5)))
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    shifts = (
        rng.normal(0, size * draw.uniform(0.02, 0.08), (knots, knots)).astype(np.float32) for _ in range(2)
    )
    to_x, to_y = (cv2.resize(shift, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC) for shift in shifts)
    return cv2.remap(ink, x + to_x, y + to_y, cv2.INTER_LINEAR)


def _turn(ink: Ink, draw: random.Random) -> Ink:
    angle = draw.gauss(0, 1.5) if draw.random() < 0.6 else draw.uniform(-20, 20)
    matrix = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), angle, draw.uniform(0.92, 1.08))
    matrix[0, :2] *= draw.uniform(0.85, 1.15)
    matrix[0, 1] += draw.gauss(0, 0.04)  # slant
    return cv2.warpAffine(ink, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR)[_INNER, _INNER]


def _print(ink: Ink, draw: random.Random, rng: Rng, size: int) -> Ink:
    """Bold, thin, broken and soft strokes."""
    chance = draw.random()
    if chance < 0.12:
        ink = cv2.dilate(ink, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3)))
    elif chance < 0.2:
        ink = cv2.erode(ink, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2, 2)))
    if draw.random() < 0.25:
        worn = cv2.GaussianBlur(rng.random(ink.shape).astype(np.float32), (0, 0), draw.uniform(0.8, 3))
        worn = (worn - worn.mean()) / worn.std()
        ink = ink * np.clip(1.5 + worn * draw.uniform(0.3, 1.2), 0, 1)
    if draw.random() < 0.7:
        soft = (
            draw.uniform(0.3, 1.2) if draw.random() < 0.75 else draw.uniform(1.2, 0.4 + 0.06 * max(size, 14))
        )
        ink = cv2.GaussianBlur(ink, (0, 0), soft)
    return ink


def _store(plane: Plane, draw: random.Random, rng: Rng, threshold: float) -> Plane:
    if draw.random() < 0.35:
        plane = ((plane > threshold) * 255).astype(np.uint8)
        if draw.random() < 0.2:
            specks = rng.random(plane.shape)
            plane[specks < 0.004] = 0
            plane[specks > 0.996] = 255
    if draw.random() < 0.3:
        plane = _compress(plane, draw.randint(25, 85))
    way = cv2.INTER_AREA if draw.random() < 0.75 else cv2.INTER_LINEAR
    plane = cv2.resize(plane, (_PLANE, _PLANE), interpolation=way)
    return _compress(plane, draw.randint(30, 85)) if draw.random() < 0.15 else plane


def _compress(plane: Plane, quality: int) -> Plane:
    return cv2.imdecode(cv2.imencode(".jpg", plane, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 0)
