"""RapidOCR: lines found by one network and read by another, both inside its package; nothing is fetched."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from statistics import median
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ybda_qc.model import Box, TextLine, WritingDirection
from ybda_qc.ocr.characters import Character, compose_line
from ybda_qc.ocr.engine import Pixels
from ybda_qc.ocr.order import reading_order
from ybda_qc.ocr.rectangle import Rectangle, laid_down
from ybda_qc.ocr.squeezing import LineRead, Squeezing

Points = NDArray[np.float32]
Numbers = NDArray[np.float32]

MODELS: Final = {"Det": "PP-OCRv6_det_small.onnx", "Rec": "PP-OCRv6_rec_small.onnx"}
LANGUAGES: Final = frozenset({"chi_sim", "chi_tra", "eng", "jpn", "deu", "fra", "spa", "ita", "por"})
"""What the networks read, in the names of tesseract's language packs."""

_FIND_DPI: Final = 85.0  # at which lines are looked for
_FIND_LONG_SIDE: Final = (640, 2048)  # px, whatever the resolution
_FIND_LONG_SIDE_UNKNOWN_DPI: Final = 1280
_STEP: Final = 32  # px: sides of what the first network is given are multiples of it
_HEIGHT: Final = 48  # px of a line, as the second network is given it
_READ_STEP: Final = 8  # px along the line: what is left over at its end would not be seen
_TALL: Final = 1.5  # height by width from which a line may be vertical
_SURELY_TALL: Final = 3.0
_WORTH_SQUEEZING: Final = 4 * _HEIGHT  # px: else too few steps are left to tell where characters stand
_LEAST_CONFIDENCE: Final = 0.5  # of a line: what reads worse is no writing


@dataclass(frozen=True, slots=True, kw_only=True)
class _Strip:
    """A line cut out of a page: its corners from the start of reading, clockwise, and its picture."""

    place: int
    corners: Points
    picture: Pixels
    direction: WritingDirection


@dataclass(frozen=True, slots=True)
class _Reading:
    strip: _Strip
    text: list[str]
    centres: Numbers  # along the line, 0..1
    confidences: Numbers
    share: float  # of the width at which it was read, 0..1
    steps: int  # of the network

    @property
    def confidence(self) -> float:
        return float(self.confidences.mean()) if self.text else 0.0

    @property
    def line(self) -> LineRead:
        least = float(self.confidences.min()) if self.text else 0.0
        return LineRead(self.share, self.steps, "".join(self.text), self.confidence, least)


