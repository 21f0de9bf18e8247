"""The batch that passes."""

from _samples.batch import Item, Page, colour, first
from _samples.papers import DOCTORS, FUNDS, PROJECTS


def passing() -> list[Item]:
    """A batch without a fault."""
    return [
        Item(
            code="B469-WS·2023-Y-BGS-0001",
            paper=PROJECTS,
            pages=[
                Page(spec=first(PROJECTS, 1, page_number="- 1 -")),
                Page(
                    spec=colour(
                        "text",
                        2,
                        wording=PROJECTS.second_page(),
                        page_number="- 2 -",
                        angle_degrees=0.2,
                    )
                ),
                Page(spec=colour("table", 3, page_number="- 3 -", angle_degrees=-0.3)),
            ],
        ),
        Item(
            code="B469-WS·2023-Y-BGS-0002",
            paper=FUNDS,
            pages=[
                Page(spec=first(FUNDS, 4, paper_rgb=(240, 230, 205), page_number="1")),
                Page(spec=colour("form", 5, paper_rgb=(240, 230, 205), angle_degrees=0.4)),
            ],
        ),
        Item(
            code="B469-WS·2023-D30-BGS-0001",
            paper=DOCTORS,
            pages=[
                Page(spec=first(DOCTORS, 6, angle_degrees=-0.5)),
                Page(spec=colour("vertical", 7)),
                Page(spec=colour("typewriter", 8, page_number="- 3 -", font_mm=3.0)),
            ],
        ),
    ]
