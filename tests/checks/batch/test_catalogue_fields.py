from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.checks.batch.memory import OWN, MemoryView, inspect_batch, make_batch, summary
from ybda_qc.catalogue.code_options import CodeOptions, PartOptions, StructureOptions
from ybda_qc.checks.batch.catalogue_fields import (
    CatalogueFieldsCheck,
    DateLimits,
    LengthLimits,
    ListLimits,
    RequiredLimits,
)
from ybda_qc.intake.layout import LayoutOptions
from ybda_qc.model import (
    Batch,
    BatchFile,
    Catalogue,
    CatalogueIdentity,
    CatalogueTable,
    Correction,
    FileRole,
    Finding,
    Item,
    NotApplicable,
    Record,
)

CHECK = CatalogueFieldsCheck()
BATCH = Batch(root="/batch", files=(), items=())
CODE = "A182-2022-0001"
CODES = CodeOptions(
    parts={
        "fonds": PartOptions(pattern="[A-Z0-9]{4}"),
        "year": PartOptions(pattern="[0-9]{4}"),
        "item": PartOptions(pattern="[0-9]{4}"),
    },
    structures=(StructureOptions(title="items", form="{fonds}-{year}-{item}"),),
)
COLUMNS = {"code": "档号", "title": "题名", "date": "日期", "security": "密级"}
LIMITS = {
    "missing": RequiredLimits(verdict="fail", source=OWN, required=("code", "title")),
    "too_long": LengthLimits(verdict="fail", source=OWN, longest={"title": 10}),
    "not_in_list": ListLimits(verdict="fail", source=OWN, values={"security": ("公开", "秘密")}),
    "date": DateLimits(verdict="fail", source=OWN),
}


def look(
    *records: dict[str, str],
    columns: dict[str, str] = COLUMNS,
    codes: CodeOptions | None = CODES,
    batch: Batch = BATCH,
    **limits: object,
) -> list[Finding]:
    table = CatalogueTable(
        sheet="S", encoding="", header_row=1, columns=columns, unknown=(), records=len(records)
    )
    catalogue = Catalogue(
        identity=CatalogueIdentity(path="目录.xlsx", sha256="0" * 64, tables=(table,)),
        records=tuple(Record(sheet="S", row=row, values=values) for row, values in enumerate(records, 2)),
    )
    view = MemoryView(batch, catalogue=catalogue, codes=codes)
    return inspect_batch(CHECK, view, **{**LIMITS, **limits})  # type: ignore[arg-type]


def with_(**values: str) -> dict[str, str]:
    return {"code": CODE, "title": "通知", **values}


def proposed(finding: Finding) -> str:
    assert finding.correction is not None
    return finding.correction.proposed


def test_without_a_catalogue_there_are_no_fields() -> None:
    found = CHECK.inspect(MemoryView(BATCH), CHECK.method(), None)  # type: ignore[arg-type]
    assert isinstance(found, NotApplicable)


def test_a_sound_record() -> None:
    assert look(with_(date="20220305", security="公开", year="2022")) == []


def test_an_empty_field_is_named_with_its_row() -> None:
    (finding,) = look({"code": CODE})
    assert (finding.code, finding.subject, finding.message) == (
        "missing",
        CODE,
        "题名 is empty in row 2 of S",
    )
    assert finding.correction == Correction(place="row 2 of S", field="title")


def test_a_record_without_code_is_called_by_its_row() -> None:
    assert summary(look({"title": "通知"})) == [("missing", "row 2 of S")]


@pytest.mark.parametrize(("kind", "found"), [("media", []), ("files", [("missing", CODE)])])
def test_what_has_no_pages_needs_no_page_count(kind: str, found: list[tuple[str, str]]) -> None:
    file = BatchFile(path=f"{CODE}/0001.wav", size_bytes=1, role=FileRole.MEDIA, item=CODE)
    batch = replace(BATCH, items=(Item(code=CODE, **{kind: (file,)}),))
    required = RequiredLimits(verdict="fail", source=OWN, required=("title", "pages"))
    assert (
        summary(look(with_(), columns={**COLUMNS, "pages": "页数"}, batch=batch, missing=required)) == found
    )


def test_a_missing_column_is_one_finding() -> None:
    found = look(*({"code": f"A182-2022-{n:04d}"} for n in range(5)), columns={"code": "档号"})
    assert summary(found) == [("missing-column", "目录.xlsx")]
    assert "no column for the field title" in found[0].message


def test_length_on_both_sides_of_the_limit() -> None:
    assert look(with_(title="一" * 10)) == []
    (finding,) = look(with_(title="一" * 11))
    assert (finding.code, finding.value, finding.limit) == ("too-long", 11, 10)


@pytest.mark.parametrize("text", ["公开", "秘密★10年", "秘密"])
def test_values_of_the_list(text: str) -> None:
    assert look(with_(security=text)) == []


def test_a_value_outside_the_list() -> None:
    (finding,) = look(with_(security="一般"))
    assert finding.code == "not-in-list"
    assert "密级 in row 2 of S is '一般', none of 公开, 秘密" in finding.message


