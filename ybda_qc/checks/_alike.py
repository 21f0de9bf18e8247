"""Archival codes 档号 that people read as the same."""

import unicodedata
from typing import Final

_DOTS: Final = "\u00b7\u2022\u2027\u22c5\u30fb\uff65\u2219\u0387\u16eb\u2e31\uff0e\u3002.\u318d\u25cf"
_HYPHENS: Final = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\u2043\ufe63\ufe58\u30fc"
_SAME: Final = str.maketrans({**dict.fromkeys(_DOTS, "·"), **dict.fromkeys(_HYPHENS, "-")})


def folded_code(code: str) -> str:
    """A code as the eye reads it: capitals, widths, dots and hyphens that look alike are not told apart."""
    plain = unicodedata.normalize("NFKC", code.translate(_SAME)).casefold().strip()
    return "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")
