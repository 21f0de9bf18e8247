"""``ybda-qc export``."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from ybda_qc.app.export import ExportResult
from ybda_qc.app.export import export as export_copies
from ybda_qc.cli.language import speaker
from ybda_qc.cli.options import LangOption
from ybda_qc.cli.progress import TerminalProgress
from ybda_qc.errors import ExitCode
from ybda_qc.model import Scalar
from ybda_qc.report import Translator, visible
from ybda_qc.report import mark as _


class KindName(StrEnum):
    """Kinds of copies."""

    PDF = "pdf"
    ALTO = "alto"
    HOCR = "hocr"
    TXT = "txt"


class PerName(StrEnum):
    """What makes one file."""

    PAGE = "page"
    ITEM = "item"


HELP = _(
    "Write derived copies of the pages of a run, with the text that was read, below export/ in its "
    "folder: searchable PDF, ALTO 4, hOCR or plain text. Originals are only read. Works while a service "
    "watches the folder, too.\n\n"
    "Exits with 0, or with 4 where copies are missing because originals have changed or cannot be copied."
)


def export(
    run: Annotated[Path, typer.Argument(help=_("Output folder of a run."), show_default=False)],
    to: Annotated[KindName, typer.Option("--to", "-t", help=_("Kind of the copies."), show_default=False)],
    per: Annotated[PerName, typer.Option("--per", help=_("One file a page, or one an item."))] = PerName.PAGE,
    items: Annotated[
        list[str] | None,
        typer.Option("--item", help=_("Only the item with this code; may be repeated."), show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help=_("Another folder for export/."), show_default=False),
    ] = None,
    lang: LangOption = None,
) -> int:
    """Export copies, say what became of them."""
    say = speaker(lang)
    wanted: Literal["page", "item"] = "item" if per is PerName.ITEM else "page"
    with TerminalProgress(say) as progress:
        result = export_copies(run, progress, to=to.value, per=wanted, items=items or (), out=out)
    _print(result, say)
    return ExitCode.INPUT if result.failed else ExitCode.ACCEPT


def _print(result: ExportResult, say: Translator) -> None:
    counts: dict[str, Scalar] = {"written": result.written, "kept": result.kept}
    if result.kept:
        typer.echo(say(_("{written} copies written, {kept} were there already"), counts))
    else:
        typer.echo(say(_("{written} copies written"), counts))
    typer.echo(f"  → {result.folder}")
    for count, template in (
        (result.textless, _("{count} pages have no text: they are blank, or could not be read")),
        (result.outside, _("{count} pages belong to no item and are left out; export them with --per page")),
    ):
        if count:
            typer.echo(say(template, {"count": count}))
    if result.failed:
        _print_failures(result, say)


def _print_failures(result: ExportResult, say: Translator) -> None:
    """On standard error: what is missing, and why."""
    template = _(
        "{count} copies are missing; mend or restore the originals, or run again, then export again:"
    )
    typer.secho(say(template, {"count": result.failed}), fg="yellow", err=True)
    for failure in result.failures:
        place = "" if failure.page is None else f"{failure.page}: "
        typer.echo(f"  ● {visible(f'{failure.target}: {place}')}{say(failure.why)}", err=True)
    rest = result.failed - len(result.failures)
    if rest:
        typer.echo(say(_("  and {count} more"), {"count": rest}), err=True)
