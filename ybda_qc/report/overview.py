"""The first sheet of the workbook: the decision before anything else."""

from typing import Any

from ybda_qc.model import Outcome, Scope, Summary, Verdict
from ybda_qc.report import labels
from ybda_qc.report.display import batch_name, local
from ybda_qc.report.sheet import Styles, as_text, set_up_print, text_height
from ybda_qc.report.translate import Translator
from ybda_qc.report.translate import mark as _

_WIDTHS = (26, 14, 62, 66)  # characters
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
    """
    _Overview(sheet, styles, summary, say).write(remarks)


class _Overview:
    """Writes the sheet from top to bottom."""

    def __init__(self, sheet: Any, styles: Styles, summary: Summary, say: Translator) -> None:
        self._sheet = sheet
        self._styles = styles
        self._summary = summary
        self._say = say
        self._row = -1

    def write(self, remarks: list[str]) -> None:
        sheet = self._sheet
        set_up_print(sheet, self._summary.run.batch)
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        self._decision()
        self._reasons()
        self._run()
        self._counts()
        if remarks:
            self._section(_("Remarks"))
            for remark in remarks:
                self._line(remark, "", style=self._styles.plain)

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
            self._sheet.write_number(row, 1, value, self._styles.integer)
        elif value:
            self._sheet.write_string(row, 1, as_text(value), self._styles.plain)
        if more:
            self._sheet.write_string(row, 2, as_text(more), self._styles.text)

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
        self._sheet.write_string(self._next(), 0, say(labels.next_step(decision)), styles.plain)
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
        for reason in self._summary.decision.reasons:
            clause = as_text(self._say(reason.clause))
            row = self._next(text_height(clause, _WIDTHS[3]))
            self._sheet.write_string(row, 0, self._say(words[reason.outcome]), self._styles.strong)
            self._sheet.write_number(row, 1, reason.count, self._styles.integer)
            card = self._summary.cards.get(reason.code.split("/")[0])
            title = f"{self._say(card.title)} · " if card is not None else ""
            text = title + self._say(reason.template, reason.values)
            self._sheet.write_string(row, 2, as_text(text), self._styles.text)
            self._sheet.write_string(row, 3, clause, self._styles.text)

    def _run(self) -> None:
        run, say = self._summary.run, self._say
        self._section(_("Profile and run"))
        self._line(say(_("Batch")), run.batch)
        self._line(say(_("Profile")), f"{run.profile.id}: {say(run.profile.title)}")
        self._line(say(_("Digest of the profile")), run.profile.digest)
        self._line(say(_("Run")), say(_("no. {id}"), {"id": run.id}) + f" · ybda-qc {run.engine_version}")
        self._line(say(_("Started")), local(run.started_at))
        self._line(say(_("Finished")), local(run.finished_at))

    def _counts(self) -> None:
        coverage, totals, say = self._summary.coverage, self._summary.totals, self._say
        self._section(_("Coverage"))
        for label, count in (
            (_("pages"), coverage.pages),
            (_("measured"), coverage.measured),
            (_("not run"), coverage.not_run),
            (_("faults of the program"), coverage.faults),
            (_("items"), totals.items),
            (_("files"), totals.files),
            (_("bytes"), totals.bytes),
        ):
            self._line(say(label), count)
        self._section(_("Pages by verdict"))
        for verdict in _SHEET_VERDICTS:
            self._line(say(labels.VERDICTS[verdict]), totals.pages_by_verdict.get(verdict, 0))
        self._section(_("Findings by check"))
        for check, count in sorted(totals.findings_by_check.items(), key=lambda pair: (-pair[1], pair[0])):
            card = self._summary.cards.get(check)
            self._line(say(card.title) if card is not None else check, count)
