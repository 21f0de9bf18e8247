"""Scanner streaks 扫描线: straight lines left by dirty glass or by a dead element of the sensor."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.checks._base import Needs, PageCheck
from ybda_qc.checks._limits import Above, Code, Limits
from ybda_qc.imaging.ops.streak_notch import measure_notch, stand_in_cells
from ybda_qc.imaging.ops.streak_profile import Profile, measure_profile, streak_confidence
from ybda_qc.imaging.ops.streaks import LEAST_BREADTH, LEAST_LENGTH, Suspect, find_notches, find_suspects
from ybda_qc.imaging.view import PageView
from ybda_qc.model import (
    Box,
    CheckResult,
    Drawing,
    Facts,
    Finding,
    Measured,
    Measurement,
    NotApplicable,
    Unit,
    stepped,
)

_SURE: Final = 1.0
_KEPT: Final = 6  # lines of each direction that are kept for the batch
_STEP_PX: Final = 0.1
_STEP_LEVEL: Final = 0.5
_FROM_EDGE_MM: Final = 1.5  # nearer to the edge of the picture lie the shadows of the sheet
_WHITE: Final = 246  # level of paper on which a white streak shows in ink alone
_GAPS: Final = 3  # so many places that strokes hardly, but do cross are gaps between letters
_ALWAYS: Final = 0.99  # of the strokes: among such gaps a streak must cut nearly all
_LEAST_CELL_MM: Final = 1.2  # letters set in cells are at least so wide
_SAME_PX: Final = 3.0
_RULED: Final = 4  # so many lines at equal distances are ruled paper
_EQUAL: Final = 0.08  # of the distance
_NAMED: Final = 6  # places in a message


class ScannerLineCheck(PageCheck):
    """The picture shows no streaks of the scanner.

    Why: dirt on the glass or a dead element of the sensor leaves a dark, bright or coloured line that runs
    over the page, its margins and the bed, always in the same column. It may go through writing and hide
    strokes, and it comes back on every page until somebody cleans the glass. DA/T 31-2017 has lines caused
    by scanning removed. Ruled tables, frames and folds turn with the sheet and end before its edge; they
    belong to the original.

    Remedy: clean the glass strip of the scanner (for a dead element: calibrate or repair it), then scan the
    page again. Do not paint the streak over where it touches writing.
    """

    id = "scanner_line"
    title = "Scanner streaks"
    version = 8
    needs = Needs.PIXELS
    method = BaseMethod
    codes = (
        Code(
            name="streak",
            title="streaks of the scanner",
            template="streaks of the scanner: {count}, the strongest of {value:.0f} levels ({places})",
            limits=Above,
            drawing=Drawing.STREAK,
        ),
    )

    def measure(self, view: PageView, method: BaseMethod) -> Sequence[Measured] | NotApplicable:  # noqa: ARG002
        """Number of streaks, the strongest contrast, and the place of each line that may be one."""
        short, long = sorted(view.grey.pixels.shape)
        if short < LEAST_BREADTH or long < LEAST_LENGTH:
            return NotApplicable(reason="the picture is too small to tell")
        lines = _without_ruling(_lines(view))
        sure = [line for line in lines if line.confidence >= _SURE]
        strongest = max((line.profile.contrast for line in sure), default=0.0)
        measured: list[Measured] = [
            Measurement(
                quantity="streaks",
                value=len(sure),
                unit=Unit.COUNT,
                boxes=tuple(line.box for line in sure),
            ),
            Measurement(quantity="contrast", value=stepped(strongest, _STEP_LEVEL), unit=Unit.LEVEL),
        ]
        for upright, name in ((True, "column"), (False, "row")):
            own = [line for line in lines if line.upright == upright][:_KEPT]
            for number, line in enumerate(own, start=1):
                measured += line.measured(f"{name}_{number}")
        return measured

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """The strongest streak decides; boxes on all of them."""
        count, contrast = result.number("streaks"), result.number("contrast")
        if count is None or contrast is None or not count.value:
            return
        yield from limits.grade(
            "streak",
            contrast.value,
            unit=Unit.LEVEL,
            boxes=count.boxes,
            count=int(count.value),
            places=_places(count.boxes),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    upright: bool
    bright: bool
    profile: Profile
    confidence: float

    @property
    def box(self) -> Box:
        profile = self.profile
        across = max(0, round(profile.position - profile.width / 2)), max(1, profile.width)
        along = profile.start, profile.stop - profile.start
        if self.upright:
            return Box(left=across[0], top=along[0], width=across[1], height=along[1])
        return Box(left=along[0], top=across[0], width=along[1], height=across[1])

    def measured(self, name: str) -> list[Measured]:
        """Place in pixels from the left or the top, and contrast: negative where the line is dark."""
        contrast = self.profile.contrast if self.bright else -self.profile.contrast
        return [
            Measurement(
                quantity=name,
                value=stepped(self.profile.position, _STEP_PX),
                unit=Unit.PIXEL,
                confidence=self.confidence,
                boxes=(self.box,),
            ),
            Measurement(quantity=f"{name}_contrast", value=stepped(contrast, _STEP_LEVEL), unit=Unit.LEVEL),
        ]


def _lines(view: PageView) -> list[_Line]:
    """Lines that are or may be streaks, the surest and strongest first, each once."""
    pixels, factor = view.pixels, view.factor
    suspects = find_suspects(view.colour.pixels, view.grey.pixels)
    looks = [(suspect, measure_profile(pixels, suspect, factor=factor)) for suspect in suspects]
    if view.paper.level >= _WHITE:
        looks += _cuts(view)
    found = []
    for suspect, profile in looks:
        breadth = pixels.shape[1 if suspect.upright else 0]
        if profile is None or not _is_off_edge(profile.position, breadth, view.scale * factor):
            continue
        confidence = streak_confidence(profile, pixels_per_mm=view.scale * factor)
        if confidence:
            found.append(
                _Line(upright=suspect.upright, bright=suspect.bright, profile=profile, confidence=confidence)
            )
    found.sort(key=lambda line: (-line.confidence, -line.profile.contrast))
    kept: list[_Line] = []
    for line in found:
        if not any(_is_same(line, other) for other in kept):
            kept.append(line)
    return kept


def _cuts(view: PageView) -> list[tuple[Suspect, Profile]]:
    """White streaks on white paper, without the gaps between letters that are set in cells."""
    pixels, factor = view.pixels, view.factor
    notches = find_notches(view.grey.pixels, paper=view.paper.level)
    looks = [(notch, measure_notch(pixels, notch, factor=factor)) for notch in notches]
    kept: list[tuple[Suspect, Profile]] = []
    for upright in (True, False):
        own = [(notch, profile) for notch, profile in looks if notch.upright == upright]
        cuts = [(notch, profile) for notch, profile in own if profile is not None]
        # Streaks side by side, of a damaged sensor, are no gaps: only what strokes cross is.
        crossed = len(own) - len(cuts)
        places = [profile.position if profile else (notch.place + 0.5) * factor for notch, profile in own]
        if crossed >= _GAPS:
            kept += [cut for cut in cuts if cut[1].coverage >= _ALWAYS]
        elif not stand_in_cells(places, least=_LEAST_CELL_MM * view.scale * factor):
            kept += cuts
    return kept


def _is_off_edge(position: float, breadth: int, pixels_per_mm: float) -> bool:
    return min(position, breadth - position) > _FROM_EDGE_MM * pixels_per_mm


def _is_same(line: _Line, other: _Line) -> bool:
    near = _SAME_PX + (line.profile.width + other.profile.width) / 2
    return line.upright == other.upright and abs(line.profile.position - other.profile.position) < near


def _without_ruling(lines: list[_Line]) -> list[_Line]:
    """Leave out the lines of a direction if they are many and stand at equal distances: ruled paper."""
    kept = list(lines)
    for upright in (True, False):
        places = sorted(line.profile.position for line in lines if line.upright == upright)
        if len(places) < _RULED:
            continue
        gaps = np.diff(places)
        multiples = gaps / np.min(gaps)
        if float(np.max(np.abs(multiples - np.round(multiples)) / multiples)) < _EQUAL:
            kept = [line for line in kept if line.upright != upright]
    return kept


def _places(boxes: Sequence[Box]) -> str:
    """Where the streaks are, as words of a message: ``x 812, y 40``, in pixels."""
    words = [
        f"x {box.left + box.width // 2}" if box.height >= box.width else f"y {box.top + box.height // 2}"
        for box in boxes
    ]
    return ", ".join([*words[:_NAMED], "…"] if len(words) > _NAMED else words)
