"""The entrance: commands, and the one place where errors become exit codes."""

import logging
import os
import shlex
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from typer.exceptions import TyperException

from ybda_qc import __version__
from ybda_qc.cli import calibrate, checks, doctor, export, profiles, rejudge, report, run, search, watch
from ybda_qc.cli.console import print_error, safe_streams, stop_printing
from ybda_qc.cli.language import Language, prefer, speaker
from ybda_qc.cli.options import LangOption
from ybda_qc.cli.wording import command_in, print_mistake
from ybda_qc.errors import ExitCode, InputError, QcError
from ybda_qc.report import mark as _

app = typer.Typer(
    name="ybda-qc",
    help=_("Quality control of digitised archives: from a folder of scans to a decision."),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
app.command("run", help=run.HELP)(run.run)
app.command("rejudge", help=rejudge.HELP)(rejudge.rejudge)
app.command("report", help=report.HELP)(report.report)
app.command("export", help=export.HELP)(export.export)
app.command("calibrate", help=calibrate.HELP)(calibrate.calibrate)
app.command("search", help=search.HELP)(search.search)
app.command("watch", help=watch.HELP)(watch.watch)
app.add_typer(profiles.app, name="profiles")
app.add_typer(checks.app, name="checks")
app.command("doctor", help=doctor.HELP)(doctor.doctor)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ybda-qc {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[  # noqa: ARG001 - its callback ends the program
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help=_("Show the version.")),
    ] = False,
    lang: LangOption = None,
) -> None:
    prefer(lang)


def _language_of(arguments: list[str]) -> Language | None:
    """The language asked for last, for help and for errors that arise before or outside a command."""
    asked = None
    for place, argument in enumerate(arguments):
        value = argument.partition("=")[2] if argument.startswith("--lang=") else None
        if argument == "--lang" and place + 1 < len(arguments):
            value = arguments[place + 1]
        if value in set(Language):
            asked = Language(value)
    return asked


class _Stop:
    """What SIGTERM and Ctrl-C do: the first ends the run in order, the third at once.

    The second is let pass, for it often comes with the first: a shell and a supervisor both send one.
    """

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        self._count += 1
        if self._count == 1:
            raise KeyboardInterrupt
        if self._count > 2:
            os._exit(ExitCode.INTERRUPTED)  # the ledger survives any kill; workers die with their parent


def main() -> None:
    """Run the command line and exit with the code of the contract."""
    safe_streams()
    logging.getLogger().addHandler(logging.NullHandler())  # what matters is raised; the rest is no news
    stop = _Stop()
    signal.signal(signal.SIGTERM, stop)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # ignored by whoever started us: stay so
        signal.signal(signal.SIGINT, stop)
    code = _run(sys.argv[1:])
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # all is written: a late signal must not change the exit code
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    say = speaker(_language_of(arguments))
    try:
        _require_current_folder()
        code = command_in(app, say)(args=arguments, prog_name=app.info.name, standalone_mode=False)
    except QcError as error:
        print_error(error, say)
        return error.exit_code
    except TyperException as error:
        print_mistake(error, say)
        return ExitCode.USAGE
    except (KeyboardInterrupt, typer.Abort):
        code = ExitCode.INTERRUPTED
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the last net
        if isinstance(error.__context__, BrokenPipeError) and not _is_deciding(arguments):
            stop_printing()  # Typer's words for it: the reader of a list has seen enough
            return ExitCode.ACCEPT
        # Say so, and never look like a decision: not even where a plug-in calls exit().
        typer.echo(traceback.format_exc(), err=True)
        typer.secho(
            say(_("this is a fault of the program; please report the lines above")), fg="red", err=True
        )
        return ExitCode.INTERNAL
    if code == ExitCode.INTERRUPTED:  # Typer turns an interrupt into this exit code itself
        typer.secho(
            say(_("interrupted; what was measured is kept, run again to go on")), fg="yellow", err=True
        )
        typer.echo(f"  {shlex.join(['ybda-qc', *arguments])}", err=True)
    return code if isinstance(code, int) else ExitCode.ACCEPT


def _is_deciding(arguments: list[str]) -> bool:
    """Whether the exit code is a decision, which comes through `print_result`, read or not.

    A broken pipe there is one to a worker, and must not be taken for acceptance.
    """
    words = (word for word in arguments if not word.startswith("-") and word not in set(Language))
    return next(words, "") in ("run", "rejudge", "watch")


def _require_current_folder() -> None:
    try:
        Path.cwd()
    except OSError as error:
        raise InputError("the current folder is no longer there; change to one that is") from error
