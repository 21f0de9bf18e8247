"""Exposure 曝光: brightness of the paper and contrast of what is written on it."""

from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np
from pydantic import Field

from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.checks._base import Needs, PageCheck
from ybda_qc.checks._limits import Above, Below, Code, Flag, Limits
from ybda_qc.imaging.ops.emptiness import crispness
from ybda_qc.imaging.ops.letters import count_letters
from ybda_qc.imaging.ops.marks import Mark
from ybda_qc.imaging.ops.tone import measure_tone, tonal_range
from ybda_qc.imaging.view import PageView
from ybda_qc.model import (
    CheckResult,
    Facts,
    Finding,
    Measured,
    Measurement,
    NotApplicable,
    Observation,
    Unit,
    stepped,
)

LIGHT_ON_DARK: Final = "light on dark"

_STEP: Final = 0.01  # ratio
_WASHED_OUT: Final = 0.5  # share of pure white paper from which pale ink is the scan's fault
_LEAST_RISE: Final = 0.35  # share of the scale by which letters of a negative stand out
_LEAST_DEPTH: Final = 0.03
_INK_PERCENTILE: Final = 75  # of the depths of letters
_CLEAR: Final = 8.0  # standard deviations of the paper
_SHARP: Final = 0.3  # slope a pixel, in depths: less is show-through
_FULL_DEPTH: Final = 0.06
_STROKE_MM: Final = 10.0
_PEN_MM: Final = 3.0
_STROKES: Final = 3
_BRIGHT_INK: Final = (0.003, 0.3)  # share of a negative that is bright: more is a screened picture
_DIM: Final = 130.0  # level of paper from which a picture could be mistaken for it
_PICTURE_TONES: Final = 40.0  # levels, half of what is called dark
_DARK_INK: Final = (0.003, 0.3)  # share of a dark page that is darker still, where it is dim and not dark

_DOTTED_PX: Final = 256  # side of the tiles that are asked, one after the other
_DOTTED_PLACES: Final = ((0.5, 0.5), (0.25, 0.25), (0.75, 0.75), (0.75, 0.25), (0.25, 0.75))
_DOTTED_WINDOW: Final = 5
_DOTTED_LEVELS: Final = 80.0  # that pixels differ from those around them, on average; dense print: under 50


class Method(BaseMethod):
    """How letters are recognised where the tone alone does not show them."""

    plain_contrast: float = Field(
        default=0.4, gt=0, lt=1, description="contrast from which what stands out of the paper is ink"
    )
    faint_letters: int = Field(
        default=100, gt=0, description="letters in lines from which a lower contrast is that of writing"
    )
    crisp_letters: int = Field(
        default=10, gt=0, description="as many are enough if their edges are as clean as no stain has them"
    )
    crisp: float = Field(
        default=0.46,
        gt=0,
        lt=1,
        description="sharpness (0.5 is a clean edge) of letters that are many and faint, or few",
    )
    crisp_strokes_mm: float = Field(
        default=100.0,
        gt=0,
        description="or so many millimetres of lines as crisp as a pen draws them: a drawing without letters",
    )
    negative_letters: int = Field(
        default=300,
        gt=0,
        description="bright letters in lines from which a dark page is a negative, not a cover",
    )


