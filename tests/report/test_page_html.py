"""report.html: what it says, that names cannot break it, that it stays small."""

import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.report.delivery import (
    HOSTILE,
    draw_picture,
    gap,
    make_summary,
    page,
    resolution_finding,
    skew_finding,
    unreadable_page,
    write,
)
from ybda_qc.model import Decision, DueDate, Finding, JudgedPage, Outcome, Scope, Summary, Verdict
from ybda_qc.report import digest as digest_module
from ybda_qc.report import html_data

VOID = {"meta", "img", "input", "br", "rect", "link"}


class Page(HTMLParser):
    """Elements with attributes, the text outside scripts, and the data inside."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.data: dict[str, str] = {}
        self._script: str | None = None
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        if tag == "script":
            self._script = attributes.get("id") or "code"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag == "script":
            self._script = None

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self.data[self._script] = self.data.get(self._script, "") + data
        elif self.open and self.open[-1] != "style":
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def read(folder: Path) -> Page:
    source = (folder / "report.html").read_text(encoding="utf-8")
    parsed = Page(source)
    assert parsed.open == []
    return parsed


def test_says_decision_reasons_and_clause_first(
    tmp_path: Path, summary: Summary, pages: list[JudgedPage]
) -> None:
    text = read(write(tmp_path / "run", summary, pages)).text
    assert text.index("Reject") < text.index("skew/over-limit: 12 failed") < text.index("Coverage")
    assert "not noticeable to the eye" in text
    assert "退回" in text  # the other language is inside


@pytest.mark.parametrize("outcome", list(Outcome))
def test_machine_part_is_never_called_acceptance(outcome: Outcome, tmp_path: Path) -> None:
    text = read(write(tmp_path / "run", make_summary([], outcome=outcome), [])).text
    assert ("machine part passed (机检通过); not acceptance" in text) == (outcome is Outcome.ACCEPT)
    assert "machine part only" in text


def test_full_scope_is_acceptance(tmp_path: Path) -> None:
    machine = make_summary([], outcome=Outcome.ACCEPT).decision
    decision = Decision(
        outcome=Outcome.ACCEPT, scope=Scope.FULL, reasons=machine.reasons, decided_at=machine.decided_at
    )
    text = read(write(tmp_path / "run", make_summary([], decision=decision), [])).text
    assert "not acceptance" not in text
    assert "接收" in text


def test_nothing_is_fetched_and_nothing_foreign_runs(
    tmp_path: Path, summary: Summary, pages: list[JudgedPage]
) -> None:
    parsed = read(write(tmp_path / "run", summary, pages))
    source = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    policy = next(
        m["content"] for m in parsed.all("meta") if m.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not parsed.all("link")
    assert [s.get("src") for s in parsed.all("script")] == [None] * 3
    for tag, attributes in parsed.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], tag
        target = attributes.get("src") or attributes.get("href") or ""
        assert target.startswith(("data:image/jpeg;base64,", "#", "evidence/")) or not target
    assert not re.search(r"url\(|@import", source)


def test_the_policy_names_the_very_blocks_of_the_page(
    tmp_path: Path, summary: Summary, pages: list[JudgedPage]
) -> None:
    import base64
    import hashlib

    source = (write(tmp_path / "run", summary, pages) / "report.html").read_text(encoding="utf-8")
    for pattern in (r"<style>(.*?)</style>", r"<script>(.*?)</script>"):
        block = re.search(pattern, source, re.DOTALL)
        assert block is not None
        digest = base64.b64encode(hashlib.sha256(block.group(1).encode()).digest()).decode()
        assert f"sha256-{digest}" in source.replace("&#43;", "+")


def test_defects_to_choose_from_are_named_in_both_languages(
    tmp_path: Path, summary: Summary, pages: list[JudgedPage]
) -> None:
    parsed = read(write(tmp_path / "run", summary, pages))
    tables = json.loads(parsed.data["tables"])
    known = {f"{check}/{limit.code}" for check, card in summary.cards.items() for limit in card.limits}
    found = {f"{kind[0]}/{kind[1]}" for kind in tables["kinds"]}
    assert tables["defects"].keys() == known & found != set()
    for english, chinese in tables["defects"].values():
        assert re.search("[\u4e00-\u9fff]", chinese) or chinese == english


def test_hostile_names_stay_text(tmp_path: Path, hostile_pages: list[JudgedPage]) -> None:
    parsed = read(write(tmp_path / "run", make_summary(hostile_pages), hostile_pages))
    assert len(parsed.all("script")) == 3
    assert not [image for image in parsed.all("img") if image.get("src") == "x"]
    assert "<script>alert(1)</script>.jpg" in parsed.text
    assert "\u202e" not in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    tables = json.loads(parsed.data["tables"])
    names = {name for _, name, _ in tables["pages"]}
    assert "two\u240alines.jpg" in names
    assert "script><!--.jpg" in names
    assert len(tables["pages"]) == len(HOSTILE)


def test_hostile_values_clauses_and_batches_stay_text(tmp_path: Path) -> None:
    finding = Finding(
        check="<b>x",
        code="y",
        verdict=Verdict.FAIL,
        template="{what} </script><script>alert(2)</script>",
        values={"what": "<i>"},
        clause="</script>&amp;<img src=x>",
        subject="<svg onload=alert(3)>",
    )
    summary = make_summary([], findings=(finding,))
    summary = replace(summary, run=replace(summary.run, batch="</title><script>alert(4)</script>"))
    parsed = read(write(tmp_path / "run", summary, []))
    assert len(parsed.all("script")) == 3
    assert not [attributes for _, attributes in parsed.elements if "onload" in attributes]
    assert "<svg onload=alert(3)>" in parsed.text


def test_a_remedy_is_told_again_after_another_check(tmp_path: Path) -> None:
    made = [
        page("a/1.jpg", item="a", findings=(skew_finding(5),)),
        page("a/2.jpg", item="a", findings=(skew_finding(5),)),
        page("a/3.jpg", item="a", findings=(resolution_finding(72),)),
        page("a/4.jpg", item="a", findings=(skew_finding(5),)),
    ]
    source = (write(tmp_path / "run", make_summary(made), made) / "report.html").read_text(encoding="utf-8")
    cells = re.findall(r'<td class="remedy">(.*?)</td>', source)
    assert ["as above" in cell for cell in cells] == [False, True, False, False]


def test_pages_of_one_picture_count_it_once(tmp_path: Path) -> None:
    name = draw_picture(tmp_path / "run", "shared.jpg")
    made = [
        page(f"{number}.jpg", findings=(skew_finding(5),), evidence={"skew/over-limit": name})
        for number in range(3)
    ]
    assert "pictures are inside" not in read(write(tmp_path / "run", make_summary(made), made)).text


def test_damaged_pages_account_for_what_was_not_run(tmp_path: Path) -> None:
    made = [unreadable_page("a/1.jpg", "a"), page("a/2.jpg", item="a")]
    summary = make_summary(made)
    coverage = replace(summary.coverage, not_run=2, measured=0)
    parsed = read(write(tmp_path / "run", replace(summary, coverage=coverage), made))
    assert "those of damaged files: 1" in parsed.text
    assert "counted as undetermined: 1" in parsed.text
    assert "readable" in [button.get("data-show") for button in parsed.all("button")]


def test_reasons_say_what_they_count_and_whose_limit_it_is(
    tmp_path: Path, summary: Summary, pages: list[JudgedPage]
) -> None:
    text = read(write(tmp_path / "run", summary, pages)).text
    reasons = text[text.index("Clause and source") : text.index("fully examined")]
    assert "12 pages" in reasons
    assert "1 place" in reasons
    assert "project's choice" in reasons


@pytest.mark.parametrize(("count", "folded"), [(13, 0), (14, 4)])
def test_many_reasons_wait_behind_the_first_ten(count: int, folded: int, tmp_path: Path) -> None:
    summary = make_summary([])
    reasons = tuple(
        replace(summary.decision.reasons[0], values={"count": 1, "code": f"x/{n}"}) for n in range(count)
    )
    made = replace(summary, decision=replace(summary.decision, reasons=reasons))
    source = (write(tmp_path / "run", made, []) / "report.html").read_text(encoding="utf-8")
    table = source[source.index('<table class="reasons">') : source.index("</table>")]
    assert table.count("<tr>") == count + 1
    assert table.partition('<tbody id="more-reasons">')[2].count("<tr>") == folded
    assert (f"Show all {count} reasons" in source) is (folded > 0)


@pytest.mark.parametrize(("due", "told"), [(date(2026, 3, 1), True), (date(2026, 3, 2), False)])
def test_dates_due_that_have_passed_are_told(due: date, told: bool, tmp_path: Path) -> None:
    row = DueDate(fonds="B469", body="联络组", archive="市档案馆", what="2024", items=3, due=due)
    text = read(write(tmp_path / "run", replace(make_summary([]), due_dates=(row,)), [])).text
    assert ("date has passed" in text) is told


def test_a_row_of_the_catalogue_is_named_in_both_languages(tmp_path: Path) -> None:
    page = read(
        write(tmp_path / "run", make_summary([], findings=(replace(gap(), subject="row 3 of 目录"),)), [])
    )
    assert "工作表“目录”第 3 行" in page.text
    assert ["row 3 of 目录", "工作表“目录”第 3 行"] in json.loads(page.data["rows"])[0]


def test_works_without_javascript(tmp_path: Path, summary: Summary, pages: list[JudgedPage]) -> None:
    text = read(write(tmp_path / "run", summary, pages)).text
    for needle in ("0002.jpg", "skew +4.25 degrees", "missing page numbers (2): 7, 9", "bad <shape>"):
        assert needle in text
    assert "below the advised" not in text  # notes hold nothing back and stand in the interactive part


def test_evidence_is_embedded_once(tmp_path: Path, summary: Summary, pages: list[JudgedPage]) -> None:
    source = (write(tmp_path / "run", summary, pages) / "report.html").read_text(encoding="utf-8")
    assert source.count("data:image/jpeg;base64,") == 1


def test_pictures_are_capped_worst_first_and_the_cap_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest_module, "MAX_PICTURES", 3)
    folder, made = tmp_path / "run", []
    for number in range(8):
        name = draw_picture(folder, f"{number}.jpg", number)
        value = 5.0 if number in (2, 5, 7) else 1.5
        made.append(
            page(f"{number}.jpg", findings=(skew_finding(value),), evidence={"skew/over-limit": name})
        )
    parsed = read(write(folder, make_summary(made), made))
    embedded = {image["data-evidence"] for image in parsed.all("img") if "data-evidence" in image}
    assert embedded == {"evidence/2.jpg", "evidence/5.jpg", "evidence/7.jpg"}
    assert "3 of 8 pictures are inside this file" in parsed.text
    links = {anchor["href"] for anchor in parsed.all("a")}
    assert "evidence/0.jpg" in links


def test_pictures_are_capped_by_bytes_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, made = tmp_path / "run", []
    for number in range(3):
        name = draw_picture(folder, f"{number}.jpg", number)
        made.append(page(f"{number}.jpg", findings=(skew_finding(5),), evidence={"skew/over-limit": name}))
    size = (folder / "evidence" / "0.jpg").stat().st_size
    monkeypatch.setattr(digest_module, "MAX_PICTURE_BYTES", int(size * 1.5))
    source = (write(folder, make_summary(made), made) / "report.html").read_text(encoding="utf-8")
    assert source.count("data:image/jpeg;base64,") == 1


def test_a_picture_that_is_gone_costs_nothing_but_itself(tmp_path: Path) -> None:
    made = [page("a.jpg", findings=(skew_finding(5),), evidence={"skew/over-limit": "evidence/gone.jpg"})]
    parsed = read(write(tmp_path / "run", make_summary(made), made))
    assert not [image for image in parsed.all("img") if "data-evidence" in image]


def test_rows_are_capped_rework_first_and_the_cap_is_said(
    tmp_path: Path, summary: Summary, pages: list[JudgedPage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(html_data, "MAX_ROWS", 4)
    monkeypatch.setattr("ybda_qc.report.page_html.MAX_ROWS", 4)
    parsed = read(write(tmp_path / "run", summary, pages))
    rows = json.loads(parsed.data["rows"])
    kinds = json.loads(parsed.data["tables"])["kinds"]
    assert len(rows) == 4
    assert {kinds[row[2]][2] for row in rows} <= {"review", "fail", "error"}
    assert "This page holds 4 of 8 findings" in parsed.text


def test_messages_in_the_data_read_like_those_of_the_other_files(
    tmp_path: Path, summary: Summary, pages: list[JudgedPage]
) -> None:
    from ybda_qc.report.translate import translator

    parsed = read(write(tmp_path / "run", summary, pages))
    rows, tables = json.loads(parsed.data["rows"]), json.loads(parsed.data["tables"])
    for place, lang, number in ((3, "en", 0), (4, "zh", 1)):

        def text(row: list, part: str | int, number: int = number) -> str:
            field = row[3][part] if isinstance(part, int) else part
            return field[number] if isinstance(field, list) else field

        shown = {"".join(text(row, part) for part in tables["kinds"][row[2]][place]) for row in rows}
        expected = {
            translator(lang)(finding.template, finding.values)
            for judged in pages
            for finding in judged.findings
        }
        assert expected <= shown


def test_a_template_that_does_not_fit_its_fields_is_shown_whole(tmp_path: Path) -> None:
    odd = replace(skew_finding(5), template="{nothing:d} here", values={"a": 1})
    made = [page("a.jpg", findings=(odd,)), page("b.jpg", findings=(odd,))]
    parsed = read(write(tmp_path / "run", make_summary(made), made))
    rows = json.loads(parsed.data["rows"])
    assert [row[3] for row in rows] == [["{nothing:d} here [a=1]"]] * 2


def test_findings_about_an_item_stand_under_the_item(
    tmp_path: Path, summary: Summary, pages: list[JudgedPage]
) -> None:
    parsed = read(write(tmp_path / "run", summary, pages))
    rows, tables = json.loads(parsed.data["rows"]), json.loads(parsed.data["tables"])
    about_item = next(row for row in rows if row[1] == -1)
    assert tables["items"][about_item[0]][0] == gap().subject


def test_both_languages_are_marked_and_the_chosen_one_is_the_default(
    tmp_path: Path, summary: Summary, pages: list[JudgedPage]
) -> None:
    for lang, code in (("zh", "zh-Hans"), ("en", "en")):
        parsed = read(write(tmp_path / lang, summary, pages, lang))
        assert parsed.all("html")[0]["lang"] == code
        checked = [
            radio["value"]
            for radio in parsed.all("input")
            if radio.get("name") == "lang" and "checked" in radio
        ]
        assert checked == [lang]
        spans = [span for span in parsed.all("span") if span.get("class") in {"zh", "en"}]
        assert {(span["class"], span["lang"]) for span in spans} == {("zh", "zh-Hans"), ("en", "en")}
