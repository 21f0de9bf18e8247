"""Which check ought to speak of which defect, and on what pages a defect can be asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from ybda_qc.synth import DEFECTS, LAYOUTS, PageSpec, Scale
from ybda_qc.synth.defects import Cropped


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One defect and the check that has to find it.

    Parameters
    ----------
    defect
        Name in `ybda_qc.synth.DEFECTS`, or "cropped", "low_quality", which need more than a finished picture.
    check
        Id; any of its codes counts but those in `other_codes`.
    codes
        The codes that count; empty for all that are not "unsure".
    on
        Pages that the defect can be laid over: colour, tone (not bitonal), lines (of writing), straight (no
        bed around the sheet), filled (not a blank sheet or few words), tinted.
    note_counts
        True where the profile can say no more than a note, because the original may be so.
    """

    defect: str
    check: str
    codes: frozenset[str] = frozenset()
    on: frozenset[str] = frozenset()
    note_counts: bool = False


def _case(defect: str, check: str, *on: str, codes: Sequence[str] = (), note_counts: bool = False) -> Case:
    return Case(defect=defect, check=check, codes=frozenset(codes), on=frozenset(on), note_counts=note_counts)


CASES: tuple[Case, ...] = (
    _case("turned", "skew", "lines", "straight", codes=("over-limit",)),
    _case("quarter_turned", "orientation", "lines", codes=("rotated",)),
    _case("dark_band", "dark_border", "straight"),
    _case("cropped", "cropped_content", "lines", "straight"),
    _case("folded_corner", "folded_corner", "tone", "straight"),
    _case("defocus", "sharpness", "tone", "filled"),
    _case("gaussian_blur", "sharpness", "tone", "filled"),
    _case("motion_blur", "sharpness", "tone", "filled"),
    _case("local_blur", "sharpness", "tone", "full"),
    _case("upsampled", "true_resolution", "tone", "filled"),
    _case("streak", "scanner_line", "tone"),  # one bit a pixel keeps none of a faint one
    _case("dead_element", "scanner_line"),
    _case("bright_streak", "scanner_line", "tone", "tinted"),
    _case("speckle", "speckle", note_counts=True),
    _case("show_through", "show_through", "tone", "filled", note_counts=True),
    _case("underexposed", "exposure", "tone", "filled", codes=("too-dark", "low-contrast", "clipped")),
    _case("overexposed", "exposure", "tone", "filled", codes=("too-bright", "low-contrast", "clipped")),
    _case("low_contrast", "exposure", "tone", "filled", codes=("low-contrast", "too-dark", "too-bright")),
    _case("grey_as_colour", "true_colour", "colour", note_counts=True),
    _case("colour_cast", "true_colour", "colour", note_counts=True),
    _case("dead_channel", "true_colour", "colour", note_counts=True),
    _case("low_quality", "encoding", "tone", codes=("low-jpeg-quality",)),
    _case("recompressed", "encoding", "tone", note_counts=True),
)
_ALSO = {
    # what else a check may rightly say of a page with this defect
    "turned": {"dark_border", "cropped_content"},
    "dark_band": {"page_outlier", "paper_size"},
    "folded_corner": {"dark_border", "cropped_content"},
    "defocus": {"true_resolution", "exposure"},
    "gaussian_blur": {"true_resolution", "exposure"},
    "motion_blur": {"true_resolution", "exposure"},
    "local_blur": {"true_resolution"},
    "upsampled": {"sharpness", "encoding"},
    "streak": {"speckle"},
    "dead_element": {"speckle"},
    "speckle": {"exposure"},
    "show_through": {"exposure"},
    "underexposed": {"show_through"},
    "overexposed": {"blank_page", "sharpness"},
    "low_contrast": {"blank_page", "sharpness"},
    "dead_channel": {"exposure"},
    "low_quality": {"sharpness", "true_resolution"},
    "recompressed": {"true_resolution", "sharpness"},
}
LOW_QUALITY = Scale(
    "JPEG quality of the file", "", (80, 60, 40, 25, 10), 25, "blocks of 8 pixels stand around every letter"
)


def scale_of(defect: str) -> Scale:
    """The strengths of a defect."""
    if defect == "low_quality":
        return LOW_QUALITY
    return Cropped.scale if defect == "cropped" else DEFECTS[defect].scale


def is_justified(check: str, defect: str | None) -> bool:
    """Whether a check may speak of a page that has this defect (None: none)."""
    if defect is None:
        return False
    return check in _ALSO.get(defect, ()) or any(c.check == check for c in CASES if c.defect == defect)


_SPARSE = ("sparse", "title_page", "cover", "blank")
_TEXTLESS = ("picture", "photograph", "halftone", "drawing", "handwriting", "letter")


def suits(spec: PageSpec, on: frozenset[str]) -> bool:
    """Whether a defect with these wishes can be laid over a page."""
    answers = {
        "colour": spec.mode == "colour",
        "tone": spec.mode != "bitonal",
        "lines": LAYOUTS[spec.layout].has_text_lines and spec.layout not in (*_SPARSE, "letter"),
        "straight": spec.bed == "paper" and spec.layout != "picture",
        "filled": spec.layout not in (*_SPARSE, "picture", "photograph", "halftone"),
        "full": spec.layout not in (*_SPARSE, *_TEXTLESS, "form", "music", "table", "ledger", "illustrated"),
        "tinted": max(spec.paper_rgb) < 245 or spec.layout in ("picture", "halftone"),
    }
    return all(answers[wish] for wish in on)
