"""Draws tiles, wears them, and cuts their glyphs out as the product does.

    python benchmarks/orientation_network/draw.py FIRST LAST OUT.npz [--photographs DIR]

FIRST and LAST number the tiles; the same number always gives the same tile. OUT holds `windows`, uint8
(n, 32, 32), and `is_writing`, bool (n). `--photographs` names a folder of pictures without writing.
"""

import argparse
import random
import sys
from pathlib import Path

import cv2
import numpy as np
from clutter import draw_clutter
from wear import wear
from writing import draw_writing

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from ybda_qc.imaging.ops.glyphs import cut_glyphs

_CLUTTER = 0.14
_WEARS = 3
_MOST = 14


def draw_glyphs(number: int, photographs: Path | None) -> tuple[list[np.ndarray], bool]:
    """The glyphs of one tile, worn three times, and whether they are writing."""
    draw, rng = random.Random(number), np.random.default_rng(number)
    is_writing = draw.random() >= _CLUTTER
    ink, size = draw_writing(draw) if is_writing else (draw_clutter(draw, rng, photographs), 40)
    planes = (wear(ink, draw, rng, size) for _ in range(_WEARS))
    glyphs = (glyph for plane in planes for glyph in cut_glyphs(plane, 1, 1, most=_MOST))
    return [glyph.window for glyph in glyphs], is_writing


def main() -> None:
    """Draw, and say how many."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first", type=int)
    parser.add_argument("last", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--photographs", type=Path)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    windows: list[np.ndarray] = []
    is_writing: list[bool] = []
    for number in range(options.first, options.last):
        found, written = draw_glyphs(number, options.photographs)
        windows += found
        is_writing += [written] * len(found)
    np.savez(options.out, windows=np.array(windows), is_writing=np.array(is_writing))
    print(f"{len(windows)} glyphs, {sum(is_writing)} of them of writing")


if __name__ == "__main__":
    main()
