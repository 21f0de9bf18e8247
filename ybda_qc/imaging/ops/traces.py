"""What the little on a nearly blank page is: a page number, a seal, a stamp, a pencilled line."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.imaging.ops.colour import chroma_and_hue
from ybda_qc.imaging.ops.marks import Mark

Pixels = NDArray[np.uint8]

_STEP: Final = 4  # pixels; marks are joined on a grid of this
_MOST_PATCHES: Final = 24  # marks of a group whose colour is looked at
_CORE: Final = 0.6  # of the largest distance from the paper: the cores of strokes
_PAPER_PERCENTILE: Final = 80
_CHROMA: Final = 18.0  # levels beside the paper, from which ink is coloured
_RED_CHROMA: Final = 28.0  # and red: faded violet and brown inks are paler
_RED: Final = (-40.0, 22.0)  # degrees of hue
# Lengths in millimetres.
_SEAL: Final = (8.0, 70.0)  # seals of persons to those of ministries
_SEAL_SHAPE: Final = 0.6  # shorter to longer side
_NUMBER: Final = (1.5, 9.0, 28.0)  # least and largest height, largest width
_NUMBER_MARKS: Final = 12
_NUMBER_EDGE: Final = 0.16  # of the sheet, from its top or bottom
_NUMBER_GAP: Final = 6.0
_FEW: Final = 4  # groups: of more, each is a part of something
_PENCIL_DEPTH: Final = 0.5  # darkness as a share of the paper
_PENCIL_THICK: Final = 2.0


class Trace(StrEnum):
    """What a group of marks is taken for; a word for the person who looks, not a verdict."""

    PAGE_NUMBER = "page number"
    SEAL = "red seal"
    RED = "red stamp or writing"
    COLOURED = "stamp or writing in colour"
    PENCIL = "pencil or faint writing"
    MARKS = "dark marks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Marks that lie close together; lengths in pixels of the plane they were found on.

    Parameters
    ----------
    marks
        At least one.
    left, top, width, height
        The rectangle round them.
    weight
        Area times darkness.
    """

    marks: tuple[Mark, ...]
    left: int
    top: int
    width: int
    height: int
    weight: float


def group_marks(marks: Sequence[Mark], shape: tuple[int, ...], reach: float) -> list[Group]:
    """Gather marks that lie within `reach` pixels of each other, the heaviest group first."""
    if not marks:
        return []
    height, width = shape[:2]
    boxes = np.array([(m.left, m.top, m.left + m.width, m.top + m.height) for m in marks])
    # Marks that touch once each is grown by half the reach belong together.
    near = np.zeros((height // _STEP + 1, width // _STEP + 1), np.uint8)
    grown = np.maximum(boxes + np.array([-1, -1, 1, 1]) * reach / 2, 0) / _STEP
    for left, top, right, bottom in grown.astype(int).tolist():
        near[top : bottom + 1, left : right + 1] = 1
    labels = np.asarray(cv2.connectedComponents(near, connectivity=8)[1], dtype=np.int32)
    label = labels[boxes[:, 1] // _STEP, boxes[:, 0] // _STEP]
    groups = []
    for one in np.unique(label).tolist():
        own = np.flatnonzero(label == one)
        (left, top), (right, bottom) = (
            boxes[own, :2].min(axis=0).tolist(),
            boxes[own, 2:].max(axis=0).tolist(),
        )
        members = tuple(marks[index] for index in own.tolist())
        groups.append(
            Group(
                marks=members,
                left=left,
                top=top,
                width=right - left,
                height=bottom - top,
                weight=sum(mark.area * mark.depth for mark in members),
            )
        )
    return sorted(groups, key=lambda group: -group.weight)


def name_groups(groups: Sequence[Group], plane: Pixels, *, scale: float) -> list[Trace]:
    """What the heaviest groups are taken for, by place, size, colour and darkness; each word once.

    Parameters
    ----------
    groups
        Of marks on the plane, the heaviest first.
    plane
        uint8 (H, W) grey or (H, W, 3) RGB.
    scale
        Pixels a millimetre.
    """
    few = len(groups) <= _FEW
    words = [
        Trace.PAGE_NUMBER if few and _is_page_number(group, plane, scale) else _ink(group, plane, scale)
        for group in groups[:_FEW]
    ]
    return list(dict.fromkeys(words))


def is_seal(width: float, height: float) -> bool:
    """Whether something red of so many millimetres is a seal 公章 rather than a line or a table."""
    short, long = sorted((width, height))
    return _SEAL[0] <= long <= _SEAL[1] and short >= _SEAL_SHAPE * long


def _ink(group: Group, plane: Pixels, scale: float) -> Trace:
    chroma, hue = _colour(group, plane)
    if chroma >= _CHROMA:
        if chroma < _RED_CHROMA or (hue - _RED[0]) % 360 > _RED[1] - _RED[0]:
            return Trace.COLOURED
        return Trace.SEAL if is_seal(group.width / scale, group.height / scale) else Trace.RED
    depth = float(np.median([mark.depth for mark in group.marks]))
    thick = max(mark.thickness for mark in group.marks) / scale
    return Trace.PENCIL if depth < _PENCIL_DEPTH and thick < _PENCIL_THICK else Trace.MARKS


def _is_page_number(group: Group, plane: Pixels, scale: float) -> bool:
    """A short line of small marks near the top or the bottom, but off the edges, where dirt gathers."""
    least, most, widest = _NUMBER
    sheet_height, sheet_width = plane.shape[:2]
    gaps = (
        group.left,
        group.top,
        sheet_width - group.left - group.width,
        sheet_height - group.top - group.height,
    )
    middle = (group.top + group.height / 2) / sheet_height
    return (
        least <= group.height / scale <= most
        and group.width / scale <= widest
        and len(group.marks) <= _NUMBER_MARKS
        and min(middle, 1 - middle) <= _NUMBER_EDGE
        and min(gaps) >= _NUMBER_GAP * scale
    )


def _colour(group: Group, plane: Pixels) -> tuple[float, float]:
    """Chroma in levels and hue in degrees of the cores of the marks, beside the paper round them."""
    if plane.ndim == 2:
        return 0.0, 0.0
    cores = []
    for mark in sorted(group.marks, key=lambda mark: -mark.area)[:_MOST_PATCHES]:
        margin = max(2, mark.extent // 8)
        top, left = max(0, mark.top - margin), max(0, mark.left - margin)
        patch = plane[top : mark.top + mark.height + margin, left : mark.left + mark.width + margin]
        pixels = patch.reshape(-1, 3).astype(np.float32)
        white = np.maximum(np.percentile(pixels, _PAPER_PERCENTILE, axis=0), 1)
        away = np.abs(pixels - white).sum(axis=1)
        core = np.median(pixels[away >= _CORE * away.max()], axis=0)
        cores.append((core, np.minimum(core * (255 / white), 255)))
    alone, beside = np.median(np.array(cores, np.float32), axis=0)
    chroma, hue = chroma_and_hue(np.array([alone, beside], np.float32))
    # Coloured both as it stands and beside the paper: see `colour.find_colour`.
    return float(chroma.min()), float(hue[1])
