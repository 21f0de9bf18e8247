"""``ybda-qc checks list|show``."""

from collections.abc import Sequence
from typing import Annotated

import typer

from ybda_qc.app.profiles import registered_checks
from ybda_qc.checks._base import PageCheck
from ybda_qc.cli.console import print_table
from ybda_qc.cli.language import speaker
from ybda_qc.cli.options import LangOption
from ybda_qc.errors import UsageError
from ybda_qc.profile.problems import nearest
from ybda_qc.report import mark as _
from ybda_qc.report.display import meaning
from ybda_qc.report.vocabulary import COLON

app = typer.Typer(
    no_args_is_help=True, help=_("The checks: what is looked at, why, and how defects are mended.")
)


@app.command("list", help=_("List the installed checks."))
def list_checks(lang: LangOption = None) -> None:
    """List the installed checks."""
    say = speaker(lang)
    rows = [
        (
            check.id,
            say(_("page")) if issubclass(check, PageCheck) else say(_("batch")),
            say(check.card().requirement),
        )
        for check in registered_checks().all
    ]
    print_table((say(_("check")), say(_("scope")), say(_("requirement"))), rows)


@app.command("show", help=_("Show one check: why it is there, how a defect is mended, what it can find."))
def show_check(
    check: Annotated[str, typer.Argument(help=_("Id of the check."), show_default=False)],
    lang: LangOption = None,
) -> None:
    """Show one check."""
    say = speaker(lang)
    known = {entry.id: entry for entry in registered_checks().all}
    if check not in known:
        raise _unknown(check, sorted(known))
    card = known[check].card()
    typer.secho(f"{card.id} · {say(card.title)}", bold=True)
    typer.echo(say(card.requirement))
    typer.echo(f"\n{say(_('Why'))}{say(COLON)}{say(card.why)}")
    typer.echo(f"\n{say(_('Remedy'))}{say(COLON)}{say(card.remedy)}\n")
    rows = [(f"{check}/{code.name}", meaning(say(code.template))) for code in known[check].codes]
    print_table((say(_("finding")), say(_("message"))), rows)


def _unknown(check: str, known: Sequence[str]) -> UsageError:
    all_of_them = ", ".join(known)
    if near := nearest(check, known):
        return UsageError(
            "there is no check {check}; did you mean '{near}'? There are: {known}",
            check=check,
            near=near,
            known=all_of_them,
        )
    return UsageError("there is no check {check}; there are: {known}", check=check, known=all_of_them)
