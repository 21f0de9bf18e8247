"""Words that stand in every report: verdicts, outcomes, scopes, units, sources."""

from ybda_qc.model import (
    CheckCard,
    Decision,
    LimitSource,
    Outcome,
    Reason,
    Scope,
    Summary,
    Unit,
    Verdict,
)
from ybda_qc.report.translate import mark as _

VERDICTS: dict[Verdict, str] = {
    Verdict.ERROR: _("undetermined"),
    Verdict.FAIL: _("fail"),
    Verdict.REVIEW: _("review"),
    Verdict.NOTE: _("note"),
    Verdict.PASS: _("pass"),
    Verdict.NOT_APPLICABLE: _("not applicable"),
    Verdict.NOT_RUN: _("not run"),
}

OUTCOMES: dict[Outcome, str] = {
    Outcome.ACCEPT: _("Accept"),
    Outcome.HOLD: _("Hold"),
    Outcome.REJECT: _("Reject"),
}

MACHINE_PASSED = _("Machine part passed")
NOT_ACCEPTANCE = _("machine part passed (机检通过); not acceptance")
_NEXT_STEPS: dict[tuple[Outcome, Scope], str] = {
    (Outcome.ACCEPT, Scope.MACHINE): _(
        "Nothing in this batch holds it back as far as a machine can tell. Where the rule also asks that "
        "people look at a sample, that is still to come."
    ),
    (Outcome.ACCEPT, Scope.FULL): _("The machine part and the sample seen by people both passed."),
    (Outcome.HOLD, Scope.MACHINE): _(
        "The batch can be neither passed nor returned yet: a person decides on the findings under review, "
        "what could not be measured is measured again, and what the profile asks for beside the pages is "
        "still to come. This is the machine part only."
    ),
    (Outcome.HOLD, Scope.FULL): _(
        "The batch can be neither accepted nor returned yet: decisions of people are still open."
    ),
    (Outcome.REJECT, Scope.MACHINE): _(
        "The batch goes back: the rework list says what to mend. After the second delivery, compare the two "
        "runs. This is the machine part only."
    ),
    (Outcome.REJECT, Scope.FULL): _("The batch goes back: the rework list says what to mend."),
}

UNITS: dict[Unit, str] = {
    Unit.DEGREE: "°",
    Unit.MILLIMETRE: "mm",
    Unit.PIXEL: "px",
    Unit.DPI: "dpi",
    Unit.BYTE: _("bytes"),
    Unit.RATIO: "",
    Unit.LEVEL: _("grey levels"),
    Unit.COUNT: _("counted"),
    Unit.PER_CM2: _("per cm²"),
    Unit.HERTZ: _("Hz"),
    Unit.BIT: _("bit"),
    Unit.SCORE: "",
}

SOURCES: dict[LimitSource, str] = {
    LimitSource.RULE: _("rule"),
    LimitSource.LOCAL_RULE: _("local rule"),
    LimitSource.PROJECT_CHOICE: _("project's choice"),
}

FIELDS: dict[str, str] = {
    "code": _("archival code"),
    "document_number": _("document number"),
    "author": _("responsible body"),
    "title": _("title of the item"),
    "date": _("date of the document"),
    "security": _("security class"),
    "pages": _("page count"),
    "remarks": _("remarks"),
    "fonds": _("fonds number"),
    "category": _("category code"),
    "year": _("year of filing"),
    "retention": _("retention period"),
    "organisation": _("organisation code"),
    "volume": _("volume number"),
    "item": _("item number"),
    "number": _("running number"),
    "file": _("file name"),
    "blanks": _("blank pages of the item"),
    "format": _("format or carrier"),
}
"""Fields of a record of the catalogue."""

_NO_TEXT = _("Not examined: the text on the pages. A pass says nothing about it.")
_NO_CATALOGUE = _(
    "Not examined, as no catalogue was given: whether items or pages at the end of an item are missing. A "
    "pass says nothing about these."
)
_NO_TEXT_NO_CATALOGUE = _(
    "Not examined: the text on the pages and, as no catalogue was given, whether items or pages at the end "
    "of an item are missing. A pass says nothing about these."
)
SKIPPED_DAMAGED = _(
    "Of the pages not fully examined, those of damaged files: {count}. Further checks cannot look at them; "
    "their verdict is the one of the check Readable."
)
SKIPPED_OTHERS = _("Pages with checks that did not run, counted as undetermined: {count}.")

_AMOUNTS = {
    "page": (_("1 page"), _("{n} pages")),
    "place": (_("1 place"), _("{n} places")),
    "file": (_("1 file"), _("{n} files")),
}

COVERAGE_CARD = CheckCard(
    id="coverage",
    title=_("Coverage"),
    requirement=_("Every planned check leaves an outcome on every page."),
    why=_("A page that was not looked at must never pass for a page without defects."),
    remedy=_(
        "Run again into the same folder; if the fault stays, send this report to the makers of the program."
    ),
)


def outcome_title(decision: Decision) -> str:
    """The decision in one or two words; passing the machine part is never called acceptance."""
    if decision.outcome is Outcome.ACCEPT and decision.scope is Scope.MACHINE:
        return MACHINE_PASSED
    return OUTCOMES[decision.outcome]


def next_step(decision: Decision) -> str:
    """What the decision means for the people who read it."""
    return _NEXT_STEPS[decision.outcome, decision.scope]


def amount(reason: Reason, summary: Summary) -> tuple[str, dict[str, str]]:
    """What a reason counts, as a template with its fields: pages, files, places, the batch."""
    if not reason.count:
        return _("whole batch"), {}
    about_batch = reason.code.split("/")[0] in summary.run.batch_checks or "check" in reason.values
    thing = "place" if about_batch else "page"
    if reason.code == "coverage/missing":
        thing = "file"
    one, more = _AMOUNTS[thing]
    return (one, {}) if reason.count == 1 else (more, {"n": f"{reason.count:,}"})


def limit_source(reason: Reason, summary: Summary) -> LimitSource | None:
    """Where the limit behind a reason comes from; None for reasons that stand on no limit."""
    check, _slash, code = reason.code.partition("/")
    card = summary.cards.get(check)
    return next((limit.source for limit in card.limits if limit.code == code), None) if card else None


def not_examined(summary: Summary) -> str:
    """What a pass says nothing about; empty: nothing is left out."""
    if summary.catalogue is None:
        return _NO_CATALOGUE if summary.run.reading else _NO_TEXT_NO_CATALOGUE
    return "" if summary.run.reading else _NO_TEXT


def skipped_notes(summary: Summary, damaged: int) -> list[tuple[str, dict[str, str]]]:
    """Why pages were not fully examined, as templates with their fields.

    Parameters
    ----------
    summary
        Head of the report.
    damaged
        Pages that no further check could look at because their file is damaged.
    """
    notes = []
    if damaged:
        notes.append((SKIPPED_DAMAGED, {"count": f"{damaged:,}"}))
    others = summary.coverage.not_run - damaged
    if others > 0:
        notes.append((SKIPPED_OTHERS, {"count": f"{others:,}"}))
    return notes
