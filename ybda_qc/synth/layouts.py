"""Arrangements of a sheet in lines of writing, and the list of all arrangements.

A layout is a function that draws on a `Canvas`. A new one is a function here or in a file beside
it, plus its line in `LAYOUTS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ybda_qc.synth import layouts_graphic, layouts_printed, layouts_ruled, marks, vocabulary
from ybda_qc.synth.canvas import RED, Canvas
from ybda_qc.synth.spec import Wording

_NEVER_FIRST = "，。；：、！？）》」』〕”’"
_MARGIN = 0.12
"""Of a sheet with given words, as a share of its width."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What a layout may be told: language of the words, height of the letters in mm, which printed form."""

    language: str = "zh"
    font_mm: float | None = None
    form_seed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a sheet is filled, and whether its lines show an angle."""

    draw: Callable[[Canvas, Style], None]
    has_text_lines: bool = True


def _wrap(
    canvas: Canvas, text: str, size: float, width: float, indent: float, *, hanging: str = ""
) -> list[tuple[float, str]]:
    """Break a paragraph into (indent, line) that fit the width, all in millimetres, but for hanging marks."""
    lines: list[tuple[float, str]] = []
    room, line = width - indent, ""
    parts = text.split(" ") if " " in text else list(text)
    glue = " " if " " in text else ""
    for part in parts:
        candidate = line + glue + part if line else part
        if line and part not in hanging and canvas.text_width(candidate, size) > room:
            lines.append((indent if not lines else 0.0, line))
            line, room = part, width
        else:
            line = candidate
    lines.append((indent if not lines else 0.0, line))
    return lines


def _body(
    canvas: Canvas,
    style: Style,
    *,
    left: float,
    right: float,
    top: float,
    bottom: float,
    size: float,
    pitch: float,
) -> float:
    """Fill a rectangle with paragraphs; return the baseline that follows."""
    base = top + size
    while base <= bottom:
        text = vocabulary.paragraph(canvas.rng, int(canvas.rng.integers(40, 220)), style.language)
        for indent, line in _wrap(canvas, text, size, right - left, 2 * size):
            if base > bottom:
                break
            canvas.text(line, left + indent, base, size)
            base += pitch
    return base


def text(canvas: Canvas, style: Style) -> None:
    """Page of running text."""
    size = style.font_mm or float(canvas.rng.choice([3.7, 4.2, 5.0, 5.6]))
    margin = canvas.width_mm * 0.12
    pitch = size * float(canvas.rng.uniform(1.4, 2.0))
    bottom = canvas.height_mm * float(canvas.rng.choice([0.9, 0.9, 0.6]))
    _body(
        canvas,
        style,
        left=margin,
        right=canvas.width_mm - margin,
        top=margin,
        bottom=bottom,
        size=size,
        pitch=pitch,
    )


def columns(canvas: Canvas, style: Style) -> None:
    """Two columns of small type whose lines do not stand level with each other."""
    size = style.font_mm or 3.2
    width, gap, middle = canvas.width_mm, 8.0, canvas.width_mm / 2
    canvas.centred(vocabulary.title(canvas.rng, style.language), 28.0, 7.0, bold=True)
    bottom = canvas.height_mm * 0.92
    for left, right, top in ((width * 0.1, middle - gap / 2, 40.0), (middle + gap / 2, width * 0.9, 42.1)):
        _body(canvas, style, left=left, right=right, top=top, bottom=bottom, size=size, pitch=size * 1.5)


def document(canvas: Canvas, style: Style) -> None:
    """Official paper: red letterhead 红头, number, heading, text, signature, red round seal 公章."""
    rng, width = canvas.rng, canvas.width_mm
    size = style.font_mm or 5.4
    office = vocabulary.pick(rng, vocabulary.OFFICES)
    canvas.centred(f"{office}文件", 52.0, 15.0, colour=RED, bold=True)
    number = f"〔{int(rng.integers(1985, 2012))}〕{int(rng.integers(1, 200))}号"
    canvas.centred(f"{office[1:3]}发{number}", 72.0, size)
    canvas.rule(width * 0.12, 76.0, width * 0.88, 76.0, width_mm=0.7, colour=RED)
    canvas.centred(vocabulary.title(rng, style.language), 94.0, 7.2, bold=True)
    canvas.text(f"{vocabulary.pick(rng, vocabulary.SUBJECTS)}：", width * 0.13, 108.0, size)
    end = canvas.height_mm * float(rng.uniform(0.55, 0.75))
    base = _body(
        canvas,
        style,
        left=width * 0.13,
        right=width * 0.87,
        top=110.0,
        bottom=end,
        size=size,
        pitch=size * 1.75,
    )
    base += size * 1.5
    canvas.text(office, width * 0.6, base, size)
    canvas.text(vocabulary.date(rng), width * 0.58, base + size * 1.8, size)
    marks.seal(canvas, width * 0.68, base, strength=float(rng.uniform(0.5, 0.9)))


def sparse(canvas: Canvas, style: Style) -> None:
    """Few words: a title of a volume, or a short note."""
    rng = canvas.rng
    size = style.font_mm or float(rng.choice([5.0, 7.0, 10.0]))
    base = canvas.height_mm * float(rng.uniform(0.15, 0.5))
    heading = vocabulary.title(rng, style.language)
    if rng.random() < 0.5:
        canvas.centred(heading, base, size)
    else:
        canvas.text(heading, canvas.width_mm * 0.15, base, size)
    for _ in range(int(rng.integers(1, 4))):
        base += size * 2.2
        canvas.text(vocabulary.sentence(rng, style.language)[:24], canvas.width_mm * 0.15, base, size * 0.7)


def vertical(canvas: Canvas, style: Style) -> None:
    """Vertical columns 竖排, right to left, with or without rules between them."""
    rng = canvas.rng
    size = style.font_mm or float(rng.choice([4.5, 6.0, 8.0]))
    top, bottom = canvas.height_mm * 0.12, canvas.height_mm * 0.88
    pitch, step = size * float(rng.uniform(1.08, 1.3)), size * float(rng.uniform(1.5, 2.1))
    room = int((bottom - top) / pitch)
    ruled = rng.random() < 0.4
    x = canvas.width_mm * 0.88
    while x > canvas.width_mm * 0.12:
        length = room if rng.random() < 0.75 else int(rng.integers(3, room))
        canvas.column(vocabulary.paragraph(rng, length, "zh"), x, top, size, pitch)
        if ruled:
            canvas.rule(x - step / 2, top - 3, x - step / 2, bottom + 3, width_mm=0.25)
        x -= step


def typewriter(canvas: Canvas, style: Style) -> None:
    """Typed page: even pitch, uneven darkness, letters slightly off the line."""
    rng = canvas.rng
    size = style.font_mm or 3.9
    left, base, pitch = canvas.width_mm * 0.14, 30.0, size * 0.62 if style.language == "en" else size * 1.1
    ink = canvas.ink
    room = int((canvas.width_mm * 0.92 - left) / pitch)  # the carriage stops before the edge of the sheet
    while base < canvas.height_mm * 0.9:
        line = vocabulary.paragraph(
            rng, int(rng.integers(20, 36)) * (2 if style.language == "en" else 1), style.language
        )[:room]
        for place, character in enumerate(line):
            canvas.ink = ink * float(rng.uniform(0.6, 1.0))
            offset = float(rng.normal(0, 0.12))
            canvas.text(character, left + place * pitch, base + offset, size, record=False)
        canvas.record_line(line, left, base - 0.88 * size, len(line) * pitch, 1.08 * size)
        base += size * 1.9
    canvas.ink = ink


def worded(canvas: Canvas, style: Style, wording: Wording) -> None:
    """Page with given words, in sizes that go with the sheet.

    Raises
    ------
    ValueError
        The words do not fit the sheet.
    """
    width = canvas.width_mm * (1 - 2 * _MARGIN)
    left, right = canvas.width_mm * _MARGIN, canvas.width_mm * (1 - _MARGIN)
    size = style.font_mm or width / 28
    base = canvas.height_mm * 0.09
    if wording.letterhead:
        large = min(2.4 * size, width / len(wording.letterhead))
        base += large
        canvas.centred(wording.letterhead, base, large, colour=RED, bold=True)
        base += size
    if wording.number:
        base += 1.4 * size
        canvas.centred(wording.number, base, size)
        base += 0.7 * size
    if wording.letterhead:
        canvas.rule(left, base, right, base, width_mm=0.12 * size, colour=RED)
    if wording.title:
        base += size
        for _, line in _wrap(canvas, wording.title, 1.3 * size, width, 0.0, hanging=_NEVER_FIRST):
            base += 1.9 * size
            canvas.centred(line, base, 1.3 * size, bold=True)
        base += size
    if wording.addressee:
        base += 1.7 * size
        canvas.text(wording.addressee, left, base, size)
    for paragraph in wording.paragraphs:
        for indent, line in _wrap(canvas, paragraph, size, width, 2 * size, hanging=_NEVER_FIRST):
            base += 1.7 * size
            canvas.text(line, left + indent, base, size)
    base = _sign(canvas, wording, base, size)
    if base > canvas.height_mm * 0.93:
        raise ValueError(f"the words need {base:.0f} mm, more than the sheet has")


def _sign(canvas: Canvas, wording: Wording, base: float, size: float) -> float:
    """Signature, date and seal below a text; return the last baseline."""
    middle = canvas.width_mm * 0.68
    base += size
    for line in filter(None, (wording.signature, wording.date)):
        base += 2 * size
        canvas.text(line, middle - canvas.text_width(line, size) / 2, base, size)
    if wording.signature:
        place = base - 1.5 * size
        marks.seal(canvas, middle, place, radius=3.4 * size, strength=0.6, office=wording.signature)
    return base


def blank(canvas: Canvas, style: Style) -> None:
    """Nothing at all."""


LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {
        "text": Layout(draw=text),
        "columns": Layout(draw=columns),
        "document": Layout(draw=document),
        "sparse": Layout(draw=sparse),
        "vertical": Layout(draw=vertical),
        "typewriter": Layout(draw=typewriter),
        "table": Layout(draw=lambda canvas, _: layouts_ruled.table(canvas)),
        "form": Layout(draw=lambda canvas, style: layouts_ruled.form(canvas, style.form_seed)),
        "music": Layout(draw=lambda canvas, _: layouts_ruled.music(canvas)),
        "dot_matrix": Layout(draw=lambda canvas, _: layouts_graphic.dot_matrix(canvas)),
        "handwriting": Layout(
            draw=lambda canvas, _: layouts_graphic.handwriting(canvas), has_text_lines=False
        ),
        "picture": Layout(draw=lambda canvas, _: layouts_graphic.picture(canvas), has_text_lines=False),
        "illustrated": Layout(draw=lambda canvas, _: layouts_graphic.illustrated(canvas)),
        "drawing": Layout(draw=lambda canvas, _: layouts_graphic.drawing(canvas), has_text_lines=False),
        "newspaper": Layout(draw=lambda canvas, _: layouts_printed.newspaper(canvas)),
        "photograph": Layout(draw=lambda canvas, _: layouts_printed.photograph(canvas), has_text_lines=False),
        "halftone": Layout(
            draw=lambda canvas, _: layouts_printed.halftone_page(canvas), has_text_lines=False
        ),
        "cover": Layout(draw=lambda canvas, _: layouts_printed.cover(canvas)),
        "title_page": Layout(draw=lambda canvas, _: layouts_printed.title_page(canvas)),
        "ledger": Layout(draw=lambda canvas, _: layouts_printed.ledger(canvas)),
        "letter": Layout(draw=lambda canvas, _: layouts_printed.letter(canvas)),
        "blank": Layout(draw=blank, has_text_lines=False),
    }
)
"""All layouts by the name that `PageSpec.layout` takes."""