@pytest.mark.parametrize("text", ["20220305", "20240229", "20220300", "20220000"])
def test_dates(text: str) -> None:
    assert [f for f in look(with_(date=text)) if f.code == "date"] == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2022-03-05", "20220305"),
        ("2022.3.5", "20220305"),
        ("2022年3月5日", "20220305"),
        ("2022/03/05 00:00:00", "20220305"),
        ("２０２２０３０５", "20220305"),
        ("20220305 08:30:00", "20220305"),
        ("44625", "20220305"),
        ("99999", ""),
        ("20220230 08:30:00", ""),
        ("20220230", ""),
        ("20230229", ""),
        ("20221301", ""),
        ("20220005", ""),
        ("2022", ""),
        ("2022-02-30", ""),
        ("二〇二二年", ""),
    ],
)
def test_what_is_no_date(text: str, meant: str) -> None:
    (finding,) = look(with_(date=text))
    assert (finding.code, proposed(finding)) == ("date", meant)


def test_unknown_days_may_be_forbidden() -> None:
    strict = DateLimits(verdict="fail", source=OWN, unknown_allowed=False)
    assert summary(look(with_(date="20220300"), date=strict)) == [("date", CODE)]


@given(st.dates())
def test_every_day_is_a_date_and_is_understood_as_it_is_written(day: object) -> None:
    written = str(day)
    assert [f for f in look(with_(date=written.replace("-", ""))) if f.code == "date"] == []
    (finding,) = [f for f in look(with_(date=written)) if f.code == "date"]
    assert proposed(finding) == written.replace("-", "")


def test_the_year_is_that_of_the_column_or_of_the_code() -> None:
    assert summary(look(with_(date="20210305"))) == [("year", CODE)]
    assert look(with_(date="20210305", year="2021年度")) == []
    assert summary(look(with_(date="20220305", year="2021"))) == [("year", CODE)]
    assert look(with_(date="20210305"), codes=None) == []


def test_one_code_in_several_records_is_one_finding() -> None:
    other = with_(code="A182—2022-0001")
    (finding,) = look(with_(), with_(code="A182-2022-0002"), other)
    assert (finding.code, finding.subject, finding.value) == ("duplicate", CODE, 2)
    assert "row 2 of S; row 4 of S" in finding.message
    assert summary(look(with_(), with_(code=CODE.lower()), codes=None)) == [("duplicate", CODE)]


@pytest.mark.parametrize(
    ("title", "shown", "meant"),
    [
        ("关于\n通知", "U+000A", "关于通知"),
        ("a\nb", "U+000A", "a b"),
        ("通\x07知", "U+0007", "通知"),
        ("通\u200b知", "U+200B", "通知"),
        ("通\ue123知", "U+E123", ""),
        ("通\ufffd知", "U+FFFD", ""),
        ('=HYPER("x")', "=HYPER(", ""),
        ("+1+SUM(A1)", "+1+SUM(", ""),
        ("=cmd|'/c'!A", "=cmd|'/c'!", ""),
    ],
)
def test_what_does_not_belong_in_a_field(title: str, shown: str, meant: str) -> None:
    found = [finding for finding in look(with_(title=title)) if finding.code != "too-long"]
    assert [finding.code for finding in found] == ["illegal-character"]
    assert found[0].message.endswith(shown)
    assert proposed(found[0]) == meant


@pytest.mark.parametrize("title", ["-5℃记录", "@某单位", "=等号", "+（会议）"])
def test_signs_that_start_no_formula(title: str) -> None:
    assert look(with_(title=title)) == []


def test_blanks_around() -> None:
    (finding,) = look(with_(code=f"{CODE} "))
    assert (finding.code, finding.subject) == ("trailing-blank", CODE)
    assert finding.correction == Correction(
        place="row 2 of S", field="code", stands=f"{CODE} ", proposed=CODE
    )
    assert [finding.code for finding in look(with_(title="\u3000通知\n"))] == ["trailing-blank"]


@pytest.mark.parametrize("title", ["[会议照片]", "关于【2022】的", "关于[某]的"])
def test_paired_brackets(title: str) -> None:
    assert look(with_(title=title)) == []


@pytest.mark.parametrize(
    ("title", "meant"),
    [("[会议", ""), ("会议]", ""), ("]会议[", ""), ("［会议］", "[会议]"), ("【会议】", "[会议]")],
)
def test_brackets_that_are_wrong(title: str, meant: str) -> None:
    (finding,) = look(with_(title=title))
    assert (finding.code, proposed(finding)) == ("title-brackets", meant)


def test_what_goes_on_is_counted() -> None:
    found = look(*({"code": f"A182-2022-{number:04d}"} for number in range(1001)), codes=None)
    assert len(found) == 1001
    assert found[-1].code == "unlisted"


@given(st.dictionaries(st.sampled_from(sorted(COLUMNS)), st.text()))
def test_no_text_breaks_it(values: dict[str, str]) -> None:
    for finding in look(values):
        assert finding.message.isprintable()


@pytest.mark.parametrize(("kind", "found"), [("wav", []), ("jpg", [("missing-column", "目录.xlsx")])])
def test_a_delivery_of_recordings_needs_no_column_of_pages(kind: str, found: list[tuple[str, str]]) -> None:
    needed = RequiredLimits(verdict="fail", source=OWN, required=("pages",))
    batch = make_batch([f"{CODE}/1.{kind}"], LayoutOptions())
    assert summary(look(with_(), batch=batch, missing=needed)) == found


@pytest.mark.parametrize("text", ["定期(30年)", "定期（30 年）", "定期30年"])
def test_brackets_and_blanks_make_no_other_value(text: str) -> None:
    values = ListLimits(verdict="fail", source=OWN, values={"retention": ("永久", "定期30年")})
    assert look(with_(retention=text), not_in_list=values) == []
    assert summary(look(with_(retention=text + "以上"), not_in_list=values)) == [("not-in-list", CODE)]
