"""The sheet of the workbook that compares a delivery with an earlier one."""

from ybda_qc.report.against import CHANGES, MAX_LISTED_CHANGES, NOTHING_IN_COMMON, Change, Difference
from ybda_qc.report.book import Book
from ybda_qc.report.display import local_text
from ybda_qc.report.translate import mark as _


def write_changes(book: Book, difference: Difference) -> None:
    """What became of the findings of the earlier delivery."""
    columns = [
        book.column(_("State"), 14),
        book.column(_("Item"), 24, wrap=True),
        book.column(_("Page or subject"), 40, wrap=True),
        book.column(_("Check"), 16),
        book.column(_("Before"), 11),
        book.column(_("Now"), 11),
        book.column(_("Defect"), 60, wrap=True),
    ]
    sheet = book.sheet(book.say(_("Difference")), columns)
    for entry in difference.listed:
        sheet.append(
            [
                book.say(CHANGES[entry.change]),
                entry.item,
                entry.page or entry.subject,
                book.say(book.title(entry.check)),
                book.word(entry.old_verdict) if entry.old_verdict is not None else None,
                book.word(entry.new_verdict) if entry.new_verdict is not None else None,
                entry.message,
            ]
        )
    sheet.finish()
    book.remarks += _notes(book, difference)


def _notes(book: Book, difference: Difference) -> list[str]:
    counts = ", ".join(f"{book.say(CHANGES[change])} {difference.counts[change]:,}" for change in Change)
    notes = [
        book.say(_("Compared with the earlier delivery"))
        + f" ({local_text(difference.older.finished_at)}): {counts}"
    ]
    if difference.pages.are_disjoint:
        notes.append(book.say(NOTHING_IN_COMMON))
    if not difference.same_limits:
        template = _(
            "The two runs were judged by different limits; part of the difference may come from that."
        )
        notes.append(book.say(template))
    if any(count > MAX_LISTED_CHANGES for count in difference.counts.values()):
        template = _("Sheet Difference lists {count} changes of each state; difference.csv holds all.")
        notes.append(book.say(template, {"count": MAX_LISTED_CHANGES}))
    return notes
