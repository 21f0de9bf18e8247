"""Masters and access copies: they must agree with each other, and no other check takes one for the other."""

import dataclasses
from collections.abc import Iterable

import pytest

from tests.checks.batch import test_duplicate_page as duplicates
from tests.checks.batch import test_page_outlier as outliers
from tests.checks.batch import test_scanner_health as scanners
from tests.checks.batch import test_uniformity as uniformity
from tests.checks.batch.memory import (
    ANY,
    MemoryView,
    inspect_batch,
    limits_of,
    make_batch,
    make_page,
    summary,
)
from ybda_qc.checks._listing import WHOLE_BATCH
from ybda_qc.checks.batch.duplicate_page import DuplicatePageCheck, Method
from ybda_qc.checks.batch.layout import LayoutCheck
from ybda_qc.checks.batch.page_outlier import PageOutlierCheck
from ybda_qc.checks.batch.scanner_health import ScannerHealthCheck
from ybda_qc.checks.batch.sequence import SequenceCheck
from ybda_qc.checks.batch.uniformity import UniformityCheck
from ybda_qc.intake.layout import LayoutOptions
from ybda_qc.model import Finding, PageResult, Pairing
from ybda_qc.report import translator

LAYOUT = LayoutOptions.model_validate(
    {
        "copies": [
            {"name": "master", "title": "masters 保存件", "folders": ["master"]},
            {"name": "access", "title": "access copies 利用件", "folders": ["access"]},
        ],
        "number_widths": [3, 4],
        "parts": {"item": r"[\w·.]+(?:-[\w·.]+)+-[0-9]{2,6}"},
        "patterns": [
            {"title": "f", "path": "{item}/{number}", "examples": ["A-B-01/001.jpg"]},
            {"title": "w", "path": "{item}", "extensions": ["pdf", "tif"], "examples": ["A-B-01.pdf"]},
        ],
    }
)
THREE = LAYOUT.model_copy(
    update={
        "copies": (
            *LAYOUT.copies,
            LAYOUT.copies[0].model_copy(update={"name": "web", "title": "web copies", "folders": ("web",)}),
        )
    }
)
ONE, TWO = "A1-WS·2022-Y-0001", "A1-WS·2022-Y-0002"


def numbered(copy: str, code: str, numbers: Iterable[int], extension: str = "jpg") -> list[str]:
    return [f"{copy}/{code}/{number:04d}.{extension}" for number in numbers]


def framed(path: str, count: int) -> list[PageResult]:
    return [make_page(path, frame) for frame in range(1, count + 1)]


def look(paths: Iterable[str], *pages: PageResult, options: LayoutOptions = LAYOUT) -> list[Finding]:
    return inspect_batch(LayoutCheck(), MemoryView(make_batch(paths, options), pages))


# --- items and pages agree ----------------------------------------------------------------------------------


def test_copies_that_agree_are_sound_whatever_their_formats() -> None:
    assert look([*numbered("master", ONE, range(1, 6), "tif"), *numbered("access", ONE, range(1, 6))]) == []


def test_a_batch_whose_profile_names_no_copies_is_not_looked_at() -> None:
    paths = [*numbered("master", ONE, range(1, 6)), *numbered("access", TWO, range(1, 3))]
    plain = LAYOUT.model_copy(update={"copies": ()})
    assert look(paths, options=plain) == []


def test_an_item_that_is_in_one_copy_only() -> None:
    found = look(
        [*numbered("master", ONE, [1]), *numbered("access", ONE, [1]), *numbered("access", TWO, [1, 2])]
    )
    (finding,) = found
    assert (finding.code, finding.subject) == ("copy-missing-item", TWO)
    assert finding.message == "this item is in access copies 利用件, but not in masters 保存件"
    assert finding.pages == (f"access/{TWO}/0001.jpg#1", f"access/{TWO}/0002.jpg#1")


def test_pages_that_are_in_one_copy_only_are_named_each_way() -> None:
    masters, access = [1, 2, 3, 4, 5, 6], [1, 2, 6, 7]
    found = look([*numbered("master", ONE, masters, "tif"), *numbered("access", ONE, access)])
    assert [(finding.code, finding.subject, finding.values["numbers"]) for finding in found] == [
        ("copies-differ", ONE, "3-5"),
        ("copies-differ", ONE, "7"),
    ]
    assert "masters 保存件 that are not in access copies 利用件 (3): 3-5" in found[0].message
    assert found[1].pages == (f"access/{ONE}/0007.jpg#1",)


def test_a_repeated_number_is_a_page_more() -> None:
    paths = [*numbered("master", ONE, [1, 2]), f"master/{ONE}/002.jpg", *numbered("access", ONE, [1, 2])]
    (finding,) = look(paths)
    assert (finding.code, finding.values["numbers"]) == ("copies-differ", "2")


def test_pages_without_a_number_go_by_their_names() -> None:
    paths = ["master/a/Cover.tif", "master/a/back.tif", "access/a/cover.jpg"]
    options = LAYOUT.model_copy(update={"patterns": ()})
    (finding,) = look(paths, options=options)
    assert (finding.code, finding.subject, finding.values["numbers"]) == ("copies-differ", "a", "back")


