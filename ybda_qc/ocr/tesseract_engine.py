"""Tesseract, a program of the system, through pytesseract."""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

import numpy as np

from ybda_qc.model import Box, TextLine, WritingDirection
from ybda_qc.ocr.characters import Character, compose_line, is_chinese, split_word
from ybda_qc.ocr.engine import Pixels

_GAP: Final = 0.35  # of its height: the least blank between a Chinese character and one that is not
_LIKELY_DPI: Final = 200
_DPI: Final = (70, 2400)  # tesseract refuses others

_Row = Mapping[str, Any]


class TesseractEngine:
    """Reads what its language packs are for.

    Parameters
    ----------
    languages
        Names of language packs 语言包, for example ``("chi_sim", "eng")``; all must be installed.
    """

    def __init__(self, languages: Sequence[str]) -> None:
        self._languages = "+".join(languages)
        os.environ["OMP_THREAD_LIMIT"] = "1"  # workers are as many as cores; its own threads would only wait

    def read(self, pixels: Pixels, dpi: float | None) -> Sequence[TextLine]:
        """Lines in the order tesseract gives them; see `ybda_qc.ocr.engine.Engine`."""
        import pytesseract  # noqa: PLC0415 - only who reads text by it should load it

        least, most = _DPI
        declared = min(max(round(dpi or _LIKELY_DPI), least), most)
        table: dict[str, list[Any]] = pytesseract.image_to_data(
            np.ascontiguousarray(pixels),
            lang=self._languages,
            config=f"--dpi {declared}",
            output_type=pytesseract.Output.DICT,
        )
        rows = [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]
        words = [row for row in rows if row["level"] == _WORD and str(row["text"]).strip()]
        lines = (_line(list(line)) for _, line in groupby(words, key=_place_of_line))
        return [line for line in lines if line is not None]


def installed_version() -> str | None:
    """Version of the program, None where it is not installed, or does not start."""
    import pytesseract  # noqa: PLC0415

    try:
        return str(pytesseract.get_tesseract_version())
    except (pytesseract.TesseractNotFoundError, subprocess.CalledProcessError, OSError, SystemExit):
        return None


def installed_languages() -> frozenset[str]:
    """Names of the language packs that the program finds."""
    import pytesseract  # noqa: PLC0415

    return frozenset(pytesseract.get_languages())


_WORD: Final = 5  # level of a row of the table


def _place_of_line(row: _Row) -> tuple[int, int, int]:
    return row["block_num"], row["par_num"], row["line_num"]


def _line(words: Sequence[_Row]) -> TextLine | None:
    letters = sum(len(str(word["text"])) for word in words)
    length = max(word["top"] + word["height"] for word in words) - min(word["top"] for word in words)
    breadth = max(word["left"] + word["width"] for word in words) - min(word["left"] for word in words)
    is_vertical = letters > 1 and length > breadth
    direction = WritingDirection.VERTICAL if is_vertical else WritingDirection.HORIZONTAL
    return compose_line(list(_characters(words, direction)), direction)


def _characters(words: Sequence[_Row], direction: WritingDirection) -> Iterator[Character]:
    """Characters of words, with the blanks between words that the page shows."""
    last: Character | None = None
    for word in words:
        box = Box(
            left=word["left"], top=word["top"], width=max(1, word["width"]), height=max(1, word["height"])
        )
        confidence = min(max(float(word["conf"]) / 100, 0.0), 1.0)
        for place, character in enumerate(split_word(str(word["text"]).strip(), box, confidence, direction)):
            if place == 0 and last is not None and _are_apart(last, character, direction):
                yield Character(text=" ", box=box, confidence=confidence)
            yield character
            last = character


def _are_apart(last: Character, character: Character, direction: WritingDirection) -> bool:
    """Between letters tesseract's blanks are the page's; beside Chinese characters it parts too much."""
    if not (is_chinese(last.text) or is_chinese(character.text)):
        return True
    if direction is WritingDirection.VERTICAL:
        gap, size = character.box.top - last.box.top - last.box.height, character.box.width
    else:
        gap, size = character.box.left - last.box.left - last.box.width, character.box.height
    return gap > _GAP * size
