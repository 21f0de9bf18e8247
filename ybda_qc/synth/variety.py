"""Sound pages of every kind: what a good scan of an archive may look like. No check may hold them up."""

from __future__ import annotations

from typing import Literal, TypeVar

import numpy as np

from ybda_qc.synth import ageing
from ybda_qc.synth.defects import SensorNoise, UnevenLight
from ybda_qc.synth.layouts import LAYOUTS
from ybda_qc.synth.spec import Defect, Mode, PageSpec

_PAPERS = (
    *((255, 255, 255), (250, 250, 248), (248, 246, 240), (244, 240, 228), (238, 230, 208), (226, 212, 178)),
    *((214, 196, 158), (236, 240, 228), (228, 234, 242), (242, 226, 226)),
)
"""White, cream, yellowed, browned, kraft; green, blue and pink forms."""
_SIZES = ((210.0, 297.0), (210.0, 297.0), (184.0, 260.0), (148.0, 210.0), (260.0, 184.0))
_Choice = TypeVar("_Choice")
_SHARP_EDGE = 0.25  # degrees of skew up to which a wedge of the bed stays narrow


def sound_page(
    seed: int, *, layout: str | None = None, mode: Mode | None = None, dpi: float | None = None
) -> PageSpec:
    """A page of chance that was scanned well: hardly askew, hardly bordered, sharp, well lit.

    Its paper may be old, stained, creased or tinted, its ink pale, spread or copied: that is the
    original's.

    Parameters
    ----------
    seed : int
    layout, mode, dpi
        Taken as given; None leaves them to chance. Chance never takes the layout "blank".
    """
    rng = np.random.default_rng([seed, 20])
    chosen = _pick(rng, _MODES)
    kind = chosen if mode is None else mode
    layouts = [name for name in LAYOUTS if name not in _NOT_BY_CHANCE[kind == "bitonal"]]
    layout = layout or layouts[int(rng.integers(len(layouts)))]
    dpi = dpi or float(rng.choice([200.0, 300.0, 300.0, 300.0, 600.0], p=[0.3, 0.2, 0.2, 0.25, 0.05]))
    paper = _PAPERS[int(rng.integers(6 if kind == "bitonal" else len(_PAPERS)))]
    size = _SIZES[int(rng.integers(3 if layout in _NEEDS_A4 else len(_SIZES)))]
    bordered = rng.random() < 0.25
    edge = float(rng.uniform(0.3, 1.2))
    return PageSpec(
        layout=layout,
        seed=seed,
        mode=kind,
        dpi=dpi,
        paper_mm=(210.0, 297.0) if dpi > 300 and size[0] > 210 else size,
        language="en" if rng.random() < 0.15 and layout in ("text", "columns", "typewriter") else "zh",
        typeface=_pick(rng, ("uni", "sans", "italic")),
        angle_degrees=float(rng.uniform(-1, 1) * (_SHARP_EDGE if bordered else 0.5)),
        bed="black" if bordered else "paper",
        border_mm=(edge, edge, edge, edge) if bordered else (0.0, 0.0, 0.0, 0.0),
        paper_rgb=paper,
        texture=float(rng.uniform(0, 5)),
        ink=float(rng.choice([1.0, 1.0, 0.85, 0.7])),
        show_through=float(rng.choice([0.0, 0.0, 0.0, 0.04, 0.08])),
        punch_holes=int(rng.choice([0, 0, 0, 2, 3])) * (layout not in _TO_THE_EDGE),
        page_number=bool(rng.random() < 0.4),
        seal=bool(rng.random() < 0.15),
        blur_px=_scanner_blur(rng, dpi),
        threshold=int(rng.integers(120, 165)),
        printing=_printing(rng, layout),
        ageing=() if kind == "bitonal" else _ageing(rng),
        defects=_scanner(rng, kind),
    )


