"""Letters cut through by the edge of the picture, lines that end at it, and rules that run off it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.ink import Ink
from ybda_qc.imaging.ops.paper import Paper
from ybda_qc.imaging.ops.sides import Side, turned

Pixels = NDArray[np.uint8]
Flags = NDArray[np.bool_]

_OPPOSITE = {
    Side.LEFT: Side.RIGHT,
    Side.RIGHT: Side.LEFT,
    Side.TOP: Side.BOTTOM,
    Side.BOTTOM: Side.TOP,
}
_SIDEWAYS = (Side.LEFT, Side.RIGHT)
_GROUND = 8  # the ground of `Ink` is reduced by this
_SAMPLE = 4  # every fourth pixel each way tells how dark the ink is
_TYPICAL_PERCENTILE = 80
_CONTRAST = 0.5  # of the depth of most ink: a letter is cut with full contrast, a shadow is not
_LEAST_DEPTH = 0.25  # of the level of the paper
# Lengths in millimetres.
_DEPTH = 30.0  # looked at from the edge inwards
_LETTER = 16.0  # what reaches deeper is no letter
_SMALLEST, _LARGEST = 0.55, 14.0  # of a cut letter, along and across
_SLIVER = 0.2  # what a cut leaves of a letter, where a whole one follows
_FOLLOWED, _FOLLOWED_SHARE = 6, 0.6  # so many cut letters before whole ones are the ends of lines
_NEIGHBOUR = 0.6
_RULE, _LONG = 6.0, 8.0  # times as deep as wide, and mm: a rule that runs to the edge
_REACH, _LEAST_REACH = 1.5, 2.0  # heights, and mm, to the next letter
_STRIP, _GAP = 14.0, 9.0  # how wide a strip of the facing page is, and how far this page is from it
_BLOCK = 20.0
_LINE, _LINE_COVER = 8.0, 0.6
_ALL_ALONG, _APART = 0.8, 0.5  # of the letters of a side that have bare paper, or a rule, behind them
_RULES = 4  # so many rules to the edge are a table that is cut, with lines between its columns
_SOLID = 3.0  # broader than the strokes of headings: a picture
_SHALLOW = 0.8  # a rim, ragged by the threshold of a bitonal scan, is no deeper
_SHALLOW_LINE = 1.2  # a row of dirt along the edge is no line of letters
_CLOSE, _NEAR = 1.0, 5.0  # nobody sets or types so near the edge of a sheet
_CLOSE_SHARE = 0.6  # of the lines that come near; of ragged ones fewer end right there
_OTHER_SHARE = 0.25  # as many on the opposite side: a picture cropped to its text, a sheet written full
_RULE_LENGTH, _RULE_THICK = 8.0, 1.2
_RULE_COVER, _BESIDE_COVER = 0.9, 0.4
_PLACE = [cv2.CC_STAT_TOP, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_WIDTH]

_NONE: NDArray[np.int32] = np.empty((0, 3), np.int32)


@dataclass(frozen=True, slots=True, kw_only=True)
class CutLetters:
    """What the edge cuts through on one side; lengths in pixels of the plane.

    Parameters
    ----------
    letters
        int32 (N, 3): place along the side, length along it, depth from it, of letters of this page.
    strip
        The same of letters in a narrow strip apart from the rest of the page: of the facing page, mostly.
    lines
        The same of lines that end within a millimetre of the edge, cut or not, where most lines do.
    rules
        The same of the ends of rules that run to the edge.
    """

    letters: NDArray[np.int32] = field(default_factory=lambda: _NONE)
    strip: NDArray[np.int32] = field(default_factory=lambda: _NONE)
    lines: NDArray[np.int32] = field(default_factory=lambda: _NONE)
    rules: NDArray[np.int32] = field(default_factory=lambda: _NONE)


_NOTHING = CutLetters()


def find_cut_letters(grey: Pixels, paper: Paper, ink: Ink, *, scale: float) -> dict[Side, CutLetters]:
    """Letters that the edge of the picture cuts through, side by side.

    A cut letter is a connected piece of ink of the size of a letter that meets the edge with full contrast
    and has company: the next letter of its line inwards, or another cut letter beside it. Rules, frames,
    beds, shadows and dirt along the edge are too long, too deep, too faint or alone.

    Parameters
    ----------
    grey
        uint8 (H, W), about 150 dpi.
    paper, ink
        Of the same plane.
    scale
        Pixels a millimetre.
    """
    least, close = _LEAST_DEPTH * paper.level, max(2, round(_CLOSE * scale))
    if paper.is_dark or not any(_touched(grey, ink, side, least, close).any() for side in Side):
        return dict.fromkeys(Side, _NOTHING)
    limit = max(least, _CONTRAST * _typical_depth(grey, ink))
    return {side: _cut_on(grey, ink, side, limit, scale) for side in Side}


def one_sided(
    found: Mapping[Side, CutLetters], quantity: Literal["lines", "rules"]
) -> dict[Side, NDArray[np.int32]]:
    """Lines or rules that go to the edge on one side and not on the opposite one."""
    of = {side: getattr(cut, quantity) for side, cut in found.items()}
    return {
        side: rows if len(of[_OPPOSITE[side]]) <= _OTHER_SHARE * len(rows) else _NONE
        for side, rows in of.items()
    }


def _touched(grey: Pixels, ink: Ink, side: Side, limit: float, width: int) -> Flags:
    """Where along a side one of the outermost pixels is darker than the ground by a limit."""
    first = side in (Side.LEFT, Side.TOP)
    near = slice(width) if first else slice(-width, None)
    if side in _SIDEWAYS:
        rim = cv2.reduce(cv2.transpose(grey[:, near]), 0, cv2.REDUCE_MIN).ravel()
    else:
        rim = cv2.reduce(grey[near], 0, cv2.REDUCE_MIN).ravel()
    ground = np.ascontiguousarray(turned(ink.ground, side)[:, 0])
    whole = cv2.resize(ground[None], (rim.size, 1), interpolation=cv2.INTER_LINEAR).ravel()
    return np.asarray(np.subtract(whole, rim, dtype=np.int16) > limit, dtype=np.bool_)


def _typical_depth(grey: Pixels, ink: Ink) -> float:
    y, x = np.nonzero(ink.mask[::_SAMPLE, ::_SAMPLE])
    if not y.size:
        return 0.0
    rows, columns = ink.ground.shape
    step = _GROUND // _SAMPLE
    ground = ink.ground[np.minimum(y // step, rows - 1), np.minimum(x // step, columns - 1)]
    depth = ground.astype(np.int16) - grey[y * _SAMPLE, x * _SAMPLE]
    return float(np.percentile(depth, _TYPICAL_PERCENTILE))


def _cut_on(grey: Pixels, ink: Ink, side: Side, limit: float, scale: float) -> CutLetters:
    if np.count_nonzero(_touched(grey, ink, side, limit, max(2, round(_CLOSE * scale)))) < 2:
        return _NOTHING
    mask = _dark(grey, ink, side, limit, round(_DEPTH * scale))
    near = np.ascontiguousarray(mask[:, : max(1, round(_LETTER * scale))])
    _, _, stats, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    pieces = _Pieces.of(np.asarray(stats[1:], dtype=np.int32), scale)
    rules = _rules(mask, scale)
    ruled = max(pieces.rules(), len(rules)) if side in _SIDEWAYS else None
    lines = _close_lines(pieces, near.shape, scale)
    lines, _ = _parted(mask, lines[~_in_picture(near, lines, scale)], ruled, scale)
    cut = pieces.cut(near.shape[1])
    followed = pieces.followed(cut)
    kept = followed | (pieces.in_company(cut) & (pieces.across[cut] >= _SMALLEST))
    rows, followed = pieces.stats[cut][kept][:, _PLACE], followed[kept]
    bare = ~_in_picture(near, rows, scale)
    rows, followed = rows[bare], followed[bare]
    if not rows.size:
        return CutLetters(lines=lines, rules=rules)
    is_row = np.count_nonzero(followed) >= max(_FOLLOWED, _FOLLOWED_SHARE * len(rows))
    if not is_row and float(np.median(rows[:, 2])) < _SHALLOW * scale:
        return CutLetters(lines=lines, rules=rules)
    letters, strip = _parted(mask, rows, ruled, scale)
    return CutLetters(letters=letters, strip=strip, lines=lines, rules=rules)


def _parted(
    mask: Pixels, rows: NDArray[np.int32], ruled: int | None, scale: float
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """What belongs to the page and what to a strip of the facing page, which lies only left or right."""
    if ruled is None or not rows.size:
        return rows, _NONE
    apart = _is_apart(mask, rows, ruled=ruled, scale=scale)
    return rows[~apart], rows[apart]


def _rules(mask: Pixels, scale: float) -> NDArray[np.int32]:
    """Rules that run to the edge: thin, dark all the way from it, with bare paper on both sides."""
    length, beside = max(2, round(_RULE_LENGTH * scale)), max(1, round(_RULE_THICK * scale))
    wide = cv2.dilate(np.ascontiguousarray(mask[:, :length]), np.ones((3, 1), np.uint8))
    share = cv2.reduce(wide, 1, cv2.REDUCE_AVG).ravel()
    top, thick = _runs(np.asarray(share >= 255 * _RULE_COVER, np.bool_))
    around = [np.clip(top - beside, 0, share.size - 1), np.clip(top + thick + beside, 0, share.size - 1)]
    thin = thick <= beside + 2
    for place in around:
        thin &= share[place] < 255 * _BESIDE_COVER
    return _rows(top[thin], thick[thin], length)


def _close_lines(pieces: "_Pieces", shape: tuple[int, ...], scale: float) -> NDArray[np.int32]:
    """Lines of writing that end within a millimetre of the side, if most that come near it do."""
    left = pieces.stats[:, cv2.CC_STAT_LEFT]
    size = np.maximum(pieces.along, pieces.across)
    letter = (size >= 2 * _SMALLEST) & (pieces.along <= _LARGEST) & (pieces.across < _RULE * pieces.along)
    letter &= (left < _NEAR * scale) & (left + pieces.stats[:, cv2.CC_STAT_WIDTH] < shape[1])
    close = letter & (left < _CLOSE * scale)
    close[close] = pieces.in_company(close)
    if not close.any() or float(np.median(pieces.across[close])) < _SHALLOW_LINE:
        return _NONE
    ends, lines = _covered(pieces.stats[close], shape[0]), _covered(pieces.stats[letter], shape[0])
    top, height = _runs(ends)
    if np.count_nonzero(ends) <= _CLOSE_SHARE * np.count_nonzero(lines[top[0] : top[-1] + height[-1]]):
        return _NONE
    return _rows(top, height, round(_RULE_LENGTH * scale))


def _covered(stats: NDArray[np.int32], length: int) -> Flags:
    """Where along a side there is one of the pieces."""
    steps = np.zeros(length + 1, np.int32)
    np.add.at(steps, stats[:, cv2.CC_STAT_TOP], 1)
    np.add.at(steps, stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT], -1)
    return np.asarray(np.cumsum(steps)[:-1] > 0, np.bool_)


def _runs(flags: Flags) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Start and length of each run."""
    turns = np.flatnonzero(np.diff(np.concatenate([[0], flags.view(np.int8), [0]])))
    return turns[::2], turns[1::2] - turns[::2]


