"""``ybda-qc calibrate``."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from ybda_qc.acceptance.calibration import LEAST_DEFECTIVE, Share
from ybda_qc.acceptance.scoring import Proposal, Row
from ybda_qc.app.calibrate import Calibration, write_profile
from ybda_qc.app.calibrate import calibrate as calibrate_run
from ybda_qc.app.label_template import write_template
from ybda_qc.cli.console import print_table
from ybda_qc.cli.language import speaker
from ybda_qc.cli.options import LangOption
from ybda_qc.report import Translator
from ybda_qc.report import mark as _

_LEAST_RATE = 1e-9  # a rarer false alarm could not be told on any archive


HELP = _(
    "Compare a run with what people say of some of its pages, and propose limits; no image is opened.\n\n"
    "{labels} is a CSV file with the columns page, check, label (yes: a person sends the page back for "
    "this; no: not). Prints recall, precision and false alarms of each check with their 95 % "
    "intervals, and the limits that keep false alarms as rare as wanted, as a profile."
)


def calibrate(
    labels: Annotated[Path, typer.Argument(help=_("CSV file of labels."), show_default=False)],
    run: Annotated[Path, typer.Argument(help=_("Output folder of a run."), show_default=False)],
    false_alarms: Annotated[
        str,
        typer.Option("--false-alarms", help=_("Wanted share of false alarms a check, as 0.5% or 0.005.")),
    ] = "0.5%",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help=_("File for the proposed profile. [default: it is printed]"),
            show_default=False,
        ),
    ] = None,
    template: Annotated[
        bool,
        typer.Option(
            "--template",
            help=_("Write {labels} to fill in: findings of the run, and pages drawn at random."),
        ),
    ] = False,
    lang: LangOption = None,
) -> None:
    """Print how good the checks are by the labels, and write the limits that follow."""
    say = speaker(lang)
    if template:
        count = write_template(labels, run, lang=say.lang)
        typer.echo(say(_("{path}: rows to label: {count}"), {"path": str(labels), "count": count}))
        return
    result = calibrate_run(labels, run, false_alarms=_rate(false_alarms, say))
    _print_rows(result, say)
    _print_proposals(result.proposals, say)
    if result.profile is None:
        _print_none(out, say)
        return
    if out is None:
        typer.echo("\n" + result.profile, nl=False)
        return
    write_profile(out, result.profile)
    typer.echo("\n" + say(_("proposed profile: {path}"), {"path": str(out)}))


def _rate(text: str, say: Translator) -> float:
    number, percent = (text.strip().rstrip("%％"), text.strip().endswith(("%", "％")))
    try:
        rate = float(number) / (100 if percent else 1)
    except ValueError:
        rate = 0.0
    if not _LEAST_RATE <= rate < 1:
        raise typer.BadParameter(
            say(_("{text} is no share between 0 and 100 %; write it as 0.5% or 0.005"), {"text": text}),
            param_hint="--false-alarms",
        )
    return rate


def _print_rows(result: Calibration, say: Translator) -> None:
    typer.secho(say(_("labelled pages: {count}"), {"count": result.pages}), bold=True)
    head = (_("check"), _("yes"), _("no"), _("recall"), _("precision"), _("false alarms"), _("not told"))
    print_table([say(title) for title in head], [_cells(row) for row in result.rows])
    typer.echo()


def _cells(row: Row) -> tuple[str, ...]:
    score = row.score
    shares = (score.recall, score.precision, score.false_alarms)
    return (row.key, str(score.recall.of), str(score.false_alarms.of), *map(_share, shares), str(row.untold))


def _share(share: Share) -> str:
    """A share with its interval, in percent."""
    if share.value is None:
        return "-"
    low, high = share.interval
    return f"{100 * share.value:.1f} % ({100 * low:.1f}-{100 * high:.1f})"


def _print_proposals(proposals: Sequence[Proposal], say: Translator) -> None:
    """A line each; those that want more labels share one."""
    for proposal in proposals:
        if proposal.has_enough:
            typer.echo("  " + _sentence(proposal, say))
    short = [proposal for proposal in proposals if not proposal.has_enough]
    if short:
        values: dict[str, str | float] = {
            "least_yes": LEAST_DEFECTIVE,
            "least_no": short[0].least_sound,
            "keys": ", ".join(map(_counted, short)),
        }
        sentence = _(
            "too few labels to propose a limit (at least {least_yes} yes, and {least_no} no for so few false "
            "alarms); yes/no of each: {keys}"
        )
        typer.echo("  " + say(sentence, values))


def _counted(proposal: Proposal) -> str:
    return f"{proposal.key} ({proposal.score.recall.of}/{proposal.score.false_alarms.of})"


def _print_none(out: Path | None, say: Translator) -> None:
    """Why there is no profile; a file that was asked for and is not there is said on standard error."""
    typer.echo(
        "\n" + say(_("no limit could be proposed; label more pages or use another --false-alarms")), err=True
    )
    if out is not None:
        typer.echo(say(_("{path} was not written"), {"path": str(out)}), err=True)


def _sentence(proposal: Proposal, say: Translator) -> str:
    score = proposal.score
    values: dict[str, str | float] = {"key": proposal.key}
    if proposal.limit is None:
        return say(_("{key}: no other limit does better on these pages; the limits in force stay"), values)
    values |= {"limit": proposal.limit, "recall": _share(score.recall), "alarms": _share(score.false_alarms)}
    return say(_("{key}: review from {limit:g}: recall {recall}, false alarms {alarms}"), values)
