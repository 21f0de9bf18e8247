"""How surely the writing on a page was read, and whether it was read at all."""

from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.checks._base import Needs, PageCheck
from ybda_qc.checks._limits import Above, Below, Code, Limits
from ybda_qc.checks._texts import confidence_at
from ybda_qc.imaging.direction import read_direction
from ybda_qc.imaging.view import PageView
from ybda_qc.model import (
    Box,
    CheckResult,
    Facts,
    Finding,
    Measured,
    Measurement,
    NotApplicable,
    PageText,
    Unit,
    stepped,
)

Pixels = NDArray[np.uint8]
Marks = NDArray[np.int64]

_LEAST_CHARACTERS: Final = 12
_FULL_TRUST: Final = 80  # characters
_LEAST_LETTERS: Final = 40
_STEP: Final = 0.01

# Height of what may be a letter, or a line of letters run together, in millimetres: no rule, speck or seal.
_THIN_MM: Final = 0.8
_THICK_MM: Final = 12.0
_LINE_MM: Final = 1.8
_LETTERS_LONG: Final = 5.0  # times as long as high: a line of letters, or a rule
_MOST_LETTERS: Final = 60  # in a mark
_DARK: Final = 0.45  # of the depth of ink: paler is the other side of the sheet
_DARKEST: Final = 95.0  # per cent of the ink are paler
_WORTH_ASKING: Final = 0.3  # of the writing, whether it is any
_ROUND_A_LINE: Final = 0.4  # of its height: accents, and what stands out of a box
_MAX_BOXES: Final = 8


class Method(BaseMethod):
    """Which of the characters is asked for its confidence."""

    percentile: float = Field(
        default=10.0,
        gt=0,
        lt=50,
        description="share of the characters, in per cent, that were read less surely",
    )


class TextConfidenceCheck(PageCheck):
    """The writing on a page can be read by a machine, nearly all of it surely.

    Why: a page that no engine reads is found by no search, and is the first suspect for a scan out of
    focus, a wrong direction, or a language that the engine does not know. DA/T 31-2017 asks for legible
    images. The confidence counts that a tenth of the characters do not reach: the mean hides half a page
    that is illegible. On generated pages, read at 200 dpi, it is 0.98 or more on sound print,
    typescript, tables and newspapers, 0.87 where print of 3 mm is so blurred that letters begin to be
    mistaken, 0.4 where it is blurred by a quarter more, and 0.3 on a mirrored page; of handwriting and
    music it is 0.4 to 1. An engine is often sure of the little that it does read, so what was not read
    at all is measured too: marks like letters, as dark as the writing, outside all lines that were read,
    where characters are among them.

    Remedy: look at the page. Out of focus or too faint: scan again. Turned or mirrored: turn it. Handwriting,
    another script or an original that is illegible itself: accept the page, and say so.
    """

    id = "text_confidence"
    title = "Legibility"
    version = 1
    needs = Needs.TEXT
    method = Method
    codes = (
        Code(
            name="unsure",
            title="pages that read badly",
            template="a tenth of the characters was read with a confidence of {value:.2f} or less, below "
            "{limit:.2f}: out of focus, another direction or language, or handwriting?",
            limits=Below,
        ),
        Code(
            name="unread",
            title="pages with writing that was not read",
            template="{value:.0%} of what looks like writing was not read, more than {limit:.0%}: out of "
            "focus, another direction or language, or handwriting?",
            limits=Above,
        ),
    )

    def measure(self, view: PageView, method: Method) -> Sequence[Measured] | NotApplicable:
        """Confidence at the percentile, and the share of writing outside all lines that were read."""
        text = view.text
        assert text is not None, "planned for pages whose text was read"
        characters = sum(len(word.text) for line in text.lines for word in line.words)
        measured = list(_unread(view, text))
        confidence = confidence_at(text, method.percentile)
        if confidence is not None and characters >= _LEAST_CHARACTERS:
            measured.append(
                Measurement(
                    quantity="confidence",
                    value=stepped(confidence, _STEP),
                    unit=Unit.RATIO,
                    confidence=min(1.0, characters / _FULL_TRUST),
                    boxes=_least_sure(text),
                )
            )
        if not measured:
            return NotApplicable(reason="too little is written on the page to tell how well it reads")
        return (*measured, Measurement(quantity="characters", value=characters, unit=Unit.COUNT))

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """The confidence and what was not read, each by its limits."""
        confidence, unread = result.number("confidence"), result.number("unread")
        if confidence is not None:
            yield from limits.grade("unsure", confidence.value, unit=Unit.RATIO, boxes=confidence.boxes)
        if unread is not None:
            yield from limits.grade("unread", unread.value, unit=Unit.RATIO, boxes=unread.boxes)


