"""Tiles of upright writing from the fonts of this machine: ink 0..1, (SIDE, SIDE)."""

import random
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Ink = NDArray[np.float32]

SIDE = 340
FONTS = Path("/usr/share/fonts")
_HAND = "breip|dancingscript|fifthhorseman|kristi|kaushanscript|humor-sans|klee"
_LATIN = (
    "liberation|dejavu|ebgaramond|libertine|urw-base35|gyre|freefont|courier|gnutypewriter|lato|crosextra|"
    "gotico|junicode"
)
_SYMBOLS = r"Symbols|D050000L|Math|math|Initials|LinBiolinum_K|_DR|RZ|LinLibertine_I\.|Thin|Hairline"
_CHINESE = "noto.*CJK|wqy|arphic|cns11643.*-98|cwtex|lxgw"
_SIMPLIFIED_ONLY, _TRADITIONAL_ONLY = "gbsn|gkai", "bkai|bsmi|cns11643|cwtex"
_LICENCES = Path("/usr/share/common-licenses")
_ACCENTS = {"a": "äáàâ", "e": "éèê", "o": "öóô", "u": "üú", "n": "ñ", "c": "ç", "s": "ßſ"}
_CYRILLIC, _GREEK = "абвгдежзийклмнопрстуфхцчшщъыьэюя", "αβγδεζηθικλμνξοπρστυφχψω"
_KANA = "".join(map(chr, [*range(0x3042, 0x3094), *range(0x30A2, 0x30F4)]))
_OFTEN = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多"
    "定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因"
    "由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又利比或但质气第向道命此变条只没结解问"
    "意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山"
    "统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处府研究委档案目录卷号保限页备注责名"
)


def _codes(first: int, last: int, codec: str, low: range) -> list[str]:
    found = (bytes([high, byte]).decode(codec, "ignore") for high in range(first, last + 1) for byte in low)
    return [character for character in found if "\u4e00" <= character[:1] <= "\u9fff"]


_SIMPLIFIED = _codes(0xB0, 0xD7, "gb2312", range(0xA1, 0xFF))
_TRADITIONAL = _codes(0xA4, 0xC6, "big5", range(0x40, 0xFF))


@lru_cache(maxsize=1)
def _files() -> list[str]:
    return sorted(str(path) for path in FONTS.rglob("*") if path.suffix in {".ttf", ".otf", ".ttc"})


@lru_cache(maxsize=8)
def _fonts(pattern: str, but: str = "^$") -> dict[str, list[str]]:
    """Files of fonts by folder, so that families with many cuts do not crowd out the others."""
    found: dict[str, list[str]] = {}
    for path in _files():
        if re.search(pattern, path) and not re.search(but, path):
            found.setdefault(path.split("/")[-2], []).append(path)
    return found


@lru_cache(maxsize=300)
def _font(path: str, size: int, index: int = 0, *, shaped: bool = False) -> ImageFont.FreeTypeFont:
    engine = ImageFont.Layout.RAQM if shaped else ImageFont.Layout.BASIC
    return ImageFont.truetype(path, size, index=index, layout_engine=engine)


@lru_cache(maxsize=1)
def _words() -> list[str]:
    text = " ".join(path.read_text("utf-8", "ignore") for path in sorted(_LICENCES.iterdir()))
    return [word for word in text.split() if re.fullmatch(r"[(\"]?[A-Za-z][A-Za-z'\-]*[)\",.;:]?", word)]


def _pick(draw: random.Random, fonts: dict[str, list[str]]) -> str:
    return draw.choice(fonts[draw.choice(list(fonts))])


def _size(draw: random.Random, least: float, most: float) -> int:
    return int(np.exp(draw.uniform(np.log(least), np.log(most))))


def draw_writing(draw: random.Random) -> tuple[Ink, int]:
    """A tile of one kind of writing, and the size of its letters in pixels."""
    chance = draw.random()
    if chance < 0.1:
        return _rare(draw)
    return _latin(draw) if chance < 0.44 else _chinese(draw, columns=chance > 0.74)


def _latin(draw: random.Random) -> tuple[Ink, int]:
    picture, pen = _sheet()
    kinds = ["plain", "upper", "digits", "accents", "other"]
    kind = draw.choices(kinds, [56, 9, 17, 12, 6])[0]
    fonts = _fonts(_HAND) if draw.random() < 0.1 else _fonts(_LATIN, _SYMBOLS)
    if kind == "other":
        fonts = _fonts("DejaVu|FreeS|Liberation", _SYMBOLS)
    size = _size(draw, 14, 100)
    font = _font(_pick(draw, fonts), size)
    alphabet = draw.choice([_CYRILLIC, _GREEK])
    lead, is_table = size * draw.uniform(1.0, 1.8), draw.random() < 0.2
    y = -draw.random() * lead
    while y < SIDE:
        x = -draw.random() * size * 3
        while x < SIDE:
            word = _word(draw, kind if draw.random() < 0.85 else "plain", alphabet)
            pen.text((x, y), word, fill=255, font=font)
            x += pen.textlength(word, font=font) + size * (draw.uniform(0.3, 4) if is_table else 0.28)
        y += lead
    return _ink(picture), size


