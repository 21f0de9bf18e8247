"""Reading order of lines: layouts given as boxes with exact truth, and what simpler methods make of them.

    python benchmarks/reading_order.py [--trials 30] [--first 1000]

A figure is the share of lines that are not followed by the line that follows them in truth. Every third page
is left askew by up to 0.3 degrees. Compared are plain recursive cuts at the widest valley (XY-cut, G. Nagy
and S. Seth, 1984) and T. M. Breuel's order of lines (2003) without rows and columns. The limits of the
product were chosen on other trials of like layouts.
"""

import argparse
import math
import random
from collections.abc import Callable, Sequence
from itertools import pairwise

from ybda_qc.ocr.order import reading_order, topological_order
from ybda_qc.ocr.rectangle import Rectangle, laid_down

Lines = list[Rectangle]
HEIGHT, PITCH, WIDTH, GUTTER = 5.0, 8.0, 180.0, 7.0


# --- layouts, in reading order -----------------------------------------------------------------------------
def text(
    chance: random.Random, left: float, width: float, count: int, *, top: float = 0.0, size: float = 1.0
) -> Lines:
    """A column of justified text: a tenth of the lines are indented, a seventh ends early."""
    lines = []
    for number in range(count):
        start = left + (10 * size if chance.random() < 0.1 else 0)
        share = chance.uniform(0.2, 0.9) if chance.random() < 0.15 else chance.uniform(0.96, 1.0)
        end = max(start + 10 * size, left + share * width)
        high = top + number * PITCH * size
        place = (start, high, end, high + HEIGHT * size)
        lines.append(Rectangle(*(edge + chance.uniform(-0.3, 0.3) * size for edge in place)))
    return lines


def columns(chance: random.Random, counts: Sequence[int], left: float = 0.0, top: float = 0.0) -> Lines:
    """Columns side by side in the width of the page from `left` on."""
    width = (WIDTH + GUTTER - left) / len(counts) - GUTTER
    return [
        line
        for place, count in enumerate(counts)
        for line in text(chance, left + place * (width + GUTTER), width, count, top=top)
    ]


def row(top: float, *cells: tuple[float, float]) -> Lines:
    """Cells by left edge and width."""
    return [Rectangle(left, top, left + width, top + HEIGHT) for left, width in cells]


def _one_column(chance: random.Random) -> Lines:
    return text(chance, 0, WIDTH, 30)


def _two_columns_under_a_heading(chance: random.Random) -> Lines:
    counts = (chance.randint(15, 30), chance.randint(10, 30))
    return [Rectangle(40, -25, 150, -12), *columns(chance, counts)]


def _three_columns_heading_and_foot(chance: random.Random) -> Lines:
    counts = [chance.randint(15, 30) for _ in range(3)]
    return [Rectangle(70, -20, 112, -10), *columns(chance, counts), Rectangle(85, 260, 95, 265)]


def _articles_one_below_the_other(chance: random.Random) -> Lines:
    lines, top = [], 0.0
    for _ in range(3):
        count = chance.randint(6, 12)
        lines += [Rectangle(0, top, chance.uniform(90, 180), top + 8)]
        lines += columns(chance, (count, count - chance.randint(0, 2)), top=top + 12)
        top += 17 + count * PITCH
    return lines


def _heading_over_two_of_three(chance: random.Random) -> Lines:
    return [
        Rectangle(40, -25, 150, -12),
        *text(chance, 0, 55, 32),
        Rectangle(62, 0, 178, 12),
        *columns(chance, (30, 29), left=62, top=16),
    ]


def _newspaper(chance: random.Random) -> Lines:
    """A heading over two of four to six columns, a picture in two others or the same."""
    count = chance.choice([4, 5, 6])
    width = WIDTH / count - 5
    heading, picture = chance.randint(0, count - 2), chance.randint(0, count - 2)
    picture_top = chance.randint(44, 110)
    lines = [Rectangle(60, -30, 125, -12)]
    for place in range(count):
        left = place * WIDTH / count
        if place == heading:
            lines.append(Rectangle(left, 0, left + WIDTH / count + width, 10))
        top = chance.uniform(-0.5, 0.5) + (14 if place in (heading, heading + 1) else 0)
        column = text(chance, left, width, 40, top=top, size=0.7)
        has_picture = place in (picture, picture + 1)
        lines += [
            line for line in column if not (has_picture and picture_top - 2 < line.top < picture_top + 70)
        ]
    return lines


