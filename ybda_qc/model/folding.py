"""Text folded for comparing and searching: what a reader takes for the same is the same.

Full-width forms, case, accents, traditional (繁體) and simplified (简体) characters, and hyphens, dots and
quotation marks that look alike are not told apart. A blank or the end of a line stands only between two
letters or digits of scripts that part words by blanks; Chinese text runs on over its lines, and a word that a
hyphen breaks at the end of a line is whole. Folding goes character by character, so that the place of every
folded character in the original is known, and folded text folds to itself.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

_LOOK_ALIKES = str.maketrans({
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63", "-"),
    **dict.fromkeys("\u2022\u2027\u2219\u22c5\u30fb", "·"),
    **dict.fromkeys("“”„‟", '"'),
    **dict.fromkeys("‘’‚‛", "'"),
})  # fmt: skip
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Mn", "Me"})  # categories: controls, lone surrogates, accents
_WIDE = (
    r"\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    r"\U00016fe0-\U0001b2ff\U00020000-\U0003ffff"
)
_LETTER = rf"[^\W_{_WIDE}]"  # or digit, of a script that parts words by blanks
_GAP = re.compile(rf"(?<=[a-z])-\s*\n\s*(?=[a-z])|(?<={_LETTER})(?P<blank>\s+)(?={_LETTER})|\s+")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text that knows where it comes from.

    Parameters
    ----------
    text
        As `fold` gives it.
    places
        For each of its characters the place of the original character.
    """

    text: str
    places: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where the folded characters ``start`` to before ``end``, at least one, stand in the original."""
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> str:
    """Fold a text; what is folded already stays as it is."""
    return _GAP.sub(_closed, text.translate(_table()))


def fold_with_places(text: str) -> Folded:
    """Fold a text and keep where each character comes from."""
    table = _table()
    pieces = [table[ord(char)] for char in text]
    joined = "".join(pieces)
    places = [place for place, piece in enumerate(pieces) for _ in piece]
    folded, kept, last = [], [], 0
    for gap in _GAP.finditer(joined):
        blank = _closed(gap)
        folded += [joined[last : gap.start()], blank]
        kept += places[last : gap.start()] + places[gap.start() : gap.start() + len(blank)]
        last = gap.end()
    return Folded("".join([*folded, joined[last:]]), kept + places[last:])


def _closed(gap: re.Match[str]) -> str:
    return " " if gap["blank"] else ""


class _Table(dict[int, str]):
    """Code point -> folded character or characters; filled as characters are met."""

    def __init__(self, simplified: dict[int, str]) -> None:
        super().__init__()
        self._simplified = simplified

    def __missing__(self, code: int) -> str:
        folded = self[code] = self._fold(chr(code))
        return folded

    def _fold(self, char: str) -> str:
        if char.isspace():
            return "\n" if char == "\n" else " "
        plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
        seen = (part for part in plain if unicodedata.category(part) not in _UNSEEN and not part.isspace())
        return "".join(seen).translate(_LOOK_ALIKES).translate(self._simplified)


@cache
def _table() -> _Table:
    text = resources.files("ybda_qc.model").joinpath("simplified.txt").read_text(encoding="utf-8")
    return _Table({ord(pair[0]): pair[1] for pair in text.splitlines()})
