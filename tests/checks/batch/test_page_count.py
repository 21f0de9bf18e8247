"""Page counts of the catalogue against images."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from tests.checks.batch.memory import NATIONAL, MemoryView, inspect_batch, limits_of, make_batch, make_page
from ybda_qc.catalogue.code_options import CodeOptions, PartOptions, StructureOptions
from ybda_qc.checks.batch.page_count import PageCountCheck
from ybda_qc.model import (
    Catalogue,
    CatalogueIdentity,
    DeliveryCopy,
    Finding,
    NotApplicable,
    PageId,
    PageResult,
    Record,
)
from ybda_qc.report import translator

CHECK = PageCountCheck()
CODE = "B470-WS·2022-Y-XM-0001"
W, L, N, UNKNOWN = "written", "little", "nothing", ""


def catalogue_of(*values: Mapping[str, str]) -> Catalogue:
    records = (Record(sheet="目录", row=row, values=value) for row, value in enumerate(values, 2))
    return Catalogue(
        identity=CatalogueIdentity(path="目录.xlsx", sha256="0" * 64, tables=()), records=tuple(records)
    )


def measured(path: str, content: str, frame: int = 1) -> PageResult:
    texts = {("blank_page", "content"): content} if content else {}
    return replace(make_page(path, frame, texts=texts), width_px=100, height_px=100)


def view_of(
    pages: str | None,
    contents: Sequence[str],
    code: str = CODE,
    blanks: str = "",
    declared: Sequence[int] = (),
) -> MemoryView:
    values = (
        {"code": code} | ({} if pages is None else {"pages": pages}) | ({"blanks": blanks} if blanks else {})
    )
    paths = [f"{CODE}/{number:04}.jpg" for number in range(1, len(contents) + 1)]
    return MemoryView(
        make_batch(paths, NATIONAL),
        tuple(map(measured, paths, contents)),
        catalogue=catalogue_of(values),
        blanks=frozenset(PageId(path=paths[at]) for at in declared),
    )


def look(pages: str, contents: Sequence[str], **options: object) -> list[Finding]:
    return inspect_batch(CHECK, view_of(pages, contents, **options))  # type: ignore[arg-type]


def codes(pages: str, contents: Sequence[str], **options: object) -> list[str]:
    return [finding.code for finding in look(pages, contents, **options)]


@pytest.mark.parametrize(("pages", "told"), [("3", []), ("4", [("short", CODE)])])
def test_folders_whose_codes_read_the_same_are_counted_as_one_item(
    pages: str, told: list[tuple[str, str]]
) -> None:
    paths = [f"{CODE}/0001.jpg", f"{CODE}/0002.jpg", f"{CODE.lower()}/0003.jpg"]
    view = MemoryView(
        make_batch(paths, NATIONAL),
        tuple(measured(path, W) for path in paths),
        catalogue=catalogue_of({"code": CODE, "pages": pages}),
    )
    assert [(found.code, found.subject) for found in inspect_batch(CHECK, view)] == told


def test_without_a_catalogue_or_page_counts_it_does_not_apply() -> None:
    for view in (view_of(None, [W]), replace(view_of("1", [W]), catalogue=None)):
        assert isinstance(CHECK.inspect(view, CHECK.method(), limits_of(CHECK)), NotApplicable)


@pytest.mark.parametrize(
    ("pages", "contents", "found"),
    [
        ("3", [W, W, W], []),
        ("3", [W, N, W], []),
        ("2", [W, N, W], []),
        ("4", [W, W, W], ["short"]),
        ("2", [W, W, W], ["surplus"]),
        ("1", [W, N, W], ["surplus"]),
        ("2", [W, N, N], ["surplus"]),
        ("3", [W, L, W], []),
        ("2", [W, L, W], ["doubtful-blank"]),
        ("2", [W, L, N], ["doubtful-blank"]),
        ("1", [W, L, N], ["doubtful-blank"]),
        ("1", [W, L, W], ["surplus"]),
        ("2", [W, UNKNOWN, W], ["doubtful-blank"]),
    ],
)
def test_all_images_or_all_but_blank_ones_are_the_pages(
    pages: str, contents: list[str], found: list[str]
) -> None:
    assert codes(pages, contents) == found


def test_the_row_the_numbers_and_the_proposal_are_told() -> None:
    (finding,) = look("1", [W, W, N])
    assert finding.subject == CODE
    assert finding.pages == (f"{CODE}/0003.jpg#1",)
    assert all(
        text in finding.message for text in ("row 2 of 目录", "1 pages", "3 images", "1 of them blank")
    )
    assert finding.correction is not None
    correction = finding.correction
    assert (correction.field, correction.stands, correction.found, correction.proposed) == (
        "pages",
        "1",
        "3",
        "2",
    )


def test_the_count_of_an_item_with_too_few_images_is_left_to_the_paper() -> None:
    (finding,) = look("5", [W, W, N])
    assert finding.correction is not None
    assert (finding.correction.found, finding.correction.proposed) == ("3", "")


def test_nothing_is_proposed_where_a_page_is_in_doubt() -> None:
    (finding,) = look("1", [W, L, W, W])
    assert finding.correction is not None
    assert finding.correction.proposed == ""


def test_blanks_declared_beforehand_are_blank_for_certain() -> None:
    assert codes("2", [W, UNKNOWN, W], declared=[1]) == []


def test_blanks_that_the_record_counts_are_images_too() -> None:
    assert codes("2", [W, W, W], blanks="1") == []
    assert codes("2", [W, W, W], blanks="2") == ["surplus"]


def test_where_blanks_were_not_looked_for_fewer_pages_are_for_a_person() -> None:
    assert codes("4", [UNKNOWN] * 3) == ["short"]
    (finding,) = look("2", [UNKNOWN] * 3)
    assert finding.code == "doubtful-blank"
    assert "not looked for" in finding.message


@pytest.mark.parametrize("text", ["3", "３", "3页", "3.0", " 3 页 ", "3 pages", "共3页", "共 3 页"])
def test_numbers_are_read_as_people_write_them(text: str) -> None:
    assert codes(text, [W, W, W]) == []


@pytest.mark.parametrize("text", ["三", "3-5", "2.5", "-3", "9" * 5000, "=1+2"])
def test_what_is_no_whole_number_is_told(text: str) -> None:
    assert codes(text, [W, W, W]) == ["not-a-number"]


def test_a_code_that_only_looks_the_same_is_counted_all_the_same() -> None:
    assert codes("1", [W, W], code=CODE.replace("-", "－")) == ["surplus"]


def test_a_record_without_a_page_count_says_nothing() -> None:
    catalogue = catalogue_of({"code": CODE}, {"code": CODE, "pages": "1"})
    (finding,) = inspect_batch(CHECK, replace(view_of("1", [W, W]), catalogue=catalogue))
    assert "row 3 of 目录" in finding.message


def test_frames_of_a_file_are_pages_and_an_unreadable_one_holds_nobody_knows_how_many() -> None:
    path = f"{CODE}.pdf"
    view = MemoryView(
        make_batch([path], NATIONAL),
        tuple(measured(path, W, frame) for frame in (1, 2, 3)),
        catalogue=catalogue_of({"code": CODE, "pages": "3"}),
    )
    assert inspect_batch(CHECK, view) == []
    (finding,) = inspect_batch(CHECK, replace(view, results=(make_page(path),)))
    assert finding.code == "unknown"


def test_an_unreadable_file_of_one_page_is_an_image() -> None:
    view = view_of("2", [W, W])
    damaged = (view.results[0], make_page(f"{CODE}/0002.jpg"))
    assert inspect_batch(CHECK, replace(view, results=damaged)) == []


def test_each_copy_is_counted_by_itself() -> None:
    paths = [
        f"{folder}/{CODE}/000{n}.jpg" for folder, count in (("a", 2), ("m", 3)) for n in range(1, count + 1)
    ]
    files = make_batch(paths, NATIONAL).items[0].files
    (item,) = make_batch(paths, NATIONAL).items
    copies = tuple(
        replace(item, copy=copy, files=tuple(file for file in files if file.path.startswith(copy)))
        for copy in ("a", "m")
    )
    view = MemoryView(
        replace(
            make_batch(paths, NATIONAL),
            items=copies,
            copies=(DeliveryCopy(name="a", title="access copies 利用件"), DeliveryCopy(name="m", title="m")),
        ),
        tuple(measured(path, W) for path in paths),
        catalogue=catalogue_of({"code": CODE, "pages": "3"}),
    )
    (finding,) = inspect_batch(CHECK, view)
    assert (finding.code, finding.values["images"]) == ("short", 2)
    assert finding.values["item"] == f"{CODE} (access copies 利用件)"
    assert translator("zh")(finding.template, finding.values).startswith(f"{CODE}（利用件）：")


VOLUME = "B470-KU·01·2022-D30-001"
OF_VOLUMES = CodeOptions(
    parts={
        "head": PartOptions(pattern="B470-KU·01·2022-D30", says="the head"),
        "volume": PartOptions(pattern="[0-9]{3}", says="3 digits"),
        "item": PartOptions(pattern="[0-9]{4}", says="4 digits"),
    },
    structures=(StructureOptions(title="accounts", form="{head}-{volume}[-{item}]"),),
)


@pytest.mark.parametrize(("pages", "found"), [(("1", "2"), []), (("1", "1"), []), (("2", "2"), ["short"])])
def test_a_volume_in_one_folder_has_no_fewer_images_than_its_items_pages(
    pages: tuple[str, str], found: list[str]
) -> None:
    paths = [f"{VOLUME}/{number:04}.jpg" for number in (1, 2, 3)]
    records = [{"code": f"{VOLUME}-{number:04}", "pages": count} for number, count in enumerate(pages, 1)]
    view = MemoryView(
        make_batch(paths, NATIONAL),
        tuple(measured(path, W) for path in paths),
        catalogue=catalogue_of(*records),
        codes=OF_VOLUMES,
    )
    findings = inspect_batch(CHECK, view)
    assert [finding.code for finding in findings] == found
    assert all("count 4 pages together, but there are only 3 images" in one.message for one in findings)


def test_the_page_count_of_a_volume_is_not_that_of_one_of_its_items() -> None:
    path = f"{VOLUME}-0001/0001.jpg"
    view = MemoryView(
        make_batch([path], NATIONAL),
        (measured(path, W),),
        catalogue=catalogue_of({"code": VOLUME, "pages": "3"}, {"code": f"{VOLUME}-0001", "pages": "1"}),
        codes=OF_VOLUMES,
    )
    assert inspect_batch(CHECK, view) == []
