"""Items whose pages show the defects of scanning, one a page."""

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from _samples.batch import A6, Item, Page, Pixels, colour, first
from _samples.papers import LETTERS, PUBLICITY, SITE_MEETING, SUPPLIES
from ybda_qc.synth import PageSpec, draw_page
from ybda_qc.synth.canvas import Canvas
from ybda_qc.synth.defects import (
    Clipped,
    ColourCast,
    Cropped,
    DeadChannel,
    FoldedCorner,
    GreyAsColour,
    LocalBlur,
    Overexposed,
    Recompressed,
    ShowThrough,
    Speckle,
    Streak,
    Upsampled,
)
from ybda_qc.synth.marks import seal
from ybda_qc.synth.spec import MM_PER_INCH, Box, Laid


@dataclass(frozen=True, kw_only=True)
class FacingPage:
    """A strip of the page beside it, whose lines the right edge cuts."""

    neighbour: PageSpec
    strip_mm: float = 4.0

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Lay the first letters of the neighbour over the right margin."""
        page = draw_page(self.neighbour)
        left = round(min(line.box.left for line in page.truth.lines))
        width = round(self.strip_mm * dpi / MM_PER_INCH)
        pixels[:, -width:] = page.pixels[: pixels.shape[0], left : left + width]
        return Laid(pixels=pixels)


@dataclass(frozen=True, kw_only=True)
class Dirt:
    """A grain on the glass, at the same place of every page."""

    place_mm: tuple[float, float]
    size_mm: float = 0.5

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Draw the grain in place."""
        scale = dpi / MM_PER_INCH
        x, y = (round(16 * scale * axis) for axis in self.place_mm)
        cv2.circle(pixels, (x, y), round(8 * scale * self.size_mm), (70, 70, 70), -1, cv2.LINE_AA, 4)
        return Laid(pixels=pixels)


@dataclass(frozen=True, kw_only=True)
class SealOffTheSheet:
    """A seal whose lower rim lies outside the picture."""

    centre_mm: tuple[float, float]
    radius_mm: float = 14.0

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:
        """Stamp the seal over the page."""
        height, width = pixels.shape[:2]
        scale = dpi / MM_PER_INCH
        canvas = Canvas((width / scale, height / scale), scale, colour=True, rng=rng, ink=1.0)
        seal(canvas, *self.centre_mm, radius=self.radius_mm)
        return Laid(pixels=np.minimum(pixels, canvas.pixels[:height, :width]))


@dataclass(frozen=True, kw_only=True)
class FromTheBack:
    """Tracing paper 描图纸 that lay on the glass the wrong way round."""

    def apply(self, pixels: Pixels, *, dpi: float, rng: np.random.Generator) -> Laid:  # noqa: ARG002
        """Mirror the page."""
        mirror = np.array([(-1.0, 0.0, pixels.shape[1]), (0.0, 1.0, 0.0)])
        return Laid(pixels=np.ascontiguousarray(pixels[:, ::-1]), matrix=mirror)


def small(layout: str, seed: int, **options: Any) -> PageSpec:
    """A page of half the usual size: the samples are in a repository."""
    return colour(layout, seed, paper_mm=A6, **options)


def cut_through(spec: PageSpec, depth_px: float) -> PageSpec:
    """The page cropped through the last letters of its lines."""
    page = draw_page(spec)
    boxes = np.array([line.box for line in page.truth.lines])
    left, top = boxes[:, 0].min(), boxes[:, 1].min()
    right, bottom = (boxes[:, 0] + boxes[:, 2]).max(), (boxes[:, 1] + boxes[:, 3]).max()
    content = Box(left, top, right - left, bottom - top)
    return replace(spec, defects=(Cropped.through(content, page.pixels.shape, "right", depth_px),))