_MODES: tuple[Mode, ...] = ("colour", "colour", "colour", "grey", "bitonal")
_PICTURES = ("picture", "photograph", "halftone", "illustrated")  # nobody scans these in one bit a pixel
_NOT_BY_CHANCE = (("blank",), ("blank", *_PICTURES))
_TO_THE_EDGE = ("newspaper", "ledger", "picture")
_NEEDS_A4 = (
    "document",
    "cover",
    "title_page",
    "newspaper",
    "illustrated",
    "music",
    "form",
    "table",
    "columns",
)


def _pick(rng: np.random.Generator, choices: tuple[_Choice, ...]) -> _Choice:
    return choices[int(rng.integers(len(choices)))]


def _scanner_blur(rng: np.random.Generator, dpi: float) -> float:
    """No lens is perfect: a point spreads over half to one pixel at 300 dpi, over more at 600."""
    return float(rng.uniform(0.4, 0.8) * (dpi / 300) ** 0.7)


def _printing(rng: np.random.Generator, layout: str) -> tuple[Defect, ...]:
    choices: tuple[tuple[Defect, ...], ...] = (
        (),
        (),
        (ageing.ThickStems(width_mm=float(rng.uniform(0.1, 0.25))),),
        (ageing.InkSpread(width_mm=float(rng.uniform(0.08, 0.15))),),
        (ageing.FadedRibbon(strength=float(rng.uniform(0.55, 0.9))),),
        (ageing.CarbonCopy(strength=float(rng.uniform(0.6, 0.85)), soft_mm=float(rng.uniform(0.06, 0.1))),),
    )
    kind = int(rng.choice(6, p=[0.35, 0.2, 0.2, 0.1, 0.1, 0.05]))
    if kind >= 4 and layout not in ("text", "typewriter", "table", "dot_matrix"):
        kind = 0
    return choices[kind]


def _ageing(rng: np.random.Generator) -> tuple[Defect, ...]:
    """What time did; each with its own chance, most pages have one or none."""
    marks: list[tuple[float, Defect]] = [
        (0.15, ageing.Fibres(per_cm2=float(rng.uniform(1, 6)), levels=float(rng.uniform(8, 30)))),
        (0.08, ageing.LaidLines(levels=float(rng.uniform(3, 8)))),
        (0.12, ageing.Foxing(count=int(rng.integers(10, 120)), depth=float(rng.uniform(0.1, 0.4)))),
        (0.08, ageing.WaterStain(size=float(rng.uniform(0.15, 0.4)), depth=float(rng.uniform(0.05, 0.15)))),
        (0.12, ageing.BrownedEdges(reach_mm=float(rng.uniform(5, 20)), depth=float(rng.uniform(0.1, 0.35)))),
        (0.2, _crease(rng)),
    ]
    chances = rng.random(len(marks))
    return tuple(mark for (share, mark), chance in zip(marks, chances, strict=True) if chance < share)


def _crease(rng: np.random.Generator) -> ageing.Crease:
    return ageing.Crease(
        place=float(rng.choice([0.5, 0.33, 0.67]) + rng.uniform(-0.05, 0.05)),
        across=bool(rng.random() < 0.7),
        slope=float(rng.normal(0, 0.01)),
        levels=float(rng.uniform(10, 40)),
    )


def _scanner(rng: np.random.Generator, mode: Mode) -> tuple[Defect, ...]:
    """The noise and light of a well-kept scanner."""
    photon = float(rng.uniform(0.6, 3.0))
    noise = SensorNoise(
        photon=photon,
        read=0.5 * photon,
        banding=float(rng.uniform(0, 0.3)),
        grain_px=float(rng.choice([0.0, 0.6])),
    )
    kinds: tuple[Literal["side", "corners", "gutter"], ...] = ("side", "corners", "side")
    light = UnevenLight(
        loss=float(rng.uniform(0, 0.06)), kind=_pick(rng, kinds), angle_degrees=float(rng.uniform(0, 360))
    )
    return (light, noise) if mode != "bitonal" else (noise,)
