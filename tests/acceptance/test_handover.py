"""Dates due by fonds and year, and by rounds that have ended."""

from datetime import date

from ybda_qc.acceptance.handover import due_dates
from ybda_qc.model import ArchivalCode
from ybda_qc.profile import HandoverOptions

OPTIONS = {
    "bodies": [{"fonds": "B469", "name": "联络组", "archive": "市档案馆"}],
    "documents_due": "06-30",
    "round_months": 6,
}


def code(fonds: str, year: str) -> ArchivalCode:
    return ArchivalCode(structure="s", text=f"{fonds}-{year}", parts={"fonds": fonds, "year": year})


def test_documents_of_a_year_are_due_in_the_next_and_unknown_fonds_are_left_out() -> None:
    codes = [code("B469", "2023"), code("B469", "2023"), code("B469", "2022"), code("A182", "2023")]
    found = due_dates(codes, HandoverOptions.model_validate(OPTIONS))
    assert [(row.what, row.items, row.due) for row in found] == [
        ("2022", 1, date(2023, 6, 30)),
        ("2023", 2, date(2024, 6, 30)),
    ]
    assert {row.archive for row in found} == {"市档案馆"}


def test_a_round_is_due_half_a_year_after_its_end_at_the_last_day_of_a_short_month() -> None:
    rounds = [
        {"title": "第十批", "ends": date(2025, 8, 31)},
        {"title": "other", "ends": date(2025, 1, 1), "fonds": ["B470"]},
    ]
    options = HandoverOptions.model_validate({**OPTIONS, "documents_due": "", "rounds": rounds})
    [row] = due_dates([code("B469", "2023")], options)
    assert (row.what, row.due) == ("第十批 · 2023", date(2026, 2, 28))
