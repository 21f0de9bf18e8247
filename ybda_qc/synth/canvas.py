"""A sheet to draw on, in millimetres, that remembers what was drawn where."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from ybda_qc.synth.spec import Box, Pixels, TextLine

Colour = tuple[int, int, int]
BLACK: Colour = (28, 28, 32)
BLUE_INK: Colour = (40, 52, 120)
PENCIL: Colour = (150, 150, 152)
RED: Colour = (200, 30, 34)

DEFAULT_TYPEFACE = "uni"  # the one font inside OpenCV that has Chinese characters; others fall back on it
_SWAPS = str.maketrans("的和以年月份应市县区局a e", "与及将日号件须省乡村所o i")
_SHIFT = 4  # fraction bits of cv2 coordinates: a sixteenth of a pixel


class Canvas:
    """White sheet, upright, with ink on it.

    Parameters
    ----------
    size_mm : tuple of float
        Width, height.
    pixels_per_mm : float
    colour : bool
        RGB if true, else one grey plane.
    rng : numpy.random.Generator
        For layouts to draw their chance from.
    ink : float
        1 draws colours as they are, less draws them paler.
    typeface : str
        Built-in font of OpenCV for what is not Chinese: uni, sans or italic.
    changed_lines : int
        In so many of the first lines of writing a few characters are other ones: a near twin of the page.
    """

    def __init__(
        self,
        size_mm: tuple[float, float],
        pixels_per_mm: float,
        *,
        colour: bool,
        rng: np.random.Generator,
        ink: float,
        typeface: str = DEFAULT_TYPEFACE,
        changed_lines: int = 0,
    ) -> None:
        self.width_mm, self.height_mm = size_mm
        self.scale = pixels_per_mm
        self.rng = rng
        self.ink = ink
        height, width = round(self.height_mm * self.scale), round(self.width_mm * self.scale)
        self.pixels: Pixels = np.full((height, width, 3) if colour else (height, width), 255, np.uint8)
        self.boxes: list[Box] = []
        self.lines: list[TextLine] = []
        self._font = cv2.FontFace(typeface)
        self._changed_lines = changed_lines

    def tone(self, colour: Colour) -> tuple[int, ...]:
        """Colour as OpenCV wants it for this canvas, paled by the ink strength."""
        pale = [255 - self.ink * (255 - part) for part in colour]
        if self.pixels.ndim == 3:
            return tuple(round(part) for part in pale)
        return (round(0.299 * pale[0] + 0.587 * pale[1] + 0.114 * pale[2]),)

    def text_width(self, text: str, size_mm: float) -> float:
        """Width in millimetres of the text at this height."""
        box = cv2.getTextSize((0, 0), text, (0, 0), self._font, max(round(size_mm * self.scale), 4), 400)
        return float(box[2]) / self.scale

    def text(
        self,
        text: str,
        x_mm: float,
        base_mm: float,
        size_mm: float,
        *,
        colour: Colour = BLACK,
        bold: bool = False,
        record: bool = True,
    ) -> float:
        """Write one line from its left end on the baseline; return where it ends, in millimetres."""
        if record and 1 <= len(self.lines) <= self._changed_lines:  # the first line is the heading
            text = text.translate(_SWAPS)
        origin = (round(x_mm * self.scale), round(base_mm * self.scale))
        size = max(round(size_mm * self.scale), 4)
        copies = (0, max(round(size / 28), 1)) if bold else (0,)
        end_px = origin[0]
        for offset in copies:  # the font has one weight: bold is made by writing twice
            end, _ = cv2.putText(
                self.pixels, text, (origin[0] + offset, origin[1]), self.tone(colour), self._font, size, 400
            )
            end_px = end[0]
        if record and text.strip():
            width = (end_px - origin[0]) / self.scale
            self.record_line(text, x_mm, base_mm - 0.88 * size_mm, width, 1.08 * size_mm)
        return float(end_px) / self.scale

    def centred(
        self, text: str, base_mm: float, size_mm: float, *, colour: Colour = BLACK, bold: bool = False
    ) -> None:
        """Write one line in the middle of the sheet."""
        self.text(
            text,
            (self.width_mm - self.text_width(text, size_mm)) / 2,
            base_mm,
            size_mm,
            colour=colour,
            bold=bold,
        )

    def column(
        self,
        text: str,
        x_mm: float,
        top_mm: float,
        size_mm: float,
        pitch_mm: float,
        *,
        colour: Colour = BLACK,
    ) -> None:
        """Write downwards, one character below the other, centred on the column at x."""
        size = max(round(size_mm * self.scale), 4)
        tone = self.tone(colour)
        for place, character in enumerate(text):
            x = round((x_mm - size_mm / 2) * self.scale)
            y = round((top_mm + place * pitch_mm + 0.88 * size_mm) * self.scale)
            cv2.putText(self.pixels, character, (x, y), tone, self._font, size, 400)
        if text.strip():
            self.record_line(text, x_mm - size_mm / 2, top_mm, size_mm, len(text) * pitch_mm)

    def rule(
        self, x0: float, y0: float, x1: float, y1: float, *, width_mm: float = 0.3, colour: Colour = BLACK
    ) -> None:
        """Draw a straight line between two points in millimetres."""
        self.polyline(np.array([(x0, y0), (x1, y1)]), width_mm=width_mm, colour=colour)

    def polyline(
        self,
        points_mm: np.ndarray,
        *,
        width_mm: float = 0.3,
        colour: Colour = BLACK,
        closed: bool = False,
        record: bool = True,
    ) -> None:
        """Draw a line through points (n, 2) in millimetres."""
        fixed = np.round(points_mm * self.scale * (1 << _SHIFT)).astype(np.int32)
        thickness = max(round(width_mm * self.scale), 1)
        cv2.polylines(
            self.pixels, [fixed.reshape(-1, 1, 2)], closed, self.tone(colour), thickness, cv2.LINE_AA, _SHIFT
        )
        if record:
            self.record(points_mm, margin_mm=width_mm / 2)

    def ellipse(
        self,
        x: float,
        y: float,
        a: float,
        b: float,
        *,
        width_mm: float = 0.3,
        colour: Colour = BLACK,
        turn: float = 0.0,
    ) -> None:
        """Draw an ellipse around (x, y), half axes a and b in millimetres; a negative width fills it."""
        unit = self.scale * (1 << _SHIFT)
        thickness = -1 if width_mm < 0 else max(round(width_mm * self.scale), 1)
        centre, axes = (round(x * unit), round(y * unit)), (round(a * unit), round(b * unit))
        cv2.ellipse(
            self.pixels, centre, axes, turn, 0, 360, self.tone(colour), thickness, cv2.LINE_AA, _SHIFT
        )
        reach = max(a, b)
        self.record(
            np.array([(x - reach, y - reach), (x + reach, y + reach)]), margin_mm=max(width_mm, 0) / 2
        )

    def record(self, points_mm: np.ndarray, *, margin_mm: float) -> None:
        """Remember the box around points as inked."""
        low = (points_mm.min(axis=0) - margin_mm) * self.scale
        high = (points_mm.max(axis=0) + margin_mm) * self.scale
        self.boxes.append(Box(float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])))

    def record_line(
        self, text: str, left_mm: float, top_mm: float, width_mm: float, height_mm: float
    ) -> None:
        """Remember a line of writing and the box around it."""
        box = Box(left_mm * self.scale, top_mm * self.scale, width_mm * self.scale, height_mm * self.scale)
        self.boxes.append(box)
        self.lines.append(TextLine(text, box))

    def overlay(self, draw: Callable[[Canvas], None], strength: float) -> None:
        """Draw something transparent, as a seal over writing: both stay visible."""
        layer = Canvas.__new__(Canvas)
        layer.__dict__.update(self.__dict__)
        layer.pixels = np.full_like(self.pixels, 255)
        layer.ink = self.ink * strength
        draw(layer)
        np.minimum(self.pixels, layer.pixels, out=self.pixels)

    def to_pixels(self, value_mm: float) -> int:
        """Millimetres as whole pixels, at least one."""
        return max(round(value_mm * self.scale), 1)
