"""The text layer 文本层 of a PDF page against the page itself, as it was read."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from pydantic import Field

from ybda_qc.checks._base import Method as BaseMethod
from ybda_qc.checks._base import Needs, PageCheck
from ybda_qc.checks._comparable import comparable
from ybda_qc.checks._limits import Below, Code, Flag, Limits
from ybda_qc.imaging.formats.pdf_text import TextLayer
from ybda_qc.imaging.view import PageView
from ybda_qc.model import (
    Box,
    CheckResult,
    Facts,
    Finding,
    Measured,
    Measurement,
    NotApplicable,
    PageText,
    TextLine,
    Unit,
    stepped,
)

_STEP: Final = 0.01
_ROUND_A_LINE: Final = 0.5  # of its height: other engines draw other boxes
_LEAST_SIMILARITY: Final = 0.3  # less is another text, whose places say nothing
_MAX_BOXES: Final = 8


class Method(BaseMethod):
    """How much must stand on a page."""

    least_characters: int = Field(
        default=20, ge=5, description="characters read, below which nothing is compared"
    )


class TextLayerCheck(PageCheck):
    """A PDF page that can be read has a text layer 文本层, whose words stand where they are read on the page.

    Why: people find a page by its text layer and copy from it. In searchable PDF 双层PDF it is sometimes
    left out on some pages, belongs to another page, was made of an earlier scan, or lies beside the writing,
    so that the wrong place is marked. The layer is compared with a fresh reading of the page: by their pairs
    of neighbouring characters, in any order, and by the lines in which its characters lie. Two engines that
    both read well agree in nine of ten pairs; a layer with one wrong character in ten still keeps about
    eight, that of another page one or two.

    Remedy: have the text layer made again from the images delivered. Where it differs a little, look which of
    the two is right: the fresh reading is an estimate too.
    """

    id = "text_layer"
    title = "Text layer"
    version = 1
    needs = Needs.TEXT
    method = Method
    codes = (
        Code(
            name="missing",
            title="PDF pages without a text layer",
            template="the page has no text layer, though {characters} characters can be read on it",
            limits=Flag,
        ),
        Code(
            name="different",
            title="text layers of another text",
            template="the text layer agrees with the page in {value:.0%} only, below {limit:.0%}",
            limits=Below,
        ),
        Code(
            name="misplaced",
            title="text layers beside the writing",
            template="only {value:.0%} of the text layer lies on its writing, below {limit:.0%}",
            limits=Below,
        ),
    )

    def measure(self, view: PageView, method: Method) -> Sequence[Measured] | NotApplicable:
        """Characters read and in the layer, the pairs that both have, and what lies in place."""
        layer, text = view.text_layer, view.text
        assert text is not None, "planned for pages whose text was read"
        if layer is None:
            return NotApplicable(reason="only PDF has a text layer")
        read = comparable(text.text)
        if len(read) < method.least_characters:
            return NotApplicable(reason="too little was read on the page to compare a text layer with")
        written = comparable(layer.text)
        measured = [
            Measurement(quantity="characters_read", value=len(read), unit=Unit.COUNT),
            Measurement(quantity="characters_in_layer", value=len(written), unit=Unit.COUNT),
        ]
        if written:
            alike = _similarity(read, written)
            measured.append(_ratio("similarity", alike))
            if alike >= _LEAST_SIMILARITY:
                measured.append(_placed(layer, text))
        return measured

    def judge(self, result: CheckResult, limits: Limits, facts: Facts) -> Iterator[Finding]:  # noqa: ARG002
        """No layer, another text, or the right text in the wrong place."""
        alike, placed = result.number("similarity"), result.number("in_place")
        read = result.number("characters_read")
        if alike is None and read is not None:
            yield from limits.flag("missing", characters=int(read.value))
        elif alike is not None:
            yield from limits.grade("different", alike.value, unit=Unit.RATIO)
        if placed is not None:
            yield from limits.grade("misplaced", placed.value, unit=Unit.RATIO, boxes=placed.boxes)


def _similarity(one: str, other: str) -> float:
    """Share of the pairs of neighbouring characters that two texts have in common (Dice 1945)."""
    pairs = [Counter(pairwise(text)) for text in (one, other)]
    together = sum(counts.total() for counts in pairs)
    return 2 * (pairs[0] & pairs[1]).total() / together if together else float(one == other)


def _placed(layer: TextLayer, text: PageText) -> Measurement:
    """Share of the characters in lines of the layer that lie on a line that has them."""
    known = set(comparable(text.text))
    lines = [(line, set(comparable(line.text))) for line in text.lines]
    count, beside = 0, []
    for letter, (x, y) in zip(layer.text, layer.middles, strict=True):
        form = comparable(letter)
        if form and form in known:
            count += 1
            if not any(form in letters and _is_on(line, x, y) for line, letters in lines):
                beside.append(Box(left=max(0, x), top=max(0, y), width=1, height=1))
    share = 1.0 - len(beside) / count if count else 1.0
    return _ratio("in_place", share, tuple(beside[:_MAX_BOXES]))


def _is_on(line: TextLine, x: int, y: int) -> bool:
    box, room = line.box, _ROUND_A_LINE * min(line.box.width, line.box.height)
    across = box.left - room <= x <= box.left + box.width + room
    return across and box.top - room <= y <= box.top + box.height + room


def _ratio(quantity: str, value: float, boxes: tuple[Box, ...] = ()) -> Measurement:
    return Measurement(quantity=quantity, value=stepped(value, _STEP), unit=Unit.RATIO, boxes=boxes)
