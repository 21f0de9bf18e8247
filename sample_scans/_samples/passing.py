"""The batch that passes."""

from _samples.batch import Item, Page, colour


def passing() -> list[Item]:
    """A batch without a fault."""
    return [
        Item(
            code="B469-WS·2023-Y-BGS-0001",
            title="关于做好年度帮扶项目安排的通知",
            pages=[
                Page(spec=colour("document", 1, seal=True)),
                Page(spec=colour("text", 2, page_number=True, angle_degrees=0.2)),
                Page(spec=colour("table", 3, page_number=True, angle_degrees=-0.3)),
            ],
        ),
        Item(
            code="B469-WS·2023-Y-BGS-0002",
            title="项目资金使用情况的报告",
            pages=[
                Page(spec=colour("text", 4, paper_rgb=(240, 230, 205), page_number=True)),
                Page(spec=colour("form", 5, paper_rgb=(240, 230, 205), angle_degrees=0.4)),
            ],
        ),
        Item(
            code="B469-WS·2023-D30-BGS-0001",
            title="联络组工作简报",
            pages=[
                Page(spec=colour("columns", 6, angle_degrees=-0.5)),
                Page(spec=colour("vertical", 7)),
                Page(spec=colour("typewriter", 8, page_number=True, font_mm=3.0)),
            ],
        ),
    ]
