"""Records and images, both ways."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.checks.batch.memory import ANY, NATIONAL, MemoryView, inspect_batch, limits_of, make_batch, summary
from ybda_qc.catalogue.code_options import CodeOptions, PartOptions, StructureOptions
from ybda_qc.checks._listing import LISTED, WHOLE_BATCH
from ybda_qc.checks._records import folded
from ybda_qc.checks._slips import pair_slips, slips_between
from ybda_qc.checks.batch.catalogue_link import CatalogueLinkCheck
from ybda_qc.intake.layout import LayoutOptions
from ybda_qc.model import Catalogue, CatalogueIdentity, Finding, NotApplicable, Record

CHECK = CatalogueLinkCheck()
A, B, C = "B470-WS·2022-Y-XM-0001", "B470-WS·2022-Y-XM-0012", "B470-WS·2022-D30-BGS-0345"
CODES = CodeOptions(
    parts={
        "fonds": PartOptions(pattern="[A-Z][0-9]{3}", says="a letter and 3 digits"),
        "rest": PartOptions(pattern="WS·[0-9]{4}-(?:Y|D30)-[A-Z]+-[0-9]{4}", says="the rest"),
    },
    structures=(StructureOptions(title="documents", form="{fonds}-{rest}"),),
)


def catalogue_of(codes: Sequence[str]) -> Catalogue:
    records = (
        Record(sheet="目录", row=row, values={"code": code} if code else {"title": "题名"})
        for row, code in enumerate(codes, 2)
    )
    return Catalogue(
        identity=CatalogueIdentity(path="目录.xlsx", sha256="0" * 64, tables=()), records=tuple(records)
    )


def look(records: Sequence[str], items: Sequence[str], layout: LayoutOptions = NATIONAL) -> list[Finding]:
    batch = make_batch([f"{item}/0001.jpg" for item in items], layout)
    return inspect_batch(CHECK, MemoryView(batch, catalogue=catalogue_of(records), codes=CODES))


def test_without_a_catalogue_it_does_not_apply() -> None:
    view = MemoryView(make_batch([f"{A}/0001.jpg"], NATIONAL))
    assert isinstance(CHECK.inspect(view, CHECK.method(), limits_of(CHECK)), NotApplicable)


def test_records_that_have_their_images_are_sound() -> None:
    assert look([A, f" {B} "], [A, B]) == []


def test_a_record_without_images_is_named_with_its_row() -> None:
    (finding,) = look([A, C], [A])
    assert (finding.code, finding.subject, finding.pages) == ("no-images", C, ())
    assert "row 3 of 目录" in finding.message
    assert finding.correction is not None
    assert (finding.correction.stands, finding.correction.found) == (C, "")


def test_images_without_a_record_are_named_with_their_first_page() -> None:
    (finding,) = look([A], [A, C])
    assert (finding.code, finding.subject, finding.pages) == ("no-record", C, (f"{C}/0001.jpg#1",))


def test_look_alikes_case_blanks_and_full_width_forms_are_near_misses() -> None:
    for spelling in (
        C.replace("-", "－"),
        C.replace("·", "•"),
        C.lower(),
        C.replace("B", " B"),
        "Ｂ" + C[1:],
    ):
        (finding,) = look([A, spelling], [A, C])
        assert (finding.code, finding.subject) == ("near-miss", C)
        assert finding.correction is not None
        assert (finding.correction.stands, finding.correction.found) == (spelling.strip(), C)
        assert finding.correction.proposed in (C, "")


def test_an_item_that_looks_like_one_with_a_record_is_a_near_miss_of_that_record() -> None:
    spelt = (C.lower(), C.replace("·", "•"))
    findings = look([A, C], [A, C, *spelt])
    assert sorted(summary(findings)) == sorted(("near-miss", item) for item in spelt)
    assert {f.correction.stands for f in findings if f.correction} == {C}


def test_the_plain_form_is_proposed_whoever_wrote_it_wrongly() -> None:
    wide = C.replace("-", "－")
    for record, item in ((wide, C), (C, wide)):
        (finding,) = look([A, record], [A, item])
        assert finding.correction is not None
        assert finding.correction.proposed == C


def test_a_slip_is_told_on_both_sides() -> None:
    wrong = C.replace("345", "354")
    findings = look([A, wrong], [A, C])
    assert summary(findings) == [("no-images", wrong), ("no-record", C)]
    assert all("perhaps" in finding.message for finding in findings)
    assert {finding.correction for finding in findings} == {findings[0].correction}


def test_a_code_near_to_several_is_meant_for_none() -> None:
    findings = look([A, C.replace("345", "34")], [A, C, C.replace("345", "346")])
    assert not any("perhaps" in finding.message for finding in findings)
    assert len(findings) == 3


def test_a_record_without_a_code_is_named_by_its_place() -> None:
    (finding,) = look([A, ""], [A])
    assert (finding.code, finding.subject) == ("no-code", "row 3 of 目录")


def test_a_catalogue_of_another_delivery_is_one_finding() -> None:
    (finding,) = look([f"X-{n:04}" for n in range(3000)], [f"B470-WS·2022-Y-{n:04}" for n in range(2000)])
    assert (finding.code, finding.subject) == ("other-delivery", WHOLE_BATCH)


def test_no_more_than_a_thousand_of_a_kind_are_named() -> None:
    findings = look([A, *(f"记录-{n:05}-{n:05}" for n in range(LISTED + 5))], [A])
    assert [f.code for f in findings].count("no-images") == LISTED
    assert findings[-1].code == "unlisted"


def test_folders_of_any_layout_are_joined_by_their_last_name() -> None:
    assert look([A, B], [f"2022/Y/{A}", B], ANY) == []


def test_media_are_content_of_a_record() -> None:
    batch = make_batch([f"{A}/0001.jpg"], NATIONAL)
    (item,) = batch.items
    batch = replace(batch, items=(replace(item, files=(), media=item.files),))
    assert inspect_batch(CHECK, MemoryView(batch, catalogue=catalogue_of([A]))) == []


def test_an_item_in_several_copies_is_told_once() -> None:
    batch = make_batch([f"{C}/0001.jpg"], NATIONAL)
    (item,) = batch.items
    copies = (replace(item, copy="masters"), replace(item, copy="access"))
    view = MemoryView(replace(batch, items=copies), catalogue=catalogue_of([A]))
    assert summary(inspect_batch(CHECK, view)) == [("other-delivery", WHOLE_BATCH)]
    both = make_batch([f"{A}/0001.jpg"], NATIONAL)
    view = MemoryView(replace(both, items=(*both.items, *copies)), catalogue=catalogue_of([A]))
    assert summary(inspect_batch(CHECK, view)) == [("no-record", C)]


def test_slips_are_counted() -> None:
    assert [slips_between("abcd", other) for other in ("abcd", "abd", "abxd", "acbd", "dcba")] == [
        0,
        1,
        1,
        1,
        3,
    ]


def test_ten_thousand_of_a_series_left_over_make_no_pairs() -> None:
    assert (
        pair_slips([f"A-2022-{n:05}" for n in range(10_000)], [f"B-2023-{n:05}" for n in range(10_000)]) == {}
    )


@given(st.text(alphabet="abcdef0123456789-", min_size=8, max_size=20), st.data())
def test_a_single_slip_is_paired_whatever_it_is(code: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(code) - 1))
    wrong = code[:at] + data.draw(st.sampled_from(["", "z", "zz"])) + code[at + 1 :]
    assert pair_slips([code], [wrong]) == ({code: wrong} if wrong != code else {})


@given(st.text("ABZ059·-", min_size=1), st.data())
def test_a_code_written_with_look_alikes_folds_to_the_same(code: str, data: st.DataObject) -> None:
    written = "".join(
        data.draw(st.sampled_from({"·": "·•・．", "-": "-－—‐"}.get(c, c + c.lower() + chr(ord(c) + 0xFEE0))))
        + data.draw(st.sampled_from(["", " ", "\u3000", "\u200b"]))
        for c in code
    )
    assert folded(written) == folded(code)


VOLUME = "B470-KU·01·2022-D30-001"
OF_VOLUMES = CodeOptions(
    parts={
        "head": PartOptions(pattern="B470-KU·01·2022-D30", says="the head"),
        "volume": PartOptions(pattern="[0-9]{3}", says="3 digits"),
        "item": PartOptions(pattern="[0-9]{4}", says="4 digits"),
    },
    structures=(StructureOptions(title="accounts", form="{head}-{volume}[-{item}]"),),
)


def look_at_volumes(records: Sequence[str], items: Sequence[str]) -> list[tuple[str, str | None]]:
    batch = make_batch([f"{item}/0001.jpg" for item in items], NATIONAL)
    view = MemoryView(batch, catalogue=catalogue_of(records), codes=OF_VOLUMES)
    return [(finding.code, finding.subject) for finding in inspect_batch(CHECK, view)]


def test_a_volume_has_the_images_of_its_items_and_items_those_of_their_volume() -> None:
    items = [f"{VOLUME}-0001", f"{VOLUME}-0002"]
    assert look_at_volumes([VOLUME, *items], items) == []
    assert look_at_volumes([VOLUME, *items], [VOLUME]) == []
    assert look_at_volumes(items, [VOLUME]) == []


def test_the_record_of_a_volume_stands_for_no_item_and_no_other_volume() -> None:
    one, two, other = f"{VOLUME}-0001", f"{VOLUME}-0002", VOLUME[:-1] + "2"
    assert look_at_volumes([VOLUME, one], [one, two]) == [("no-record", two)]
    assert look_at_volumes([one, other, f"{other}-0001"], [one]) == [
        ("no-images", other),
        ("no-images", f"{other}-0001"),
    ]


def look_at_files(*files: str) -> list[Finding]:
    batch = make_batch([f"{A}/0001.jpg", f"2022/{B}/0001.jpg"], NATIONAL)
    identity = CatalogueIdentity(path="目录.xlsx", sha256="0" * 64, tables=())
    records = (
        Record(sheet="目录", row=2, values={"code": A}),
        *(
            Record(sheet="目录", row=3 + at, values={"code": C, "file": file})
            for at, file in enumerate(files)
        ),
    )
    catalogue = Catalogue(identity=identity, records=records)
    return inspect_batch(CHECK, MemoryView(batch, catalogue=catalogue, codes=CODES))


def test_a_record_is_found_by_its_file_name_and_the_other_code_is_said() -> None:
    for file in (f"{B}.pdf", B, f"2022\\{B}.pdf", f" {B}.PDF "):
        (finding,) = look_at_files(file)
        assert (finding.code, finding.subject) == ("near-miss", B)
        assert finding.message == (
            f"{B} is the file name that the catalogue gives for {C} (row 3 of 目录), but not its code"
        )
        assert finding.correction is not None
        assert (finding.correction.stands, finding.correction.found) == (C, B)


def test_a_file_name_that_is_none_of_the_batch_finds_nothing() -> None:
    for file in ("", ".", "0001.jpg", f"{A}.pdf"):
        assert {finding.code for finding in look_at_files(file)} == {"no-images", "no-record"}


def test_pages_in_the_batch_folder_itself_have_no_record() -> None:
    batch = make_batch([f"{A}/0001.jpg", "0001.jpg"], NATIONAL)
    (finding,) = inspect_batch(CHECK, MemoryView(batch, catalogue=catalogue_of([A]), codes=CODES))
    assert (finding.code, finding.pages, finding.correction) == ("no-record", ("0001.jpg#1",), None)
    assert finding.message.startswith("pages in the batch folder itself have no record")
