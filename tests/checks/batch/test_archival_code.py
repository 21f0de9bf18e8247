import pytest

from tests.checks.batch.memory import OWN, MemoryView, inspect_batch, summary
from ybda_qc.app.profiles import load_profile, registered_checks
from ybda_qc.catalogue.code_options import CodeOptions
from ybda_qc.checks.batch.archival_code import ArchivalCodeCheck, ColumnLimits
from ybda_qc.model import (
    Batch,
    Catalogue,
    CatalogueIdentity,
    Correction,
    Finding,
    Item,
    NotApplicable,
    Record,
)

CHECK = ArchivalCodeCheck()
CODES: CodeOptions = load_profile("da-t-31-2017", registered_checks()).codes
SOUND = "A182-WS·2022-Y-XZ-0001"
WORDS = ColumnLimits(
    verdict="fail", source=OWN, words={"永久": "Y", "定期30年": "D30", "30年": "D30", "照片": "ZP"}
)


def view_of(
    *items: str, records: tuple[dict[str, str], ...] = (), codes: CodeOptions | None = CODES
) -> MemoryView:
    identity = CatalogueIdentity(path="目录.xlsx", sha256="0" * 64, tables=())
    catalogue = Catalogue(
        identity=identity,
        records=tuple(Record(sheet="S", row=row, values=values) for row, values in enumerate(records, 2)),
    )
    batch = Batch(root="/batch", files=(), items=tuple(Item(code=code) for code in items))
    return MemoryView(batch, catalogue=catalogue if records else None, codes=codes)


def look(*items: str, records: tuple[dict[str, str], ...] = (), codes: CodeOptions = CODES) -> list[Finding]:
    return inspect_batch(CHECK, view_of(*items, records=records, codes=codes), column_differs=WORDS)


def test_without_structures_there_is_nothing_to_read() -> None:
    view = view_of(SOUND, codes=None)
    assert isinstance(CHECK.inspect(view, CHECK.method(), None), NotApplicable)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "code",
    [
        SOUND,
        "B469-WS·2023-Y-BGS-0001",
        "A182-WS·2022-Y-0001",
        "B470-WS·2022-D30-办公室-0002",
        "A182-ZP·2022-Y-0001",
        "A182-SW·JB·2022-Y-0001",
        "A182-KU·01·2022-D30-001",
        "A182-KU·01·2022-D30-001-0002",
        "0999-KJ·JJ·001-001",
        "A182-ZY·SJ·2025-Y-001",
        "A182-ZY·SJ·2025-Y-0001",
        "A182-WS·2005-C-0001",
        "A182-1-001-001",
        "A182-A-001-0001",
        "KJ-001-001-001",
    ],
)
def test_codes_of_the_national_structures_are_sound(code: str) -> None:
    assert look(code, records=({"code": code},)) == []


