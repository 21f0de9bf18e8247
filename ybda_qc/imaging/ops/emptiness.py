"""What the marks of a nearly empty page are: something written, or paper, holes, folds and dirt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.marks import Mark

Pixels = NDArray[np.uint8]

# Lengths in millimetres, depths as shares of the level of the paper. All were set on a set of real scans
# and on blank and nearly blank pages composed of real paper.
_SMALLEST_GLYPH = 1.2  # smaller marks are specks unless they come in a row
_LONE_GLYPH, _LONE_REACH = 1.7, 6.0  # smaller ones than 7-point digits are dirt where they stand alone
_SPECK = 0.6
_SHARP, _SHARP_FALL, _SHARP_SCALE = 0.30, 0.025, 5.9  # under it: show-through, stain, shadow; see `softness`
_DARK = 0.35  # so dark a mark is never waved away, whatever its edge
_CLEAR_DEPTH, _CLEAR_SNR = 0.15, 8.0
_LINE, _LINE_SHARP, _LINE_SNR = 6.0, 0.36, 4.5
_FAINT_DEPTH, _FAINT_SNR = 0.04, 6.0
_FAINT_REACH, _FAINT_COUNT = 9.0, 3
_SPECK_DEPTH, _SPECK_REACH, _SPECK_COUNT = 0.20, 4.0, 4
_LONG, _LONG_DEPTH, _FEW_LONG = 4.0, 0.1, 12  # fewer long marks than that: the texture does not make them
_TEXTURE_COUNT, _TEXTURE_PERCENTILE, _TEXTURE_LINE = 150, 95, 15.0  # fibres and mottles of the paper itself
_HOLE = (0.8, 10.0)
_HOLE_FROM_EDGE = 25.0
_FOLD_SPAN = 0.85  # of the sheet
_FOLD_COVER = 0.15
_FOLD_DEPTH = 0.25
_FOLD_OFF_LINE = 1.5
_EDGE_STRIP = 5.0
_USUAL_SCALE = 150 / 25.4  # pixels a millimetre


class Kind(StrEnum):
    """What a mark is taken for."""

    INK = "ink"
    LINE = "line"
    FAINT = "faint"
    SPECK = "speck"
    HOLE = "hole"
    FOLD = "fold"
    SOFT = "soft"
    EDGE = "edge"
    NOISE = "noise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """Marks sorted into what they are taken for.

    Parameters
    ----------
    written
        What a pen, a press or a stamp may have left.
    kinds
        How many marks of each kind there are, `written` included.
    holes, soft
        What is taken for holes, and for show-through and stains.
    """

    written: tuple[Mark, ...]
    kinds: dict[Kind, int]
    holes: tuple[Mark, ...] = ()
    soft: tuple[Mark, ...] = ()


def sort_marks(
    marks: Sequence[Mark], inside: Pixels, *, scale: float, hole_like: Callable[[Mark], bool]
) -> Sorted:
    """Tell what is written from what is not; in doubt, it is written.

    Parameters
    ----------
    marks
        Of one plane.
    inside
        uint8 (H, W), 255 where marks were looked for.
    scale
        Pixels a millimetre.
    hole_like
        Whether the colour of a mark could be that of a hole.
    """
    sheet = _Sheet.of(inside, scale)
    kinds = [
        Kind.HOLE
        if _is_hole(mark, sheet) and hole_like(mark)
        else Kind.EDGE
        if _is_edge(mark, sheet)
        else _kind(mark, scale)
        for mark in marks
    ]
    if len(marks) >= _TEXTURE_COUNT:
        usual = float(np.percentile([mark.snr for mark in marks], _TEXTURE_PERCENTILE))
        long = [mark for mark in marks if mark.extent > _LONG * scale and mark.sharpness > _SHARP]
        few = len(long) < _FEW_LONG
        for index, mark in enumerate(marks):
            lone = few and mark.depth >= _LONG_DEPTH
            short_line = kinds[index] is Kind.LINE and mark.extent < _TEXTURE_LINE * scale and not lone
            if (short_line or kinds[index] is Kind.FAINT) and mark.snr < usual:
                kinds[index] = Kind.NOISE
    thin = _Thin.of(marks, scale)
    for index, mark in enumerate(marks):
        if kinds[index] in (Kind.LINE, Kind.FAINT, Kind.INK) and _is_fold(mark, thin, sheet):
            kinds[index] = Kind.FOLD
    written = [mark for mark, kind in zip(marks, kinds, strict=True) if kind in (Kind.INK, Kind.LINE)]
    small = [mark for mark in written if mark.extent < _LONE_GLYPH * scale]
    paired = _in_company(small, written, reach=_LONE_REACH * scale, count=2)
    written = [mark for mark in written if mark.extent >= _LONE_GLYPH * scale] + paired
    faint = [mark for mark, kind in zip(marks, kinds, strict=True) if kind is Kind.FAINT]
    written += _in_company(faint, written, reach=_FAINT_REACH * scale, count=_FAINT_COUNT)
    specks = [mark for mark, kind in zip(marks, kinds, strict=True) if kind is Kind.SPECK]
    written += _in_company(specks, (), reach=_SPECK_REACH * scale, count=_SPECK_COUNT)
    return Sorted(
        written=tuple(written),
        kinds={kind: kinds.count(kind) for kind in Kind if kind in kinds},
        holes=tuple(mark for mark, kind in zip(marks, kinds, strict=True) if kind is Kind.HOLE),
        soft=tuple(mark for mark, kind in zip(marks, kinds, strict=True) if kind is Kind.SOFT),
    )


def softness(scale: float) -> float:
    """Sharpness under which a faint mark is no ink: the same blur on paper is less steep in finer pixels."""
    return _SHARP - _SHARP_FALL * (scale - _SHARP_SCALE)


def crispness(limit: float, scale: float) -> float:
    """A limit of sharpness for planes of 150 dpi at another scale."""
    return limit + softness(scale) - softness(_USUAL_SCALE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    inside: Pixels
    scale: float
    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def of(cls, inside: Pixels, scale: float) -> "_Sheet":
        columns, rows = np.flatnonzero(inside.any(axis=0)), np.flatnonzero(inside.any(axis=1))
        if not columns.size:
            return cls(inside=inside, scale=scale, left=0, top=0, right=1, bottom=1)
        return cls(
            inside=inside,
            scale=scale,
            left=int(columns[0]),
            top=int(rows[0]),
            right=int(columns[-1]) + 1,
            bottom=int(rows[-1]) + 1,
        )

    def gaps(self, mark: Mark) -> tuple[int, int, int, int]:
        """Distance of the far side of a mark from the left, top, right and bottom of the sheet."""
        return (
            mark.left + mark.width - self.left,
            mark.top + mark.height - self.top,
            self.right - mark.left,
            self.bottom - mark.top,
        )

    def chord(self, mark: Mark) -> float:
        """Length of the sheet along the axis of a mark."""
        reach = int(np.hypot(*self.inside.shape))
        steps = np.arange(-reach, reach + 1)
        x = np.rint(mark.x + steps * np.cos(mark.angle)).astype(int)
        y = np.rint(mark.y + steps * np.sin(mark.angle)).astype(int)
        height, width = self.inside.shape
        on = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        steps = steps[on][self.inside[y[on], x[on]] > 0]
        return float(steps[-1] - steps[0]) if steps.size else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Thin:
    """Places and sizes of the marks that may be parts of a fold."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    width: NDArray[np.float64]
    height: NDArray[np.float64]

    @classmethod
    def of(cls, marks: Sequence[Mark], scale: float) -> "_Thin":
        thin = [mark for mark in marks if mark.straightness < scale and mark.depth <= _FOLD_DEPTH]
        values = np.array([(m.x, m.y, m.width, m.height) for m in thin], np.float64).reshape(-1, 4).T
        return cls(x=values[0], y=values[1], width=values[2], height=values[3])