def _unread(view: PageView, text: PageText) -> Iterator[Measured]:
    """The share of the writing outside all lines that were read, if there is enough of it.

    Ornaments, stains and staves leave marks like letters. They count where the network that tells the
    direction of characters is sure that characters are among what was not read.
    """
    plane, mask = _writing(view)
    marks = _marks(mask, view)
    letters = np.clip(marks[:, 2:].max(axis=1) / marks[:, 2:].min(axis=1), 1, _MOST_LETTERS)
    outside = ~_is_read(marks, text)
    if letters.sum() < _LEAST_LETTERS:
        return
    share = float(letters[outside].sum() / letters.sum())
    if share > _WORTH_ASKING and not _has_characters(plane, mask, text, view.factor):
        share, outside = 0.0, np.zeros_like(outside)
    boxes = tuple(_box(*map(int, mark)) for mark in marks[outside][:_MAX_BOXES])
    yield Measurement(quantity="unread", value=stepped(share, _STEP), unit=Unit.RATIO, boxes=boxes)


def _writing(view: PageView) -> tuple[Pixels, Pixels]:
    """The grey plane, dark on bright, and a mask of its ink without what is pale: show-through, shadows."""
    plane = view.grey.pixels
    if view.paper.is_dark:
        plane = np.asarray(cv2.bitwise_not(plane), dtype=np.uint8)
    ground = cv2.resize(view.ink.ground, plane.shape[::-1], interpolation=cv2.INTER_LINEAR)
    depth = cv2.subtract(ground, plane)
    inked = depth[view.ink.mask > 0]
    least = _DARK * np.percentile(inked, _DARKEST) if inked.size else 0.0
    return plane, np.where((view.ink.mask > 0) & (depth >= least), np.uint8(255), np.uint8(0))


def _has_characters(plane: Pixels, mask: Pixels, text: PageText, factor: int) -> bool:
    """Whether there are characters outside the lines that were read."""
    mask = mask.copy()
    for line in text.lines:
        box = line.box
        top, left = box.top // factor, box.left // factor
        bottom, right = (box.top + box.height) // factor, (box.left + box.width) // factor
        mask[top : bottom + 1, left : right + 1] = 0
    direction = read_direction(plane, mask)
    return direction is not None and direction.is_sure


def _marks(mask: Pixels, view: PageView) -> Marks:
    """Rectangles of marks that may be letters: left, top, width, height in stored pixels."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    boxes = stats[1:, : cv2.CC_STAT_AREA]
    thin, long = boxes[:, 2:].min(axis=1) / view.scale, boxes[:, 2:].max(axis=1) / view.scale
    keep = (thin >= np.where(long > _LETTERS_LONG * thin, _LINE_MM, _THIN_MM)) & (thin <= _THICK_MM)
    return np.asarray(boxes[keep] * view.factor, dtype=np.int64)


def _is_read(marks: Marks, text: PageText) -> NDArray[np.bool_]:
    """Whether the middle of each mark lies in one of the lines."""
    x, y = marks[:, 0] + marks[:, 2] / 2, marks[:, 1] + marks[:, 3] / 2
    read = np.zeros(len(marks), dtype=bool)
    for line in text.lines:
        box, room = line.box, _ROUND_A_LINE * min(line.box.width, line.box.height)
        across = (x >= box.left - room) & (x <= box.left + box.width + room)
        read |= across & (y >= box.top - room) & (y <= box.top + box.height + room)
    return read


def _least_sure(text: PageText) -> tuple[Box, ...]:
    """The lines that were read least surely."""
    lines = sorted(text.lines, key=lambda line: line.confidence)
    return tuple(line.box for line in lines[:_MAX_BOXES])


def _box(left: int, top: int, width: int, height: int) -> Box:
    return Box(left=left, top=top, width=width, height=height)
