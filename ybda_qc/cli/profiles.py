"""``ybda-qc profiles list|show|explain``."""

from typing import Annotated

import typer

from ybda_qc.app.profiles import load_profile, registered_checks
from ybda_qc.cli.console import print_table
from ybda_qc.cli.language import speaker
from ybda_qc.cli.options import LangOption
from ybda_qc.profile import PlanRow, explain, list_profiles, profile_text
from ybda_qc.report import Translator
from ybda_qc.report import mark as _
from ybda_qc.report.figures import LIMIT_UNITS
from ybda_qc.report.labels import UNITS
from ybda_qc.report.vocabulary import COLON

_GRADES = frozenset({"note", "review", "fail"})
app = typer.Typer(no_args_is_help=True, help=_("The profiles: which limits are in force, and by which rule."))
_PROFILE = typer.Argument(help=_("Id of a shipped profile, or a TOML file."), show_default=False)


@app.command("list", help=_("List the shipped profiles."))
def list_all(lang: LangOption = None) -> None:
    """List the shipped profiles."""
    say = speaker(lang)
    rows = [(profile.id, ", ".join(profile.extends), say(profile.title)) for profile in list_profiles()]
    print_table((say(_("profile")), say(_("extends")), say(_("title"))), rows)


@app.command("show", help=_("Print a profile as it is written, to copy from."))
def show_profile(
    profile: Annotated[str, _PROFILE],
    lang: LangOption = None,  # noqa: ARG001
) -> None:
    """Print a profile as it is written."""
    typer.echo(profile_text(profile), nl=False)


@app.command("explain", help=_("Show the plan in force: every limit, its source, and which profile set it."))
def explain_profile(profile: Annotated[str, _PROFILE], lang: LangOption = None) -> None:
    """Show the resolved plan."""
    say = speaker(lang)
    resolved = load_profile(profile, registered_checks())
    typer.secho(f"{resolved.id} · {say(resolved.title)}", bold=True)
    typer.echo(f"{say(_('made of'))}{say(COLON)}{' + '.join(resolved.lineage)}")
    typer.echo(f"{say(_('digest'))}{say(COLON)}{resolved.digest}\n")
    rows = [(row.key, _value(row, say), row.source, row.origin, say(row.clause)) for row in explain(resolved)]
    print_table((say(_("key")), say(_("value")), say(_("source")), say(_("set by")), say(_("clause"))), rows)


def _value(row: PlanRow, say: Translator) -> str:
    """The value as it is written, what is said in words in the user's language, limits with their unit.

    Shares stay as they are written, between 0 and 1.
    """
    if row.name in ("title", "says"):
        return say(row.value)
    unit = LIMIT_UNITS.get(f"{row.check}/{row.code}") if row.name in _GRADES else None
    word = say(UNITS[unit]) if unit is not None else ""
    return f"{row.value} {word}" if word else row.value
