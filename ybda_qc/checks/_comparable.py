"""Text in the form in which it is compared: what two people write differently is made one."""

import re
from typing import Final

from ybda_qc.model.folding import fold

_YEAR: Final = re.compile(r"[〇○◯零一二三四五六七八九]{4}(?=年)")
_MONTH_OR_DAY: Final = re.compile(r"([一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=[月日])")
_ZERO: Final = re.compile(r"(?<=\d)o|o(?=\d)")
_ONE: Final = re.compile(r"(?<=\d)[li|]|[li|](?=\d)")
_DIGITS: Final = str.maketrans("〇○◯零一二三四五六七八九", "0000123456789")


def comparable(text: str) -> str:
    """Letters, characters and digits only, folded; years, months and days in Arabic digits.

    Letters among digits that engines take for 0 and 1 are these.
    """
    plain = _ONE.sub("1", _ZERO.sub("0", fold(text)))
    plain = _YEAR.sub(lambda found: found[0].translate(_DIGITS), plain)
    plain = _MONTH_OR_DAY.sub(lambda found: str(number_of(found[0])), plain)
    return "".join(letter for letter in plain if letter.isalnum())


def number_of(text: str) -> int:
    """The number below a hundred that Chinese characters write, as 三, 十二 or 二十."""
    tens, ten, ones = text.rpartition("十")
    value = int(ones.translate(_DIGITS)) if ones else 0
    return value + (10 * int(tens.translate(_DIGITS) or "1") if ten else 0)
