"""The batch with planted defects: what shows on its pages."""

from _samples.batch import A6, Item, Page, colour, first
from _samples.images import edges_and_sizes, light_and_colour, sheets, small, streaked
from _samples.papers import ACCEPTANCE, ALLOCATION, REGULAR_MEETING, ROTATION


def planted() -> list[Item]:
    """A batch with one of each defect that shows on a page, a name or a folder."""
    text = {"layout": "text"}
    return [
        Item(
            code="B470-WS·2022-Y-XM-0001",
            paper=ACCEPTANCE,
            planted=["page_outlier/other-contrast"],  # the blurred page
            pages=[
                Page(spec=first(ACCEPTANCE, 21)),
                Page(spec=colour(**text, seed=22, angle_degrees=1.8), planted=["skew/over-limit"]),
                Page(spec=colour("table", 23, angle_degrees=-4.5), planted=["skew/over-limit"]),
                Page(spec=colour("blank", 24), quality=95, planted=["blank_page/blank"]),
                Page(
                    spec=colour(**text, seed=26, bed="black", border_mm=(7.0, 0.0, 0.0, 0.0)),
                    planted=["dark_border/over-limit"],
                ),
                Page(
                    spec=colour(**text, seed=27, blur_px=4.0),
                    planted=["sharpness/blurred"],
                ),
                Page(
                    spec=colour("blank", 28, pencil_line=True),
                    quality=95,
                    planted=["blank_page/nearly-blank", "skew/unsure"],
                ),
            ],
        ),
        Item(
            code="B470-WS·2022-Y-XM-0002",
            paper=ROTATION,
            # the dark page and the faint one, as seen from their neighbours
            planted=["page_outlier/other-brightness", "page_outlier/other-contrast"],
            pages=[
                Page(spec=first(ROTATION, 31, paper_mm=A6), dpi=None, planted=["resolution/missing"]),
                Page(
                    spec=small(**text, seed=32, dpi=150.0),
                    dpi=(150, 150),
                    planted=["resolution/below-minimum"],
                ),
                Page(
                    spec=small(**text, seed=33),
                    dpi=(300, 200),
                    planted=["resolution/unequal", "resolution/below-advised", "paper_size/unknown"],
                ),
                Page(
                    spec=small(**text, seed=34),
                    dpi=(2400, 2400),
                    planted=["resolution/implausible", "paper_size/unknown"],
                ),
                Page(spec=small(**text, seed=35, exposure=0.3), planted=["exposure/too-dark"]),
                Page(spec=small(**text, seed=36, ink=0.17), planted=["exposure/low-contrast"]),
                Page(spec=small(**text, seed=38), negative=True, planted=["exposure/inverted"]),
                Page(
                    spec=small(**text, seed=37, page_number=True),
                    quality=20,
                    planted=["encoding/low-jpeg-quality"],
                ),
            ],
        ),
        edges_and_sizes(),
        light_and_colour(),
        streaked(),
        sheets(),
        Item(
            code="B470-WS·2022-D10-XM-0001",
            paper=REGULAR_MEETING,
            recorded=ALLOCATION,
            planted=["title_match/mismatch"],
            pages=[
                Page(spec=first(REGULAR_MEETING, 41, paper_mm=A6)),
                Page(spec=small(**text, seed=42), cut=0.7, planted=["readable/truncated"]),
                Page(spec=small("form", 43)),
            ],
        ),
    ]