def edges_and_sizes() -> Item:
    """What is wrong at the edges of a page, and what has to be told without its size."""
    unknown_size = ["resolution/missing"]
    return Item(
        code="B470-WS·2022-Y-XM-0004",
        paper=SITE_MEETING,
        planted=[
            "page_outlier/other-contrast",  # the page without one clear edge
            "page_outlier/other-size",  # the sheets that are cut
        ],
        pages=[
            Page(
                spec=cut_through(first(SITE_MEETING, 71, paper_mm=A6), 20),
                planted=["cropped_content/cut-text", "paper_size/unknown"],
            ),
            Page(
                spec=small("text", 72, defects=(FacingPage(neighbour=small("text", 73)),)),
                planted=["cropped_content/cut-strip"],
            ),
            Page(
                spec=small("text", 74, bed="black", border_mm=(7.0, 0.0, 0.0, 0.0)),
                dpi=None,
                planted=[*unknown_size, "dark_border/over-share"],
            ),
            Page(
                spec=small("text", 80, bed="black", border_mm=(1.5, 1.5, 1.5, 1.5)),
                planted=["dark_border/margin-too-small"],
            ),
            Page(
                spec=small("text", 75, blur_px=3.0, defects=(FoldedCorner(corner=1, legs_mm=(22.0, 19.0)),)),
                dpi=None,
                planted=[*unknown_size, "sharpness/blurred-px", "folded_corner/folded-share"],
            ),
            Page(
                spec=small("text", 76, blur_px=12.0, seal=True),
                quality=92,
                planted=["sharpness/unsure", "skew/unsure"],
            ),
            Page(spec=small("text", 77, quarter_turns=2), planted=["orientation/rotated"]),
            Page(spec=small("text", 122, defects=(Speckle(per_cm2=9.0),)), planted=["speckle/specks"]),
            Page(
                spec=small("text", 123, defects=(ShowThrough(strength=0.2),)),
                planted=["show_through/strong"],
            ),
            Page(spec=small("text", 78), turned_by_tag=6, planted=["metadata/turned-by-tag"]),
            Page(
                spec=small("text", 79, defects=(Upsampled(factor=2.0),)),
                planted=["true_resolution/upsampled"],
            ),
            Page(
                spec=small("text", 127, defects=(SealOffTheSheet(centre_mm=(70.0, 142.0)),)),
                planted=["cropped_content/cut-seal"],
            ),
            Page(
                spec=cut_through(small("text", 147), -3),
                planted=["cropped_content/no-margin", "paper_size/unknown"],
            ),
            Page(
                spec=cut_through(small("table", 136), -8),
                planted=["cropped_content/cut-table", "paper_size/unknown"],
            ),
            Page(
                spec=small("text", 154, defects=(FromTheBack(),)),
                planted=["text_confidence/unsure"],
            ),
        ],
    )


def light_and_colour() -> Item:
    """What is wrong with light and colour."""
    pale = first(SUPPLIES, 81, paper_mm=A6, defects=(Overexposed(lift=200),))
    hard = small("text", 82, seal=True, page_number="- 2 -", defects=(Clipped(levels=100),))
    return Item(
        code="B470-WS·2022-Y-XM-0005",
        paper=SUPPLIES,
        planted=[
            "page_outlier/other-tint",
            "page_number_order/swapped",
        ],
        pages=[
            Page(
                spec=pale,
                quality=95,
                planted=["exposure/too-bright", "exposure/clipped"],
            ),
            Page(
                spec=hard,
                planted=["exposure/clipped"],
            ),
            Page(
                spec=small(
                    "text", 83, page_number="- 4 -", defects=(ColourCast(levels=80.0, channels=(0,)),)
                ),
                planted=["true_colour/colour-cast"],
            ),
            Page(
                spec=small("text", 84, page_number="- 3 -", defects=(DeadChannel(),)),
                planted=["true_colour/channel-missing"],
            ),
            Page(
                spec=small("text", 85, page_number="- 5 -", defects=(GreyAsColour(),)),
                planted=["true_colour/grey-as-colour"],
            ),
            Page(
                spec=small("text", 86, page_number="- 6 -", mode="grey"), planted=["colour_mode/not-allowed"]
            ),
            Page(spec=small("text", 87, page_number="- 7 -")),
        ],
    )


def streaked() -> Item:
    """A dirty glass: the same streak and the same speck on every page."""
    dirt = Dirt(place_mm=(31.0, 143.0))
    dirty = {"paper_mm": A6, "defects": (Streak(place=0.62, width_px=2, level=70), dirt)}
    specs = [
        first(PUBLICITY, 91, page_number="- 1 -", **dirty),
        colour("text", 92, page_number="- 2 -", **dirty),
        colour("text", 93, page_number="- 4 -", **dirty),  # two sheets drawn in at once
        colour("text", 94, page_number="- 5 -", **dirty),
    ]
    return Item(
        code="B470-WS·2022-D30-XM-0001",
        paper=PUBLICITY,
        planted=["page_number_order/missing"],
        pages=[Page(spec=spec, planted=["scanner_line/streak"]) for spec in specs],
    )


def sheets() -> Item:
    """What befalls sheets: a corner folds, one lifts off the glass, one is scanned or saved twice."""
    full = {"font_mm": 3.2, "page_number": "- 2 -"}
    twice = {"seal": True, "page_number": "- 3 -"}
    again = {"angle_degrees": 0.9, "exposure": 0.97, "noise": 0.5}
    return Item(
        code="B470-WS·2022-D30-XM-0002",
        paper=LETTERS,
        planted=["page_number_order/repeated"],
        pages=[
            Page(
                spec=first(
                    LETTERS, 121, page_number="- 1 -", defects=(FoldedCorner(corner=1, legs_mm=(22.0, 19.0)),)
                ),
                planted=["folded_corner/folded"],
            ),
            Page(
                spec=colour("text", 124, defects=(LocalBlur(radius_mm=0.6, reach=0.6),), **full),
                planted=["sharpness/partly-blurred"],
            ),
            Page(spec=colour("document", 125, **twice)),
            Page(spec=colour("document", 125, **twice, **again)),  # the same sheet, see `spoil`
            Page(
                spec=small("text", 126, page_number="- 4 -", defects=(Recompressed(quality=45),)),
                quality=85,
                planted=["encoding/recompressed"],
            ),
        ],
    )
