"""Sheets of the workbook about the checks: by the four natures, and with their limits."""

from collections.abc import Iterable

from ybda_qc.model import LimitCard, Verdict
from ybda_qc.report import labels
from ybda_qc.report.book import Book
from ybda_qc.report.display import meaning
from ybda_qc.report.documents import plain
from ybda_qc.report.figures import LIMIT_UNITS, scaled, unit_word
from ybda_qc.report.natures import natures_of
from ybda_qc.report.sheet import Cell
from ybda_qc.report.translate import mark as _


def write_natures(book: Book) -> None:
    """The checks arranged by the four natures, with the number of their findings."""
    if not book.summary.natures:
        return
    columns = [
        book.column(_("Nature"), 24, wrap=True),
        book.column(_("Check"), 20, wrap=True),
        book.column(_("Id"), 17),
        book.column(_("Findings"), 10, right=True),
    ]
    sheet = book.sheet(book.say(_("The four natures 四性")), columns)
    for nature in natures_of(book.summary):
        for card, count in nature.checks:
            sheet.append([book.say(nature.title), book.say(card.title), card.id, count])
    sheet.finish()


def write_checks(book: Book) -> None:
    """All planned checks with their limits and where these come from."""
    columns = [
        book.column(_("Check"), 16, wrap=True),
        book.column(_("Id"), 17),
        book.column(_("Requirement"), 46, wrap=True),
        book.column(_("Findings"), 10, right=True),
        book.column(_("Defect code"), 18),
        book.column(_("Meaning"), 38, wrap=True),
        book.column(_("note"), 10, right=True),
        book.column(_("review"), 10, right=True),
        book.column(_("fail"), 10, right=True),
        book.column(_("undetermined"), 13, right=True),
        book.column(_("Unit"), 9),
        book.column(_("Source"), 14),
        book.column(_("Clause"), 40, wrap=True),
    ]
    sheet = book.sheet(book.say(_("Checks and limits")), columns, 2)
    run, say = book.summary.run, book.say
    for check in (*run.page_checks, *run.batch_checks):
        card = book.summary.cards.get(check)
        head: list[Cell] = [
            say(book.title(check)),
            check,
            say(card.requirement) if card is not None else None,
            book.summary.totals.findings_by_check.get(check, 0),
        ]
        limits: Iterable[LimitCard | None] = (card.limits if card is not None else ()) or (None,)
        for limit in limits:
            sheet.append([*head, *(_limit_cells(book, check, limit) if limit is not None else [])])
    sheet.finish()


def _limit_cells(book: Book, check: str, limit: LimitCard) -> list[Cell]:
    say = book.say
    steps = (limit.note, limit.review, limit.fail)
    unit = LIMIT_UNITS.get(f"{check}/{limit.code}")
    graded: list[Cell] = [
        None if step is None else plain(scaled(step, unit, limit.template)) for step in steps
    ]
    graded.append(None)  # a number is never undetermined by a limit
    if limit.verdict is not None:
        flagged = (Verdict.NOTE, Verdict.REVIEW, Verdict.FAIL, Verdict.ERROR)
        graded = [book.word(verdict) if verdict is limit.verdict else None for verdict in flagged]
    elif steps == (None, None, None):
        graded = [say(_("off"))] * 3 + [None]
    return [
        limit.code,
        meaning(say(limit.template)),
        *graded,
        None if unit is None else unit_word(unit, limit.template, say),
        say(labels.SOURCES[limit.source]),
        say(limit.clause),
    ]