def _columns_round_a_picture(chance: random.Random) -> Lines:
    def beside(line: Rectangle) -> bool:
        return 60 < line.top < 180

    left, right = text(chance, 0, 86, 30), text(chance, 93, 86, 30)
    return [line._replace(right=min(line.right, 50)) if beside(line) else line for line in left] + [
        line._replace(left=max(line.left, 130), right=max(line.right, 150)) if beside(line) else line
        for line in right
    ]


def _table(chance: random.Random) -> Lines:
    edges = chance.choice([(0, 40, 100, 150), (0, 15, 90, 130), (0, 60, 120), (0, 12, 70, 140)])
    widths = [end - start - 6 for start, end in zip(edges, (*edges[1:], WIDTH), strict=True)]
    return [
        cell
        for number in range(chance.randint(8, 25))
        for cell in row(
            9 * number,
            *((edge, chance.uniform(0.3, 1) * width) for edge, width in zip(edges, widths, strict=True)),
        )
    ]


def _text_above_a_table(chance: random.Random) -> Lines:
    below = [line._replace(top=line.top + 90, bottom=line.bottom + 90) for line in _table(chance)]
    return text(chance, 0, WIDTH, 10) + below


def _table_of_numbers(chance: random.Random) -> Lines:
    lines = [Rectangle(60, -20, 120, -10)]
    for number in range(14):
        widths = [chance.uniform(8, 25) for _ in range(5)]
        lines += row(9 * number, *((40 * place + 30 - width, width) for place, width in enumerate(widths)))
    return lines


def _table_of_several_lines_a_cell(chance: random.Random) -> Lines:
    """Cells of one line are centred on a cell of up to three."""
    lines, top = [], 0.0
    for _ in range(10):
        count = chance.choice([1, 2, 3])
        centre = top + (count - 1) * PITCH / 2
        lines += row(centre, (0, chance.uniform(8, 12)), (20, chance.uniform(20, 40)))
        for number in range(count):
            is_last = number == count - 1
            lines += row(top + PITCH * number, (70, chance.uniform(15, 60) if is_last else 58))
        lines += row(centre, (140, chance.uniform(15, 30)))
        top += PITCH * count + 3
    return lines


def _letter(chance: random.Random) -> Lines:
    head = [Rectangle(50, -40, 130, -25), *row(-15, (0, 50), (110, 68))]
    return head + text(chance, 0, WIDTH, 18, top=5) + row(170, (120, 55)) + row(180, (130, 45))


def _form(chance: random.Random) -> Lines:
    lines = [Rectangle(60, -20, 120, -10)]
    for number in range(10):
        values = chance.uniform(20, 50), chance.uniform(10, 50)
        lines += row(12 * number, (0, 18), (25, values[0]), (95, 18), (120, values[1]))
    return lines


def _notes_on_the_margin(chance: random.Random) -> Lines:
    notes = text(
        chance, 0, 26, chance.randint(4, 9), top=chance.uniform(10, 90), size=chance.uniform(0.68, 0.76)
    )
    return notes + text(chance, 40, 140, 28)


def _table_of_contents(chance: random.Random) -> Lines:
    lines = [Rectangle(75, -20, 105, -10)]
    for number in range(20):
        width = chance.choice((6, 9))
        lines += row(9 * number, (0, chance.uniform(50, 150)), (178 - width, width))
    return lines


def _labels_before_paragraphs(chance: random.Random) -> Lines:
    lines, top = [], 0.0
    for _ in range(8):
        count = chance.randint(1, 4)
        lines += row(top, (0, 16)) + [line for n in range(count) for line in row(top + PITCH * n, (25, 148))]
        top += PITCH * count + 3
    return lines


def _ragged_index(chance: random.Random) -> Lines:
    return [
        line
        for left in (0, 62, 124)
        for n in range(30)
        for line in row(7 * n, (left, chance.uniform(25, 52)))
    ]


