"""What is printed on the terminal: the decision in short, tables, errors."""

import os
import sys
import unicodedata
from collections.abc import Iterable, Sequence

import typer

from ybda_qc.app.judgement import RunResult
from ybda_qc.errors import ExitCode, ProfileError, QcError
from ybda_qc.model import Outcome, Reason, Scalar, Scope, Summary, Verdict
from ybda_qc.report import NOT_ACCEPTANCE, Translator, next_step, outcome_title
from ybda_qc.report import mark as _
from ybda_qc.report.against import NOTHING_IN_COMMON, Change, Difference
from ybda_qc.report.vocabulary import COLON, COMMA

_COLOURS = {Outcome.ACCEPT: "green", Outcome.HOLD: "yellow", Outcome.REJECT: "red"}
_EXITS = {Outcome.ACCEPT: ExitCode.ACCEPT, Outcome.HOLD: ExitCode.HOLD, Outcome.REJECT: ExitCode.REJECT}
_SHOWN_REASONS = 8
_WIDEST = 60  # columns of the terminal
_CHANGES = {
    Change.MENDED: _("{count} mended"),
    Change.NEW: _("{count} new"),
    Change.REMAINING: _("{count} remaining"),
    Change.UNCLEAR: _("{count} not looked at again"),
    Change.REMOVED: _("{count} on removed pages"),
}


def print_result(result: RunResult, say: Translator) -> ExitCode:
    """The decision, its main reasons and where the report lies; returns the exit code, read or not."""
    try:
        _print_result(result, say)
    except OSError:  # the reader has gone, or what takes the output is full: the decision stands all the same
        stop_printing()
    return _EXITS[result.summary.decision.outcome]


def _print_result(result: RunResult, say: Translator) -> None:
    summary = result.summary
    decision = summary.decision
    title = typer.style(
        f" {say(outcome_title(decision))} ", bold=True, reverse=True, fg=_COLOURS[decision.outcome]
    )
    typer.echo(f"\n{title}  {_counts(summary, say)}")
    if decision.scope is Scope.MACHINE and decision.outcome is Outcome.ACCEPT:
        typer.echo(say(NOT_ACCEPTANCE))
    _print_reasons(decision.reasons, say)
    typer.echo(f"  → {say(next_step(decision))}")
    if result.difference is not None:
        _print_difference(result.difference, say)
    profile = summary.run.profile
    typer.echo(f"\n{say(_('Judged by'))}   {profile.id} · {say(profile.title)}")
    _print_catalogue(summary, say)
    typer.echo(f"{say(_('Report'))}   {result.folder / 'report.html'}")
    typer.echo(f"{say(_('Rework list'))}   {result.folder / 'report.xlsx'}")


def _print_catalogue(summary: Summary, say: Translator) -> None:
    """Which catalogue was read, and which checks of the batch did not apply."""
    if summary.catalogue is not None:
        values: dict[str, Scalar] = {"path": summary.catalogue.path, "count": summary.catalogue.records}
        typer.echo(say(_("Catalogue: {path}, {count} records."), values))
    idle = [summary.cards[check].title for check, outcome in summary.outcomes.items() if outcome.reason]
    if idle:
        heading = f"{say(_('Checks that did not apply'))}{say(COLON)}"
        typer.echo(f"{heading}{say(COMMA).join(map(say, idle))}")


def _counts(summary: Summary, say: Translator) -> str:
    counts = summary.totals.pages_by_verdict
    shown = [
        say(
            _("{pages} pages in {seconds:.1f} s, {cached} unchanged since the last run"),
            {
                "pages": summary.coverage.pages,
                "seconds": summary.run.seconds,
                "cached": summary.run.from_cache,
            },
        )
        if summary.run.from_cache
        else say(
            _("{pages} pages in {seconds:.1f} s"),
            {"pages": summary.coverage.pages, "seconds": summary.run.seconds},
        )
    ]
    for verdict, template in (
        (Verdict.FAIL, _("{count} failed")),
        (Verdict.REVIEW, _("{count} to review")),
        (Verdict.ERROR, _("{count} could not be judged")),
    ):
        if counts.get(verdict):
            shown.append(say(template, {"count": counts[verdict]}))
    return " · ".join(shown)


def _print_reasons(reasons: Sequence[Reason], say: Translator) -> None:
    for reason in reasons[:_SHOWN_REASONS]:
        mark = typer.style("●", fg=_COLOURS[reason.outcome])
        count = (
            "" if reason.values or not reason.count else f"{say(COLON)}{reason.count}"
        )  # other texts hold their count
        values = {"clause": say(reason.clause)}
        clause = typer.style(say(_("  ({clause})"), values), dim=True) if reason.clause else ""
        typer.echo(f"  {mark} {say(reason.template, reason.values)}{count}{clause}")
    rest = len(reasons) - _SHOWN_REASONS
    if rest > 0:
        typer.echo(say(_("  and {count} more reasons in the report"), {"count": rest}))


def _print_difference(difference: Difference, say: Translator) -> None:
    """What a second delivery mended, what is new, what remains, and whether its pages are the same."""
    counts, pages = difference.counts, difference.pages
    shown = [say(words, {"count": counts[change]}) for change, words in _CHANGES.items() if counts[change]]
    typer.echo(f"  ⇄ {say(_('Against the older run'))}{say(COLON)}{' · '.join(shown) or say(_('no change'))}")
    if pages.removed or pages.added:
        values = {"gone": pages.removed, "new": pages.added}
        typer.echo(f"    {say(_('pages: {gone} gone, {new} new'), values)}")
    if pages.are_disjoint:
        typer.secho(f"    {say(NOTHING_IN_COMMON)}", fg="yellow")


def print_error(error: QcError, say: Translator) -> None:
    """A mistake of the user, on standard error, with every problem of a profile on a line of its own."""
    values = {name: _plain(value) for name, value in error.values.items()}
    typer.secho(say(error.template, values), fg="red", err=True)
    if isinstance(error, ProfileError):
        for template, fields in error.problems:
            shown = {name: _plain(value) for name, value in fields.items()}
            typer.echo(f"  - {say(template, shown)}", err=True)


def _plain(value: object) -> str | int | float:
    return value if isinstance(value, str | int | float) else str(value)


def print_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table in columns; Chinese characters count two; very wide cells push on what follows them."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [min(_WIDEST, max(width_of(line[column]) for line in lines)) for column in range(len(head))]
    for number, line in enumerate(lines):
        cells = [cell + " " * (width - width_of(cell)) for cell, width in zip(line, widths, strict=True)]
        text = "  ".join(cells).rstrip()
        typer.echo(typer.style(text, bold=True) if number == 0 else text)


def width_of(text: str) -> int:
    """Columns of a terminal that a text takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def stop_printing() -> None:
    """Nobody reads any more: let the rest go nowhere, so that the end of the program is not an error."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def safe_streams() -> None:
    """Let names that the terminal cannot show be escaped rather than end the program."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