class RapidOcrEngine:
    """Reads Chinese, simplified and traditional, English and what else is written in Latin letters.

    Raises
    ------
    OSError
        The networks are not where the package of RapidOCR has them: the installation is not complete.
    """

    def __init__(self) -> None:
        import rapidocr  # noqa: PLC0415 - half a second that only who reads text should wait for
        from rapidocr.ch_ppocr_det import TextDetector  # noqa: PLC0415
        from rapidocr.ch_ppocr_rec import TextRecognizer  # noqa: PLC0415

        logging.getLogger("RapidOCR").setLevel(logging.CRITICAL + 1)  # after the import, which sets it too
        folder = Path(rapidocr.__file__).parent
        self._finder = TextDetector(_settings(folder, "Det"))
        self._reader = TextRecognizer(_settings(folder, "Rec"))
        self._alphabet: Sequence[str] = self._reader.postprocess_op.character

    def read(self, pixels: Pixels, dpi: float | None) -> Sequence[TextLine]:
        """Lines in reading order; see `ybda_qc.ocr.engine.Engine`."""
        code = cv2.COLOR_GRAY2BGR if pixels.ndim == 2 else cv2.COLOR_RGB2BGR
        page = np.asarray(cv2.cvtColor(pixels, code), np.uint8)
        strips = [
            strip for place, quad in enumerate(self._find(page, dpi)) for strip in _cut(page, quad, place)
        ]
        best: dict[int, _Reading] = {}
        squeezing = Squeezing()
        for reading in (self._read(strip, squeezing) for strip in strips):
            known = best.get(reading.strip.place)
            if known is None or known.confidence < reading.confidence:
                best[reading.strip.place] = reading
        readings = [reading for reading in best.values() if reading.confidence >= _LEAST_CONFIDENCE]
        height, width = pixels.shape[:2]
        lines = [_line(reading, width, height) for reading in readings]
        ordered = (lines[place] for place in _order(readings))
        return [line for line in ordered if line is not None]

    def _find(self, page: Pixels, dpi: float | None) -> Sequence[Points]:
        """Corners (4, 2) of lines, clockwise from the top left, in pixels of the page."""
        height, width = page.shape[:2]
        scale = _finding_scale(max(height, width), dpi)
        size = tuple(max(_STEP, round(side * scale / _STEP) * _STEP) for side in (width, height))
        small = cv2.resize(page, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        answer = self._finder.session(_as_input(np.asarray(small, np.uint8)))
        quads, _ = self._finder.postprocess_op(answer, (height, width))
        return [np.asarray(quad, np.float32) for quad in quads]

    def _read(self, strip: _Strip, squeezing: Squeezing) -> _Reading:
        """Read a line, squeezed first; one by one, for a batch is filled up and no faster."""
        if strip.picture.shape[1] < _WORTH_SQUEEZING:
            return self._recognise(strip, 1.0)
        first = self._recognise(strip, squeezing.share())
        squeezing.note(first.line)
        if not first.text or first.share == 1.0 or first.line.reads_well:
            return first
        return self._recognise(strip, 1.0)

    def _recognise(self, strip: _Strip, share: float) -> _Reading:
        """Read at a share of the width: the best class of each step, without repetitions and gaps."""
        height, width = strip.picture.shape[:2]
        size = (_whole_steps(share * width), height)
        picture = cv2.resize(strip.picture, size, interpolation=cv2.INTER_AREA)
        chances: Numbers = self._reader.session(_as_input(np.asarray(picture, np.uint8)))[0]
        classes = chances.argmax(axis=1)
        starts = np.flatnonzero(np.diff(classes, prepend=0) != 0)
        ends = np.append(starts[1:], len(classes))
        inked = classes[starts] != 0
        return _Reading(
            strip,
            [self._alphabet[place] for place in classes[starts[inked]]],
            ((starts + ends)[inked] / (2 * len(classes))).astype(np.float32),
            chances[starts[inked], classes[starts[inked]]],
            share,
            len(classes),
        )


def identity() -> str:
    """Versions and networks on which the text depends."""
    return " ".join((f"rapidocr {metadata.version('rapidocr')}", *MODELS.values()))


def _settings(folder: Path, part: str) -> Any:  # a type of RapidOCR's own
    from rapidocr.utils.parse_parameters import ParseParams  # noqa: PLC0415

    network = folder / "models" / MODELS[part]
    if not network.is_file():
        raise FileNotFoundError(f"{network.name} is missing in the package rapidocr; install it again")
    settings = ParseParams.load(folder / "config.yaml")
    section = settings[part]
    section.model_path = str(network)
    section.engine_cfg = settings.EngineConfig.onnxruntime
    section.engine_cfg.intra_op_num_threads = 1
    section.engine_cfg.inter_op_num_threads = 1
    return section


def _as_input(picture: Pixels) -> Numbers:
    """(1, 3, H, W), -1..1, as both networks want it."""
    return np.ascontiguousarray((picture.astype(np.float32) / 127.5 - 1).transpose(2, 0, 1))[None]


def _finding_scale(long_side: int, dpi: float | None) -> float:
    wanted = long_side * _FIND_DPI / dpi if dpi else _FIND_LONG_SIDE_UNKNOWN_DPI
    least, most = _FIND_LONG_SIDE
    return min(max(wanted, least), most) / long_side


def _cut(page: Pixels, quad: Points, place: int) -> Iterator[_Strip]:
    """The picture of a line, `_HEIGHT` high; two of one that may be a tall figure or a vertical line."""
    across = float(max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[3] - quad[2])))
    down = float(max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2])))
    if down < _SURELY_TALL * across:
        yield _strip(page, quad, place, WritingDirection.HORIZONTAL, across / down)
    if down >= _TALL * across:
        # a column is read lying on its left side, so that its foot is the end of the line
        lying = np.roll(quad, -1, axis=0)
        yield _strip(page, lying, place, WritingDirection.VERTICAL, down / across)