def _rows(along: NDArray[np.intp], length: NDArray[np.intp], depth: int) -> NDArray[np.int32]:
    return np.stack([along, length, np.full_like(along, depth)], axis=1).astype(np.int32)


def _dark(grey: Pixels, ink: Ink, side: Side, limit: float, depth: int) -> Pixels:
    """Strip along a side: 255 where it is darker than the ground by a limit."""
    ground = turned(ink.ground, side)
    ground = np.ascontiguousarray(ground[:, : -(-depth // _GROUND)])
    strip = np.ascontiguousarray(turned(grey, side)[:, : min(depth, ground.shape[1] * _GROUND)])
    darkest = np.clip(ground - limit, 0, 255).astype(np.uint8)
    whole = cv2.resize(darkest, (ground.shape[1] * _GROUND, strip.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.compare(strip, whole[:, : strip.shape[1]], cv2.CMP_LT), dtype=np.uint8)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pieces:
    """Connected pieces of ink near a side: statistics of OpenCV, and their extents in millimetres."""

    stats: NDArray[np.int32]
    along: NDArray[np.float64]
    across: NDArray[np.float64]
    touch: Flags

    @classmethod
    def of(cls, stats: NDArray[np.int32], scale: float) -> "_Pieces":
        return cls(
            stats=stats,
            along=stats[:, cv2.CC_STAT_HEIGHT] / scale,
            across=stats[:, cv2.CC_STAT_WIDTH] / scale,
            touch=stats[:, cv2.CC_STAT_LEFT] <= 1,
        )

    def cut(self, depth: int) -> Flags:
        inner = self.stats[:, cv2.CC_STAT_LEFT] + self.stats[:, cv2.CC_STAT_WIDTH] < depth
        size = (self.along >= _SMALLEST) & (self.along <= _LARGEST) & (self.across >= _SLIVER)
        return np.asarray(self.touch & inner & size & (self.across < _RULE * self.along), np.bool_)

    def rules(self) -> int:
        """How many rules run to the edge."""
        return int(np.count_nonzero(self.touch & (self.across >= np.maximum(_RULE * self.along, _LONG))))

    def followed(self, cut: Flags) -> Flags:
        """Which of the cut pieces have a whole letter next to them, inwards."""
        size = np.maximum(self.along, self.across)
        return self._inwards(cut, (size >= 2 * _SMALLEST) & (self.across < _RULE * self.along))

    def in_company(self, cut: Flags) -> Flags:
        """Which of the cut pieces have the next letter inwards, or another cut one beside them."""
        top = self.stats[:, cv2.CC_STAT_TOP]
        bottom = top + self.stats[:, cv2.CC_STAT_HEIGHT]
        inwards = self._inwards(cut, np.maximum(self.along, self.across) >= _NEIGHBOUR)
        gap = np.maximum(top - bottom[cut, None], top[cut, None] - bottom)
        beside = cut & (gap < self._reach(cut)) & (top != top[cut, None])
        return np.asarray(inwards | beside.any(axis=1), np.bool_)

    def _inwards(self, cut: Flags, other: Flags) -> Flags:
        """Which of the cut pieces have one of the others inwards, within reach."""
        top, left = self.stats[:, cv2.CC_STAT_TOP], self.stats[:, cv2.CC_STAT_LEFT]
        bottom = top + self.stats[:, cv2.CC_STAT_HEIGHT]
        right = left + self.stats[:, cv2.CC_STAT_WIDTH]
        other = other & (np.minimum(self.along, self.across) <= _LARGEST) & ~self.touch
        overlap = np.minimum(bottom[cut, None], bottom) > np.maximum(top[cut, None], top)
        ahead = left - right[cut, None]
        near = other & overlap & (ahead < self._reach(cut)) & (right > right[cut, None])
        return np.asarray(near.any(axis=1), np.bool_)

    def _reach(self, cut: Flags) -> NDArray[np.float64]:
        """How far the next letter may be from each of the cut pieces, in pixels."""
        scale = self.stats[:, cv2.CC_STAT_HEIGHT] / np.maximum(self.along, 1e-9)
        return np.asarray((np.maximum(_REACH * self.along, _LEAST_REACH) * scale)[cut, None], np.float64)


def _is_apart(mask: Pixels, rows: NDArray[np.int32], *, ruled: int, scale: float) -> Flags:
    """Which letters stand in a narrow strip: bare paper, or a line all along, parts it from the page."""
    middles = (rows[:, 0] + rows[:, 1] // 2).tolist()
    half, strip = max(1, round(_BLOCK * scale / 2)), round(_STRIP * scale)
    blocks = [slice(max(0, middle - half), middle + half + 1) for middle in middles]
    bare = np.array([_has_gap(mask[block], strip, max(1, round(_GAP * scale))) for block in blocks])
    if float(np.mean(bare)) >= _ALL_ALONG:
        return np.ones(bare.size, np.bool_)
    if ruled >= _RULES:
        return np.zeros(bare.size, np.bool_)
    # A rule may be bent a little, and broken. Nothing tells a cut column between rules from the folded edge
    # 版心 of a leaf, which shows half of one.
    wide = cv2.dilate(np.ascontiguousarray(mask[:, :strip]), np.ones((3, 5), np.uint8))
    tall = np.ones((max(1, round(_LINE * scale)), 1), np.uint8)
    lines: NDArray[Any] = cv2.morphologyEx(wide, cv2.MORPH_OPEN, tall)
    line = np.asarray(lines.any(axis=1), np.bool_)
    parted = np.array([float(np.mean(line[block])) >= _LINE_COVER for block in blocks])
    return np.full(bare.size, float(np.mean(parted)) >= _APART)


def _has_gap(block: Pixels, start: int, length: int) -> bool:
    """Whether bare paper begins before `start` and goes on for `length` columns."""
    runs = _runs_of(np.asarray(~block.any(axis=0), np.bool_), length)
    return bool(runs.size) and int(runs[0]) <= start


def _runs_of(flags: Flags, length: int) -> NDArray[np.intp]:
    """Where runs of at least a length begin."""
    if flags.size < length:
        return np.empty(0, np.intp)
    count = np.cumsum(np.concatenate([[0], flags]))
    return np.flatnonzero(count[length:] - count[:-length] == length)


def _in_picture(near: Pixels, rows: NDArray[np.int32], scale: float) -> Flags:
    """Which letters stand beside solid areas, broader than any stroke: a picture that bleeds off."""
    if not rows.size:
        return np.zeros(0, np.bool_)
    size = max(2, round(_SOLID * scale))
    solid: NDArray[Any] = cv2.erode(near, np.ones((size, size), np.uint8), borderValue=0)
    solid = np.asarray(solid.any(axis=1), np.bool_)
    reach = max(1, round(_BLOCK * scale / 2))
    tops, heights = rows[:, 0].tolist(), rows[:, 1].tolist()
    beside = [
        bool(solid[max(0, top - reach) : top + height + reach].any())
        for top, height in zip(tops, heights, strict=True)
    ]
    return np.array(beside, np.bool_)
