"""Characters that people take for the hyphen and the middle dot of archival codes 档号, and codes read so."""

import unicodedata
from typing import Final

HYPHEN: Final = "-"
DOT: Final = "·"

DOTS: Final = "\u2022\u2027\u22c5\u30fb\uff65\u2219\u0387\u16eb\u2e31\uff0e\u3002.\u318d\u25cf"
"""Written for the middle dot."""
HYPHENS: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\u2043\ufe63\ufe58\u30fc"
"""Written for the hyphen."""

_MEANT: Final = str.maketrans({**dict.fromkeys(DOTS, DOT), **dict.fromkeys(HYPHENS, HYPHEN)})


def folded_code(code: str) -> str:
    """A code as the eye reads it: capitals, widths, dots and hyphens that look alike are not told apart.

    Blanks around it and invisible characters are left out; blanks inside stay.
    """
    plain = unicodedata.normalize("NFKC", code.translate(_MEANT)).translate(_MEANT).casefold().strip()
    return "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")
