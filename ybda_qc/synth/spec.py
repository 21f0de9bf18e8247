"""What a generated page is, and what is known of it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

MM_PER_INCH = 25.4

Pixels = NDArray[np.uint8]
Mode = Literal["colour", "grey", "bitonal"]
Bed = Literal["paper", "white", "black"]
Language = Literal["zh", "en"]
Sides = tuple[float, float, float, float]
"""Left, top, right, bottom, in millimetres."""

NO_SIDES: Sides = (0.0, 0.0, 0.0, 0.0)


class Box(NamedTuple):
    """Axis-parallel box in pixels of the finished picture, fractions kept."""

    left: float
    top: float
    width: float
    height: float


class TextLine(NamedTuple):
    """One drawn line (or column, for vertical writing) of text and the box around it."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Laid:
    """A picture with something laid over it, and where.

    Attributes
    ----------
    pixels : uint8, (H, W) or RGB (H, W, 3)
    boxes : tuple of Box
        What was touched, in this picture; empty for a fault of the whole picture.
    matrix : float (2, 3) or None
        Moves points (pixel edges at whole numbers) of the picture before into this one; None if nothing
        moved.
    """

    pixels: Pixels
    boxes: tuple[Box, ...] = ()
    matrix: NDArray[np.float64] | None = None


class Defect(Protocol):
    """A fault of the scanner, laid over the finished picture before it becomes bitonal.

    One class a file in `ybda_qc.synth.defects`; `PageSpec.defects` takes any number of them, in order. The
    same protocol serves for what time did to the original: see `PageSpec.ageing`.
    """

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:
        """Return the picture with the fault in it; the argument may be changed in place."""
        ...


class Scale(NamedTuple):
    """Strengths at which a defect is drawn, from hardly there to gross.

    `returnable` is the one among them at which a person would send the page back, `reason` says why.
    """

    quantity: str
    unit: str
    steps: tuple[float, ...]
    returnable: float
    reason: str