def _whole_steps(width: float) -> int:
    """The next width that the second network sees to its end."""
    return -(-round(width) // _READ_STEP) * _READ_STEP


def _strip(page: Pixels, corners: Points, place: int, direction: WritingDirection, ratio: float) -> _Strip:
    width = max(_HEIGHT // 2, _whole_steps(_HEIGHT * ratio))
    fine = max(1, round(float(np.linalg.norm(corners[0] - corners[3])) / _HEIGHT))  # large: in two steps
    size = (fine * width, fine * _HEIGHT)
    target = np.array([(0, 0), (size[0], 0), size, (0, size[1])], np.float32)
    picture = cv2.warpPerspective(
        page,
        cv2.getPerspectiveTransform(corners, target),
        size,
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    picture = cv2.resize(picture, (width, _HEIGHT), interpolation=cv2.INTER_AREA)
    return _Strip(place=place, corners=corners, picture=np.asarray(picture, np.uint8), direction=direction)


def _line(reading: _Reading, width: int, height: int) -> TextLine | None:
    centres = reading.centres
    middles = (centres[1:] + centres[:-1]) / 2
    half = float(np.median(np.diff(centres))) / 2 if len(centres) > 1 else 0.5
    starts = np.maximum(np.append(0.0, middles), centres - half)
    ends = np.minimum(np.append(middles, 1.0), centres + half)
    characters = [
        Character(
            text=text, box=_box(reading.strip.corners, start, end, width, height), confidence=confidence
        )
        for text, start, end, confidence in zip(
            reading.text, starts.tolist(), ends.tolist(), reading.confidences.tolist(), strict=True
        )
    ]
    return compose_line(characters, reading.strip.direction)


def _box(corners: Points, start: float, end: float, width: int, height: int) -> Box:
    """Around the part of a line between two shares of its length, on a page of this size."""
    top, bottom = corners[1] - corners[0], corners[2] - corners[3]
    points = np.array(
        [
            corners[0] + start * top,
            corners[0] + end * top,
            corners[3] + start * bottom,
            corners[3] + end * bottom,
        ]
    )
    left, high = np.clip(np.floor(points.min(axis=0)), 0, (width - 1, height - 1)).astype(int).tolist()
    right, low = np.clip(np.ceil(points.max(axis=0)), 1, (width, height)).astype(int).tolist()
    return Box(left=left, top=high, width=max(1, right - left), height=max(1, low - high))


def _order(readings: Sequence[_Reading]) -> list[int]:
    """Reading order on the page made straight by the angle of its longer lines."""
    if not readings:
        return []
    vertical = [reading.strip.direction is WritingDirection.VERTICAL for reading in readings]
    written = [
        len(reading.text) * (1 if tall else -1) for reading, tall in zip(readings, vertical, strict=True)
    ]
    is_vertical = sum(written) > 0
    turn = _straight(readings, is_vertical)
    rectangles = []
    for reading in readings:
        corners = reading.strip.corners @ turn.T
        (left, top), (right, bottom) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
        rectangles.append((laid_down if is_vertical else Rectangle)(left, top, right, bottom))
    return reading_order(rectangles)


def _straight(readings: Sequence[_Reading], is_vertical: bool) -> NDArray[np.float64]:
    """Turns points so that most lines run along an axis."""
    along = [
        reading.strip.corners[1] - reading.strip.corners[0]
        for reading in readings
        if (reading.strip.direction is WritingDirection.VERTICAL) is is_vertical
    ]
    longest = sorted(along, key=lambda vector: -float(np.hypot(*vector)))[: max(1, len(along) // 2)]
    angle = median(float(np.arctan2(y, x)) for x, y in longest) - (np.pi / 2 if is_vertical else 0)
    cosine, sine = np.cos(-angle), np.sin(-angle)
    return np.array([(cosine, -sine), (sine, cosine)])