@pytest.mark.parametrize(("pages", "codes"), [(5, []), (4, ["copies-differ"])])
def test_a_file_of_many_pages_is_compared_by_its_count(pages: int, codes: list[str]) -> None:
    whole = f"access/{ONE}.pdf"
    masters = numbered("master", ONE, range(1, 6), "tif")
    found = look([*masters, whole], *framed(whole, pages), *map(make_page, masters))
    assert [finding.code for finding in found] == codes
    for finding in found:
        assert finding.message == "masters 保存件 has 5 pages of this item, access copies 利用件 has 4"
        assert "5 页" in translator("zh")(finding.template, finding.values)


def test_a_file_that_could_not_be_read_tells_no_count() -> None:
    whole = f"access/{ONE}.pdf"
    found = look(
        [*numbered("master", ONE, range(1, 6)), whole], make_page(whole, texts={("readable", "damage"): "x"})
    )
    assert found == []


def test_recordings_are_copied_too() -> None:
    assert look([f"master/{ONE}.wav", f"access/{ONE}.mp3"]) == []
    found = look([f"master/{ONE}/001.wav", f"master/{ONE}/002.wav", f"access/{ONE}/001.mp3"])
    assert [(finding.code, finding.values["numbers"], finding.pages) for finding in found] == [
        ("copies-differ", "2", ())
    ]
    (missing,) = look([f"master/{ONE}.wav", f"master/{TWO}.wav", f"access/{ONE}.mp3"])
    assert (missing.code, missing.subject, missing.pages) == ("copy-missing-item", TWO, ())


# --- copies that are missing --------------------------------------------------------------------------------


def test_a_copy_that_is_not_there_at_all_is_one_finding() -> None:
    found = look([path for code in (ONE, TWO) for path in numbered("master", code, [1, 2])])
    assert summary(found) == [("copy-missing", WHOLE_BATCH)]
    assert found[0].message == "the batch should hold 2 copies and lacks: access copies 利用件"


def test_a_batch_without_any_copy_lacks_all() -> None:
    found = look([f"{ONE}/0001.jpg"])
    assert summary(found) == [("copy-missing", WHOLE_BATCH)]
    assert "masters 保存件, access copies 利用件" in found[0].message


def test_files_beside_the_folders_of_the_copies_are_one_finding() -> None:
    paths = [*numbered("master", ONE, [1]), *numbered("access", ONE, [1])]
    found = look([*paths, f"new/{TWO}/0001.jpg", f"new/{TWO}/talk.wav"])
    assert summary(found) == [("outside-copies", WHOLE_BATCH)]
    assert (found[0].value, found[0].pages) == (2, (f"new/{TWO}/0001.jpg#1",))


def test_of_three_copies_each_is_compared_with_the_first() -> None:
    paths = [*numbered("master", ONE, [1, 2]), *numbered("access", ONE, [1, 2]), *numbered("web", ONE, [1])]
    (finding,) = look(paths, options=THREE)
    assert (finding.code, finding.values["missing"]) == ("copies-differ", "web copies")
    codes = [finding.code for finding in look(paths[:4], options=THREE)]
    assert codes == ["copy-missing"]


def test_codes_that_differ_in_look_alike_signs_are_told_once_and_compared_all_the_same() -> None:
    other = ONE.replace("·", ".")
    paths = [*numbered("master", ONE, [1, 2]), *numbered("access", other, [1])]
    assert sorted(finding.code for finding in look(paths)) == ["copies-differ", "split-item"]


def test_an_item_in_two_copies_is_not_split_but_one_in_two_folders_of_a_copy_is() -> None:
    options = LAYOUT.model_copy(
        update={"patterns": (LAYOUT.patterns[0].model_copy(update={"path": "{folders}{item}/{number}"}),)}
    )
    paths = [f"master/x/{ONE}/0001.tif", f"access/x/{ONE}/0001.jpg"]
    assert look(paths, options=options) == []
    split = [*paths, f"master/y/{ONE}/0002.tif", f"access/x/{ONE}/0002.jpg"]
    assert summary(look(split, options=options)) == [("split-item", ONE)]


# --- the other checks ---------------------------------------------------------------------------------------


def view_of(pages: Iterable[PageResult], options: LayoutOptions = LAYOUT) -> MemoryView:
    """The same pages as masters and as access copies."""
    both = tuple(
        dataclasses.replace(page, page=dataclasses.replace(page.page, path=f"{copy}/{page.page.path}"))
        for copy in ("access", "master")
        for page in pages
    )
    return MemoryView(make_batch([page.page.path for page in both], options), both)


def test_each_copy_has_its_own_numbers() -> None:
    batch = make_batch([*numbered("master", ONE, [1, 2, 3]), *numbered("access", ONE, [1, 3])], LAYOUT)
    (finding,) = inspect_batch(SequenceCheck(), batch)
    assert (finding.code, finding.values["numbers"]) == ("gap", "2")
    assert all(page.startswith("access/") for page in finding.pages)