class ExposureCheck(PageCheck):
    """Paper is bright, ink is dark, and neither is lost at the ends of the scale; black on white stays so.

    Why: DA/T 31-2017 asks for clear images and gives no levels. Too dark a scan hides pencil and stamps,
    too bright a one bleaches them; what was clipped cannot be brought back. A faint original looks faint
    in a good scan, too, so contrast is for a person to judge.

    Remedy: set the exposure of the scanner by its target, not by the page, and scan again. Invert a
    negative from the original file, once. For a faint original keep the scan and note its state.
    """

    id = "exposure"
    title = "Exposure"
    version = 6
    needs = Needs.PIXELS
    method = Method
    codes = (
        Code(
            name="too-dark",
            title="too dark",
            template="the paper is dark: level {value:.0f} of 255, under {limit:g}",
            limits=Below,
        ),
        Code(
            name="too-bright",
            title="bleached",
            template="bleached: the darkest ink is level {value:.0f} of 255, over {limit:g}, on pure white",
            limits=Above,
        ),
        Code(
            name="low-contrast",
            title="low contrast",
            template="low contrast: ink is only {percent:.0f} % darker than the paper",
            limits=Below,
        ),
        Code(
            name="clipped",
            title="tone of the paper lost",
            template="{percent:.0f} % of the paper is pure white: its tone is lost",
            limits=Above,
        ),
        Code(
            name="inverted",
            title="negative or inverted",
            template="white writing on black: a negative, or inverted",
            limits=Flag,
        ),
    )

    def measure(self, view: PageView, method: Method) -> Sequence[Measured] | NotApplicable:
        """Levels of paper and ink, contrast, share of clipped paper, and which of the two is the darker."""
        if view.paper.is_dark:
            return self._measure_dark(view, method)
        if view.header.colour_mode == "bitonal":
            return NotApplicable(reason="black and white only: no tone is left to judge")
        if not view.ink.area:
            return NotApplicable(reason="the picture is too small to tell")
        if _is_dotted(view):
            return NotApplicable(reason="black and white dots or stripes: no tone is left to judge")
        tone = measure_tone(view.grey.pixels, view.ink)
        # A photograph without margins has no paper whose level could be judged.
        pictured = tone.paper < _DIM and _is_picture(view) and not _faint_letters(view, method)
        measured: list[Measured] = [
            Measurement(
                quantity="paper_level",
                value=tone.paper,
                unit=Unit.LEVEL,
                confidence=0.0 if pictured else 1.0,
            ),
            Measurement(quantity="clipped", value=stepped(tone.clipped, _STEP), unit=Unit.RATIO),
        ]
        darkest, contrast, lettered = tone.ink, tone.contrast, True
        if darkest is None and tone.trace is not None and tone.clipped > _WASHED_OUT:
            # So little is left of the ink that only the shapes of letters tell it from dirt.
            letters = _faint_letters(view, method) or _faint_strokes(view, method)
            if letters:
                darkest = min(tone.trace, float(round((1 - _darkness(letters)) * tone.paper)))
                contrast = 1 - darkest / tone.paper
        if darkest is not None and contrast is not None:
            if tone.ink is not None and contrast < method.plain_contrast:
                # Grain, stains and show-through also have a contrast; what counts is that of letters.
                letters = _faint_letters(view, method) or _faint_strokes(view, method)
                lettered = bool(letters)
                contrast = max(contrast, _darkness(letters)) if lettered else contrast
            measured += [
                Measurement(quantity="ink_level", value=darkest, unit=Unit.LEVEL),
                Measurement(
                    quantity="contrast",
                    value=stepped(contrast, _STEP),
                    unit=Unit.RATIO,
                    confidence=1.0 if lettered else 0.0,
                ),
            ]
        return measured

    @staticmethod
    def _measure_dark(view: PageView, method: Method) -> Sequence[Measured] | NotApplicable:
        area = view.ink.area
        bright = view.bright_flat.strong_share(area)
        written = _BRIGHT_INK[0] <= bright <= _BRIGHT_INK[1]
        if written and _lettered(view.bright_marks, _LEAST_RISE, view, method.negative_letters):
            return (Observation(quantity="polarity", text=LIGHT_ON_DARK),)
        if view.header.colour_mode == "bitonal":
            return NotApplicable(reason="the page itself is dark")
        strong = view.dark_flat.strong_share(area)
        inked = _DARK_INK[0] <= strong <= _DARK_INK[1]
        if not inked and (_is_picture(view) or not _faint_letters(view, method)):
            return NotApplicable(reason="the page itself is dark")
        level = float(np.median(view.grey.pixels))
        return (Measurement(quantity="paper_level", value=level, unit=Unit.LEVEL),)

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """Levels against their limits; of a bleached page only that it is bleached."""
        if result.text("polarity") == LIGHT_ON_DARK:
            yield from limits.flag("inverted")
            return
        paper, clipped = result.number("paper_level"), result.number("clipped")
        ink, contrast = result.number("ink_level"), result.number("contrast")
        if paper is not None and paper.confidence > 0:
            yield from limits.grade("too-dark", paper.value, unit=Unit.LEVEL)
        if clipped is not None:
            yield from limits.grade("clipped", clipped.value, unit=Unit.RATIO, percent=100 * clipped.value)
        bleached: list[Finding] = []
        if ink is not None and contrast is not None and contrast.confidence > 0 and _is_white(clipped):
            bleached = list(limits.grade("too-bright", ink.value, unit=Unit.LEVEL))
        yield from bleached
        if contrast is not None and contrast.confidence > 0 and not bleached:
            yield from limits.grade(
                "low-contrast", contrast.value, unit=Unit.RATIO, percent=100 * contrast.value
            )


