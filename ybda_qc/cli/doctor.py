"""``ybda-qc doctor``."""

from pathlib import Path

import typer

from ybda_qc.app.doctor import Health, examine_machine
from ybda_qc.cli.language import speaker
from ybda_qc.cli.options import LangOption
from ybda_qc.errors import ExitCode
from ybda_qc.report import mark as _
from ybda_qc.report.vocabulary import COLON

_MARKS = {Health.GOOD: ("✓", "green"), Health.OPTIONAL: ("–", "yellow"), Health.BAD: ("✗", "red")}


HELP = _("Say whether this machine is fit: codecs, disk, memory, fonts, browser, text engines.")


def doctor(
    lang: LangOption = None,
) -> int:
    """Say whether this machine is fit."""
    say = speaker(lang)
    findings = examine_machine(Path.cwd())
    for finding in findings:
        mark, colour = _MARKS[finding.health]
        part = f"{say(finding.part)}{say(COLON)}"
        typer.echo(f"{typer.style(mark, fg=colour)} {part}{say(finding.template, finding.values)}")
        if finding.advice:
            typer.echo(f"    → {say(finding.advice)}")
    if any(finding.health is Health.BAD for finding in findings):
        typer.secho(say(_("this machine is not fit yet: see the lines marked ✗")), fg="red")
        return ExitCode.INPUT
    typer.secho(say(_("this machine is fit for the main job")), fg="green")
    return ExitCode.ACCEPT
