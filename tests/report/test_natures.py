"""The arrangement by the four natures: every planned check once, as the profile says."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from tests.report.delivery import write
from tests.report.test_workbook import sheet
from ybda_qc.model import DueDate, JudgedPage, Summary
from ybda_qc.report.natures import natures_of


def arranged(summary: Summary, **natures: tuple[str, ...]) -> dict[str, list[str]]:
    found = natures_of(replace(summary, natures=natures))
    return {nature.title: [card.id for card, _ in nature.checks] for nature in found}


def test_checks_stand_where_the_profile_puts_them_and_the_rest_last(summary: Summary) -> None:
    natures = arranged(summary, integrity=("sequence", "not_planned"), security=())
    assert natures["Integrity 完整性"] == ["sequence"]
    assert "Security 安全性" not in natures
    everything = [check for checks in natures.values() for check in checks]
    planned = [
        check for check in (*summary.run.page_checks, *summary.run.batch_checks) if check in summary.cards
    ]
    assert sorted(everything) == sorted(planned)
    assert list(natures)[-1] == "Other checks"


def test_findings_are_counted_by_nature(summary: Summary) -> None:
    counts = summary.totals.findings_by_check
    [nature, *_] = natures_of(replace(summary, natures={"integrity": ("sequence",)}))
    assert nature.findings == counts["sequence"] > 0


def test_report_and_workbook_show_the_natures_and_the_dates_due(
    tmp_path: Path, summary: Summary, pages: list[JudgedPage]
) -> None:
    due = DueDate(
        fonds="B469", body="联络组", archive="市档案馆", what="2023", items=2, due=date(2024, 6, 30)
    )
    shown = replace(summary, natures={"integrity": ("sequence",)}, due_dates=(due,))
    folder = write(tmp_path / "run", shown, pages, "zh")
    assert "完整性" in {row[0] for row in sheet(folder, "四性")}
    assert any("2024-06-30" in str(row) for row in sheet(folder, "概要"))
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "四性" in page
    assert "2024-06-30" in page
