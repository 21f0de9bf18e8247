"""Where the words of a query stand in the text of a page, and the part of it that shows them best."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ybda_qc.model.folding import Folded, fold_with_places
from ybda_qc.model.query import Query

LENGTH = 70
"""Characters of a snippet."""
MOST_MARKS = 500
"""Places of one word that are marked on a page."""

Span = tuple[int, int]  # first character and the one after the last, in the text of the page


@dataclass(frozen=True, slots=True)
class Part:
    """Some characters of a snippet; a word of the query, or what stands between two."""

    text: str
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with the words of a query.

    Parameters
    ----------
    spans
        Where the words stand, in order; what overlaps is one.
    snippet
        Around the place where most of the words stand close together.
    """

    spans: tuple[Span, ...]
    snippet: tuple[Part, ...]

    @property
    def plain(self) -> str:
        """The snippet without marks."""
        return "".join(part.text for part in self.snippet)


def mark_words(text: str, query: Query) -> Marked:
    """Find the wanted words of a query in a text that answers it."""
    folded = fold_with_places(text)
    words = dict.fromkeys(word.text for word in query.words)
    places = sorted(place for word in words for place in _places(folded, word))
    spans = tuple(_joined(places))
    return Marked(spans=spans, snippet=tuple(_snippet(text, folded, spans, _window(text, places))))


def _places(folded: Folded, word: str) -> Iterator[tuple[int, int, str]]:
    """Each place of a word in the original text."""
    at = folded.text.find(word)
    for _ in range(MOST_MARKS):
        if at < 0:
            return
        start, end = folded.original(at, at + len(word))
        yield start, end, word
        at = folded.text.find(word, at + len(word))


def _joined(places: Sequence[tuple[int, int, str]]) -> Iterator[Span]:
    """The places without overlaps."""
    begun: Span | None = None
    for start, end, _ in places:
        if begun and start < begun[1]:
            begun = begun[0], max(begun[1], end)
        else:
            if begun:
                yield begun
            begun = start, end
    if begun:
        yield begun


def _window(text: str, places: Sequence[tuple[int, int, str]]) -> Span:
    """The part of a text in which most words stand, the first of equal ones, with something before them."""
    first, last, most = 0, 0, 0
    for at, (start, _, _) in enumerate(places):
        near = [place for place in places[at : at + LENGTH] if place[1] <= start + LENGTH]
        words = {word for _, _, word in near}
        if len(words) > most or at == 0:
            first, last, most = start, near[-1][1] if near else start + LENGTH, len(words)
    start = max(0, first - (LENGTH - (last - first)) // 3)
    return start, min(len(text), start + LENGTH)


def _snippet(text: str, folded: Folded, spans: Sequence[Span], window: Span) -> Iterator[Part]:
    """The window with its marks; the end of a line is a blank where it parts words, else nothing."""
    first, last = window
    blanks = set(folded.places)

    def plain(start: int, end: int) -> str:
        return "".join(
            text[at] if text[at] != "\n" else " " if at in blanks else "" for at in range(start, end)
        )

    if first:
        yield Part("…", False)
    at = first
    for start, end in spans:
        start, end = max(start, first), min(end, last)  # noqa: PLW2901 - as much as is shown
        if start < end:
            yield Part(plain(at, start), False)
            yield Part(plain(start, end), True)
            at = end
    yield Part(plain(at, last), False)
    if last < len(text):
        yield Part("…", False)
