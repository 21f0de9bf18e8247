"""Boxes of an upright page on the stored one."""

import numpy as np
import pytest

from ybda_qc.model import Box, QuarterTurn, TextLine, WritingDirection
from ybda_qc.ocr.turning import stored_line, turned


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_mark_is_found_where_it_is_stored(turn: QuarterTurn) -> None:
    stored = np.zeros((60, 40), np.uint8)
    stored[20:26, 10:24] = 255
    upright = turned(stored, turn)
    rows, columns = np.nonzero(upright)
    box = Box(
        left=int(columns.min()),
        top=int(rows.min()),
        width=int(np.ptp(columns)) + 1,
        height=int(np.ptp(rows)) + 1,
    )
    line = TextLine(text="-", box=box, confidence=1.0, direction=WritingDirection.HORIZONTAL, words=())

    there = stored_line(line, turn, upright.shape[::-1], (40, 60))

    assert there.box == Box(left=10, top=20, width=14, height=6)


def test_a_reduced_page() -> None:
    box = Box(left=10, top=5, width=10, height=5)
    line = TextLine(text="-", box=box, confidence=1.0, direction=WritingDirection.HORIZONTAL, words=())

    assert stored_line(line, 0, (40, 20), (100, 50)).box == Box(left=25, top=12, width=25, height=13)