@pytest.mark.parametrize(
    ("code", "kind", "says"),
    [
        (
            "A182-WS·2022-D5-XZ-0001",
            "value",
            "'D5' in A182-WS·2022-D5-XZ-0001 is none of Y, D30, D10 (character 14)",
        ),
        ("A182-WS·2022-D-XZ-0001", "value", "retention 保管期限 'D'"),
        ("A182-WS·22-Y-XZ-0001", "form", "year 年度 '22'"),
        ("A182-WS·2022-Y-XZ-1", "form", "item 件号 '1'"),
        ("A182-WS-2022-Y-XZ-0001", "separator", "stands '-' instead of '·' (character 8)"),
        ("A182-WS·2022-0001", "missing", "retention 保管期限 is missing"),
        ("A182-WS·2022-Y-XZ-0001-003", "surplus", "'003'"),
        ("会议照片", "structure", "none of the structures"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(code: str, kind: str, says: str) -> None:
    (finding,) = look(code)
    assert (finding.code, finding.subject) == (kind, code)
    assert says in finding.message


def test_two_problems_are_two_findings() -> None:
    assert [finding.code for finding in look("A182-WS·22-D5-XZ-0001")] == ["form", "value"]


def test_look_alikes_are_named_and_the_code_is_proposed() -> None:
    code = "A182—WS•2022-Y-XZ-0001"
    (finding,) = look(records=({"code": SOUND}, {"code": code}))
    assert (finding.code, finding.subject) == ("look-alike", code)
    assert "— U+2014 (-), • U+2022 (·)" in finding.message
    assert finding.correction == Correction(place="row 3 of S", field="code", stands=code, proposed=SOUND)


def test_a_look_alike_in_a_name_only_is_no_correction_of_the_catalogue() -> None:
    code = "A182-WS\u200b·2022-Y-XZ-0001"
    (finding,) = look(code)
    assert "U+200B" in finding.message
    assert finding.correction == Correction(field="code", found=code, proposed=SOUND)


def test_small_letters_are_corrected() -> None:
    (finding,) = [f for f in look("a182-WS·2022-Y-XZ-0001") if f.code == "form"]
    assert finding.correction is not None
    assert finding.correction.proposed == SOUND


def test_a_code_in_names_and_catalogue_is_reported_once() -> None:
    code = "A182-WS·2022-D5-XZ-0001"
    assert summary(look(code, records=({"code": code}, {"code": code}))) == [("value", code)]


def test_a_record_without_code_is_left_to_the_fields() -> None:
    assert look(records=({"title": "通知"},)) == []


@pytest.mark.parametrize(
    ("field", "column"),
    [
        ("fonds", "B469"),
        ("category", "ZP"),
        ("category", "照片档案"),
        ("year", "2021"),
        ("year", "2021年度"),
        ("retention", "30年"),
        ("retention", "定期（30 年）"),
        ("organisation", "BGS"),
        ("item", "2"),
    ],
)
def test_a_part_that_differs_from_its_column(field: str, column: str) -> None:
    (finding,) = look(SOUND, records=({"code": SOUND, field: column},))
    assert (finding.code, finding.subject) == ("column-differs", SOUND)
    part = {
        "fonds": "A182",
        "category": "WS",
        "year": "2022",
        "retention": "Y",
        "organisation": "XZ",
        "item": "0001",
    }
    assert finding.correction == Correction(place="row 2 of S", field=field, stands=column, found=part[field])


def test_a_volume_that_differs_from_its_column() -> None:
    code = "A182-KU·01·2022-D30-001"
    assert summary(look(records=({"code": code, "volume": "2"},))) == [("column-differs", code)]
    assert look(records=({"code": code, "volume": "1"},)) == []


@pytest.mark.parametrize(
    ("field", "column"),
    [
        ("fonds", "Ａ１８２"),
        ("category", "WS·2022"),
        ("category", "文书"),
        ("year", "2022年"),
        ("year", "2022 年度"),
        ("retention", "永久"),
        ("organisation", "行政办公室"),
        ("item", "1"),
        ("item", " 00001"),
        ("volume", "7"),
    ],
)
def test_columns_that_say_the_same_or_cannot_be_compared(field: str, column: str) -> None:
    assert look(SOUND, records=({"code": SOUND, field: column},)) == []


def test_a_placeholder_may_stand_for_the_fonds() -> None:
    codes = CODES.model_copy(update={"placeholders": ("待定", "B???")})
    for fonds in ("待定", "B???"):
        code = f"{fonds}-WS·2022-Y-XZ-0001"
        found = look(code, records=({"code": code, "fonds": "B469"},), codes=codes)
        assert summary(found) == [("placeholder-fonds", code)]
    assert look(SOUND, codes=codes) == []
    assert [finding.code for finding in look("待定-WS·2022-Y-XZ-0001")] == ["form"]


def test_what_goes_on_is_counted() -> None:
    found = look(*(f"A182-WS·2022-D5-{number:04d}" for number in range(1001)))
    assert len(found) == 1001
    assert found[-1].code == "unlisted"


def test_of_a_folder_below_others_its_own_name_is_read() -> None:
    wrong = SOUND.replace("Y", "D5")
    assert look(f"2022/{SOUND}", records=({"code": SOUND, "year": "2022"},)) == []
    (finding,) = look(f"2022/永久/{wrong}", records=({"code": wrong},))
    assert (finding.code, finding.subject) == ("value", f"2022/永久/{wrong}")
    assert finding.message.endswith("'D5' in A182-WS·2022-D5-XZ-0001 is none of Y, D30, D10 (character 14)")


@pytest.mark.parametrize("code", ["0999-1-023", "A182-WS-023", "WS-001-023"])
def test_volumes_of_the_older_edition_are_codes_too(code: str) -> None:
    assert look(code) == []
    assert look(code[:-1]) != []


def test_pages_in_the_batch_folder_itself_have_no_code() -> None:
    (finding,) = look(".")
    assert (finding.code, finding.subject) == ("structure", ".")
    assert finding.message == "pages in the batch folder itself have no archival code in their names"