def test_each_copy_has_its_own_format_resolution_and_colour() -> None:
    masters = [uniformity.page(f"master/{n}.tif", "TIFF", (600.0, 600.0), "rgb") for n in range(3)]
    access = [uniformity.page(f"access/{n}.jpg", "JPEG", (200.0, 200.0), "grey") for n in range(3)]
    paths = [str(page.page.path) for page in (*masters, *access)]
    check = UniformityCheck()
    sound = MemoryView(make_batch(paths, LAYOUT), (*access, *masters))
    assert inspect_batch(check, sound) == []
    odd = dataclasses.replace(sound, results=(*access[:2], uniformity.page("access/2.jpg", "PNG"), *masters))
    found = inspect_batch(check, odd)
    assert [finding.code for finding in found] == ["mixed-format", "mixed-dpi", "mixed-colour"]
    assert found[0].message == (
        "access copies 利用件 is not uniform: JPEG: 2, PNG: 1; pages other than JPEG: 1"
    )


def test_a_page_and_its_access_copy_are_no_duplicates_but_two_masters_are() -> None:
    view = view_of([duplicates.page("1.jpg", "a"), duplicates.page("2.jpg", "b")])
    look = {"near_identical": duplicates.SAME, "perhaps_identical": duplicates.PERHAPS}
    assert inspect_batch(DuplicatePageCheck(), view, **look) == []
    twice = view_of([duplicates.page("1.jpg", "a"), duplicates.page("2.jpg", "a")])
    found = inspect_batch(DuplicatePageCheck(), twice, **look)
    assert [finding.pages for finding in found] == [
        ("access/1.jpg#1", "access/2.jpg#1"),
        ("master/1.jpg#1", "master/2.jpg#1"),
    ]


def test_pages_of_one_copy_are_compared_and_never_with_another(tmp_path) -> None:
    pages = [
        duplicates.fingerprinted(tmp_path, f"{seed}.png", duplicates.drawn("text", seed)) for seed in (1, 2)
    ]
    again = duplicates.fingerprinted(tmp_path, "again.png", duplicates.drawn("text", 2, 1.5))
    found = DuplicatePageCheck().candidates(view_of([*pages, again]), Method())
    assert sorted((str(pair.one.page), str(pair.other.page)) for pair in found.pairs) == [
        ("access/2.png#1", "access/again.png#1"),
        ("master/2.png#1", "master/again.png#1"),
    ]
    assert found.passed_over == 0


def test_pairs_of_two_copies_that_were_compared_by_another_layout_are_not_told() -> None:
    pages = [duplicates.page("1.jpg", "a"), duplicates.page("2.jpg", "b")]
    view = view_of(pages)
    laid = duplicates.laid(0.0)
    pairs = Pairing(
        compared=(
            duplicates.compared(laid, "access/1.jpg", "master/1.jpg"),
            duplicates.compared(laid, "access/1.jpg", "access/2.jpg"),
        )
    )
    found = inspect_batch(
        DuplicatePageCheck(),
        dataclasses.replace(view, pairs=pairs),
        near_identical=duplicates.SAME,
        perhaps_identical=duplicates.PERHAPS,
    )
    assert [finding.subject for finding in found] == ["access/2.jpg"]


def test_the_usual_of_an_item_is_that_of_its_copy() -> None:
    def of(copy: str, dpi: int, *odd: PageResult) -> list[PageResult]:
        made = outliers.item(8, *odd, dpi=dpi)
        return [
            dataclasses.replace(one, page=dataclasses.replace(one.page, path=f"{copy}/{one.page.path}"))
            for one in made
        ]

    def found(*pages: PageResult) -> list[Finding]:
        options = LAYOUT.model_copy(update={"patterns": ()})
        view = MemoryView(make_batch([str(page.page.path) for page in pages], options), pages)
        return inspect_batch(PageOutlierCheck(), view, {}, **outliers.LIMITS)

    assert found(*of("access", 150), *of("master", 600)) == []
    (finding,) = found(*of("access", 150, outliers.page(4, dpi=600)), *of("master", 600))
    assert (finding.code, finding.subject, finding.pages) == (
        "other-resolution",
        "A-1",
        ("access/A-1/00004.jpg#1",),
    )


def test_a_streak_and_its_access_copies_are_not_twice_as_many_pages() -> None:
    def found(count: int) -> list[Finding]:
        view = view_of([scanners.page(number, [1000.0]) for number in range(count)], ANY_IN_COPIES)
        chosen = {"same_column": scanners.LIMIT, "same_row": scanners.LIMIT, "same_speck": scanners.LIMIT}
        return list(ScannerHealthCheck().inspect(view, Method(), limits_of(scanners.CHECK, **chosen)))

    assert found(2) == []
    assert [(finding.value, finding.pages[0]) for finding in found(4)] == [
        (4, "access/000000.jpg#1"),
        (4, "master/000000.jpg#1"),
    ]


ANY_IN_COPIES = ANY.model_copy(update={"copies": LAYOUT.copies})
