"""Direction 方向 of the writing on a page, read by a small network; the only owner of onnxruntime."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from ybda_qc.imaging.ops.glyphs import Glyph, cut_glyphs, writing_tiles
from ybda_qc.imaging.ops.pyramid import halved

Pixels = NDArray[np.uint8]
Numbers = NDArray[np.float32]

NETWORK: Final = "direction.onnx"
"""File of the network, beside this module."""

_ROUNDS = ((6, 4), (14, 4), (28, 5))  # tiles to look at and glyphs of each, until the page is sure
_AGREED = 0.56  # mean probability of the direction, over the glyphs, from which the first rounds decide
_AGREED_AT_LAST = 0.5  # of all rounds together: scribbles and scripts the network does not know have less
_AGREED_LOOSELY = 0.4  # enough where next to no glyph contradicts
_CONTRADICTED = (0.6, 0.07)  # probability of a glyph that names another direction, and the share of such
_WORTH_A_COUNT = 20.0  # glyphs: among fewer, none may contradict by chance
_FEWEST_GROUPS = 2  # of two rounds of tiles: fewer are a picture, and the third round is spared
_LEVELS = 3  # the plane itself, a half and a quarter of it: for large characters
_ENOUGH_GLYPHS = 12.0  # of weight, before a page may be called sure without the next round
_LEAST_GLYPHS = 4.0
_WORTH_A_DOUBT = 10.0  # less writing that does not agree is too little writing, not a doubtful page
_LEAST_SHARE = 0.35  # of the cut-outs that must be writing: fewer are drawings with letters in them
_LOUDEST = 4.0  # log odds: no single glyph decides
_ALIKE = 0.1  # correlation of glyphs of one page: they share their font and their faults
_OUTSPOKEN = math.log(0.7)  # a tenth of the glyphs of any writing tell their direction alone
_SHY = 0.5
SURE: Final = 0.95
"""Confidence from which a direction may be used as a measurement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """How a page has to be turned.

    Parameters
    ----------
    turn_degrees
        0, 90, 180 or 270: the clockwise turn that makes the writing upright.
    confidence
        0..1; below `SURE` the turn is a guess that must not be used.
    glyphs
        How much writing it rests on: about so many glyphs.
    boxes
        Left, top, width, height on the plane: the groups of glyphs that were asked.
    """

    turn_degrees: int
    confidence: float
    glyphs: float
    boxes: tuple[tuple[float, float, float, float], ...]

    @property
    def is_sure(self) -> bool:
        """True if the turn may be used as a measurement."""
        return self.confidence >= SURE


def read_direction(plane: Pixels, mask: Pixels) -> Direction | None:
    """Read the direction of writing, horizontal or vertical, Chinese or Latin, by its glyphs.

    Parameters
    ----------
    plane
        uint8 (H, W), a page with dark writing, about 150 dpi. Not changed.
    mask
        uint8 (H, W), 255 where there is ink.

    Returns
    -------
    Direction or None
        None where there is no writing, or too little for anybody to tell.
    """
    for level in range(_LEVELS):
        found = _read(halved(plane, level), halved(mask, level), 2.0**level)
        if found is not None and (found.is_sure or found.glyphs >= _WORTH_A_DOUBT):
            return found
    return None


def _read(plane: Pixels, mask: Pixels, scale: float) -> Direction | None:
    tiles = writing_tiles(mask)
    groups: list[list[Glyph]] = []
    odds = np.empty((0, 5), np.float32)
    found = None
    seen = 0
    for until, most in _ROUNDS:
        fresh = [cut_glyphs(plane, left, top, most=most) for left, top in tiles[seen:until]]
        seen = until
        fresh = [group for group in fresh if group]
        is_last = len(tiles) <= seen or until == _ROUNDS[-1][0]
        if fresh:
            groups += fresh
            odds = np.concatenate([odds, _ask([glyph.window for group in fresh for glyph in group])])
        if fresh or is_last:
            found = _weigh(odds, groups, scale, _AGREED_AT_LAST if is_last else _AGREED)
        enough = found is not None and found.is_sure and found.glyphs >= _ENOUGH_GLYPHS
        if is_last or enough or (until > _ROUNDS[0][0] and len(groups) < _FEWEST_GROUPS):
            break
    return found


def _ask(windows: Sequence[Pixels]) -> Numbers:
    """Logarithms of the probabilities (n, 5) of four turns, and of no writing."""
    batch = np.stack(windows).astype(np.float32)[:, None]
    scores = np.asarray(load_network().run(None, {"x": batch})[0], dtype=np.float32)
    scores -= scores.max(axis=1, keepdims=True)
    return np.asarray(scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)), dtype=np.float32)


def _weigh(odds: Numbers, groups: list[list[Glyph]], scale: float, agreed: float) -> Direction | None:
    weight = 1 - np.exp(odds[:, 4])
    glyphs = float(weight.sum())
    if glyphs < _LEAST_GLYPHS or glyphs < _LEAST_SHARE * weight.size:
        return None
    turns = odds[:, :4] - np.log(np.exp(odds[:, :4]).sum(axis=1, keepdims=True))
    independent = 1 / (1 + _ALIKE * max(0.0, glyphs - 1))
    evidence = independent * (weight[:, None] * np.maximum(turns, -_LOUDEST)).sum(axis=0)
    share = np.exp(evidence - evidence.max())
    turn = int(evidence.argmax())
    # a doubtful mark that is repeated all over the page is no more certain for that
    speaks = float(np.quantile(turns[:, turn], 0.9)) >= _OUTSPOKEN
    speaks &= _agree(np.exp(turns), weight, turn, agreed)
    return Direction(
        turn_degrees=90 * turn,
        confidence=float(share[turn] / share.sum()) if speaks else _SHY,
        glyphs=glyphs,
        boxes=tuple(_around(group, scale) for group in groups),
    )


def _agree(chances: Numbers, weight: Numbers, turn: int, agreed: float) -> bool:
    """Whether the glyphs name one direction, (n, 4), rather than a few more of them this one than others.

    Scribbles and scripts that the network does not know name now this, now that direction, each as if they
    were sure: many of them would add up to certainty.
    """
    glyphs = float(weight.sum())
    mean = float(weight @ chances[:, turn]) / glyphs
    if mean >= agreed:
        return True
    least, most = _CONTRADICTED
    others = np.delete(weight @ (chances > least), turn)
    return mean >= _AGREED_LOOSELY and glyphs >= _WORTH_A_COUNT and float(others.max()) <= most * glyphs


def _around(group: Sequence[Glyph], scale: float) -> tuple[float, float, float, float]:
    """The rectangle round a group of glyphs on the plane that was given."""
    half = max(glyph.size for glyph in group) / 2
    x, y = [glyph.x for glyph in group], [glyph.y for glyph in group]
    left, top = max(0.0, min(x) - half), max(0.0, min(y) - half)
    return scale * left, scale * top, scale * (max(x) + half - left), scale * (max(y) + half - top)


@cache
def load_network() -> onnxruntime.InferenceSession:
    """The network, loaded once in a process; without threads of its own, so that a process may fork.

    Raises
    ------
    OSError
        The file is not in the package: the installation is not complete.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4  # its messages would go to standard error
    network = resources.files(__package__).joinpath(NETWORK).read_bytes()
    return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