def _kind(mark: Mark, scale: float) -> Kind:
    extent = mark.extent / scale
    if extent < _SMALLEST_GLYPH:
        return Kind.SPECK if extent >= _SPECK and mark.depth >= _SPECK_DEPTH else Kind.NOISE
    clear = mark.depth >= _CLEAR_DEPTH and mark.snr >= _CLEAR_SNR
    soft = mark.sharpness < softness(scale)
    if mark.depth >= _DARK or (clear and not soft):
        return Kind.INK
    if soft:
        return Kind.SOFT
    if extent >= _LINE and mark.sharpness >= _LINE_SHARP and mark.snr >= _LINE_SNR:
        return Kind.LINE
    faint = mark.depth >= _FAINT_DEPTH and mark.snr >= _FAINT_SNR
    return Kind.FAINT if faint else Kind.NOISE


def _is_hole(mark: Mark, sheet: _Sheet) -> bool:
    """A dark disc near the edge: punched for filing 装订孔, or a thread hole."""
    extent = mark.extent / sheet.scale
    round_ = min(mark.width, mark.height) > 0.75 * mark.extent and mark.fill > 0.55
    return (
        _HOLE[0] <= extent <= _HOLE[1]
        and round_
        and mark.thickness > 0.6 * mark.extent
        and mark.depth > _DARK
        and min(sheet.gaps(mark)) < (_HOLE_FROM_EDGE + extent) * sheet.scale
    )


def _is_edge(mark: Mark, sheet: _Sheet) -> bool:
    """A thin line along the edge of the sheet: its shadow, or the end of the bed."""
    strip = _EDGE_STRIP * sheet.scale
    left, top, right, bottom = sheet.gaps(mark)
    upright = mark.height > 4 * mark.width and min(left, right) < strip
    level = mark.width > 4 * mark.height and min(top, bottom) < strip
    return mark.extent > strip and (upright or level)


def _is_fold(mark: Mark, thin: _Thin, sheet: _Sheet) -> bool:
    """A straight faint line that goes on across the whole sheet, perhaps with gaps."""
    scale = sheet.scale
    if mark.extent < 2 * _SMALLEST_GLYPH * scale or mark.depth > _FOLD_DEPTH:
        return False
    if mark.straightness > 0.6 * scale:
        return False
    length = sheet.chord(mark)
    if length <= 0:
        return False
    cos, sin = np.cos(mark.angle), np.sin(mark.angle)
    x, y = thin.x - mark.x, thin.y - mark.y
    along, across = x * cos + y * sin, y * cos - x * sin
    half = 0.5 * np.abs(thin.width * cos) + 0.5 * np.abs(thin.height * sin)
    near = np.abs(across) < _FOLD_OFF_LINE * scale + 0.01 * np.abs(along)
    span = (along + half)[near].max() - (along - half)[near].min()
    return bool(span > _FOLD_SPAN * length and 2 * half[near].sum() > _FOLD_COVER * length)


def _in_company(marks: list[Mark], others: Sequence[Mark], *, reach: float, count: int) -> list[Mark]:
    """Those that have at least `count` of their kind (or of `others`) within reach, themselves included."""
    if not marks:
        return []
    everyone = list({id(mark): mark for mark in (*marks, *others)}.values())
    x, y = np.array([m.x for m in everyone]), np.array([m.y for m in everyone])
    own_x, own_y = np.array([m.x for m in marks]), np.array([m.y for m in marks])
    near = np.hypot(x - own_x[:, None], y - own_y[:, None]) < reach
    return [mark for mark, found in zip(marks, near.sum(axis=1).tolist(), strict=True) if found >= count]