class GradedDefect(Defect, Protocol):
    """A defect of a chosen strength; all else about it is left to chance."""

    scale: ClassVar[Scale]

    @classmethod
    def graded(cls, strength: float, rng: np.random.Generator) -> GradedDefect:
        """Return a defect of this strength (of `scale`), everything else drawn from `rng`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What is written on a page from top to bottom; what is empty is not there.

    Attributes
    ----------
    letterhead, number : str
        In red above a red rule 红头, and the document number 文号 between them.
    title, addressee : str
    paragraphs : tuple of str
    signature, date : str
        Below the text, to the right; a signature is sealed with its name.
    """

    letterhead: str = ""
    number: str = ""
    title: str = ""
    addressee: str = ""
    paragraphs: tuple[str, ...] = ()
    signature: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSpec:
    """Description of one generated page.

    Attributes
    ----------
    layout : str
        A key of `ybda_qc.synth.LAYOUTS`.
    wording : Wording or None
        Stands on the page instead of the layout and its words of chance.
    seed : int
        Chooses words and arrangement, and apart from them the noise: two descriptions that differ
        only in angle or noise carry the same content.
    paper_mm, dpi
        Width and height of the sheet, and pixels an inch of the picture.
    mode : {"colour", "grey", "bitonal"}
        Of the finished pixels. Bitonal pages are cut at `threshold` as the very last step.
    language : {"zh", "en"}
    font_mm : float or None
        Height of body text; None leaves it to the layout.
    typeface : {"uni", "sans", "italic"}
        Of what is not Chinese.
    form_seed : int or None
        Layout "form": the printed form, which `seed` then fills in; None leaves both to `seed`.
    changed_lines : int
        In so many lines a few characters differ from the page with 0: a near twin, not a copy.
    angle_degrees : float
        Skew 偏斜; positive = content turned clockwise on screen.
    quarter_turns : int
        Further clockwise turns by 90 degrees of the finished picture (lying or upside down).
    bed : {"paper", "white", "black"}
        What shows where the sheet does not reach; "paper" goes on in the colour of the sheet.
    border_mm : tuple of float
        Left, top, right, bottom: how much more than the sheet the picture shows.
    border_turns : bool
        True: the sheet lies turned on the bed, whose wedges show. False: the skew is in the
        printing, and the border is a straight band of the bed colour.
    expand : bool
        Enlarge the picture so that the turned sheet fits in; else its corners are cut off.
    paper_rgb, texture, shading
        Colour of the paper; strength of its grain (grey levels); darkening from one side, 0..1.
    ink : float
        Darkness of all ink, 1 = as printed, 0.1 = hardly there.
    show_through : float
        0..1, how strongly the other side of the sheet shines through.
    punch_holes : int
        Number of holes along the left edge.
    page_number : bool or str
        A mark laid over any layout, "blank" too, as the next ones are. True leaves the number to chance, a
        text is printed as it stands.
    seal, pencil_line : bool
    seal_strength : float
        0..1, of the seal 公章.
    blur_px, contrast, exposure, noise
        Gaussian sigma in pixels; factor around middle grey; factor of all light; sigma in levels.
    optical_dpi : float or None
        Resolution that the picture really holds, if it was blown up afterwards.
    threshold : int
        Level of the bitonal cut.
    printing : tuple of Defect
        What happened to the ink before it lay on this paper: spread, faded ribbon, carbon copy.
    ageing : tuple of Defect
        What happened to the sheet before it was scanned: stains, creases, foxing.
    defects : tuple of Defect
        Faults of the scan, laid over the finished picture in order.
    """

    layout: str = "text"
    wording: Wording | None = None
    seed: int = 0
    paper_mm: tuple[float, float] = (210.0, 297.0)
    dpi: float = 300.0
    mode: Mode = "grey"
    language: Language = "zh"
    font_mm: float | None = None
    typeface: Literal["uni", "sans", "italic"] = "uni"
    form_seed: int | None = None
    changed_lines: int = 0
    angle_degrees: float = 0.0
    quarter_turns: int = 0
    bed: Bed = "paper"
    border_mm: Sides = NO_SIDES
    border_turns: bool = True
    expand: bool = False
    paper_rgb: tuple[int, int, int] = (248, 246, 240)
    texture: float = 0.0
    shading: float = 0.0
    ink: float = 1.0
    show_through: float = 0.0
    punch_holes: int = 0
    page_number: bool | str = False
    seal: bool = False
    seal_strength: float = 0.9
    pencil_line: bool = False
    blur_px: float = 0.0
    contrast: float = 1.0
    exposure: float = 1.0
    noise: float = 0.0
    optical_dpi: float | None = None
    threshold: int = 150
    printing: tuple[Defect, ...] = ()
    ageing: tuple[Defect, ...] = ()
    defects: tuple[Defect, ...] = ()

    @property
    def pixels_per_mm(self) -> float:
        """Scale of the finished picture."""
        return self.dpi / MM_PER_INCH

    @property
    def is_blank(self) -> bool:
        """True if nobody wrote or printed anything on this side of the sheet."""
        marks = self.page_number or self.seal or self.pencil_line
        return self.layout == "blank" and self.wording is None and not marks


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTruth:
    """What is exactly known of a drawn page.

    Attributes
    ----------
    angle_degrees : float
        As asked for; positive = content turned clockwise. Before any quarter turns.
    upright_turn : int
        0, 90, 180 or 270: clockwise turn that makes the stored pixels upright.
    blank : bool
    has_text_lines : bool
        False for pictures, drawings and blank sheets, whose angle nobody can be asked for.
    ink_boxes : tuple of Box
        Around everything drawn (text, rules, seals, pictures), in the finished picture.
    lines : tuple of TextLine
        What is written, in reading order.
    border_mm : Sides
        Mean depth of the dark bed on each side of the finished picture; zero if it is not dark.
    page_corners : tuple
        The four corners of the sheet (x, y) in the finished picture, clockwise from the corner
        that is top left when upright; they may lie outside the picture.
    defect_boxes : tuple of tuple of Box
        For each defect of the description, what it touched in the finished picture.
    """

    angle_degrees: float
    upright_turn: int
    blank: bool
    has_text_lines: bool
    ink_boxes: tuple[Box, ...]
    lines: tuple[TextLine, ...]
    border_mm: Sides
    page_corners: tuple[tuple[float, float], ...]
    defect_boxes: tuple[tuple[Box, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnPage:
    """A drawn page: uint8 pixels, (H, W) or RGB (H, W, 3), and the truth about them."""

    pixels: Pixels
    truth: PageTruth