def _vertical(chance: random.Random) -> Lines:
    return [
        laid_down(200 - 9 * n, 0, 205 - 9 * n, chance.choice((200, 200, 200, 120, 60))) for n in range(14)
    ]


def _vertical_in_tiers(chance: random.Random) -> Lines:
    return [
        laid_down(200 - 9 * n, top, 205 - 9 * n, top + (50 if chance.random() < 0.15 else 100))
        for top in (0, 105)
        for n in range(20)
    ]


LAYOUTS: tuple[Callable[[random.Random], Lines], ...] = (
    _one_column,
    _two_columns_under_a_heading,
    _three_columns_heading_and_foot,
    _articles_one_below_the_other,
    _heading_over_two_of_three,
    _newspaper,
    _columns_round_a_picture,
    _table,
    _text_above_a_table,
    _table_of_numbers,
    _table_of_several_lines_a_cell,
    _letter,
    _form,
    _notes_on_the_margin,
    _table_of_contents,
    _labels_before_paragraphs,
    _ragged_index,
    _vertical,
    _vertical_in_tiers,
)


# --- methods -----------------------------------------------------------------------------------------------
def by_cuts(lines: Sequence[Rectangle]) -> list[int]:
    """Recursive cuts at the widest valley."""

    def valley(spans: Sequence[tuple[float, float]]) -> tuple[float, float]:
        """Width and start of the widest."""
        widest, reached = (0.0, 0.0), min(spans)[0]
        for start, end in sorted(spans):
            widest = max(widest, (start - reached, reached))
            reached = max(reached, end)
        return widest

    def ordered(places: list[int]) -> list[int]:
        across, edge = valley([(lines[place].left, lines[place].right) for place in places])
        down, level = valley([(lines[place].top, lines[place].bottom) for place in places])
        if max(across, down) <= 0:
            return sorted(places, key=lambda place: (lines[place].middle, lines[place].left))
        if across > down:
            first = [place for place in places if lines[place].right <= edge]
        else:
            first = [place for place in places if lines[place].bottom <= level]
        return ordered(first) + ordered([place for place in places if place not in first])

    return ordered(list(range(len(lines))))


METHODS: dict[str, Callable[[Sequence[Rectangle]], list[int]]] = {
    "XY-cut": by_cuts,
    "Breuel, lines alone": topological_order,
    "product": reading_order,
}


# --- figures -----------------------------------------------------------------------------------------------
def wrong(layout: Callable[[random.Random], Lines], seed: int) -> list[float]:
    """Share of wrong successions on one page, by method."""
    chance = random.Random(seed)
    lines = layout(chance)
    slope = math.radians(chance.uniform(-0.3, 0.3)) if seed % 3 == 2 else 0.0
    slips = [slope * (line.left + line.right) / 2 for line in lines]
    lines = [
        line._replace(top=line.top + slip, bottom=line.bottom + slip)
        for line, slip in zip(lines, slips, strict=True)
    ]
    shuffled = chance.sample(range(len(lines)), len(lines))
    shares = []
    for method in METHODS.values():
        order = [shuffled[place] for place in method([lines[place] for place in shuffled])]
        right = sum(second == first + 1 for first, second in pairwise(order))
        shares.append(1 - right / (len(lines) - 1))
    return shares


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--trials", type=int, default=30)
    parser.add_argument("--first", type=int, default=1000, help="seed of the first trial")
    options = parser.parse_args()
    print("| | " + " | ".join(METHODS) + " |\n|---|" + "---|" * len(METHODS))
    means = []
    for layout in LAYOUTS:
        pages = [wrong(layout, options.first + trial) for trial in range(options.trials)]
        means.append([sum(column) / len(pages) for column in zip(*pages, strict=True)])
        cells = " | ".join(f"{mean:.3f}" for mean in means[-1])
        print(f"| {layout.__name__.replace('_', ' ').strip()} | {cells} |", flush=True)
    overall = " | ".join(f"{sum(column) / len(means):.3f}" for column in zip(*means, strict=True))
    print(f"| mean | {overall} |")


if __name__ == "__main__":
    main()
