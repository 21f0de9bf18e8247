"""``ybda-qc search``."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from ybda_qc.app.search import Answer, MarkedHit, best_hits
from ybda_qc.app.search import search as search_runs
from ybda_qc.app.search_page import write_search_page
from ybda_qc.cli.language import speaker
from ybda_qc.cli.options import LangOption
from ybda_qc.report import Translator, visible
from ybda_qc.report import mark as _

HELP = _(
    "Search in the text of pages; traditional and simplified characters, widths and case are not told "
    "apart.\n\n"
    "{query}, in quotation marks: words that all stand on the page; “...” a phrase; `or`, `not`, brackets, "
    "-word not to stand there. Before a query that begins with -, write --. The page with most of the "
    "words comes first. Text is read by `run --ocr`."
)

_NOT_ALL_READ = _(
    "the run in {folder} has not read all its text: it goes on, or was interrupted; if so, run it again"
)


def search(
    query: Annotated[str, typer.Argument(help=_("What to search for."), show_default=False)],
    run: Annotated[
        list[Path] | None,
        typer.Option(
            "--run",
            "-r",
            help=_("Output folder of a run; may be repeated. [default: the current folder]"),
            show_default=False,
        ),
    ] = None,
    item: Annotated[
        str | None,
        typer.Option("--item", help=_("Code of the item to search in."), show_default=False),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, max=1000, help=_("Pages shown at most."))
    ] = 20,
    html: Annotated[
        bool,
        typer.Option(
            "--html",
            help=_("Write search.html into the run folder: the pages with the words marked on them."),
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_("Print JSON."))] = False,
    lang: LangOption = None,
) -> None:
    """Print the pages whose text answers a query."""
    say = speaker(lang)
    answers = search_runs(query, run or [Path()], item=item, limit=limit)
    pages = [write_search_page(query, answer, lang=say.lang) for answer in answers if html]
    hits = best_hits(answers, limit)
    if as_json:
        typer.echo(json.dumps(_document(answers, hits), ensure_ascii=False))
        return
    _print_answers(answers, hits, say)
    for answer in answers:
        if not answer.is_complete:
            sentence = say(_NOT_ALL_READ, {"folder": str(answer.run)})
            typer.secho("\n" + sentence, fg="yellow", err=True)
    for page in pages:
        typer.echo("\n" + say(_("the pages with the words marked: {path}"), {"path": str(page)}))


def _document(answers: Sequence[Answer], hits: Sequence[MarkedHit]) -> dict[str, Any]:
    """The answer for other programs; boxes are ``[left, top, width, height]`` in pixels of the stored image.

    Where `exact` is false, there are more than `total` pages; where `complete` is false, not all text was
    read yet. Several runs are told by their folders.
    """
    return {
        "total": sum(answer.total for answer in answers),
        "exact": all(answer.is_exact for answer in answers),
        "complete": all(answer.is_complete for answer in answers),
        "hits": [
            {
                "page": str(marked.hit.page),
                "item": marked.hit.item,
                "snippet": marked.marked.plain,
                "boxes": [box.as_list() for box in marked.boxes],
                "score": round(marked.hit.score, 4),
                "same": [str(page) for page in marked.hit.same],
            }
            | ({"run": str(marked.run)} if len(answers) > 1 else {})
            for marked in hits
        ],
    }


def _print_answers(answers: Sequence[Answer], hits: Sequence[MarkedHit], say: Translator) -> None:
    total = sum(answer.total for answer in answers)
    typer.secho(_head(total, say, is_exact=all(answer.is_exact for answer in answers)), bold=True)
    for number, marked in enumerate(hits, 1):
        typer.echo()
        _print_hit(number, marked, say, in_run=len(answers) > 1)
    if total > len(hits):
        sentence = say(_("the best {count} are shown; more with --limit"), {"count": len(hits)})
        typer.echo("\n" + typer.style(sentence, dim=True))


def _head(total: int, say: Translator, *, is_exact: bool) -> str:
    if not total:
        return say(_("no page has this"))
    template = _("pages found: {count}") if is_exact else _("pages found: more than {count}")
    return say(template, {"count": total})


def _print_hit(number: int, marked: MarkedHit, say: Translator, *, in_run: bool) -> None:
    hit = marked.hit
    item = typer.style(visible(hit.item), bold=True) + "  " if hit.item else ""
    page = visible(hit.page.path) if hit.page.frame == 1 else visible(str(hit.page))
    typer.echo(f"{number:>3}  {item}{typer.style(page, fg='cyan')}")
    if in_run:
        typer.secho(f"     {visible(str(marked.run))}", dim=True)
    if hit.same:
        sentence = say(_("the same file lies under {count} more names"), {"count": len(hit.same)})
        typer.secho(f"     {sentence}", dim=True)
    snippet = (
        typer.style(visible(part.text), fg="yellow", bold=True) if part.is_marked else visible(part.text)
        for part in marked.marked.snippet
    )
    typer.echo(f"     {''.join(snippet)}")
