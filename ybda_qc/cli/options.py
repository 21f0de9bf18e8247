"""Options that several commands have in common."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ybda_qc.cli.language import Language
from ybda_qc.report import mark as _


class OcrName(StrEnum):
    """Engines that read text."""

    OFF = "off"
    AUTO = "auto"
    RAPIDOCR = "rapidocr"
    TESSERACT = "tesseract"


CatalogueOption = Annotated[
    Path | None,
    typer.Option(
        "--catalogue",
        "-c",
        help=_("Catalogue: XLSX, XLS, ODS, CSV or XML. [default: the one in the folder, if any]"),
        show_default=False,
    ),
]
OutOption = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        help=_("Output folder, outside the folder that is examined. [default: ./<its name>-qc]"),
        show_default=False,
    ),
]
JobsOption = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        "-j",
        min=1,
        max=1024,
        help=_("Worker processes. [default: one a core]"),
        show_default=False,
    ),
]
LangOption = Annotated[
    Language | None,
    typer.Option(
        "--lang",
        help=_("Language of messages and reports. [default: the system's]"),
        show_default=False,
    ),
]