def _is_dotted(view: PageView) -> bool:
    """Whether the tones of a page are made of black and white pixels all over, as dithering does."""
    height, width = view.pixels.shape[:2]
    side = min(_DOTTED_PX, height, width)
    return all(
        _contrast_of_dots(view, round(down * (height - side)), round(across * (width - side)), side)
        > _DOTTED_LEVELS
        for across, down in _DOTTED_PLACES
    )


def _contrast_of_dots(view: PageView, top: int, left: int, side: int) -> float:
    """Levels by which the stored pixels of a tile differ from those around them, on average."""
    tile = np.ascontiguousarray(view.grey_tile(top, left, side, side))
    around = np.asarray(cv2.blur(tile, (_DOTTED_WINDOW, _DOTTED_WINDOW)), dtype=np.uint8)
    return float(cv2.mean(cv2.absdiff(tile, around))[0])


def _is_picture(view: PageView) -> bool:
    """Whether a page has tones as far apart as no paper with writing has."""
    return tonal_range(view.grey.pixels, view.ink.inside) > _PICTURE_TONES


def _letters(marks: Sequence[Mark], depth: float, sharp: float = _SHARP) -> list[Mark]:
    """Marks with the edges of letters, at least so deep."""
    return [m for m in marks if m.depth >= depth and m.snr >= _CLEAR and m.sharpness >= sharp]


def _faint_letters(view: PageView, method: Method) -> list[Mark]:
    """Letters of a faint page, few or close together; none where there are too few to tell."""
    letters = _letters(view.dark_marks, _LEAST_DEPTH)
    if count_letters(letters, scale=view.scale) < method.faint_letters:
        crispest = crispness(method.crisp, view.scale)
        few = [mark for mark in letters if mark.sharpness >= crispest]
        if count_letters(few, scale=view.scale) >= method.crisp_letters:
            return few
        # On a full page the paper is known from between the letters, where show-through stands out, too.
        marks = view.dim_marks if view.paper.is_dark else view.full_marks
        letters = _letters(marks, _FULL_DEPTH, crispest)
    return letters if count_letters(letters, scale=view.scale) >= method.faint_letters else []


def _faint_strokes(view: PageView, method: Method) -> list[Mark]:
    """Lines of a faint drawing; none where they are too short for a fold or a scratch to be excluded."""
    crispest = crispness(method.crisp, view.scale)
    strokes = [
        mark
        for mark in _letters(view.dark_marks, _FULL_DEPTH, crispest)
        if mark.extent >= _STROKE_MM * view.scale and mark.thickness <= _PEN_MM * view.scale
    ]
    length_mm = sum(mark.extent for mark in strokes) / view.scale
    return strokes if len(strokes) >= _STROKES and length_mm >= method.crisp_strokes_mm else []


def _lettered(marks: Sequence[Mark], depth: float, view: PageView, least: int) -> bool:
    return count_letters(_letters(marks, depth), scale=view.scale) >= least


def _darkness(letters: Sequence[Mark]) -> float:
    return float(np.percentile([mark.depth for mark in letters], _INK_PERCENTILE))


def _is_white(clipped: Measurement | None) -> bool:
    return clipped is not None and clipped.value > _WASHED_OUT