def _word(draw: random.Random, kind: str, alphabet: str) -> str:
    word = draw.choice(_words())
    if kind == "digits":
        numbers = (draw.randint(0, 99), draw.randint(0, 99999), round(draw.random() * 1000, 2), 1949)
        return str(draw.choice(numbers))
    if kind == "upper":
        return word.upper()
    if kind == "accents":
        return "".join(draw.choice(_ACCENTS.get(c, c)) if draw.random() < 0.25 else c for c in word)
    return "".join(draw.choice(alphabet) for _ in word) if kind == "other" else word


def _chinese(draw: random.Random, *, columns: bool) -> tuple[Ink, int]:
    """Lines, or columns from right to left, with or without rules, level or written by an unsteady hand."""
    picture, pen = _sheet()
    size = _size(draw, 18, 110)
    path = _pick(draw, _fonts(_CHINESE))
    traditional = bool(re.search(_TRADITIONAL_ONLY, path)) or (
        not re.search(_SIMPLIFIED_ONLY, path) and draw.random() < 0.5
    )
    index = (3 if traditional else 2) if "CJK" in path else 0
    font, text = _font(path, size, index), _text(draw, traditional=traditional)
    if draw.random() < 0.04:
        font, text = _font(_pick(draw, _fonts("kiloji|klee")), size), lambda: draw.choice(_KANA)
    pitch, lead = size * draw.choice([1.0, 1.05, 1.1, 1.2, 1.6]), size * draw.uniform(1.05, 2.2)
    along, across = -draw.random() * pitch, -draw.random() * lead
    unsteady = draw.choice([0, 0, 0, 0.03, 0.08]) * size
    is_ruled, is_short = draw.random() < 0.25, draw.random() < 0.15
    while across < SIDE:
        if is_ruled:
            _rule(pen, draw, across - (lead - size) / 2, upright=columns)
        until = draw.uniform(0, SIDE) if is_short else SIDE
        place = along
        while place < until:
            a, b = place + draw.gauss(0, unsteady), across + draw.gauss(0, unsteady)
            pen.text((b, a) if columns else (a, b), text(), fill=255, font=font)
            place += pitch
        across += lead
    for _ in range(draw.choice([0, 0, 0, 2]) if is_ruled else 0):
        _rule(pen, draw, draw.uniform(0, SIDE), upright=not columns)
    return _ink(picture), size


def _text(draw: random.Random, *, traditional: bool) -> Callable[[], str]:
    characters = _TRADITIONAL if traditional else _SIMPLIFIED
    often = [c for c in _OFTEN if not traditional or c in set(_TRADITIONAL)]
    share = draw.choice([0.2, 0.5, 0.8])

    def next_character() -> str:
        chance = draw.random()
        if chance < 0.07:
            return draw.choice("，。、；：！？（）《》0123456789")
        return draw.choice(often if draw.random() < share else characters)

    return next_character


def _rare(draw: random.Random) -> tuple[Ink, int]:
    picture, pen = _sheet()
    word, pattern = draw.choice(
        [(_tibetan, "SerifTibetan|tibetan-machine"), (_arabic, "(Naskh|Sans)Arabic-")]
    )
    size = _size(draw, 20, 90)
    font = _font(_pick(draw, _fonts(pattern)), size, shaped=True)
    lead = size * draw.uniform(1.2, 2)
    y = -draw.random() * lead
    while y < SIDE:
        line = "".join(word(draw) for _ in range(int(SIDE / size * 2.2) + 2))
        pen.text((-draw.random() * size, y), line, fill=255, font=font)
        y += lead
    return _ink(picture), size


def _arabic(draw: random.Random) -> str:
    letters = [chr(code) for code in (*range(0x627, 0x63B), *range(0x641, 0x64B), 0x67E, 0x686, 0x6AF, 0x6D5)]
    return "".join(draw.choice(letters) for _ in range(draw.randint(2, 7))) + " "


def _tibetan(draw: random.Random) -> str:
    syllable = chr(draw.randint(0xF40, 0xF67))
    if draw.random() < 0.3:
        syllable += draw.choice("\u0f90\u0f92\u0f94\u0fa1\u0fa4\u0fb1\u0fb2\u0fb3\u0fa8")
    if draw.random() < 0.65:
        syllable += draw.choice("\u0f72\u0f74\u0f7a\u0f7c")
    if draw.random() < 0.5:
        syllable += draw.choice("གངདནབམརས")
    return syllable + ("\u0f0b" if draw.random() < 0.9 else "\u0f0d ")


def _sheet() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("L", (SIDE, SIDE), 0)
    return picture, ImageDraw.Draw(picture)


def _rule(pen: ImageDraw.ImageDraw, draw: random.Random, place: float, *, upright: bool) -> None:
    line = (place, 0, place, SIDE) if upright else (0, place, SIDE, place)
    pen.line(line, fill=255, width=draw.choice([1, 2, 3]))


def _ink(picture: Image.Image) -> Ink:
    return np.asarray(picture).astype(np.float32) / 255
