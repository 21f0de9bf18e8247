"""Which engine reads: what was asked for, or what is installed."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

from ybda_qc.errors import InputError
from ybda_qc.ocr import rapidocr_engine, tesseract_engine
from ybda_qc.ocr.engine import Engine
from ybda_qc.ocr.reading import SETTINGS, PageReader

EngineName = Literal["rapidocr", "tesseract"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineChoice:
    """An engine that is installed with all it needs; may be sent to a worker.

    Parameters
    ----------
    name
        ``rapidocr`` or ``tesseract``.
    languages
        Names of tesseract's language packs 语言包; what the engine shall read.
    identity
        Names whatever the text depends on: engine, version, networks, our settings of reading.
    """

    name: EngineName
    languages: tuple[str, ...]
    identity: str


def choose_engine(name: str, languages: Sequence[str]) -> EngineChoice:
    """Settle which engine reads; tesseract stands in for RapidOCR where that is not installed.

    Parameters
    ----------
    name
        ``rapidocr`` or ``tesseract``.
    languages
        Names of tesseract's language packs, for example ``("chi_sim", "eng")``.

    Raises
    ------
    InputError
        The engine is not known or not installed, or a language is missing; the message says how to get it.
    """
    if name not in ("rapidocr", "tesseract"):
        raise InputError("there is no engine {name}; known are rapidocr and tesseract", name=name)
    if name == "rapidocr" and find_spec("rapidocr") is not None:
        return _rapidocr(tuple(languages))
    return _tesseract(name, tuple(languages))


def open_reader(choice: EngineChoice) -> PageReader:
    """Load the engine; takes a second and some hundred megabytes, once a worker."""
    engine: Engine = (
        rapidocr_engine.RapidOcrEngine()
        if choice.name == "rapidocr"
        else tesseract_engine.TesseractEngine(choice.languages)
    )
    return PageReader(engine)


def _rapidocr(languages: tuple[str, ...]) -> EngineChoice:
    if strange := [language for language in languages if language not in rapidocr_engine.LANGUAGES]:
        raise InputError(
            "rapidocr does not read {language}; choose the engine tesseract for it",
            language=", ".join(strange),
        )
    return EngineChoice(
        name="rapidocr", languages=languages, identity=f"{rapidocr_engine.identity()} reading {SETTINGS}"
    )


def _tesseract(asked: str, languages: tuple[str, ...]) -> EngineChoice:
    version = tesseract_engine.installed_version()
    if version is None:
        if asked == "rapidocr":
            raise InputError(
                "no engine to read text is installed: install the package rapidocr, or the program tesseract "
                "(Debian: apt install tesseract-ocr)"
            )
        raise InputError(
            "the program tesseract is not installed, or does not start (Debian: apt install tesseract-ocr); "
            "the engine rapidocr needs no program"
        )
    installed = tesseract_engine.installed_languages()
    if missing := [language for language in languages if language not in installed]:
        raise InputError(
            "tesseract lacks the language pack {languages} (Debian: apt install {packages}; elsewhere put "
            "{files} from github.com/tesseract-ocr/tessdata_fast into its folder tessdata)",
            languages=", ".join(missing),
            packages=" ".join(f"tesseract-ocr-{language.replace('_', '-')}" for language in missing),
            files=", ".join(f"{language}.traineddata" for language in missing),
        )
    identity = f"tesseract {version} {'+'.join(languages)} reading {SETTINGS}"
    return EngineChoice(name="tesseract", languages=languages, identity=identity)
