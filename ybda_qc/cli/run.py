"""``ybda-qc run``."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ybda_qc.app.run import RunRequest
from ybda_qc.app.run import run as run_batch
from ybda_qc.cli.console import print_result
from ybda_qc.cli.language import speaker
from ybda_qc.cli.options import CatalogueOption, JobsOption, LangOption, OcrName, OutOption
from ybda_qc.cli.progress import TerminalProgress
from ybda_qc.report import mark as _


class ExecutorName(StrEnum):
    """Where pages are examined."""

    PROCESS = "process"
    SERIAL = "serial"


HELP = _(
    "Examine a batch and decide: accept, hold or reject.\n\n"
    "Every page is decoded once and measured; names and numbers are checked; reports are written to the "
    "output folder. The batch is never changed. Running again into the same folder measures only what "
    "has changed.\n\n"
    "Exit code: 0 accept, 1 reject, 5 hold; 2 command line, 3 profile, 4 batch or output folder, "
    "130 interrupted."
)


def run(
    batch: Annotated[Path, typer.Argument(help=_("Folder of scans."), show_default=False)],
    profile: Annotated[
        str,
        typer.Option("--profile", "-p", help=_("Profile: an id of `profiles list`, or a TOML file.")),
    ] = "da-t-31-2017",
    catalogue: CatalogueOption = None,
    out: OutOption = None,
    jobs: JobsOption = None,
    executor: Annotated[
        ExecutorName, typer.Option("--executor", help=_("Where pages are examined."))
    ] = ExecutorName.PROCESS,
    ocr: Annotated[
        OcrName | None,
        typer.Option(
            "--ocr",
            help=_(
                "Engine that reads the text of pages, overriding the profile: auto takes rapidocr, or "
                "tesseract where that is missing."
            ),
            show_default=False,
        ),
    ] = None,
    lang: LangOption = None,
) -> int:
    """Examine a batch, print the decision, return its exit code."""
    say = speaker(lang)
    request = RunRequest(
        batch=batch,
        profile=profile,
        catalogue=catalogue,
        out=out,
        jobs=jobs,
        executor=executor.value,
        ocr=ocr.value if ocr else None,
        lang=say.lang,
    )
    with TerminalProgress(say) as progress:
        result = run_batch(request, progress)
    return print_result(result, say)
