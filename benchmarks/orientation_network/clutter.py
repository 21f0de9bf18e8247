"""Tiles of what is no writing: drawings, music, screens, grain; photographs where a folder is given."""

import random
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from writing import SIDE, Ink

Rng = np.random.Generator
Kind = Callable[[random.Random, Rng], np.ndarray]


def draw_clutter(draw: random.Random, rng: Rng, photographs: Path | None) -> Ink:
    """One tile of one kind; ink 0..1, (SIDE, SIDE)."""
    kinds: list[Kind] = [
        _lines,
        _curves,
        _music,
        _screen,
        _screen,
        _grain,
        _shapes,
        _dashes,
        _grid,
        _hatching,
    ]
    pictures = _photographs(photographs)
    if pictures and draw.random() < 0.25:
        return (_cut(draw, pictures) / 255).astype(np.float32)
    return (draw.choice(kinds)(draw, rng) / 255).astype(np.float32)


def _point(draw: random.Random) -> tuple[int, int]:
    return draw.randint(0, SIDE), draw.randint(0, SIDE)


def _empty() -> np.ndarray:
    return np.zeros((SIDE, SIDE), np.uint8)


def _lines(draw: random.Random, _: Rng) -> np.ndarray:
    tile = _empty()
    for _i in range(draw.randint(3, 80)):
        cv2.line(tile, _point(draw), _point(draw), 255, draw.randint(1, 6), cv2.LINE_AA)
    return tile


def _curves(draw: random.Random, rng: Rng) -> np.ndarray:
    tile = _empty()
    for _i in range(draw.randint(3, 40)):
        steps = rng.normal(0, draw.uniform(3, 30), (draw.randint(4, 40), 2))
        path = cv2.GaussianBlur((np.cumsum(steps, 0) + _point(draw)).astype(np.float32), (1, 5), 0)
        cv2.polylines(
            tile, [path.astype(np.int32)], draw.random() < 0.3, 255, draw.randint(1, 5), cv2.LINE_AA
        )
    return tile


def _music(draw: random.Random, _: Rng) -> np.ndarray:
    tile, gap = _empty(), draw.randint(7, 16)
    for top in range(draw.randint(0, 60), SIDE, gap * draw.randint(8, 12)):
        for line in range(5):
            cv2.line(tile, (0, top + line * gap), (SIDE, top + line * gap), 255, draw.randint(1, 2))
        x = draw.randint(5, 30)
        while x < SIDE:
            _note(tile, draw, x, top + draw.randint(-2, 10) * gap // 2, gap)
            x += int(gap * draw.uniform(1.5, 4))
    return tile


def _note(tile: np.ndarray, draw: random.Random, x: int, y: int, gap: int) -> None:
    head, way = (int(0.62 * gap), int(0.45 * gap)), draw.choice([-1, 1])
    cv2.ellipse(tile, (x, y), head, -20, 0, 360, 255, draw.choice([-1, -1, 2]), cv2.LINE_AA)
    end = (x - way * int(0.6 * gap), y + way * int(3.5 * gap))
    cv2.line(tile, (end[0], y), end, 255, 2)
    if draw.random() < 0.3:
        cv2.line(tile, end, (end[0] + 2 * gap, end[1] + draw.randint(-gap, gap)), 255, gap // 2)


def _screen(draw: random.Random, rng: Rng) -> np.ndarray:
    tones = rng.random((draw.randint(2, 12),) * 2).astype(np.float32)
    tones = cv2.resize(tones, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    frequency, angle = 2 * np.pi / draw.uniform(4, 22), draw.uniform(0, np.pi)
    y, x = np.mgrid[:SIDE, :SIDE] * frequency
    wave = np.sin(x * np.cos(angle) + y * np.sin(angle)) + np.sin(y * np.cos(angle) - x * np.sin(angle))
    return ((0.5 + 0.25 * wave < tones) * 255).astype(np.uint8)


def _grain(draw: random.Random, rng: Rng) -> np.ndarray:
    grain = cv2.GaussianBlur(rng.random((SIDE, SIDE)).astype(np.float32), (0, 0), draw.uniform(0.8, 9))
    return ((grain > np.quantile(grain, draw.uniform(0.6, 0.97))) * 255).astype(np.uint8)


def _shapes(draw: random.Random, _: Rng) -> np.ndarray:
    tile = _empty()
    for _i in range(draw.randint(3, 60)):
        (x, y), size, width = _point(draw), draw.randint(4, 60), draw.choice([-1, 1, 2, 4])
        kind = draw.randint(0, 2)
        if kind == 0:
            cv2.circle(tile, (x, y), size, 255, width, cv2.LINE_AA)
        elif kind == 1:
            cv2.rectangle(tile, (x, y), (x + size, y + draw.randint(4, 60)), 255, width)
        else:
            axes = (size, draw.randint(3, 60))
            cv2.ellipse(tile, (x, y), axes, draw.randint(0, 180), 0, 360, 255, width, cv2.LINE_AA)
    return tile


def _dashes(draw: random.Random, _: Rng) -> np.ndarray:
    tile, length, height = _empty(), draw.randint(6, 40), draw.randint(2, 12)
    for y in range(0, SIDE, draw.randint(16, 60)):
        for x in range(0, SIDE, length + draw.randint(4, 30)):
            cv2.rectangle(tile, (x, y), (x + length, y + height), 255, -1)
    return tile


def _grid(draw: random.Random, _: Rng) -> np.ndarray:
    tile = _empty()
    tile[:: draw.randint(12, 90)] = 255
    tile[:, :: draw.randint(12, 90)] = 255
    tile = cv2.dilate(tile, np.ones((draw.randint(1, 4),) * 2, np.uint8))
    for _i in range(draw.randint(0, 40)):
        cv2.circle(tile, _point(draw), draw.randint(2, 10), 0, -1)
    return tile


def _hatching(draw: random.Random, _: Rng) -> np.ndarray:
    tile = _empty()
    for _i in range(draw.randint(20, 300)):
        x, y = _point(draw)
        end = (x + draw.randint(-25, 25), y + draw.randint(-25, 25))
        cv2.line(tile, (x, y), end, 255, draw.randint(1, 4), cv2.LINE_AA)
    return tile


@lru_cache(maxsize=1)
def _photographs(folder: Path | None) -> list[np.ndarray]:
    paths = sorted(folder.iterdir()) if folder else []
    return [picture for path in paths if (picture := cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)) is not None]


def _cut(draw: random.Random, pictures: list[np.ndarray]) -> np.ndarray:
    picture = draw.choice(pictures)
    side = min(*picture.shape, round(SIDE / draw.uniform(0.4, 3)))
    top, left = (draw.randint(0, length - side) for length in picture.shape)
    part = cv2.resize(picture[top : top + side, left : left + side], (SIDE, SIDE))
    return 255 - np.rot90(part, draw.randint(0, 3))
