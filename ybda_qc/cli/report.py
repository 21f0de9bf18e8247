"""``ybda-qc report``."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ybda_qc.app.report import report as write_report
from ybda_qc.cli.console import print_result
from ybda_qc.cli.language import speaker
from ybda_qc.cli.options import LangOption
from ybda_qc.cli.progress import TerminalProgress
from ybda_qc.report import FORMATS
from ybda_qc.report import mark as _


class FormatName(StrEnum):
    """Report files that can be written alone."""

    HTML = "html"
    XLSX = "xlsx"
    JSON = "json"
    CSV = "csv"


HELP = _(
    "Write the reports of a run again, in another language or format, or beside an older delivery.\n\n"
    "Exits with 0 whatever the decision."
)


def report(
    run: Annotated[Path, typer.Argument(help=_("Output folder of a run."), show_default=False)],
    formats: Annotated[
        list[FormatName] | None,
        typer.Option("--format", "-f", help=_("Only this format; may be repeated."), show_default=False),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            "--against",
            help=_("Output folder of an older run: shows what is mended, new, and remains."),
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help=_("Another folder for the reports and their pictures; so also while a service watches."),
            show_default=False,
        ),
    ] = None,
    lang: LangOption = None,
) -> int:
    """Write the reports of a run again."""
    say = speaker(lang)
    wanted = [name.value for name in formats] if formats else list(FORMATS)
    if "json" in wanted and "jsonl" not in wanted:
        wanted.append("jsonl")
    with TerminalProgress(say) as progress:
        result = write_report(run, progress, formats=wanted, lang=say.lang, against=against, out=out)
    print_result(result, say)
    return 0
