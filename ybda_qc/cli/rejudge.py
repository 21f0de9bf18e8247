"""``ybda-qc rejudge``."""

from pathlib import Path
from typing import Annotated

import typer

from ybda_qc.app.rejudge import rejudge as rejudge_run
from ybda_qc.cli.console import print_result
from ybda_qc.cli.language import speaker
from ybda_qc.cli.options import LangOption
from ybda_qc.cli.progress import TerminalProgress
from ybda_qc.report import mark as _

HELP = _(
    "Judge stored measurements by other limits and decide again; no image is opened.\n\n"
    "The reports in the folder are written anew, by the new profile. Nothing of the batch is read "
    "again: the catalogue, its columns and the checksum lists stay as the run found them.\n\n"
    "Exit codes as for `run`. Checks that the run did not measure are not run, which holds the batch."
)


def rejudge(
    run: Annotated[Path, typer.Argument(help=_("Output folder of a run."), show_default=False)],
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile",
            "-p",
            help=_("Profile with the new limits. [default: the run's own]"),
            show_default=False,
        ),
    ] = None,
    lang: LangOption = None,
) -> int:
    """Judge a run again, print the decision, return its exit code."""
    say = speaker(lang)
    with TerminalProgress(say) as progress:
        result = rejudge_run(run, profile=profile, lang=say.lang, progress=progress)
    return print_result(result, say)
