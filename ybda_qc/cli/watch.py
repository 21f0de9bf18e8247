"""``ybda-qc watch``."""

import sys
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from ybda_qc.cli.language import speaker
from ybda_qc.cli.options import CatalogueOption, JobsOption, LangOption, OcrName, OutOption
from ybda_qc.report import mark as _
from ybda_qc.watch.assembly import watch_folders
from ybda_qc.watch.config import Overrides, ServiceConfig, load_config


class LogForm(StrEnum):
    """What lines the log consists of."""

    TEXT = "text"
    JSON = "json"


HELP = _(
    "Watch a folder and answer each page as soon as it is complete.\n\n"
    "Files are examined when their writer has let go of them and their format shows that all is there. "
    "The terminal shows the last pages, bad ones in large with what to do; elsewhere each page is a line "
    "of the log. Items are closed by a marker file, by the next item or by rest, and their decision is "
    "written as <item>.qc.json. The reports of `run` are kept up to date in the output folder. The "
    "folder is never changed, unless the profile says where decided items are moved.\n\n"
    "Ends in order on SIGTERM (exit code 0) and Ctrl-C (130); reads configuration and profiles anew on "
    "SIGHUP, but ends by it on a terminal. Started again it goes on where it stopped, however it was "
    "stopped.\n\n"
    "Exit code: 0 stopped; 2 command line, 3 profile or configuration, 4 folder or port, 130 interrupted."
)


def watch(
    inbox: Annotated[
        Path | None,
        typer.Argument(help=_("Folder to watch. [default: those of the configuration]"), show_default=False),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            help=_("Configuration of the service, a TOML file: several folders, port, webhook."),
            show_default=False,
        ),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile",
            "-p",
            help=_("Profile: an id of `profiles list`, or a TOML file. [default: scan-station]"),
            show_default=False,
        ),
    ] = None,
    catalogue: CatalogueOption = None,
    out: OutOption = None,
    jobs: JobsOption = None,
    ocr: Annotated[
        OcrName | None,
        typer.Option(
            "--ocr",
            help=_("Engine that reads text behind the answers, overriding the profile."),
            show_default=False,
        ),
    ] = None,
    log: Annotated[
        LogForm | None,
        typer.Option(
            "--log",
            help=_("Lines of the log: text, or one JSON document each. [default: text]"),
            show_default=False,
        ),
    ] = None,
    screen: Annotated[
        bool | None,
        typer.Option(
            "--screen/--plain",
            help=_("The view for an operator, or the log. [default: the view on a terminal, else the log]"),
            show_default=False,
        ),
    ] = None,
    bell: Annotated[bool, typer.Option("--bell", help=_("Ring the terminal's bell for a bad page."))] = False,
    http: Annotated[
        str | None,
        typer.Option(
            "--http",
            help=_("Address and port of /healthz and /metrics, for example 127.0.0.1:9178. [default: none]"),
            show_default=False,
        ),
    ] = None,
    lang: LangOption = None,
) -> int:
    """Watch until told to stop, return the exit code."""
    given = Overrides(
        inbox=inbox,
        out=out,
        profile=profile,
        catalogue=catalogue,
        ocr=ocr.value if ocr else None,
        jobs=jobs,
        log=log.value if log else None,
        http=http,
    )
    is_terminal = sys.stdout is not None and sys.stdout.isatty() and log is None
    return watch_folders(
        partial(_load, config, given),
        say=speaker(lang),
        on_screen=is_terminal if screen is None else screen,
        bell=bell,
        ends_on_hangup=sys.stdin is not None and sys.stdin.isatty(),
    )


def _load(file: Path | None, given: Overrides) -> ServiceConfig:
    """The configuration as it stands now, with the command line over it."""
    return (load_config(file) if file is not None else ServiceConfig()).overridden(given)
