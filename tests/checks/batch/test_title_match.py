"""Records and the text of their items: what is mislinked is found, what is misread is not accused."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.checks.batch.memory import MemoryView, inspect_batch, limits_of
from tests.checks.batch.texts import make_text, make_view
from ybda_qc.checks._comparable import comparable, number_of
from ybda_qc.checks._evidence import Claim, Text, best_place, fit
from ybda_qc.checks.batch.title_match import TitleMatchCheck
from ybda_qc.model import Finding, NotApplicable, PageText, Record

CHECK = TitleMatchCheck()
MATTERS = (
    *("春季造林", "粮食入库", "校舍修缮", "河道清淤", "职工培训", "农机检修", "户籍登记", "仓库防潮"),
    *("道路养护", "卫生普查", "档案移交", "防汛抗旱"),
)
BODY = "各单位要高度重视，切实加强领导，明确责任，按期完成任务，并将落实情况报我局办公室。"


def code(at: int) -> str:
    return f"A1-WS·2010-Y-{at:04d}"


def record(at: int, **changed: str) -> dict[str, str]:
    values = {
        "title": f"关于做好{2000 + at}年{MATTERS[at]}工作的通知",
        "document_number": f"临档发〔{2000 + at}〕{13 + 7 * at}号",
        "author": "临江市档案局",
        "date": f"{2000 + at}03{10 + at}",
    }
    return {**values, **changed}


def paper(at: int, *body: str) -> list[str]:
    """The text of the paper that `record` describes, its title broken over two lines."""
    title = record(at)["title"]
    return [
        "临江市档案局文件",
        record(at)["document_number"],
        title[:9],
        title[9:],
        "各单位：",
        *(body or (BODY[:20], BODY[20:])),
        "临江市档案局",
        f"{2000 + at}年3月{10 + at}日",
    ]


def papers(**changed: list[str]) -> dict[str, list[PageText | None]]:
    texts = {code(at): paper(at) for at in range(len(MATTERS))}
    return {name: [make_text(lines)] for name, lines in {**texts, **changed}.items()}


def records(changed: dict[int, dict[str, str]] | None = None) -> dict[str, dict[str, str]]:
    return {code(at): (changed or {}).get(at, record(at)) for at in range(len(MATTERS))}


def look(view: MemoryView) -> dict[str, Finding]:
    found = inspect_batch(CHECK, view)
    return {finding.subject or "": finding for finding in found if finding.code != "not-compared"}


def test_records_of_their_own_text_are_sound() -> None:
    assert inspect_batch(CHECK, make_view(papers(), records())) == []


def test_records_that_changed_places_name_each_other() -> None:
    found = look(make_view(papers(), records({3: record(7), 7: record(3)})))
    assert {name: finding.code for name, finding in found.items()} == {
        code(3): "mismatch",
        code(7): "mismatch",
    }
    correction = found[code(3)].correction
    assert correction is not None
    assert (correction.place, correction.field) == ("row 5 of 目录", "title")
    assert correction.stands == record(7)["title"]
    assert correction.proposed.startswith(record(3)["title"])
    assert "row 9 of 目录" in correction.proposed
    assert found[code(3)].pages == (f"{code(3)}/0001.tif#1",)


def test_twins_that_differ_in_a_year_and_a_number_are_told_apart() -> None:
    """The titles are alike but for a digit; number and date tell which is which."""
    one = record(2, title="关于做好2002年度春季造林工作的通知")
    other = record(4, title="关于做好2004年度春季造林工作的通知")
    texts = papers()
    for at, values in ((2, one), (4, other)):
        lines = paper(at)
        lines[2:4] = [values["title"]]
        texts[code(at)] = [make_text(lines)]
    assert look(make_view(texts, records({2: one, 4: other}))) == {}
    found = look(make_view(texts, records({2: other, 4: one})))
    assert {name: finding.code for name, finding in found.items()} == {
        code(2): "mismatch",
        code(4): "mismatch",
    }


def test_a_record_of_no_paper_in_the_batch_is_found() -> None:
    alien = {
        "title": "关于表彰1987年度先进集体的决定",
        "document_number": "山财字〔1987〕201号",
        "author": "山阳县财政局",
        "date": "19871120",
    }
    found = look(make_view(papers(), records({5: alien})))
    assert {name: finding.code for name, finding in found.items()} == {code(5): "mismatch"}
    correction = found[code(5)].correction
    assert correction is not None
    assert correction.proposed.startswith(record(5)["title"]) is False


def test_what_speaks_weakly_against_a_record_is_only_unsure() -> None:
    values = {"title": "赵某某与钱某某往来书信", "author": "临江市档案局"}
    found = look(make_view(papers(), records({5: values})))
    assert {name: finding.code for name, finding in found.items()} == {code(5): "unsure"}


def test_a_paper_that_cites_another_is_not_taken_for_it() -> None:
    cited = record(8)
    body = f"根据《{cited['title']}》（{cited['document_number']}）精神，现将有关事项通知如下。"
    texts = papers(**{code(2): paper(2, body[:26], body[26:], BODY)})
    assert look(make_view(texts, records())) == {}
    # and a title in other words does not make the cited paper the better one
    own = record(2, title="临江市档案局造林材料")
    assert "mismatch" not in {f.code for f in look(make_view(texts, records({2: own}))).values()}


def test_traditional_characters_and_other_spellings_are_the_same() -> None:
    title, number = "關於做好2003年河道清淤工作的通知", "臨檔發[2003]34號"
    values = record(3, title=title, document_number=number, date="2003-3-13")
    assert look(make_view(papers(), records({3: values}))) == {}


@pytest.mark.parametrize(
    "values",
    [
        {"title": "［临江市档案局来往文书］"},
        {"title": "[临江市档案局来往文书]", "date": "19630101"},
        {"title": "函"},
    ],
)
def test_self_made_and_short_titles_are_not_compared(values: dict[str, str]) -> None:
    found = inspect_batch(CHECK, make_view(papers(), records({1: values})))
    assert [(finding.code, finding.value) for finding in found] == [("not-compared", 1.0)]


def test_items_that_say_too_little_are_not_compared() -> None:
    texts = papers()
    texts[code(0)] = [None]
    texts[code(1)] = [make_text(["封面"])]
    texts[code(2)] = [make_text(paper(9), confidence=0.4)]  # handwriting
    found = inspect_batch(CHECK, make_view(texts, records()))
    assert [(finding.code, finding.value) for finding in found] == [("not-compared", 3.0)]


def test_a_cover_and_a_blank_page_before_the_text_are_passed_over() -> None:
    texts = papers()
    texts[code(4)] = [make_text(["档案", "全宗号"]), None, *texts[code(4)]]
    assert look(make_view(texts, records())) == {}


def test_all_mislinked_by_one_row_are_found() -> None:
    count = len(MATTERS)
    found = look(make_view(papers(), records({at: record((at + 1) % count) for at in range(count)})))
    assert {name: finding.code for name, finding in found.items()} == {
        code(at): "mismatch" for at in range(count)
    }


def sparse(at: int, year: int) -> dict[str, str]:
    """A record without number, of papers that differ in their year only."""
    title = f"{year}年春季造林工作总结"
    return record(at, title=title, document_number="", date=f"{year}0{at}1{at}")


def summary(at: int, year: int, heading: str = "", day: str = "") -> PageText:
    dated = day or f"{year}年{at}月1{at}日"
    return make_text([heading or f"{year}年春季造林工作总结", BODY[:20], BODY[20:], "临江市档案局", dated])


def test_the_text_of_another_item_accuses_a_record_that_its_own_text_leaves_open() -> None:
    """Two papers changed places; the year in the title of one is misread, and its day is another one."""
    one, other = sparse(2, 2002), sparse(4, 2004)
    texts = papers()
    texts[code(2)] = [summary(2, 2002)]
    texts[code(4)] = [summary(4, 2004, heading="2009年春季造林工作总结", day="1998年9月28日")]
    found = look(make_view(texts, records({2: other, 4: one})))
    assert {name: finding.code for name, finding in found.items()} == {
        code(2): "mismatch",
        code(4): "elsewhere",
    }
    assert found[code(4)].values["other"] == code(2)
    assert code(2) in found[code(4)].message
    # the same text accuses nobody where no other item speaks against the record
    texts[code(2)] = [make_text(paper(2))]
    assert code(4) not in look(make_view(texts, records({2: record(2), 4: one})))


def test_copies_and_records_of_like_titles_are_not_accused() -> None:
    texts = papers()
    texts[code(7)] = texts[code(3)]
    copy = record(3, title=record(3)["title"] + "（复印件）")
    assert look(make_view(texts, records({7: copy}))) == {}
    in_other_words = record(3, title="有关河道清淤问题的文件")
    found = look(make_view(texts, records({7: in_other_words})))
    assert "mismatch" not in {finding.code for finding in found.values()}


def test_a_long_run_of_slipped_rows_accuses_only_the_slipped_ones() -> None:
    slipped = {at: record(at + 1) for at in range(2, 9)} | {9: record(2)}
    found = look(make_view(papers(), records(slipped)))
    assert {name: finding.code for name, finding in found.items()} == {
        code(at): "mismatch" for at in range(2, 10)
    }


def test_a_record_of_no_known_paper_is_shown_with_the_title_that_stands_there() -> None:
    alien = {"title": "山阳县财政局人员编制情况表", "document_number": "山财字〔1987〕201号"}
    correction = look(make_view(papers(), records({5: alien})))[code(5)].correction
    assert correction is not None
    assert (correction.stands, correction.found) == (alien["title"], record(5)["title"])
    assert correction.proposed == ""


def test_serials_of_document_numbers_are_whole_numbers() -> None:
    """3 is not 31, though it stands in it."""
    text = Text(["临档发〔2003〕31号"])
    short, whole = (
        Claim.of(Record(sheet="", row=1, values={"title": "关于通知", "document_number": number}))
        for number in ("临档发〔2003〕3号", "临档发〔2003〕31号")
    )
    places = fit(short, text).number, fit(whole, text).number
    assert [place and place.edits for place in places] == [1, 0]


def test_without_catalogue_text_or_titles_it_does_not_apply() -> None:
    limits = limits_of(CHECK)
    for view in (
        make_view(papers()),
        make_view(papers(), {code(1): {"date": "20010311"}}),
        MemoryView(make_view(papers(), records()).batch, catalogue=make_view({}, records()).catalogue),
    ):
        assert isinstance(CHECK.inspect(view, CHECK.method(), limits), NotApplicable)


def test_five_per_cent_of_misread_characters_accuse_no_more_than_one_in_four_hundred() -> None:
    accused = 0
    for seed in range(100):
        rng = random.Random(seed)

        def misread(line: str, rng: random.Random = rng) -> str:
            return "".join(rng.choice(BODY) if rng.random() < 0.05 else letter for letter in line)

        texts = {code(at): [make_text([misread(line) for line in paper(at)])] for at in range(len(MATTERS))}
        found = look(make_view(texts, records())).values()
        accused += sum(finding.code == "mismatch" for finding in found)
    assert accused <= 100 * len(MATTERS) / 400


letters = st.text("abc甲乙", max_size=12)


@given(st.text("abc甲乙", min_size=1, max_size=8), letters)
def test_the_best_place_has_the_fewest_edits(wanted: str, text: str) -> None:
    row = [0] * (len(text) + 1)
    for at, letter in enumerate(wanted, 1):
        new = [at]
        for to, other in enumerate(text, 1):
            new.append(min(row[to] + 1, new[-1] + 1, row[to - 1] + (letter != other)))
        row = new
    assert best_place(wanted, text).edits == min(row)


@given(letters, letters, letters)
def test_what_stands_in_a_text_is_found_there(before: str, wanted: str, after: str) -> None:
    if wanted:
        place = best_place(wanted, before + wanted + after)
        assert place.edits == 0
        assert (before + wanted + after)[place.start : place.end] == wanted


@pytest.mark.parametrize(
    ("written", "number"), [("三", 3), ("十", 10), ("十二", 12), ("二十", 20), ("三十一", 31)]
)
def test_chinese_numbers(written: str, number: int) -> None:
    assert number_of(written) == number


def test_days_are_read_however_they_are_written() -> None:
    day = (1985, 12, 31)
    for text in ("一九八五年十二月三十一日", "1985年12月31日", "1985.12.31", "198５年l2月31日"):
        assert day in Text([text]).dates, text
    for text in ("19851231", "1985-12-31", "1985年12月31日"):
        assert Claim.of(Record(sheet="", row=1, values={"date": text})).date == day
    assert Claim.of(Record(sheet="", row=1, values={"date": "19850000"})).date is None


@given(st.text())
def test_anything_can_be_compared(text: str) -> None:
    form = comparable(text)
    assert all(letter.isalnum() for letter in form)
    Claim.of(
        Record(sheet="", row=1, values=dict.fromkeys(("title", "date", "author", "document_number"), text))
    )
    made = Text(text.splitlines())
    assert made.serials is not None
    assert made.dates is not None


def test_a_record_without_title_whose_number_is_cited_is_not_meant() -> None:
    cites = papers(**{code(3): paper(3, f"根据市政府〔1999〕5号文件精神，{BODY[:10]}", BODY[20:])})
    in_other_words = {"title": "粮食局一九六三年工作要点及其说明材料"}
    without_title = {"title": "", "document_number": "临府发〔1999〕5号"}

    found = look(make_view(cites, records({3: in_other_words, 5: without_title})))

    assert all(finding.code == "unsure" for finding in found.values())
    assert all(finding.correction and not finding.correction.proposed for finding in found.values())
