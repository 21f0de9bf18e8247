"""What checks ask of the text that was read of a page."""

from collections import Counter
from typing import Final

from ybda_qc.model import NotApplicable, PageText

NO_TEXT: Final = NotApplicable(reason="the profile reads no text; see [ocr]")
"""What checks of the batch answer that go by text where none is read."""

_STEP: Final = 0.01


def confidence_at(text: PageText, percent: float) -> float | None:
    """The confidence below which so many per cent of the characters of a page were read; None without any."""
    counts: Counter[float] = Counter()
    for line in text.lines:
        for word in line.words:
            counts[word.confidence] += len(word.text)
    wanted = percent / 100 * counts.total()
    reached = 0
    for confidence, count in sorted(counts.items()):
        reached += count
        if reached >= wanted:
            return confidence
    return None


def is_doubtful(text: PageText) -> bool:
    """Whether a page was read so unsurely that it is likely no print, but handwriting, or a poor scan."""
    median = confidence_at(text, 50)
    return median is None or median < 0.7
