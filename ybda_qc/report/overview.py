"""The first sheet of the workbook: the decision before anything else."""

from typing import Any

from ybda_qc.model import Outcome, Scalar, Scope, Summary, Verdict
from ybda_qc.report import labels
from ybda_qc.report.display import batch_name, local, storage
from ybda_qc.report.sheet import Styles, as_text, set_up_print, text_height
from ybda_qc.report.translate import Translator
from ybda_qc.report.translate import mark as _

_WIDTHS = (26, 14, 62, 60, 16)  # characters
_LAST_COLUMN = len(_WIDTHS) - 1
_SHEET_VERDICTS = (
    Verdict.ERROR,
    Verdict.FAIL,
    Verdict.REVIEW,
    Verdict.NOTE,
    Verdict.PASS,
    Verdict.NOT_APPLICABLE,
)


def write_overview(
    sheet: Any,
    styles: Styles,
    summary: Summary,
    say: Translator,
    remarks: list[str],
    *,
    damaged: int,
) -> None:
    """Write decision, reasons, coverage and counts.

    Parameters
    ----------
    sheet
        The empty sheet.
    styles
        Formats of the workbook.
    summary
        What to write.
    say
        Translator of the report's language.
    remarks
        What the reader must know about the workbook itself: caps, rows left out.
    damaged
        Pages that no further check could look at because their file is damaged.
    """
    _Overview(sheet, styles, summary, say).write(remarks, damaged)


class _Overview:
    """Writes the sheet from top to bottom."""

    def __init__(self, sheet: Any, styles: Styles, summary: Summary, say: Translator) -> None:
        self._sheet = sheet
        self._styles = styles
        self._summary = summary
        self._say = say
        self._row = -1

    def write(self, remarks: list[str], damaged: int) -> None:
        sheet = self._sheet
        set_up_print(sheet, self._summary.run.batch)
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        self._decision()
        self._reasons()
        self._run()
        self._counts(damaged)
        if remarks:
            self._section(_("Remarks"))
            for remark in remarks:
                self._paragraph(remark)

    def _next(self, height: float | None = None) -> int:
        self._row += 1
        if height is not None:
            self._sheet.set_row(self._row, height)
        return self._row

    def _section(self, title: str) -> None:
        self._next(8)
        row = self._next(20)
        self._sheet.write_string(row, 0, self._say(title), self._styles.section)
        for column in range(1, _LAST_COLUMN + 1):
            self._sheet.write_blank(row, column, None, self._styles.section)

    def _line(self, label: str, value: str | int, more: str = "", *, style: Any = None) -> None:
        row = self._next()
        self._sheet.write_string(row, 0, as_text(label), style or self._styles.label)
        if isinstance(value, int):
            self._sheet.write_number(row, 1, value, self._styles.count)
        elif value:
            self._sheet.write_string(row, 1, as_text(value), self._styles.plain)
        if more:
            self._sheet.write_string(row, 2, as_text(more), self._styles.text)

    def _paragraph(self, text: str) -> None:
        """A text over the whole width of the sheet."""
        row = self._next(text_height(text, sum(_WIDTHS)))
        self._sheet.merge_range(row, 0, row, _LAST_COLUMN, as_text(text), self._styles.text)

    def _decision(self) -> None:
        decision, say, styles = self._summary.decision, self._say, self._styles
        row = self._next(26)
        self._sheet.write_string(row, 0, as_text(batch_name(self._summary.run.batch)), styles.title)
        row = self._next(46)
        style = styles.outcomes[decision.outcome]
        self._sheet.write_string(row, 0, say(labels.outcome_title(decision)), style)
        for column in range(1, _LAST_COLUMN + 1):
            self._sheet.write_blank(row, column, None, style)
        if decision.scope is Scope.MACHINE and decision.outcome is Outcome.ACCEPT:
            self._sheet.write_string(self._next(), 0, say(labels.NOT_ACCEPTANCE), styles.plain)
        self._paragraph(say(labels.next_step(decision)))
        if left_out := labels.not_examined(self._summary):
            self._paragraph(say(left_out))
        scope = (
            _("machine part only")
            if decision.scope is Scope.MACHINE
            else _("machine part and sample seen by people")
        )
        self._line(say(_("Scope")), say(scope))
        self._line(say(_("Decided")), local(decision.decided_at))

    def _reasons(self) -> None:
        self._section(_("Reasons"))
        words = {Outcome.ACCEPT: _("passes"), Outcome.HOLD: _("holds"), Outcome.REJECT: _("rejects")}
        head, say, row = self._styles.head, self._say, self._next(18)
        titles = (_("Decision"), _("Count"), _("Reason"), _("Clause"), _("Source"))
        for column, title in enumerate(titles):
            style = self._styles.head_right if column == 1 else head
            self._sheet.write_string(row, column, say(title), style)
        for reason in self._summary.decision.reasons:
            card = self._summary.cards.get(reason.code.split("/")[0])
            title = f"{say(card.title)} · " if card is not None else ""
            text, clause = title + say(reason.template, reason.values), say(reason.clause)
            height = max(text_height(text, _WIDTHS[2]), text_height(clause, _WIDTHS[3]))
            source = labels.limit_source(reason, self._summary)
            row = self._next(height)
            self._sheet.write_string(row, 0, say(words[reason.outcome]), self._styles.emphasis)
            self._sheet.write_string(row, 1, say(*labels.amount(reason, self._summary)), self._styles.amount)
            self._sheet.write_string(row, 2, as_text(text), self._styles.wrapped)
            self._sheet.write_string(row, 3, as_text(clause), self._styles.wrapped)
            word = say(labels.SOURCES[source]) if source is not None else ""
            self._sheet.write_string(row, 4, word, self._styles.wrapped)

    def _run(self) -> None:
        run, say = self._summary.run, self._say
        self._section(_("Profile and run"))
        self._line(say(_("Batch")), run.batch)
        self._line(say(_("Profile")), f"{run.profile.id}: {say(run.profile.title)}")
        self._line(say(_("Digest of the profile")), run.profile.digest)
        self._line(say(_("Run")), say(_("no. {id}"), {"id": run.id}) + f" · ybda-qc {run.engine_version}")
        read = say(_("read by {engine}"), {"engine": run.reading}) if run.reading else say(_("not read"))
        self._line(say(_("Text")), read)
        self._line(say(_("Started")), local(run.started_at))
        self._line(say(_("Finished")), local(run.finished_at))

    def _catalogue(self) -> None:
        """Which catalogue was read, by which columns, and which checks did not apply."""
        catalogue, say = self._summary.catalogue, self._say
        if catalogue is not None:
            values: dict[str, Scalar] = {"path": catalogue.path, "count": catalogue.records}
            self._paragraph(say(_("Catalogue: {path}, {count} records."), values))
            for table in catalogue.tables:
                if table.columns:
                    self._paragraph(say(_("Columns read:")) + " " + " · ".join(table.columns.values()))
                if table.unknown:
                    self._paragraph(say(_("Columns not read:")) + " " + " · ".join(table.unknown))
        for check, outcome in self._summary.outcomes.items():
            if outcome.reason:
                title = say(self._summary.cards[check].title)
                self._paragraph(
                    f"{title}{say(_(': '))}{say(_('did not apply'))}{say(_(': '))}{say(outcome.reason)}"
                )

    def _due_dates(self) -> None:
        """By when what of the batch must be at which archive."""
        if not self._summary.due_dates:
            return
        self._section(_("Dates due 移交期限"))
        for row in self._summary.due_dates:
            has_passed = row.due < self._summary.decision.decided_at.date()
            due = row.due.isoformat() + (self._say(_(" (date has passed)")) if has_passed else "")
            self._line(f"{row.fonds} · {row.what}", f"{due} · {row.body} → {row.archive}")
        self._paragraph(self._say(self._summary.handover_clause))

    def _counts(self, damaged: int) -> None:
        coverage, totals, say = self._summary.coverage, self._summary.totals, self._say
        self._section(_("Coverage"))
        for label, count in (
            (_("pages"), coverage.pages),
            (_("fully examined"), coverage.measured),
            (_("not fully examined"), coverage.not_run),
            (_("faults of the program"), coverage.faults),
            (_("items"), totals.items),
            (_("files"), totals.files),
        ):
            self._line(say(label), count)
        self._line(say(_("size")), "")
        self._sheet.write_string(self._row, 1, storage(totals.bytes), self._styles.count)
        for template, values in labels.skipped_notes(self._summary, damaged):
            self._paragraph(say(template, values))
        self._catalogue()
        self._due_dates()
        self._section(_("Pages by verdict"))
        for verdict in _SHEET_VERDICTS:
            self._line(say(labels.VERDICTS[verdict]), totals.pages_by_verdict.get(verdict, 0))
        self._section(_("Findings by check"))
        for check, count in sorted(totals.findings_by_check.items(), key=lambda pair: (-pair[1], pair[0])):
            card = self._summary.cards.get(check)
            self._line(say(card.title) if card is not None else check, count)
